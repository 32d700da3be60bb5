"""What may be done with restore tests: plan, note what came of it with its report, cancel."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from mspaudit.adapters.uploads import MIB, UploadRefused, sniff
from mspaudit.backups.models import RestoreTest
from mspaudit.clients.dirty import mark
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.text import one_line, plain
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

LONGEST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a restoration. ``result``: ok, partly or failed; ``minutes``: how long it took."""

    done_on: date
    result: str
    minutes: int | None
    by_name: str
    note: str = ""
    report: Upload | None = None


def plan_test(
    client: Client, *, what: str, planned_on: date, job_id: UUID | None, now: datetime
) -> RestoreTest:
    """Plan a restoration; ``planned_on`` may be past when it is noted after the fact."""
    test = RestoreTest(
        client_id=client.id, job_id=job_id, what=what, planned_on=planned_on, note="", created_at=now
    )
    db.session.add(test)
    db.session.flush()
    record(
        "restore_test.planned",
        what,
        subject_id=test.id,
        client_id=client.id,
        at=now,
        on=planned_on.isoformat(),
    )
    return test


def record_test(client: Client, test: RestoreTest, outcome: Outcome, *, today: date, now: datetime) -> None:
    """Write what came of a restoration; written again, it corrects and keeps the report unless another comes.

    Raises:
        DomainError: a day to come, nobody named, a duration that cannot be, a file that is not accepted.
    """
    _check(outcome, today)
    if test.cancelled_at is not None:
        raise DomainError("Ce test a été annulé. Rétablissez-le d’abord.")
    if outcome.report is not None:
        _keep(test, outcome.report)
    test.done_on, test.result, test.minutes = outcome.done_on, outcome.result, outcome.minutes
    test.by_name, test.note = one_line(outcome.by_name, 120), plain(outcome.note, 2000)
    record(
        "restore_test.done",
        test.what,
        subject_id=test.id,
        client_id=client.id,
        at=now,
        result=outcome.result,
    )
    mark(client.id)


def cancel_test(client: Client, test: RestoreTest, *, now: datetime) -> None:
    """Take a restoration off the list; ``revive_test`` brings it back."""
    if test.cancelled_at is None:
        test.cancelled_at = now
        record("restore_test.cancelled", test.what, subject_id=test.id, client_id=client.id, at=now)
        mark(client.id)


def revive_test(client: Client, test: RestoreTest, *, now: datetime) -> None:
    """Undo ``cancel_test``."""
    if test.cancelled_at is not None:
        test.cancelled_at = None
        record("restore_test.revived", test.what, subject_id=test.id, client_id=client.id, at=now)
        mark(client.id)


def _check(outcome: Outcome, today: date) -> None:
    if outcome.done_on > today:
        raise DomainError("La restauration n’a pas encore eu lieu : donnez un jour passé.")
    if outcome.result not in ("ok", "partly", "failed"):
        raise DomainError("Choisissez le résultat.")
    if outcome.minutes is not None and not 0 < outcome.minutes <= LONGEST_MINUTES:
        raise DomainError("La durée va d’une minute à sept jours.")
    if not one_line(outcome.by_name, 120):
        raise DomainError("Dites qui a fait la restauration.")


def _keep(test: RestoreTest, report: Upload) -> None:
    limit = runtime().settings.upload_limit_mib * MIB
    try:
        found = sniff(report.data, report.filename, max_bytes=limit)
    except UploadRefused as refused:
        raise DomainError(str(refused)) from None
    digest = sha256(report.data).hexdigest()
    test.report_key = runtime().storage.put(tenant_id(), digest, report.data)
    test.report_name = one_line(report.filename, 120) or f"restauration.{found.extension}"
    test.report_mime = found.mime
