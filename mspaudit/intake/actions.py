"""What may be done at the desk: leave a file, say what it is, apply it, stop it, take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from mspaudit.adapters.tables import TableRefused, to_bytes
from mspaudit.adapters.uploads import MAX_BYTES, too_heavy
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.intake import dispatch, queries
from mspaudit.intake.kinds import KINDS, columns, guess
from mspaudit.intake.models import Import, KnownColumns, KnownRoute
from mspaudit.intake.recognise import open_table, type_line
from mspaudit.intake.wording import FIELDS
from mspaudit.journal.actions import record
from mspaudit.kernel.text import one_line
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.jobs import enqueue

UNDOABLE = ("done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as someone sent it."""

    filename: str
    data: bytes


def start(upload: Upload, client: Client | None, *, now: datetime) -> Import:
    """Keep a file and say what it is, as the MSP said of the last one with these headers if it did.

    Args:
        client: whose it is; None for a file whose lines go to several clients.

    Raises:
        DomainError: not a table, empty, too heavy, or the client is archived.
    """
    if client is not None and client.archived_at is not None:
        raise DomainError(f"{client.name} est archivé. Restaurez-le d’abord.")
    if len(upload.data) > MAX_BYTES:
        raise DomainError(too_heavy(len(upload.data), MAX_BYTES))
    try:
        table = open_table(upload.data, upload.filename)
    except TableRefused as refused:
        raise DomainError(str(refused)) from None
    said = queries.remembered(table.headers) or guess(table.headers, type_line=type_line(upload.data))
    found = Import(
        client_id=client.id if client else None,
        filename=one_line(upload.filename, 200),
        storage_key=_kept(upload.data),
        table_key=_kept(to_bytes(table)),
        kind=said.kind,
        headers=table.headers,
        columns=dict(said.columns),
        total=len(table.rows),
        created_by=current().actor,
        created_at=now,
    )
    db.session.add(found)
    db.session.flush()
    if client is None:
        propose_routes(found)
    record("intake.received", found.filename, subject_id=found.id, client_id=found.client_id, at=now)
    return found


def _kept(data: bytes) -> str:
    return runtime().storage.put(tenant_id(), sha256(data).hexdigest(), data)


def set_columns(found: Import, kind: str, mapping: Mapping[str, str], *, now: datetime) -> None:
    """Say what a file is and which column gives what, and remember it for files with these headers.

    Args:
        mapping: header → field, or an empty text; not looked at when the kind changes, for its fields did.

    Raises:
        DomainError: already applied, an unknown kind or field, or two columns for one field.
    """
    _still_open(found)
    if kind not in KINDS:
        raise DomainError("Dites d’abord ce que contient ce fichier.")
    chosen = columns(kind, found.headers) if kind != found.kind else _chosen(kind, mapping)
    found.kind, found.columns = kind, {f: h for f, h in chosen.items() if h in found.headers}
    _remember(found)
    if found.shared:
        propose_routes(found)
    record("intake.described", found.filename, subject_id=found.id, client_id=found.client_id, at=now)


def _chosen(kind: str, mapping: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header, name in mapping.items():
        if not name:
            continue
        if name not in KINDS[kind].headers:
            raise DomainError("Choisissez le contenu de chaque colonne dans la liste.")
        if name in found:
            raise DomainError(f"Deux colonnes ne peuvent pas donner « {FIELDS[name]} ».")
        found[name] = header
    return found


def _remember(found: Import) -> None:
    values = {"kind": found.kind, "columns": found.columns, "said_by": current().actor}
    statement = insert(KnownColumns).values(
        tenant_id=tenant_id(), headers=queries.digest(found.headers), **values
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[KnownColumns.tenant_id, KnownColumns.headers], set_=values
        )
    )


def propose_routes(found: Import) -> None:
    """Fill in the clients of a shared file's lines that are known; what was chosen by hand stays."""
    known = queries.known()
    routes = {}
    for key in queries.content(found).keys:
        client = dispatch.propose(key, known).client_id if key else None
        routes[key] = found.routes.get(key) or (str(client) if client else "")
    found.routes = routes


def set_routes(found: Import, routes: Mapping[str, UUID | None], *, now: datetime) -> None:
    """Say which client the lines with each key are for, and remember it.

    Raises:
        DomainError: already applied, or a file for one client only.
    """
    _still_open(found)
    if not found.shared:
        raise DomainError("Ce fichier est pour un seul client.")
    found.routes = found.routes | {
        key: str(client) if client else "" for key, client in routes.items() if key and key in found.routes
    }
    for key, client in routes.items():
        if key and client is not None:
            statement = insert(KnownRoute).values(tenant_id=tenant_id(), key=key, client_id=client)
            db.session.execute(
                statement.on_conflict_do_update(
                    index_elements=[KnownRoute.tenant_id, KnownRoute.key], set_={"client_id": client}
                )
            )
    record("intake.routed", found.filename, subject_id=found.id, at=now, keys=len(routes))


def apply(found: Import, *, now: datetime) -> None:
    """Have a worker write the lines. Raises DomainError when it is applied already or lacks something."""
    _still_open(found)
    queries.check(found.kind, found.columns)
    queries.feed(found.kind)
    if found.shared and not any(found.routes.values()):
        raise DomainError("Choisissez d’abord à quels clients vont les lignes.")
    found.state, found.done = "waiting", 0
    record("intake.started", found.filename, subject_id=found.id, client_id=found.client_id, at=now)
    enqueue("intake.work", tenant_id=tenant_id(), import_id=found.id)


def cancel(found: Import, *, now: datetime) -> None:
    """Stop after the part under way; what is written stays. Raises DomainError when it is over."""
    db.session.refresh(found, with_for_update=True)
    if found.state not in ("mapping", "waiting", "running"):
        raise DomainError("Cet import est déjà terminé.")
    found.state, found.finished_at = "cancelled", now
    record(
        "intake.cancelled",
        found.filename,
        subject_id=found.id,
        client_id=found.client_id,
        at=now,
        done=found.done,
    )


def undo(found: Import, *, now: datetime) -> None:
    """Have a worker put back what an import changed. Raises DomainError when nothing was written."""
    db.session.refresh(found, with_for_update=True)
    if found.state not in UNDOABLE or not found.done:
        raise DomainError("Il n’y a rien à annuler dans cet import.")
    found.state, found.undone_by = "undoing", current().actor
    record("intake.undoing", found.filename, subject_id=found.id, client_id=found.client_id, at=now)
    enqueue("intake.work", tenant_id=tenant_id(), import_id=found.id)


def _still_open(found: Import) -> None:
    if found.state != "mapping":
        raise DomainError("Cet import est déjà lancé.")
