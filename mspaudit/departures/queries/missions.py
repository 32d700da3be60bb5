"""Reading missions with their accesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound

from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.content.departures import Clause
from mspaudit.departures import rules
from mspaudit.departures.models import Mission, MissionAccess
from mspaudit.departures.rules import Step
from mspaudit.extensions import db


@dataclass(frozen=True)
class MissionView:
    """A mission with what its page shows. ``sponsor``: None when nobody at the client answers for it."""

    mission: Mission
    accesses: list[MissionAccess]
    sponsor: Person | None
    state: str
    missing_clauses: list[Clause]

    @property
    def state_words(self) -> str:
        return rules.MISSION_STATES[self.state]

    @property
    def gate(self) -> list[Step]:
        m = self.mission
        return rules.gate(
            contract=m.contract_key is not None and m.contract_signed_on is not None,
            charter=m.charter_signed_on is not None,
            briefed=m.briefed_on is not None,
            device=m.device_declared_on is not None,
        )

    @property
    def missing(self) -> list[str]:
        """What stands before any access, in words."""
        return [step.name for step in self.gate if not step.met]

    @property
    def left(self) -> list[MissionAccess]:
        """The accesses still open."""
        return [access for access in self.accesses if access.revoked_on is None]

    @property
    def destruction_by(self) -> date:
        return rules.destruction_by(self.mission.ends_on)


def missions(client: Client, *, today: date) -> list[MissionView]:
    """A client's missions: those that go on first, by their end; two statements."""
    statement = _with_sponsor().where(Mission.client_id == client.id)
    rows = db.session.execute(
        statement.order_by(Mission.closed_at.is_not(None), Mission.ends_on, Mission.name)
    ).all()
    opened: dict[UUID, list[MissionAccess]] = {mission.id: [] for mission, _sponsor in rows}
    if opened:
        for access in db.session.scalars(_accesses().where(MissionAccess.client_id == client.id)):
            opened[access.mission_id].append(access)
    return [_view(client, mission, sponsor, opened[mission.id], today) for mission, sponsor in rows]


def mission_view(client: Client, mission: Mission, *, today: date) -> MissionView:
    """One mission with its accesses; two statements."""
    sponsor = None
    if mission.sponsor_id is not None:
        sponsor = db.session.scalars(select(Person).where(Person.id == mission.sponsor_id)).one_or_none()
    return _view(client, mission, sponsor, list(accesses(mission.id)), today)


def accesses(mission_id: UUID) -> Sequence[MissionAccess]:
    """The accesses of a mission, in the order they were opened."""
    return db.session.scalars(_accesses().where(MissionAccess.mission_id == mission_id)).all()


def mission_or_404(client_id: UUID, mission_id: UUID, *, lock: bool = False) -> Mission:
    """One mission of that client; ``lock`` holds it until the end. Raises NotFound."""
    statement = select(Mission).where(Mission.client_id == client_id, Mission.id == mission_id)
    found = db.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_or_404(mission_id: UUID, access_id: UUID) -> MissionAccess:
    """One access of that mission. Raises NotFound."""
    statement = select(MissionAccess).where(
        MissionAccess.mission_id == mission_id, MissionAccess.id == access_id
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _with_sponsor() -> Select[Mission, Person]:
    return select(Mission, Person).outerjoin(Person, Person.id == Mission.sponsor_id)


def _accesses() -> Select[MissionAccess]:
    return select(MissionAccess).order_by(MissionAccess.opened_on, MissionAccess.account)


def _view(
    client: Client, mission: Mission, sponsor: Person | None, opened: list[MissionAccess], today: date
) -> MissionView:
    here = sponsor if sponsor is not None and sponsor.left_on is None else None
    state = rules.mission_state(
        starts_on=mission.starts_on,
        ends_on=mission.ends_on,
        today=today,
        opened=len(opened),
        left=sum(access.revoked_on is None for access in opened),
        certified=mission.certificate_key is not None,
        closed=mission.closed_at is not None,
        held=here is not None,
    )
    missing = rules.missing_clauses(content.clauses(client.kind), mission.clauses)
    return MissionView(mission, opened, here, state, missing)
