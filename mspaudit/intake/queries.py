"""Reading the desk: imports, their files, and what each line would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from mspaudit.adapters.tables import from_bytes
from mspaudit.clients.models import Client, Person
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.intake import dispatch
from mspaudit.intake.dispatch import Known
from mspaudit.intake.feeds import Change, Feed, Row, feeds
from mspaudit.intake.kinds import KINDS, missing
from mspaudit.intake.models import Import, ImportPart, KnownColumns, KnownRoute
from mspaudit.intake.reading import Refusal
from mspaudit.intake.recognise import Recognised, understood
from mspaudit.intake.wording import FIELDS
from mspaudit.kernel.french import typo
from mspaudit.runtime import runtime

OPEN = ("waiting", "running", "undoing")


@dataclass(frozen=True, slots=True)
class Content:
    """A file as its columns are set: the lines of each client, and what is refused or goes to nobody.

    ``complete``: what it does not list is gone. ``keys``: what tells the clients of a shared file apart →
    how many lines have it.
    """

    file: Recognised
    parts: dict[UUID, list[Row]]
    refused: list[Refusal]
    keys: dict[str, int]

    @property
    def complete(self) -> bool:
        return self.file.content.complete


def import_or_404(import_id: UUID) -> Import:
    """The import of that identifier. Raises NotFound, for one of a client out of sight too."""
    found = db.session.scalars(select(Import).where(Import.id == import_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def recent(client_id: UUID | None, limit: int = 10) -> Sequence[Import]:
    """The latest imports of a client, or of files shared by several; the last first."""
    statement = select(Import).order_by(Import.created_at.desc(), Import.id).limit(limit)
    return db.session.scalars(statement.where(Import.client_id.is_not_distinct_from(client_id))).all()


def parts(import_id: UUID) -> Sequence[tuple[ImportPart, str]]:
    """What an import writes for each client, with the client's name, in that order."""
    statement = (
        select(ImportPart, Client.name)
        .join(Client, Client.id == ImportPart.client_id)
        .where(ImportPart.import_id == import_id)
        .order_by(Client.name_key)
    )
    return [(part, name) for part, name in db.session.execute(statement)]


def feed(kind: str | None) -> Feed:
    """What takes that kind of file. Raises DomainError."""
    found = feeds().get(kind or "")
    if found is None:
        raise DomainError("Ce genre de fichier ne s’importe pas encore.")
    return found


def check(kind: str | None, columns: dict[str, str]) -> None:
    """Raises DomainError unless the file has what its kind needs."""
    if kind is None:
        raise DomainError("Dites d’abord ce que contient ce fichier.")
    lacking = missing(kind, columns)
    if lacking:
        names = " ou ".join(f"« {FIELDS[name]} »" for name in KINDS[kind].headers if name in lacking[0])
        raise DomainError(typo(f"Indiquez la colonne qui donne {names}."))


def digest(headers: Sequence[str]) -> str:
    """What a set of headers is remembered by, whatever their order."""
    return sha256("\n".join(sorted(headers)).encode()).hexdigest()


def remembered(headers: Sequence[str]) -> KnownColumns | None:
    """What the MSP said of the last file with these very headers."""
    statement = select(KnownColumns).where(KnownColumns.headers == digest(headers))
    return db.session.scalars(statement).one_or_none()


def content(found: Import) -> Content:
    """The file of an import, as its columns and routes say. Raises NotStoredError."""
    table = from_bytes(runtime().storage.get(found.table_key, tenant_id=found.tenant_id))
    file = understood(table, found.kind, found.columns)
    rows, refused = file.content.rows, list(file.content.refused)
    if found.client_id is not None:
        return Content(file, {found.client_id: rows} if rows else {}, refused, {})
    lines, nobody = dispatch.split(rows, found.routes)
    refused += [Refusal(row.line, typo(_nobodys(row))) for row in nobody]
    refused.sort(key=lambda refusal: refusal.line)
    return Content(file, lines, refused, dispatch.keys(rows))


def _nobodys(row: Row) -> str:
    text = dispatch.key(row).partition(":")[2]
    return f"Aucun client choisi pour « {text[:60]} »." if text else "Rien ne dit de quel client il s’agit."


def plan(found: Import, client_id: UUID, read: Content, *, today: date) -> list[Change]:
    """What a file would do to a client as it stands. Raises DomainError for a kind nobody takes."""
    changes = feed(found.kind).plan(client_id, read.parts.get(client_id, []), today=today)
    return [change for change in changes if change.verb != "gone" or read.complete]


def known() -> Known:
    """What tells the clients of the portfolio apart; archived ones receive nothing."""
    alive = dict(
        db.session.execute(select(Client.id, Client.name_key).where(Client.archived_at.is_(None))).all()
    )
    names: dict[str, UUID] = {}
    twice: set[str] = set()
    for client, name in alive.items():
        if name in names:
            twice.add(name)
        names[name] = client
    return Known(
        routes={
            route: client
            for route, client in db.session.execute(select(KnownRoute.key, KnownRoute.client_id))
            if client in alive
        },
        domains=_domains(set(alive)),
        names={name: client for name, client in names.items() if name not in twice},
    )


def _domains(alive: set[UUID]) -> dict[str, frozenset[UUID]]:
    """Who has people with an address in each domain."""
    found: dict[str, set[UUID]] = {}
    for model in (Person, ClientMember):
        domain = func.lower(func.split_part(model.email, "@", 2))
        for client, name in db.session.execute(select(model.client_id, domain).distinct()):
            if name and client in alive:
                found.setdefault(name, set()).add(client)
    return {name: frozenset(clients) for name, clients in found.items()}


def clients() -> Sequence[Client]:
    """The clients that lines may go to, by name."""
    statement = select(Client).where(Client.archived_at.is_(None)).order_by(Client.name_key, Client.id)
    return db.session.scalars(statement).all()
