"""Actions, recommendations with what was decided of them, and the register that proves it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    FetchedValue,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, ClientModel, Timestamp, client_fk, fk, unique


class ActionItem(ClientEntity):
    """Something to do at a client. Amounts are in cents, before tax; days are business days in Paris.

    ``source_kind``, ``source_id``, ``code``: the finding that it answers, as ``features.FINDINGS`` told it;
    ``code`` is also the control that it closes, from which its gain is computed whenever it is shown.
    ``hours``: the MSP's. ``covered``: within the contract, so that there is nothing to decide.
    ``quarter``: the first day of the quarter that the roadmap puts it in. ``before``: what the last change
    of state overwrote, for an undo.
    """

    __tablename__ = "action_item"
    __table_args__ = (
        client_fk(),
        fk("depends_on", to="action_item.id", ondelete="SET NULL (depends_on)"),
        CheckConstraint(
            "status IN ('proposed', 'decided', 'in_progress', 'done', 'refused', 'postponed', 'cancelled')",
            name="status",
        ),
        CheckConstraint("nature IN ('operating', 'investment', 'both')", name="nature"),
        CheckConstraint("owner_side IN ('msp', 'client')", name="owner_side"),
        CheckConstraint(
            "stream IN ('fundamentals', 'einvoicing', 'fleet', 'contracts', 'own')", name="stream"
        ),
        CheckConstraint("hours >= 0 AND hours <= 10000", name="hours"),
        CheckConstraint("once_cents >= 0 AND yearly_cents >= 0", name="cents"),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done"),
        Index("ix_action_item_client", "tenant_id", "client_id", "status"),
    )

    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    source_kind: Mapped[str] = mapped_column(Text, default="own")
    source_id: Mapped[UUID | None]
    code: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[float] = mapped_column(Double, default=0.0)
    once_cents: Mapped[int] = mapped_column(default=0)
    yearly_cents: Mapped[int] = mapped_column(default=0)
    nature: Mapped[str] = mapped_column(Text, default="operating")
    covered: Mapped[bool] = mapped_column(default=False)
    owner_side: Mapped[str] = mapped_column(Text, default="msp")
    owner_name: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text, default="proposed")
    decided_on: Mapped[date | None]
    done_on: Mapped[date | None]
    postponed_until: Mapped[date | None]
    depends_on: Mapped[UUID | None]
    stream: Mapped[str | None] = mapped_column(Text)
    quarter: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text, default="")


class Recommendation(ClientEntity):
    """Advice sent to a client's deciders; its words never change once sent.

    ``options``: ``{"title", "pros", "cons", "hours", "once_cents", "yearly_cents"}``, the advised one first.
    ``gain``: points of risk as they were on ``gain_on``, the day it was written; None when none is known.
    ``recipients``: ``{"name", "email"}``. ``opened_at``: a decider first read it in their space.
    ``review_on``: when a refusal or a postponement comes back to be looked at again.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        client_fk(),
        fk("action_id", to="action_item.id", ondelete="SET NULL (action_id)"),
        unique("client_id", "number"),
        CheckConstraint(
            "state IN ('sent', 'opened', 'accepted', 'refused', 'postponed', 'withdrawn')", name="state"
        ),
        CheckConstraint("nature IN ('operating', 'investment', 'both')", name="nature"),
        Index("ix_recommendation_state", "tenant_id", "state", "sent_at"),
        Index("ix_recommendation_action", "tenant_id", "action_id"),
    )

    number: Mapped[int]
    action_id: Mapped[UUID | None]
    code: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    risk_if_not: Mapped[str] = mapped_column(Text, default="")
    nature: Mapped[str] = mapped_column(Text, default="operating")
    gain: Mapped[float | None] = mapped_column(Double)
    gain_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Text, default="sent")
    sent_at: Mapped[datetime] = mapped_column(Timestamp)
    sent_by: Mapped[str] = mapped_column(Text)
    recipients: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    opened_at: Mapped[datetime | None] = mapped_column(Timestamp)
    opened_by: Mapped[str | None] = mapped_column(Text)
    reminded_at: Mapped[datetime | None] = mapped_column(Timestamp)
    review_on: Mapped[date | None]

    @property
    def waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state in ("sent", "opened")


class Decision(ClientEntity):
    """What a decider said of a recommendation, on a day; a later one takes its place and deletes nothing.

    ``channel``: ``portal`` when the decider said so in person; ``override`` when the MSP wrote down what it
    was told (``received_how``, ``received_on``, and the document that shows it), for ever marked so.
    ``option``: the place of the option that was accepted. ``seq``: its line in the register.
    """

    __tablename__ = "decision"
    __table_args__ = (
        client_fk(),
        fk("recommendation_id", to="recommendation.id"),
        CheckConstraint("verdict IN ('accepted', 'refused', 'postponed')", name="verdict"),
        CheckConstraint("channel IN ('portal', 'override')", name="channel"),
        CheckConstraint("verdict = 'accepted' OR reason <> ''", name="reason"),
        CheckConstraint(
            "received_how IN ('phone', 'letter', 'email', 'meeting', 'deliberation')", name="received_how"
        ),
        Index("ix_decision_recommendation", "tenant_id", "recommendation_id", "at"),
    )

    recommendation_id: Mapped[UUID]
    verdict: Mapped[str] = mapped_column(Text)
    option: Mapped[int] = mapped_column(SmallInteger, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None]
    decider: Mapped[str] = mapped_column(Text)
    decider_title: Mapped[str] = mapped_column(Text, default="")
    login_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(Text, default="portal")
    received_how: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[date | None]
    document_key: Mapped[str | None] = mapped_column(Text)
    document_name: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Timestamp)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    contested_at: Mapped[datetime | None] = mapped_column(Timestamp)
    contested_by: Mapped[str | None] = mapped_column(Text)
    contest: Mapped[str | None] = mapped_column(Text)


class DecisionEvent(ClientEntity):
    """One line of a client's register. PostgreSQL numbers, dates, signs and chains it as it is written.

    ``at`` is the application's time, ``recorded_at`` the database's own; ``actor_kind`` and ``login_id`` come
    from the signed context, whatever the application says. ``hash``: see ``register_file.message``.
    """

    __tablename__ = "decision_event"
    __table_args__ = (
        client_fk(),
        unique("client_id", "seq"),
        CheckConstraint(
            "kind IN ('sent', 'opened', 'accepted', 'refused', 'postponed', 'withdrawn', 'contested')",
            name="kind",
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    recommendation_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(Timestamp)
    recorded_at: Mapped[datetime] = mapped_column(Timestamp, server_default=FetchedValue())
    kind: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text, server_default=FetchedValue())
    login_id: Mapped[UUID | None] = mapped_column(server_default=FetchedValue())
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())
    hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())


class RegisterAnchor(ClientModel):
    """The last line of a client's register on a day, noted apart. ``file_key``: the day's file."""

    __tablename__ = "register_anchor"
    __table_args__ = (client_fk(),)

    day: Mapped[date] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    file_key: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
