"""Crisis plans: one that is whole, some half written, some read too long ago; most clients have none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from mspaudit.clients.models import OrgUnit
from mspaudit.content import crisis as content
from mspaudit.content.crisis import UsualSheet
from mspaudit.crisis import rules
from mspaudit.crisis.models import CellMember, CrisisContact, CrisisPlan, Exercise, FallbackSheet
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.stage import Role
from mspaudit.extensions import Base, db
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import tenant_id

WHOLE = "Valbrune"
PLACES = ["Coffre du bureau", "Chez la personne qui décide", "Local technique"]
LESSONS = ["Imprimer les numéros privés en gros caractères", "Ajouter un suppléant pour la paie"]
BEGUN = 0.45
"""Share of the clients whose plan is begun; one in three of these was read more than a year ago."""


@dataclass
class Act:
    """One MSP's plans, a statement a table at the end."""

    today: date
    rng: Random = field(default_factory=lambda: Random("crisis"))
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)

    def client(self, client_id: UUID, role: Role, units: Iterable[str]) -> None:
        """One client's plan, whole or as far as it went; nothing for most."""
        whole = role.place.name == WHOLE
        if not whole and self.rng.random() > BEGUN:
            return
        old = not whole and self.rng.random() < 1 / 3
        read = self.today - timedelta(
            days=self.rng.randrange(380, 600) if old else self.rng.randrange(20, 200)
        )
        self._plan(client_id, read, whole=whole)
        self._cell(client_id, role, whole=whole)
        self._directory(client_id, role.kind, whole=whole)
        wanted = rules.expected(content.sheets(role.kind), units, ())
        kept = wanted if whole else self.rng.sample(wanted, self.rng.randrange(len(wanted)))
        for usual in kept:
            self._sheet(client_id, usual, read, role.people[1].name)
        self._exercise(client_id, read, held=whole or self.rng.random() < 0.2)

    def write(self) -> None:
        """A statement a table."""
        for model, rows in self.rows.items():
            db.session.execute(insert(model), rows)

    def _plan(self, client_id: UUID, read: date, *, whole: bool) -> None:
        changed = datetime.combine(read - timedelta(days=3), time(10), PARIS).astimezone(UTC)
        reviewed = whole or self.rng.random() < 0.7
        printed = whole or (reviewed and self.rng.random() < 0.6)
        self._add(
            CrisisPlan, client_id=client_id, version=1 if reviewed else 0,
            activation="\n".join(content.lines("activation")), places=PLACES if whole else PLACES[:1],
            reviewed_on=read if reviewed else None, reviewed_by="Réunion de la cellule" if reviewed else "",
            printed_on=read if printed else None, started_at=changed, changed_at=changed,
        )  # fmt: skip

    def _cell(self, client_id: UUID, role: Role, *, whole: bool) -> None:
        decides, answers = role.people[0].name, role.people[1].name
        for rank, place in enumerate(content.roles(role.kind)):
            if not whole and rank > 2:
                return
            first = rank % 2 == 0
            person, deputy = role.persons[0 if first else 1], role.persons[1 if first else 0]
            backed = whole or rank == 0
            holder, second = (decides, answers) if first else (answers, decides)
            self._add(
                CellMember, client_id=client_id, role=place.code, person_id=person,
                name=holder, phone=self._phone("06"),
                deputy_id=deputy if backed else None, deputy=second if backed else "",
                deputy_phone=self._phone("06") if backed else "",
            )  # fmt: skip

    def _directory(self, client_id: UUID, kind: str, *, whole: bool) -> None:
        for usual in content.contacts(kind):
            if usual.needed and (whole or self.rng.random() < 0.6):
                phone = self._phone("04")
                self._add(CrisisContact, client_id=client_id, code=usual.code, name="", phone=phone, note="")

    def _sheet(self, client_id: UUID, usual: UsualSheet, read: date, by: str) -> None:
        self._add(
            FallbackSheet, client_id=client_id, service=usual.code, concerned=True, hours=usual.hours,
            steps="\n".join(usual.steps), stock=usual.stock, data_source=usual.data,
            written_on=read - timedelta(days=self.rng.randrange(4, 40)), written_by=by,
        )  # fmt: skip

    def _exercise(self, client_id: UUID, read: date, *, held: bool) -> None:
        scenario = self.rng.choice(content.scenarios()).code
        if held:
            self._add(
                Exercise, client_id=client_id, scenario=scenario, planned_on=read, held_on=read,
                attendance="Toute la cellule", timeline="9 h : annonce\n10 h 30 : tour de table",
                lessons=LESSONS[: self.rng.randrange(1, 3)],
            )  # fmt: skip
        elif self.rng.random() < 0.4:
            self._add(
                Exercise, client_id=client_id, scenario=scenario, held_on=None, attendance="", timeline="",
                planned_on=self.today + timedelta(days=self.rng.randrange(5, 60)), lessons=[],
            )  # fmt: skip

    def _phone(self, begins: str) -> str:
        # Numbers that the operators never give: 06 39 98 and 04 65 71 are kept for fiction.
        kept = "06 39 98" if begins == "06" else "04 65 71"
        return f"{kept} {self.rng.randrange(100):02} {self.rng.randrange(100):02}"

    def _add(self, model: type[Base], **values: Any) -> None:
        self.rows.setdefault(model, []).append({"tenant_id": tenant_id(), "id": new_id(), **values})


def play(scene: Scene) -> None:
    """Write the plans of one MSP's whole portfolio, a statement a table."""
    units: dict[UUID, list[str]] = {}
    for client_id, code in db.session.execute(select(OrgUnit.client_id, OrgUnit.code)):
        units.setdefault(client_id, []).append(code)
    act = Act(scene.today)
    for client_id, role in scene.roles:
        act.client(client_id, role, units.get(client_id, []))
    act.write()
