"""Reading plans and advice. Lookups start from the context: what it may not see does not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from mspaudit.clients.models import Client
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.plan import rules
from mspaudit.plan.models import ActionItem, Decision, DecisionEvent, Recommendation, RegisterAnchor
from mspaudit.plan.register_file import Anchor, Line, instant
from mspaudit.plan.rules import Delivery
from mspaudit.risk.queries import Picture
from mspaudit.risk.rules import reasons

T = TypeVar("T")
RECENT = 50


@dataclass(frozen=True)
class Advice:
    """A recommendation, whose client it is, and the last decision taken of it."""

    recommendation: Recommendation
    client: Client
    decision: Decision | None

    @property
    def state_words(self) -> str:
        return rules.STATES[self.recommendation.state]

    @property
    def option(self) -> dict[str, object] | None:
        """What costs are shown for: the option that was chosen, else the one that is advised."""
        options = self.recommendation.options
        place = self.decision.option if self.decision else 0
        return options[place] if place < len(options) else None


def actions(client_id: UUID) -> Sequence[ActionItem]:
    """A client's actions, in the order that somebody gave them."""
    statement = select(ActionItem).where(ActionItem.client_id == client_id)
    return db.session.scalars(statement.order_by(ActionItem.position, ActionItem.id)).all()


def action_or_404(client_id: UUID, action_id: UUID, *, lock: bool = False) -> ActionItem:
    """One action of that client; ``lock`` holds it until the end. Raises NotFound."""
    statement = select(ActionItem).where(ActionItem.client_id == client_id, ActionItem.id == action_id)
    return _one(statement.with_for_update() if lock else statement)


def actions_for(code: str, client_ids: Sequence[UUID]) -> dict[UUID, ActionItem]:
    """By client, the action that closes that control, if its plan has one; the one that goes on first."""
    statement = select(ActionItem).where(ActionItem.code == code, ActionItem.client_id.in_(client_ids))
    found: dict[UUID, ActionItem] = {}
    for item in db.session.scalars(
        statement.order_by(ActionItem.status == "cancelled", ActionItem.id.desc())
    ):
        found.setdefault(item.client_id, item)
    return found


def delivery(client_id: UUID, *, today: date) -> Delivery:
    """How many of a client's decided actions fell due, and how many were done in time; one statement."""
    rows = db.session.execute(
        select(ActionItem.due_on, ActionItem.done_on).where(
            ActionItem.client_id == client_id, ActionItem.status.in_((*rules.RUNNING, "done"))
        )
    )
    return rules.delivery(((row.due_on, row.done_on) for row in rows), today=today)


def gains(picture: Picture | None) -> dict[str, float]:
    """What each control of a client would gain if it were closed, in points of risk today."""
    if picture is None:
        return {}
    return {reason.code: reason.gain for reason in reasons(picture.lines, picture.impacts)}


def controls(picture: Picture | None) -> Mapping[str, Control]:
    """The words of a client's controls, by code."""
    return {detail.control.code: detail.control for detail in picture.details} if picture else {}


def advice(client_id: UUID) -> list[Advice]:
    """A client's recommendations with their last decision, the latest first; one statement."""
    statement = _advised().where(Recommendation.client_id == client_id)
    rows = db.session.execute(statement.order_by(Recommendation.number.desc()))
    return [Advice(*row) for row in rows]


