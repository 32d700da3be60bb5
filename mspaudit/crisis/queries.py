"""Reading crisis plans: one client's as it stands with what is known elsewhere, and the whole portfolio's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnExpressionArgument, func, select
from werkzeug.exceptions import NotFound

from mspaudit import features
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client, OrgUnit, Person
from mspaudit.content import crisis as content
from mspaudit.content.crisis import UsualSheet
from mspaudit.crisis import rules
from mspaudit.crisis.models import CellMember, CrisisContact, CrisisPlan, Exercise, FallbackSheet
from mspaudit.extensions import db
from mspaudit.kernel.clock import local
from mspaudit.tenancy.context import tenant_id

MANDATES = {"pilot": "referent", "cyber": "referent", "dpo": "dpo", "crisis": "coordinate"}
"""Which place of the team a referent usually holds."""


@dataclass(frozen=True)
class PlanView:
    """A client's plan as it stands. ``plan``: None while nobody started it."""

    client: Client
    plan: CrisisPlan | None
    seats: list[rules.Seat]
    directory: list[rules.Line]
    written: Mapping[str, FallbackSheet]
    expected: list[UsualSheet]

    @property
    def sheets(self) -> list[tuple[UsualSheet, FallbackSheet | None]]:
        """The services that should have a sheet, with it once written, the soonest needed first."""
        pairs = [(usual, self.written.get(usual.code)) for usual in self.expected]
        return sorted(pairs, key=lambda pair: pair[1].hours if pair[1] else pair[0].hours)

    @property
    def unconcerned(self) -> list[UsualSheet]:
        """The services that someone said the client does not have."""
        out = {code for code, sheet in self.written.items() if not sheet.concerned}
        return [usual for usual in content.sheets(self.client.kind) if usual.code in out]

    @cached_property
    def missing(self) -> list[tuple[str, str]]:
        """(part, what it lacks)."""
        unwritten = [usual for usual, sheet in self.sheets if sheet is None]
        return rules.missing(self.seats, self.directory, unwritten, self.plan.places if self.plan else [])

    def stale(self, today: date) -> bool:
        """Whether the plan is to be read again."""
        return rules.stale(self.plan.reviewed_on if self.plan else None, today)

    def outdated_print(self, today: date) -> bool:
        """Whether the paper copies no longer tell it."""
        if self.plan is None:
            return True
        return rules.outdated_print(self.plan.printed_on, local(self.plan.changed_at).date(), today)


def plan(client_id: UUID) -> CrisisPlan | None:
    """The plan of a client, once started."""
    return db.session.scalars(select(CrisisPlan).where(CrisisPlan.client_id == client_id)).one_or_none()


def plan_or_404(client_id: UUID) -> CrisisPlan:
    """The same. Raises NotFound before it is started."""
    found = plan(client_id)
    if found is None:
        raise NotFound
    return found


def view(client: Client) -> PlanView:
    """A client's plan; six statements whatever it holds."""
    sheets = db.session.scalars(select(FallbackSheet).where(FallbackSheet.client_id == client.id)).all()
    written = {sheet.service: sheet for sheet in sheets}
    units = db.session.scalars(select(OrgUnit.code).where(OrgUnit.client_id == client.id)).all()
    out = [code for code, sheet in written.items() if not sheet.concerned]
    return PlanView(
        client=client,
        plan=plan(client.id),
        seats=_seats(client),
        directory=_directory(client),
        written=written,
        expected=rules.expected(content.sheets(client.kind), units, out),
    )


def usual_sheet_or_404(client: Client, service: str) -> UsualSheet:
    """What we propose for a service of that kind of client. Raises NotFound."""
    for usual in content.sheets(client.kind):
        if usual.code == service:
            return usual
    raise NotFound


def sheet(client_id: UUID, service: str) -> FallbackSheet | None:
    """The sheet of a service, once written or ruled out."""
    where = (FallbackSheet.client_id == client_id, FallbackSheet.service == service)
    return db.session.scalars(select(FallbackSheet).where(*where)).one_or_none()


