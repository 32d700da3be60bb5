"""A file applied to a client from a script, or what it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.identity import door
from mspaudit.intake import actions, jobs, queries
from mspaudit.intake.actions import Upload
from mspaudit.intake.command import Unusable, content_of
from mspaudit.intake.feeds import Counts
from mspaudit.intake.kinds import KINDS
from mspaudit.intake.reading import Refusal
from mspaudit.intake.recognise import recognise, understood
from mspaudit.kernel import clock
from mspaudit.kernel.french import plural
from mspaudit.tenancy.context import NOBODY, job
from mspaudit.tenancy.lifecycle import unit_of_work

ACTOR = "ligne de commande"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a file did, or would do when ``dry_run``, to one client."""

    kind: str
    dry_run: bool
    state: str
    counts: Counts
    refused: Sequence[Refusal]

    def as_dict(self) -> dict[str, object]:
        """For a script."""
        return {
            "kind": self.kind,
            "dry_run": self.dry_run,
            "state": self.state,
            "counts": asdict(self.counts),
            "refused": [{"line": r.line, "why": r.why} for r in self.refused],
        }

    def said(self) -> list[str]:
        """For people."""
        verbs = {"new": "nouveau", "changed": "modifié", "gone": "disparu", "same": "inchangé"}
        counts = ", ".join(f"{getattr(self.counts, verb)} {word}" for verb, word in verbs.items())
        head = f"{KINDS[self.kind].label} : {counts}, {plural(len(self.refused), 'remarque')}."
        return [head, *(["Rien n’a été écrit."] if self.dry_run else [])]


def applied(file: Path, msp: str, client: str, *, dry_run: bool, now: datetime) -> Applied:
    """Import a file into one client, to its end. Needs an application context.

    Args:
        msp: the slug of the MSP; ``client`` that of its client.

    Raises:
        Unusable: no such MSP or client, or a file that cannot be read, is not recognised or lacks something.
    """
    data = content_of(file)
    with unit_of_work(NOBODY):
        tenant = door.tenant_named(msp)
    if tenant is None:
        raise Unusable(f"Aucun prestataire n’a l’adresse « {msp} ».")
    try:
        if dry_run:
            with unit_of_work(job(tenant, actor=ACTOR)):
                return _planned(Upload(file.name, data), _client(client), now)
        with unit_of_work(job(tenant, actor=ACTOR)):
            started = actions.start(Upload(file.name, data), _client(client), now=now)
            actions.apply(started, now=now)
        return _written(tenant, started.id)
    except DomainError as refused:
        raise Unusable(str(refused)) from None


def _client(slug: str) -> Client:
    found = clients.client(slug)
    if found is None:
        raise Unusable(f"Ce prestataire n’a aucun client à l’adresse « {slug} ».")
    return found


def _planned(upload: Upload, client: Client, now: datetime) -> Applied:
    file = recognise(upload.data, upload.filename)
    said = queries.remembered(file.table.headers)
    if said is not None:
        file = understood(file.table, said.kind, said.columns)
    queries.check(file.kind, dict(file.columns))
    kind = file.kind or ""
    changes = queries.feed(kind).plan(client.id, file.content.rows, today=clock.today(now))
    verbs = [change.verb for change in changes if change.verb != "gone" or file.content.complete]
    counts = {verb: verbs.count(verb) for verb in ("new", "changed", "gone", "same", "ignored")}
    return Applied(kind, True, "mapping", Counts(**counts), file.content.refused)


def _written(tenant: UUID, import_id: UUID) -> Applied:
    jobs.work(tenant_id=str(tenant), import_id=str(import_id))
    with unit_of_work(job(tenant, actor=ACTOR)):
        found = queries.import_or_404(import_id)
        refused = [_refusal(kept) for kept in found.refused]
        return Applied(found.kind or "", False, found.state, found.counts, refused)


def _refusal(kept: Mapping[str, object]) -> Refusal:
    return Refusal(int(str(kept["line"])), str(kept["why"]))
