"""Those who left well, the one whose accounts are still on, people from outside, and the two registers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select

from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.content.departures import Task
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.names import FIRST_NAMES, LAST_NAMES
from mspaudit.demo.paper import certificate
from mspaudit.demo.stage import Role
from mspaudit.departures import documents, rules
from mspaudit.departures.models import (
    Departure,
    DepartureItem,
    Mission,
    MissionAccess,
    PortalHolder,
    SecretKnower,
    SharedSecret,
)
from mspaudit.extensions import Base, db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import fold, slug
from mspaudit.kernel.ids import new_id
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

# The élus of this commune changed in the spring; the others' clients live smaller stories.
NEW_COUNCIL = "Valbrune"
SECRETS = (
    ("Administration du serveur de fichiers", "critical"),
    ("Banque, second valideur", "critical"),
    ("Wi-Fi des bureaux", "other"),
    ("Code de l’alarme", "other"),
    ("Compte du copieur", "other"),
)
TRADES = (
    ("Studio Mélèze", "Refonte du site"), ("Paie Verdelle", "Paie à façon"),
    ("Atelier Corail", "Photos et réseaux sociaux"), ("Dépannage Ronval", "Maintenance des copieurs"),
)  # fmt: skip


class Doer(NamedTuple):
    """Someone of the MSP."""

    id: UUID
    name: str


class Seen(NamedTuple):
    """Who settled a line and when, and who checked it."""

    doer: Doer
    at: datetime
    checker: str | None = None
    checked: datetime | None = None


@dataclass
class Rows:
    """What is written at the end, in one statement a table."""

    tables: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: type[Base], **values: Any) -> UUID:
        """Keep one more row of that table; its identifier."""
        row = {"tenant_id": tenant_id(), "id": new_id(), **values}
        self.tables.setdefault(model, []).append(row)
        return row["id"]

    def knows(self, client_id: UUID, secret: UUID, person: UUID) -> None:
        """Keep that someone knows a secret."""
        row = {"tenant_id": tenant_id(), "client_id": client_id, "secret_id": secret, "person_id": person}
        self.tables.setdefault(SecretKnower, []).append(row)

    def write(self) -> None:
        """Parents first, as they were first met."""
        for model, rows in self.tables.items():
            db.session.execute(insert(model), rows)


@dataclass
class Act:
    """One MSP's side of the story."""

    scene: Scene
    staff: list[Doer]
    rows: Rows
    paper: str
    rng: Random = field(default_factory=lambda: Random("departures"))

    def client(self, client_id: UUID, role: Role) -> None:
        """One client's registers, leavers and outsiders."""
        dice = self.rng.random()
        two = self.rng.sample(self.staff, 2)
        if dice < 0.55:
            self._left(
                client_id, role, two, days_ago=self.rng.randrange(45, 300), late=self.rng.random() < 0.3
            )
        if 0.15 < dice < 0.22:
            self._still_on(client_id, role, two)
        if 0.4 < dice < 0.55:
            self._leaves_soon(client_id, role, two[0])
        if role.place.name == NEW_COUNCIL:
            self._change_council(client_id, role, two)
        if dice > 0.65:
            self._outsider(client_id, role, two)
        if self.rng.random() < 0.7:
            self._portals(client_id, role, two[0])
        if self.rng.random() < 0.6:
            self._secrets(client_id, role)

    def _person(self, client_id: UUID, status: str, title: str, left_on: date | None) -> tuple[UUID, str]:
        name = self._name()
        person = self.rows.add(
            Person, client_id=client_id, name=name, name_key=fold(name), status=status, title=title,
            left_on=left_on,
        )  # fmt: skip
        return person, name

    def _name(self) -> str:
        return f"{self.rng.choice(FIRST_NAMES)} {self.rng.choice(LAST_NAMES)}"

    def _left(self, client_id: UUID, role: Role, two: list[Doer], *, days_ago: int, late: bool) -> None:
        """A departure closed by two people, cut on the day or a few days late."""
        leaves_on = self.scene.today - timedelta(days=days_ago)
        done = _at(leaves_on + timedelta(days=self.rng.randrange(2, 7) if late else 0), 15)
        status, title = _status(role)
        person, _name = self._person(client_id, status, title, leaves_on)
        closed = _at(leaves_on + timedelta(days=32), 10)
        departure = self._departure(
            client_id, person, leaves_on, two[0].name, cut_at=done, verified_at=done + timedelta(days=1),
            verified_by=two[1].name, closed_at=closed, closed_by=two[1].name,
        )  # fmt: skip

        def settled(task: Task) -> Seen:
            at = closed - timedelta(hours=1) if task.due.months else done
            return Seen(two[0], at, two[1].name, closed)

        self._list(departure, _tasks(role, status), settled)
        self._seal(role, person, departure)

    def _seal(self, role: Role, person: UUID, departure: UUID) -> None:
        """Give a closed departure the record that closing it would have written."""
        told = next(row for row in self.rows.tables[Departure] if row["id"] == departure)
        who = next(row for row in self.rows.tables[Person] if row["id"] == person)
        items = [row for row in self.rows.tables[DepartureItem] if row["departure_id"] == departure]
        told["record"] = documents.departure_record(
            Client(name=role.place.name), Departure(**told), Person(**who),
            [DepartureItem(**row) for row in items],
        )  # fmt: skip
        told["record_hash"] = documents.fingerprint(told["record"])

    def _still_on(self, client_id: UUID, role: Role, two: list[Doer]) -> None:
        """Left some days ago; the VPN and the remote tools are still open."""
        leaves_on = self.scene.today - timedelta(days=self.rng.randrange(2, 17))
        status, title = _status(role)
        person, _name = self._person(client_id, status, title, None)
        departure = self._departure(client_id, person, leaves_on, two[0].name)
        settled = Seen(two[0], _at(leaves_on, 17))
        tasks = _tasks(role, status)
        skipped = ("vpn", "rmm", *(task.key for task in tasks if self.rng.random() < 0.35))
        self._list(departure, tasks, _all_but(skipped, settled))

    def _leaves_soon(self, client_id: UUID, role: Role, doer: Doer) -> None:
        leaves_on = self.scene.today + timedelta(days=self.rng.randrange(3, 20))
        status, title = _status(role)
        person, _name = self._person(client_id, status, title, None)
        departure = self._departure(client_id, person, leaves_on, role.people[1].name)
        self._list(departure, _tasks(role, status), lambda _task: None)

    def _change_council(self, client_id: UUID, role: Role, two: list[Doer]) -> None:
        """Three élus leave together; two lists are done, the third one's certificate still signs."""
        leaves_on = self.scene.today - timedelta(days=4)
        for rank in range(3):
            person, _name = self._person(client_id, "elected", "Adjoint", None)
            departure = self._departure(
                client_id, person, leaves_on, two[0].name, kind="term",
                cut_at=_at(leaves_on, 18) if rank < 2 else None,
            )  # fmt: skip
            left = ("rgs", "social_networks", "mailbox_close") if rank == 2 else ("mailbox_close",)
            self._list(departure, _tasks(role, "elected"), _all_but(left, Seen(two[0], _at(leaves_on, 18))))

    def _departure(self, client_id: UUID, person: UUID, leaves_on: date, by: str, **more: Any) -> UUID:
        announced = _at(leaves_on - timedelta(days=10), 11)
        whole = {
            "kind": "leave", "cut_at": None, "verified_at": None, "verified_by": None, "closed_at": None,
            "closed_by": None, "record": None, "record_hash": None,
        }  # fmt: skip
        return self.rows.add(
            Departure, client_id=client_id, person_id=person, leaves_on=leaves_on, announced_by=by,
            announced_at=announced, prepared_at=announced, note="", verify_by=rules.verify_by(leaves_on),
            **(whole | more),
        )  # fmt: skip

    def _list(self, departure: UUID, tasks: list[Task], by: Callable[[Task], Seen | None]) -> None:
        """The lines of the departure that was added last."""
        told = self.rows.tables[Departure][-1]
        for position, task in enumerate(tasks):
            seen, when = by(task), rules.times(task.due, told["leaves_on"])
            self.rows.add(
                DepartureItem, client_id=told["client_id"], departure_id=departure, position=position,
                task=task.key, title=task.title, cuts=task.cuts, due_on=when.due_on, act_by=when.act_by,
                state="done" if seen else "todo", settled_at=seen.at if seen else None,
                settled_by=seen.doer.name if seen else None, settled_by_id=seen.doer.id if seen else None,
                checked_at=seen.checked if seen else None, checked_by=seen.checker if seen else None,
            )  # fmt: skip

    def _outsider(self, client_id: UUID, role: Role, two: list[Doer]) -> None:
        """Someone from outside: under way, over with an access left on, or stopped at the gate."""
        company, purpose = self.rng.choice(TRADES)
        starts_on = self.scene.today - timedelta(days=self.rng.randrange(20, 80))
        ends_on = starts_on + timedelta(days=self.rng.choice((30, 60, 85)))
        stopped = self.rng.random() < 0.25
        needed = [c.code for c in content.clauses(role.kind) if c.needed]
        whole = self.rng.random() < 0.6
        signed = None if stopped else starts_on
        mission = self.rows.add(
            Mission, client_id=client_id, name=self._name(),
            company=company, purpose=purpose, starts_on=starts_on, ends_on=ends_on,
            sponsor_id=role.persons[1], exposed=["names", "clients"], clauses=needed if whole else needed[:3],
            contract_key=None if stopped else self.paper, contract_name=None if stopped else "contrat.pdf",
            contract_signed_on=signed, charter_signed_on=signed, briefed_on=signed,
            device=None if stopped else "Portable déclaré", device_declared_on=signed,
            created_by=two[0].name,
        )  # fmt: skip
        if stopped:
            return
        cut = ends_on if ends_on < self.scene.today and self.rng.random() < 0.5 else None
        self.rows.add(
            MissionAccess, client_id=client_id, mission_id=mission, account=f"ext-{slug(company)}",
            device="Portable déclaré", mfa=True, opened_on=starts_on, opened_by=two[0].name, revoked_on=cut,
            revoked_by=two[0].name if cut else None, revoked_by_id=two[0].id if cut else None,
        )  # fmt: skip

    def _portals(self, client_id: UUID, role: Role, doer: Doer) -> None:
        """A register held by the secretary, with here and there a portal that nobody holds any more."""
        orphan = self.rng.random() < 0.35
        for rank, portal in enumerate(content.portals(role.kind)):
            certified = portal.certificate and not (orphan and rank == 1)
            until = self.scene.today + timedelta(days=self.rng.randrange(15, 700)) if certified else None
            holder = None if orphan and rank in (1, 4) else role.persons[1 if rank % 3 else 0]
            self.rows.add(
                PortalHolder, client_id=client_id, code=portal.code, title=portal.title, used=rank != 6,
                person_id=holder, deputy_id=role.persons[0] if holder == role.persons[1] else None,
                certificate_until=until,
                reviewed_on=self.scene.today - timedelta(days=self.rng.randrange(5, 80)),
            )  # fmt: skip

    def _secrets(self, client_id: UUID, role: Role) -> None:
        for label, level in self.rng.sample(SECRETS, self.rng.randrange(2, len(SECRETS))):
            rotated = self.scene.today - timedelta(days=self.rng.randrange(10, 600))
            secret = self.rows.add(
                SharedSecret, client_id=client_id, label=label, level=level, rotated_on=rotated,
                kept_in=f"Coffre {role.place.name}",
            )  # fmt: skip
            for person in role.persons[:2]:
                self.rows.knows(client_id, secret, person)


def play(scene: Scene) -> None:
    """Write the act of one MSP's whole portfolio, a statement a table."""
    staff = [Doer(m.id, m.name) for m in db.session.scalars(select(StaffMember)) if m.role != "reader"]
    sheet = certificate("contrat", scene.today)
    key = runtime().storage.put(tenant_id(), sha256(sheet).hexdigest(), sheet)
    act = Act(scene, sorted(staff), Rows(), key)
    for client_id, role in scene.roles:
        act.client(client_id, role)
    act.rows.write()


def _all_but(left: tuple[str, ...], seen: Seen) -> Callable[[Task], Seen | None]:
    return lambda task: None if task.key in left else seen


def _tasks(role: Role, status: str) -> list[Task]:
    return rules.list_for(content.tasks(), role.kind, status)


def _status(role: Role) -> tuple[str, str]:
    return ("agent", "Agent d’accueil") if role.kind == "commune" else ("employee", "Assistance commerciale")


def _at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), PARIS).astimezone(UTC)
