"""What may be done with an import: start it, set its columns, apply it by parts, stop it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from mspaudit.adapters.tables import TableRefused, read_table
from mspaudit.adapters.uploads import UploadRefused, sniff
from mspaudit.clients import actions, mandate_actions, people_actions, rules
from mspaudit.clients import queries as clients
from mspaudit.clients.imports import columns, queries
from mspaudit.clients.imports.queries import Planned
from mspaudit.clients.imports.rules import Line, Problem
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client, ImportRun, Person
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.jobs import enqueue

CHUNK = 50
PROBLEMS_KEPT = 500
OPEN = ("waiting", "running")


def start(upload: Upload, *, now: datetime) -> ImportRun:
    """Keep the file and guess its columns, as they were the last time it had these headers if it had.

    Raises:
        DomainError: not a table, too heavy, or too many lines.
    """
    try:
        sniff(upload.data, upload.filename)
        table = read_table(upload.data, upload.filename, max_rows=queries.MAX_ROWS)
    except (UploadRefused, TableRefused) as refused:
        raise DomainError(str(refused)) from None
    run = ImportRun(
        filename=upload.filename[:200],
        storage_key=runtime().storage.put(tenant_id(), sha256(upload.data).hexdigest(), upload.data),
        mapping=queries.last_mapping(table.headers) or columns.guess(table.headers),
        total=len(table.rows),
        created_by=current().actor,
        created_at=now,
    )
    db.session.add(run)
    db.session.flush()
    return run


def set_columns(run: ImportRun, mapping: dict[str, str]) -> None:
    """Say which column holds what. Raises DomainError once applied, or for two columns of one kind."""
    if run.state != "mapping":
        raise DomainError("Cet import est déjà lancé.")
    if not set(mapping.values()) <= {"", *columns.FIELDS}:
        raise DomainError("Choisissez le contenu de chaque colonne dans la liste.")
    used = [field for field in mapping.values() if field]
    twice = next((field for field in used if used.count(field) > 1), None)
    if twice is not None:
        raise DomainError(f"Deux colonnes ne peuvent pas donner « {columns.FIELDS[twice]} ».")
    run.mapping = {header: mapping.get(header, "") for header in run.mapping}


def apply(run: ImportRun, *, now: datetime) -> None:
    """Have a worker write the lines. Raises DomainError when it is already done."""
    if run.state != "mapping":
        raise DomainError("Cet import est déjà lancé.")
    if not {"name", "commune", "insee", "siren"} & set(run.mapping.values()):
        raise DomainError("Indiquez d’abord la colonne du nom, du SIREN ou du code INSEE.")
    run.state, run.done = "waiting", 0
    record("import.started", run.filename, subject_id=run.id, at=now, lines=run.total)
    enqueue("clients.import", tenant_id=tenant_id(), run_id=run.id)


def cancel(run: ImportRun, *, now: datetime) -> None:
    """Stop after the part under way; what is written stays. Raises DomainError when it is over."""
    db.session.refresh(run, with_for_update=True)
    if run.state not in (*OPEN, "mapping"):
        raise DomainError("Cet import est déjà terminé.")
    run.state, run.finished_at = "cancelled", now
    record("import.cancelled", run.filename, subject_id=run.id, at=now, done=run.done)


def fail(run_id: UUID, *, now: datetime) -> None:
    """Give up an import whose file can no longer be read."""
    run = _locked(run_id)
    if run is not None:
        run.state, run.finished_at = "failed", now
        record("import.failed", run.filename, subject_id=run.id, at=now)


def write_next(run_id: UUID, lines: Sequence[Line | Problem], *, now: datetime) -> bool:
    """Write the next part of an import, with how far it is, in one transaction; whether some is left.

    Two workers on one import wait for each other here, and none writes a part twice.
    """
    run = _locked(run_id)
    if run is None:
        return False
    for planned in queries.plan(lines[run.done : run.done + CHUNK]):
        _write(run, planned, now)
    run.state, run.done, run.total = "running", min(run.done + CHUNK, len(lines)), len(lines)
    if run.done < len(lines):
        return True
    run.state, run.finished_at = "done", now
    counts = (run.created, run.updated, len(run.problems))
    record("import.finished", run.filename, subject_id=run.id, at=now, counts=counts)
    return False


def _locked(run_id: UUID) -> ImportRun | None:
    statement = select(ImportRun).where(ImportRun.id == run_id, ImportRun.state.in_(OPEN))
    return db.session.scalars(statement.with_for_update()).one_or_none()


def _write(run: ImportRun, planned: Planned | Problem, now: datetime) -> None:
    if isinstance(planned, Problem):
        return _refuse(run, planned.number, planned.text)
    if planned.verb == "same":
        return None
    try:
        # A line that is refused half-way leaves nothing of itself, and the others go on.
        with db.session.begin_nested():
            _create(planned, now) if planned.client is None else _change(planned.client, planned, now)
    except DomainError as refused:
        return _refuse(run, planned.line.number, str(refused))
    if planned.client is None:
        run.created += 1
    else:
        run.updated += 1
    return None


def _refuse(run: ImportRun, number: int, text: str) -> None:
    if len(run.problems) < PROBLEMS_KEPT:
        run.problems = [*run.problems, {"line": number, "text": text}]


def _create(planned: Planned, now: datetime) -> None:
    line = planned.line
    given = line.given.copy()
    given["name"] = line.name
    if line.kind == "commune":
        client = actions.create_commune(
            line.insee_code, now=now, tags=line.tags, member_ids=planned.members, **given
        )
    else:
        client = actions.create_company(now=now, tags=line.tags, member_ids=planned.members, **given)
    if line.spoke_at:
        actions.note_contact(client, now=now, spoke_at=line.spoke_at)
    person = _referent(client, line, now)
    if person is not None:
        _pilot(client, person, line, now)


def _change(client: Client, planned: Planned, now: datetime) -> None:
    change = planned.change
    actions.update_client(client, now=now, **change.given)
    if change.tags:
        actions.set_tags(client, [*clients.tags_of(client.id), *change.tags], now=now)
    if change.members:
        actions.assign(client, {m.id for m in clients.assigned(client.id)} | change.members, now=now)
    if change.spoke_at:
        actions.note_contact(client, now=now, spoke_at=change.spoke_at)
    if change.person or change.pilot:
        _name_pilot(client, planned.line, now)


def _name_pilot(client: Client, line: Line, now: datetime) -> None:
    """The referent of the line: someone of the client, and its pilot unless it has one."""
    known = {person.name_key: person for person in clients.people(client.id)}
    has_pilot = any(m.referent.role == "pilot" and not m.referent.until for m in clients.referents(client.id))
    person = known.get(rules.key(line.referent or "")) or _referent(client, line, now)
    if person is not None and not has_pilot:
        _pilot(client, person, line, now)


def _referent(client: Client, line: Line, now: datetime) -> Person | None:
    if line.referent is None:
        return None
    status = "agent" if client.is_commune else "employee"
    return people_actions.add_person(client, name=line.referent, status=status, email=line.email, now=now)


def _pilot(client: Client, person: Person, line: Line, now: datetime) -> None:
    mandate_actions.name_referent(
        client,
        role="pilot",
        person=person,
        since=line.signed_on or clock.today(now),
        hours_a_month=line.hours,
        mandate_signed_on=line.signed_on,
        now=now,
    )
