"""Two communes that listened: one campaign is over, answered; the other collects today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from mspaudit.content import fieldwork as content
from mspaudit.content.packs import base_pack
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.stage import Role
from mspaudit.extensions import Base, db
from mspaudit.fieldwork import rules, tokens
from mspaudit.fieldwork.models import (
    DirectionAnswer,
    FieldCampaign,
    FieldGroup,
    FieldReport,
    ReportControl,
)
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.gate import hashed

OVER, LIVE = "Valbrune", "Beaucorne"
GROUPS = (("Accueil et état civil", 6), ("Services techniques", 9), ("CCAS", 2))
MESSAGE = (
    "Racontez-nous comment vous travaillez vraiment, raccourcis compris. Nous voulons de meilleurs outils, "
    "pas des coupables."
)


class Tale(NamedTuple):
    """What is told, how often, and what became of it."""

    times: int
    moment: str
    tool: str
    data: tuple[str, ...]
    sharing: str
    reason: str
    exposed: rules.Exposure
    code: str
    answer: str
    why: str


TALES = (
    Tale(6, "à l’ouverture du guichet", "le même compte pour tout l’accueil", ("people",), "screen", "slow",
         rules.Exposure(False, True, False), "ACC-01", "done", "Chacun a son compte depuis lundi."),
    Tale(5, "en fin de mois", "le tableau des heures ouvert à tous", ("money",), "folder", "inherited",
         rules.Exposure(False, False, True), "ACC-05", "later", "Le dossier sera fermé en mars."),
    Tale(5, "sur un chantier", "les photos envoyées par WhatsApp", ("plans",), "messenger", "no_tool",
         rules.Exposure(False, False, False), "AWA-03", "refused", "Rien de sensible : gardez cet usage."),
    Tale(1, "quand un dossier presse", "un accès laissé à l’ancien prestataire", ("codes",), "none", "fear",
         rules.Exposure(True, True, False), "ACC-09", "done", "L’accès est coupé."),
)  # fmt: skip


@dataclass(frozen=True)
class Listened:
    """One commune's campaign, over or live."""

    client_id: UUID
    session_on: date
    facilitator: StaffMember
    over: bool

    @property
    def at(self) -> datetime:
        """When it was prepared and promised."""
        return datetime.combine(self.session_on - timedelta(days=7), time(10), PARIS).astimezone(UTC)

    def write(self, rng: Random) -> None:
        """Its rows, a statement a table."""
        campaign = new_id()
        _insert(FieldCampaign, [self._campaign(campaign)])
        groups = [self._group(campaign, name, size) for name, size in GROUPS]
        _insert(FieldGroup, groups)
        told = [self._report(campaign, tale, groups, rng) for tale in TALES for _ in range(tale.times)]
        rng.shuffle(told)
        _insert(FieldReport, told if self.over else told[:7])
        if self.over:
            _insert(DirectionAnswer, self._express(campaign))
            _insert(ReportControl, [self._link(report) for report in told])

    def _campaign(self, campaign: UUID) -> dict[str, Any]:
        closed = self.at + timedelta(days=8) if self.over else None
        return self._of_client(
            id=campaign, message=MESSAGE, facilitator_id=self.facilitator.id,
            facilitator=self.facilitator.name, session_on=self.session_on, session_half="am",
            next_on=self.session_on + timedelta(days=330), created_at=self.at,
            created_by=self.facilitator.name, promised_at=self.at, promised_by="Le maire",
            closed_at=closed, closed_by=self.facilitator.name if closed else None,
        )  # fmt: skip

    def _group(self, campaign: UUID, name: str, size: int) -> dict[str, Any]:
        group = new_id()
        token = hashed(tokens.token(group))
        return self._of_client(id=group, campaign_id=campaign, name=name, headcount=size, token_hash=token)

    def _report(
        self, campaign: UUID, tale: Tale, groups: list[dict[str, Any]], rng: Random
    ) -> dict[str, Any]:
        group, data = rng.choice(groups), list(tale.data)
        values: dict[str, Any] = {
            "category": None, "cause": None, "exposure": 1, "level": None, "triaged_on": None,
            "answer": None, "answer_why": "", "answered_on": None,
        }  # fmt: skip
        if self.over:
            values = self._sorted(tale)
        return self._of_client(
            id=uuid4(), campaign_id=campaign, group_id=rules.tied_group(group["id"], group["headcount"]),
            told_on=self.session_on, told_half="am", moment=tale.moment, tool=tale.tool, data=data,
            sharing=tale.sharing, external_access=tale.exposed.external,
            shared_credential=tale.exposed.shared, open_to_all=tale.exposed.everyone, frequency=3,
            reason_code=tale.reason, cleared=self.over, **values,
        )  # fmt: skip

    def _sorted(self, tale: Tale) -> dict[str, Any]:
        category, cause = rules.proposed_category(tale.data), content.CAUSES[tale.reason]
        answered = self.session_on + timedelta(days=12)
        return {
            "category": category, "cause": cause, "exposure": rules.exposure_of(tale.exposed),
            "level": rules.level(category, tale.exposed, cause),
            "triaged_on": self.session_on + timedelta(days=1),
            "answer": tale.answer, "answer_why": tale.why, "answered_on": answered,
        }  # fmt: skip

    def _link(self, report: dict[str, Any]) -> dict[str, Any]:
        code = next(tale.code for tale in TALES if tale.tool == report["tool"])
        return self._of_client(report_id=report["id"], code=code, linked_on=report["triaged_on"])

    def _express(self, campaign: UUID) -> list[dict[str, Any]]:
        said = {"ACC-05": "yes", "BCK-04": "unknown", "CRI-01": "no"}
        return [
            self._of_client(
                campaign_id=campaign, code=control.code, choice=said.get(control.code, "partly"),
                answered_by="Le maire", answered_at=self.at + timedelta(days=8),
            )
            for control in base_pack().express("commune")
        ]  # fmt: skip

    def _of_client(self, **values: Any) -> dict[str, Any]:
        return {"tenant_id": tenant_id(), "client_id": self.client_id, **values}


def play(scene: Scene) -> None:
    """Write both campaigns, where this MSP serves these communes."""
    staff = list(db.session.scalars(select(StaffMember).where(StaffMember.role != "reader")))
    rng = Random("fieldwork")
    for client_id, role in scene.roles:
        if role.place.name in (OVER, LIVE):
            _listened(scene, client_id, role, sorted(staff, key=lambda each: each.name)[0]).write(rng)


def _listened(scene: Scene, client_id: UUID, role: Role, facilitator: StaffMember) -> Listened:
    over = role.place.name == OVER
    session_on = scene.today - timedelta(days=40) if over else scene.today
    return Listened(client_id, session_on, facilitator, over)


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model), rows)
