"""Playing the stories: each event through the action that a person would have used, curtain by curtain."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from mspaudit.checklists.actions import answers, assessments, proofs, trail
from mspaudit.checklists.models import Answer
from mspaudit.clients import actions, mandate_actions, people_actions
from mspaudit.clients.models import Client, Person
from mspaudit.content.packs import Kind, Pack
from mspaudit.demo.casting import Msp, Someone, people_of
from mspaudit.demo.names import Place
from mspaudit.demo.paper import certificate
from mspaudit.demo.story import Event, Narrator, PilotLeft, PilotNamed, Said, Story
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.clock import PARIS
from mspaudit.tenancy.context import Context, current, using

# These two are told to their end by hand: they are the secretary's, whom the links sign in.
STEADY = {"Valbrune", "Lisse-le-Vieux"}
SPOKEN = (
    "choice", "points", "done_on", "percent", "na_reason", "note", "state", "proof_until", "by_kind",
    "by_name", "answered_at",
)  # fmt: skip

Rows = dict[tuple[UUID, str], Answer]


@dataclass
class Role:
    """One client on stage: its script, its people, and how much of it was played."""

    place: Place
    kind: Kind
    story: Story
    people: tuple[Someone, ...]
    technician: str
    client_id: UUID | None = None
    persons: list[UUID] = field(default_factory=list)
    played: int = 0
    renewed: bool = False

    def due(self, until: date) -> list[Event]:
        """What comes up to ``until`` and was not played yet; it counts as played from here on."""
        found = [e for e in self.story.events[self.played :] if e.on <= until]
        self.played += len(found)
        return found


class Stage:
    """Plays one MSP's portfolio; ``play`` runs inside a unit of work that the caller opens."""

    def __init__(self, msp: Msp, pack: Pack, *, seed: int, start: date, today: date) -> None:
        self._msp, self._pack, self.start = msp, pack, start
        self._rng = Random(f"{seed}:{msp.slug}")
        self._narrator = Narrator(self._rng, start=start, today=today)
        self._staff: dict[str, UUID] = {}
        self.roles = [self._cast(place, "commune") for place in msp.communes]
        self.roles += [self._cast(place, "enterprise") for place in msp.companies]

    def _cast(self, place: Place, kind: Kind) -> Role:
        technicians = [s.name for s in self._msp.staff if s.role != "reader"]
        story = self._narrator.tell(self._pack.for_kind(kind), "steady" if place.name in STEADY else None)
        people = people_of(place, kind, self._rng)
        return Role(place, kind, story, people, self._rng.choice(technicians))

    def enter(self, until: date, roles: Sequence[Role]) -> None:
        """Bring on stage those whose story has begun: an MSP's clients are created one at a time."""
        for role in roles:
            if role.client_id is None and role.story.begins_on <= until:
                self._enter(role)

    def play(self, until: date, roles: Sequence[Role]) -> None:
        """Everything that happens to some of the roles on stage up to ``until`` and was not played yet."""
        on_stage = {role.client_id: role for role in roles if role.client_id is not None}
        for client_id, role in on_stage.items():
            if role.story.again_on and role.story.again_on <= until and not role.renewed:
                self._renew(role, client_id, role.story.again_on)
        due = {client_id: role.due(until) for client_id, role in on_stage.items()}
        said = [
            (client_id, e.code) for client_id, events in due.items() for e in events if isinstance(e, Said)
        ]
        rows = {(row.client_id, row.code): row for row in trail.hold(said)}
        # One write of everything at the end, rather than one before each reading.
        with db.session.no_autoflush:
            for client_id, events in due.items():
                for event in events:
                    self._perform(on_stage[client_id], client_id, event, rows)

    def recall(self) -> None:
        """Learn who the roles are that another process has played."""
        clients = {client.name: client.id for client in db.session.scalars(select(Client))}
        persons = {(p.client_id, p.email): p.id for p in db.session.scalars(select(Person))}
        for role in self.roles:
            found = clients.get(role.place.name)
            if role.client_id is None and found is not None:
                role.client_id = found
                role.persons = [persons[found, someone.email] for someone in role.people]

    def _enter(self, role: Role) -> None:
        at = _at(role.story.begins_on, 9)
        shared: dict[str, Any] = {
            "now": at,
            "name": role.place.name,
            "tags": role.place.tags,
            "member_ids": [self._member(role.technician)],
        }
        with self._as_staff(role):
            if role.kind == "commune":
                client = actions.create_commune(None, population=role.place.size, **shared)
            else:
                client = actions.create_company(headcount=role.place.size, **shared)
            role.client_id = client.id
            for someone in role.people:
                self._introduce(role, client, someone, at)
            due = role.story.campaign_on + timedelta(days=30)
            assessments.start_assessment(client.id, self._pack, scope="full", due_on=due, now=at)
            db.session.flush()

    def _introduce(self, role: Role, client: Client, someone: Someone, at: datetime) -> None:
        person = people_actions.add_person(
            client, now=at, name=someone.name, email=someone.email, status=someone.status, title=someone.title
        )
        role.persons.append(person.id)
        if someone.role:
            people_actions.give_access(client, person, role=someone.role, unit_id=None, now=at)

    def _renew(self, role: Role, client_id: UUID, on: date) -> None:
        """The yearly campaign; the secretary has confirmed most of last year's answers."""
        at, role.renewed = _at(on, 10), True
        with self._as_staff(role):
            due = on + timedelta(days=30)
            assessments.start_assessment(client_id, self._pack, scope="full", due_on=due, now=at)
        with self._as_client(role, client_id):
            codes = [control.code for control in self._pack.for_kind(role.kind)]
            for row in trail.hold([(client_id, code) for code in codes]):
                if self._rng.random() < 0.8:
                    answers.confirm_carried(row, now=at + timedelta(days=1))

    def _perform(self, role: Role, client_id: UUID, event: Event, rows: Rows) -> None:
        if isinstance(event, Said):
            client_side = event.by == "client"
            with self._as_client(role, client_id) if client_side else self._as_staff(role):
                self._say(role, rows[client_id, event.code], event)
            return
        with self._as_staff(role):
            if isinstance(event, PilotNamed):
                self._name_pilot(role, client_id, event)
            else:
                self._see_off(role, client_id, event)

    def _say(self, role: Role, row: Answer, event: Said) -> None:
        at = _at(event.on, 8 + self._rng.randrange(9), self._rng.randrange(60))
        answers.save_answer(
            row, event.choice, expected_version=row.version, now=at, today=event.on,
            done_on=event.done_on, percent=event.percent, na_reason=event.na_reason, note=event.note,
        )  # fmt: skip
        _write_whole(row)
        if event.proof == "none":
            return
        days = self._pack.control(row.code).proof_days
        paper = certificate(row.code, event.on)
        name = f"{row.code.lower()}-{event.on.isoformat()}.pdf"
        shown = proofs.attach_evidence(row, paper, name, proof_days=days, now=at, today=event.on)
        if event.proof == "verified":
            with self._as_staff(role):
                proofs.verify_evidence(shown, now=at + timedelta(hours=1), today=event.on)

    def _name_pilot(self, role: Role, client_id: UUID, event: PilotNamed) -> None:
        client, person = self._client(client_id), self._person(role.persons[2])
        if person.left_on is not None:
            person = self._person(role.persons[1])
        mandate_actions.name_referent(
            client, role="pilot", person=person, since=event.on, now=_at(event.on, 11),
            hours_a_month=event.hours or None,
            mandate_signed_on=event.on if event.signed else None,
            mandate_until=event.on + timedelta(days=730) if event.signed else None,
        )  # fmt: skip

    def _see_off(self, role: Role, client_id: UUID, event: PilotLeft) -> None:
        client, person = self._client(client_id), self._person(role.persons[2])
        if person.left_on is None:
            people_actions.mark_left(client, person, on=event.on, now=_at(event.on, 16))

    def _client(self, client_id: UUID) -> Client:
        return db.session.get_one(Client, (current().tenant_id, client_id))

    def _person(self, person_id: UUID) -> Person:
        return db.session.get_one(Person, (current().tenant_id, person_id))

    def _member(self, name: str) -> UUID:
        if not self._staff:
            self._staff = {m.name: m.id for m in db.session.scalars(select(StaffMember))}
        return self._staff[name]

    def _as_staff(self, role: Role) -> AbstractContextManager[Context]:
        """Act as the technician; for PostgreSQL the loader, who signed the transaction, goes on."""
        tenant, member = current().tenant_id, self._member(role.technician)
        return using(Context("msp", tenant, member_id=member, actor=role.technician, role="technician"))

    def _as_client(self, role: Role, client_id: UUID) -> AbstractContextManager[Context]:
        """Act as the one who answers for the client."""
        name = role.people[1].name
        return using(
            Context("client", current().tenant_id, client_id=client_id, actor=name, role="respondent")
        )


def _write_whole(row: Answer) -> None:
    """Have every answer of a curtain written alike, which makes one batch of thousands of updates."""
    for name in SPOKEN:
        flag_modified(row, name)


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    """That hour of that day in Paris, as an instant."""
    return datetime.combine(on, time(hour, minute), PARIS).astimezone(UTC)
