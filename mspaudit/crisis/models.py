"""The crisis plan of a client: its cover, its team, its directory, its fallback sheets, its exercises."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, Timestamp, client_fk, fk, unique


class CrisisPlan(ClientEntity):
    """One plan a client. ``version`` grows with each review; ``places``: where its paper copies are kept.

    ``reviewed_on``, ``printed_on``: business days in Paris, None until it was. ``changed_at`` moves when what
    is printed changes, so that a paper older than it is out of date.
    """

    __tablename__ = "crisis_plan"
    __table_args__ = (client_fk(), unique("client_id"))

    version: Mapped[int] = mapped_column(SmallInteger, default=0)
    activation: Mapped[str] = mapped_column(Text, default="")
    places: Mapped[list[str]] = mapped_column(JSONB, default=list)
    reviewed_on: Mapped[date | None]
    reviewed_by: Mapped[str] = mapped_column(Text, default="")
    printed_on: Mapped[date | None]
    started_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class CellMember(ClientEntity):
    """Who holds a place of the crisis team (``content.crisis.roles``), and who replaces them.

    ``phone``: a private number, which works when the organisation's own do not. ``person_id``: the same
    person among the client's people, when the name is one of theirs.
    """

    __tablename__ = "crisis_cell_member"
    __table_args__ = (
        client_fk(),
        unique("client_id", "role"),
        fk("person_id", to="person.id", ondelete="SET NULL (person_id)"),
        fk("deputy_id", to="person.id", ondelete="SET NULL (deputy_id)"),
    )

    role: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    deputy_id: Mapped[UUID | None]
    deputy: Mapped[str] = mapped_column(Text, default="")
    deputy_phone: Mapped[str] = mapped_column(Text, default="")


class CrisisContact(ClientEntity):
    """A line of the printed directory; ``code``: of ``content.crisis.contacts``."""

    __tablename__ = "crisis_contact"
    __table_args__ = (client_fk(), unique("client_id", "code"))

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class FallbackSheet(ClientEntity):
    """How a service works without computers; ``service``: of ``content.crisis.sheets``.

    ``concerned``: False where the client has no such service. ``hours``: how long it may stop before it
    hurts. ``steps``: one a line.
    """

    __tablename__ = "fallback_sheet"
    __table_args__ = (
        client_fk(),
        unique("client_id", "service"),
        CheckConstraint("hours > 0 AND hours <= 720", name="hours"),
    )

    service: Mapped[str] = mapped_column(Text)
    concerned: Mapped[bool] = mapped_column(default=True)
    hours: Mapped[int] = mapped_column(SmallInteger)
    steps: Mapped[str] = mapped_column(Text, default="")
    stock: Mapped[str] = mapped_column(Text, default="")
    data_source: Mapped[str] = mapped_column(Text, default="")
    written_on: Mapped[date]
    written_by: Mapped[str] = mapped_column(Text)


class Exercise(ClientEntity):
    """An exercise of the plan; ``scenario``: of ``content.crisis.scenarios``.

    ``held_on`` None until it was played. ``timeline``: what happened, one event a line. ``lessons``: each
    may become an action of the client's plan.
    """

    __tablename__ = "crisis_exercise"
    __table_args__ = (client_fk(), Index("ix_crisis_exercise_client", "tenant_id", "client_id"))

    scenario: Mapped[str] = mapped_column(Text)
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    attendance: Mapped[str] = mapped_column(Text, default="")
    timeline: Mapped[str] = mapped_column(Text, default="")
    lessons: Mapped[list[str]] = mapped_column(JSONB, default=list)