def known_seats(client: Client, *, today: date) -> dict[str, tuple[Person, Person | None]]:
    """Who the mandates say holds each place, and their deputy."""
    found: dict[str, tuple[Person, Person | None]] = {}
    for mandate in clients.referents(client.id, today=today):
        place = MANDATES.get(mandate.referent.role)
        if place is not None:
            found.setdefault(place, (mandate.person, mandate.deputy))
    return found


def known_contacts(client_id: UUID) -> dict[str, tuple[str, str, str]]:
    """What other rooms know of the directory: code → (name, phone, note)."""
    found: dict[str, tuple[str, str, str]] = {}
    for module in features.modules(features.CONTACTS):
        columns = module.CONTACTS.selected_columns
        mine = module.CONTACTS.where(columns.tenant_id == tenant_id(), columns.client_id == client_id)
        for row in db.session.execute(mine):
            found.setdefault(row.code, (row.name, row.phone, row.note))
    return found


def exercises(client_id: UUID) -> Sequence[Exercise]:
    """The exercises of a client, the next or latest first."""
    statement = select(Exercise).where(Exercise.client_id == client_id)
    return db.session.scalars(statement.order_by(Exercise.planned_on.desc())).all()


def exercise_or_404(client_id: UUID, exercise_id: UUID) -> Exercise:
    """One exercise of that client. Raises NotFound."""
    where = (Exercise.client_id == client_id, Exercise.id == exercise_id)
    found = db.session.scalars(select(Exercise).where(*where)).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class PlanRow:
    """One client of the portfolio and how far its plan is."""

    client: Client
    plan: CrisisPlan | None
    sheets: int
    seats: int


def portfolio() -> list[PlanRow]:
    """Every client, those without a plan first, then the plans read longest ago; three statements."""
    rows = db.session.execute(
        select(Client, CrisisPlan)
        .outerjoin(CrisisPlan, CrisisPlan.client_id == Client.id)
        .where(Client.archived_at.is_(None))
        .order_by(CrisisPlan.id.is_not(None), CrisisPlan.reviewed_on.asc().nulls_first(), Client.name_key)
    ).all()
    sheets, seats = (
        _counts(FallbackSheet, FallbackSheet.concerned),
        _counts(CellMember, CellMember.name != ""),
    )
    return [PlanRow(client, plan, sheets.get(client.id, 0), seats.get(client.id, 0)) for client, plan in rows]


def _counts(
    model: type[FallbackSheet] | type[CellMember], where: ColumnExpressionArgument[bool]
) -> dict[UUID, int]:
    statement = select(model.client_id, func.count().label("found")).where(where).group_by(model.client_id)
    return {row.client_id: row.found for row in db.session.execute(statement)}


def _seats(client: Client) -> list[rules.Seat]:
    members = db.session.scalars(select(CellMember).where(CellMember.client_id == client.id)).all()
    held = {member.role: member for member in members}
    ids = {each for m in members for each in (m.person_id, m.deputy_id) if each is not None}
    gone = db.session.scalars(select(Person.id).where(Person.id.in_(ids), Person.left_on.is_not(None))).all()
    return [_seat(role, held.get(role.code), gone) for role in content.roles(client.kind)]


def _seat(role: content.CrisisRole, member: CellMember | None, gone: Sequence[UUID]) -> rules.Seat:
    if member is None:
        return rules.Seat(role)
    who = ((member.person_id, member.name), (member.deputy_id, member.deputy))
    left = tuple(name for person_id, name in who if person_id in gone)
    return rules.Seat(role, member.name, member.phone, member.deputy, member.deputy_phone, left)


def _directory(client: Client) -> list[rules.Line]:
    rows = db.session.scalars(select(CrisisContact).where(CrisisContact.client_id == client.id)).all()
    held = {row.code: row for row in rows}
    return [_line(usual, held.get(usual.code)) for usual in content.contacts(client.kind)]


def _line(usual: content.UsualContact, row: CrisisContact | None) -> rules.Line:
    if row is None:
        return rules.Line(usual, "", usual.phone, usual.note)
    return rules.Line(usual, row.name, row.phone or usual.phone, row.note or usual.note)
