"""Reading imports: the file, the columns last time, and what each line would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import Select, or_, select
from werkzeug.exceptions import NotFound

from mspaudit.adapters.tables import Table, read_table
from mspaudit.clients import rules
from mspaudit.clients.imports.changes import Change, State, difference
from mspaudit.clients.imports.rules import Line, Problem, read
from mspaudit.clients.models import Assignment, Client, ImportRun, Person, Referent, Tag
from mspaudit.clients.queries import technicians
from mspaudit.clients.rules import Given, Refused
from mspaudit.extensions import db
from mspaudit.kernel.french import fold
from mspaudit.runtime import runtime

T = TypeVar("T")

MAX_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Planned:
    """What a line will do: create, or ``change`` the client it matches; an empty change leaves it alone."""

    line: Line
    client: Client | None
    change: Change
    members: frozenset[UUID]

    @property
    def verb(self) -> str:
        """``new``, ``changed`` or ``same``."""
        if self.client is None:
            return "new"
        return "changed" if self.change else "same"


def run_or_404(run_id: UUID) -> ImportRun:
    """The import of that identifier. Raises NotFound."""
    found = db.session.scalars(select(ImportRun).where(ImportRun.id == run_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def recent(limit: int = 10) -> Sequence[ImportRun]:
    """The latest imports, the last first."""
    return db.session.scalars(select(ImportRun).order_by(ImportRun.created_at.desc()).limit(limit)).all()


def last_mapping(headers: Sequence[str]) -> dict[str, str] | None:
    """The columns as they were set the last time a file had these very headers."""
    for run in recent(50):
        if set(run.mapping) == set(headers):
            return {header: run.mapping[header] for header in headers}
    return None


def table(run: ImportRun) -> Table:
    """The file of an import. Raises NotStoredError, or TableRefused."""
    data = runtime().storage.get(run.storage_key, tenant_id=run.tenant_id)
    return read_table(data, run.filename, max_rows=MAX_ROWS)


def lines(run: ImportRun, found: Table) -> list[Line | Problem]:
    """Every line of the file as its columns are set, what the reader could not read included."""
    mapping = {header: run.mapping.get(header, "") for header in found.headers}
    read_lines = read(found.rows, found.lines, mapping)
    broken = [Problem(number, text) for number, text in found.problems]
    return sorted([*read_lines, *broken], key=lambda line: line.number)


def plan(wanted: Sequence[Line | Problem]) -> list[Planned | Problem]:
    """What each line will do to the portfolio as it stands; as many statements for one as for thousands."""
    known = _Known([line for line in wanted if isinstance(line, Line)])
    return [line if isinstance(line, Problem) else known.planned(line) for line in wanted]


class _Known:
    """What the portfolio has that lines may match, by each key that they may match it by."""

    def __init__(self, wanted: Sequence[Line]) -> None:
        self._by_number: dict[str, Client] = {}
        self._by_name: dict[tuple[str, str], list[Client]] = {}
        clients = _matching(wanted)
        for client in clients:
            self._by_number |= {n: client for n in (client.siren, client.insee_code) if n}
            self._by_name.setdefault((client.kind, client.name_key), []).append(client)
        self._states = _states([client.id for client in clients])
        self._staff = {key: m.id for m in technicians() for key in (fold(m.name), fold(m.email))}

    def planned(self, line: Line) -> Planned | Problem:
        unknown = next((name for name in line.technicians if name not in self._staff), None)
        if unknown:
            return Problem(line.number, f"Aucun technicien de l’équipe ne s’appelle « {unknown} ».")
        members = frozenset(self._staff[name] for name in line.technicians)
        try:
            client = self._match(line)
        except Refused as refused:
            return Problem(line.number, str(refused))
        change = difference(line, self._states[client.id], members) if client else Change()
        return Planned(line, client, change, members)

    def _match(self, line: Line) -> Client | None:
        """By SIREN, else by INSEE code, else by name where no number says otherwise. Raises Refused."""
        found = self._numbered(line) or self._named(line)
        if found is not None and found.archived_at is not None:
            raise Refused(f"{found.name} est archivé. Restaurez-le d’abord.")
        if found is None and line.doubt:
            raise Refused(line.doubt)
        return found

    def _numbered(self, line: Line) -> Client | None:
        siren, insee = self._by_number.get(line.given.get("siren") or ""), line.insee_code or ""
        return siren or self._by_number.get(insee)

    def _named(self, line: Line) -> Client | None:
        same = self._by_name.get((line.kind, rules.key(line.name)), [])
        siren, insee = line.given.get("siren"), line.insee_code
        same = [c for c in same if not (siren and c.siren) and not (insee and c.insee_code)]
        if len(same) > 1:
            raise Refused(f"{len(same)} clients s’appellent {line.name} : ajoutez le SIREN.")
        return same[0] if same else None


def _matching(wanted: Sequence[Line]) -> Sequence[Client]:
    keys = [rules.key(line.name) for line in wanted]
    sirens = [siren for line in wanted if (siren := line.given.get("siren"))]
    codes = [line.insee_code for line in wanted if line.insee_code]
    alike = or_(Client.name_key.in_(keys), Client.siren.in_(sirens), Client.insee_code.in_(codes))
    return db.session.scalars(select(Client).where(alike)).all()


def _states(clients: Sequence[UUID]) -> dict[UUID, State]:
    rows = db.session.scalars(select(Client).where(Client.id.in_(clients)))
    tags = _gathered(select(Tag.client_id, Tag.tag).where(Tag.client_id.in_(clients)))
    members = _gathered(
        select(Assignment.client_id, Assignment.member_id).where(Assignment.client_id.in_(clients))
    )
    people = _gathered(select(Person.client_id, Person.name_key).where(Person.client_id.in_(clients)))
    pilots = _gathered(
        select(Referent.client_id, Referent.id).where(
            Referent.client_id.in_(clients), Referent.role == "pilot", Referent.until.is_(None)
        )
    )
    return {
        client.id: State(
            given=cast("Given", {name: getattr(client, name) for name in Given.__annotations__}),
            tags=frozenset(tags.get(client.id, ())),
            members=frozenset(members.get(client.id, ())),
            people=frozenset(people.get(client.id, ())),
            has_pilot=client.id in pilots,
            spoke_at=client.last_contact_at,
        )
        for client in rows
    }


def _gathered(statement: Select[UUID, T]) -> dict[UUID, set[T]]:
    found: dict[UUID, set[T]] = {}
    for client_id, value in db.session.execute(statement):
        found.setdefault(client_id, set()).add(value)
    return found
