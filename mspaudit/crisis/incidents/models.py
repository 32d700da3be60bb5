"""Incidents, the clocks they start, their log, their lessons; and who may sign for a client."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, Timestamp, client_fk, fk, unique


class Incident(ClientEntity):
    """Something that went wrong at a client. Never deleted.

    ``awareness_at``: when someone knew, written once, from which every clock counts. ``personal``,
    ``insured``: unknown, yes, no. ``breach_*``: what the register of RGPD 33.5 holds, whatever was notified.
    ``lessons_at``: when lessons were drawn after it was closed.
    """

    __tablename__ = "incident"
    __table_args__ = (
        client_fk(),
        unique("client_id", "number"),
        CheckConstraint(
            "kind IN ('ransomware', 'account', 'fraud', 'leak', 'loss', 'outage', 'other')", name="kind"
        ),
        CheckConstraint("personal IN ('unknown', 'yes', 'no')", name="personal"),
        CheckConstraint("insured IN ('unknown', 'yes', 'no')", name="insured"),
        CheckConstraint("risk IN ('unknown', 'unlikely', 'likely', 'high')", name="risk"),
        CheckConstraint("breach_people >= 0", name="breach_people"),
        Index("ix_incident_open", "tenant_id", postgresql_where=text("closed_at IS NULL")),
    )

    number: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    awareness_at: Mapped[datetime] = mapped_column(Timestamp)
    opened_at: Mapped[datetime] = mapped_column(Timestamp)
    opened_by: Mapped[str] = mapped_column(Text)
    personal: Mapped[str] = mapped_column(Text, default="unknown")
    risk: Mapped[str] = mapped_column(Text, default="unknown")
    insured: Mapped[str] = mapped_column(Text, default="unknown")
    money: Mapped[bool] = mapped_column(default=False)
    at_provider: Mapped[bool] = mapped_column(default=False)
    nis2: Mapped[bool] = mapped_column(default=False)
    insurer: Mapped[str] = mapped_column(Text, default="")
    csirt: Mapped[str] = mapped_column(Text, default="")
    breach_data: Mapped[str] = mapped_column(Text, default="")
    breach_people: Mapped[int | None]
    breach_effects: Mapped[str] = mapped_column(Text, default="")
    breach_measures: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by: Mapped[str | None] = mapped_column(Text)
    lessons_at: Mapped[datetime | None] = mapped_column(Timestamp)

    @property
    def open(self) -> bool:
        return self.closed_at is None


class IncidentClock(ClientEntity):
    """One duty of an incident; ``duty``: a key of ``duties``.

    ``applies``, ``due_at``: as ``rules`` found them from what is known. ``hours``: from awareness; 0 at once,
    None while the contract's are not typed. ``why``: of other hours, or of a duty set aside (``waived``).
    """

    __tablename__ = "incident_clock"
    __table_args__ = (
        client_fk(),
        fk("incident_id", to="incident.id"),
        unique("incident_id", "duty"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    incident_id: Mapped[UUID]
    duty: Mapped[str] = mapped_column(Text)
    hours: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    applies: Mapped[bool] = mapped_column(default=True)
    waived: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    done_by: Mapped[str | None] = mapped_column(Text)

    @property
    def holds(self) -> bool:
        """Whether it is to be done, or was to be."""
        return self.applies and not self.waived


class IncidentEntry(ClientEntity):
    """One line of an incident's log. Written once: a mistake is put right by a later line that names it.

    ``hash``: see ``rules.seal``; ``corrects``: the place of the line that this one puts right.
    """

    __tablename__ = "incident_entry"
    __table_args__ = (
        client_fk(),
        fk("incident_id", to="incident.id"),
        unique("incident_id", "seq"),
        CheckConstraint("kind IN ('fact', 'decision', 'action')", name="kind"),
    )

    incident_id: Mapped[UUID]
    seq: Mapped[int]
    happened_at: Mapped[datetime] = mapped_column(Timestamp)
    written_at: Mapped[datetime] = mapped_column(Timestamp)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    corrects: Mapped[int | None]
    hash: Mapped[str] = mapped_column(Text)


class IncidentLesson(ClientEntity):
    """What an incident taught, in words that can become an action."""

    __tablename__ = "incident_lesson"
    __table_args__ = (
        client_fk(),
        fk("incident_id", to="incident.id"),
        Index("ix_incident_lesson_incident", "tenant_id", "incident_id"),
    )

    incident_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Timestamp)
    written_by: Mapped[str] = mapped_column(Text)


class SigningRight(ClientEntity):
    """Someone may sign for a client: the complaint, the CNIL's form, the insurer's. ``document_*``: the proof
    (a council's deliberation, a mandate). ``granted_on``: the day it bears."""

    __tablename__ = "signing_right"
    __table_args__ = (client_fk(), Index("ix_signing_right_client", "tenant_id", "client_id"))

    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    complaint: Mapped[bool] = mapped_column(default=False)
    cnil: Mapped[bool] = mapped_column(default=False)
    insurer: Mapped[bool] = mapped_column(default=False)
    granted_on: Mapped[date | None]
    document_key: Mapped[str | None] = mapped_column(Text)
    document_name: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Timestamp)
    recorded_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