def one_advice(client_id: UUID, recommendation_id: UUID) -> Advice:
    """One recommendation of that client with its last decision. Raises NotFound."""
    statement = _advised().where(
        Recommendation.client_id == client_id, Recommendation.id == recommendation_id
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Advice(*row)


def recommendation_or_404(client_id: UUID, recommendation_id: UUID, *, lock: bool = False) -> Recommendation:
    """One recommendation of that client; ``lock`` holds it until the end. Raises NotFound."""
    statement = select(Recommendation).where(
        Recommendation.client_id == client_id, Recommendation.id == recommendation_id
    )
    return _one(statement.with_for_update() if lock else statement)


def decisions(recommendation_id: UUID) -> Sequence[Decision]:
    """Every decision taken of a recommendation, the latest first."""
    statement = select(Decision).where(Decision.recommendation_id == recommendation_id)
    return db.session.scalars(statement.order_by(Decision.seq.desc())).all()


def decision_or_404(recommendation_id: UUID, decision_id: UUID) -> Decision:
    """One decision of that recommendation. Raises NotFound."""
    return _one(
        select(Decision).where(Decision.recommendation_id == recommendation_id, Decision.id == decision_id)
    )


def awaiting(client_id: UUID) -> int:
    """How many recommendations a client has not decided yet."""
    statement = select(func.count(Recommendation.id)).where(
        Recommendation.client_id == client_id, Recommendation.state.in_(("sent", "opened"))
    )
    return db.session.scalar(statement) or 0


def waiting_everywhere() -> list[Advice]:
    """Recommendations that wait for a decision at the clients this context sees, the oldest first."""
    statement = _advised().where(Recommendation.state.in_(("sent", "opened")), Client.archived_at.is_(None))
    return [Advice(*row) for row in db.session.execute(statement.order_by(Recommendation.sent_at))]


def decided_lately() -> list[Advice]:
    """The last decisions at the clients this context sees, the latest first."""
    statement = _advised().where(
        Recommendation.state.in_(("accepted", "refused", "postponed")), Client.archived_at.is_(None)
    )
    last = statement.order_by(Decision.at.desc().nulls_last()).limit(RECENT)
    return [Advice(*row) for row in db.session.execute(last)]


def deciders(client_ids: Sequence[UUID]) -> dict[UUID, list[ClientMember]]:
    """Who decides at each of these clients, by name; a client with nobody is left out."""
    statement = (
        select(ClientMember)
        .where(
            ClientMember.client_id.in_(client_ids),
            ClientMember.role == "decider",
            ClientMember.disabled_at.is_(None),
        )
        .order_by(ClientMember.name)
    )
    found: dict[UUID, list[ClientMember]] = {}
    for member in db.session.scalars(statement):
        found.setdefault(member.client_id, []).append(member)
    return found


def register(client_id: UUID) -> list[Line]:
    """A client's register, every line as its seal covers it, from the first."""
    told = cast(DecisionEvent.payload, Text).label("told")
    statement = select(DecisionEvent, told).where(DecisionEvent.client_id == client_id)
    return [
        Line(
            seq=event.seq,
            tenant_id=str(event.tenant_id),
            client_id=str(event.client_id),
            recommendation_id=str(event.recommendation_id or ""),
            at=instant(event.at),
            recorded_at=instant(event.recorded_at),
            kind=event.kind,
            actor_kind=event.actor_kind,
            login_id=str(event.login_id or ""),
            payload=payload,
            prev_hash=event.prev_hash.hex(),
            hash=event.hash.hex(),
        )
        for event, payload in db.session.execute(statement.order_by(DecisionEvent.seq))
    ]


def last_anchor() -> RegisterAnchor | None:
    """The last anchor noted of any register; its file tells of all of them."""
    return db.session.scalars(
        select(RegisterAnchor).order_by(RegisterAnchor.noted_at.desc()).limit(1)
    ).one_or_none()


def anchors(client_id: UUID) -> list[Anchor]:
    """What was noted of a client's register, day after day, from the first."""
    statement = select(RegisterAnchor).where(RegisterAnchor.client_id == client_id)
    return [
        Anchor(row.day.isoformat(), str(row.client_id), row.seq, row.hash.hex())
        for row in db.session.scalars(statement.order_by(RegisterAnchor.day))
    ]


def _advised() -> Select[Recommendation, Client, Decision]:
    later = aliased(Decision)
    last = (
        select(later.id)
        .where(later.recommendation_id == Recommendation.id)
        .order_by(later.seq.desc())
        .limit(1)
        .correlate(Recommendation)
        .scalar_subquery()
    )
    return (
        select(Recommendation, Client, Decision)
        .join(Client, Client.id == Recommendation.client_id)
        .outerjoin(Decision, Decision.id == last)
    )


def _one(statement: Select[T]) -> T:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
