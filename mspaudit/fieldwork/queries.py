"""What fieldwork can tell, to whom it may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from mspaudit.clients import queries as clients
from mspaudit.extensions import db
from mspaudit.fieldwork import naming, rules, tokens
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup, FieldReport
from mspaudit.fieldwork.told import TEXTS


@dataclass(frozen=True)
class GroupView:
    """A group with its link."""

    group: FieldGroup
    link: str

    @property
    def named(self) -> bool:
        """Whether its reports are tied to it."""
        return self.group.headcount >= rules.SMALLEST_GROUP


def campaigns(client_id: UUID) -> Sequence[FieldCampaign]:
    """A client's campaigns, the latest first."""
    statement = select(FieldCampaign).where(FieldCampaign.client_id == client_id)
    return db.session.scalars(
        statement.order_by(FieldCampaign.session_on.desc(), FieldCampaign.created_at.desc())
    ).all()


def campaign_or_404(client_id: UUID, campaign_id: UUID) -> FieldCampaign:
    """One campaign of that client. Raises NotFound."""
    found = db.session.scalar(
        select(FieldCampaign).where(FieldCampaign.client_id == client_id, FieldCampaign.id == campaign_id)
    )
    if found is None:
        raise NotFound
    return found


def groups(campaign_id: UUID) -> list[GroupView]:
    """The groups of a campaign, by name."""
    statement = select(FieldGroup).where(FieldGroup.campaign_id == campaign_id).order_by(FieldGroup.name)
    return [GroupView(each, tokens.link(each.id)) for each in db.session.scalars(statement)]


def group(client_id: UUID, group_id: UUID) -> tuple[FieldGroup, FieldCampaign] | None:
    """A group of that client and its campaign."""
    row = db.session.execute(
        select(FieldGroup, FieldCampaign)
        .join(FieldCampaign, FieldCampaign.id == FieldGroup.campaign_id)
        .where(FieldGroup.client_id == client_id, FieldGroup.id == group_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def names(client_id: UUID) -> list[str]:
    """The names that a report must not carry: the client's own people, those who left included."""
    return [person.name for person in clients.people(client_id)]


def reports(campaign_id: UUID) -> Sequence[FieldReport]:
    """The reports of a campaign, in an order that has nothing to do with when they came."""
    statement = select(FieldReport).where(FieldReport.campaign_id == campaign_id)
    return db.session.scalars(statement.order_by(func.md5(FieldReport.id.concat("")))).all()


def count(campaign_id: UUID) -> int:
    """How many reports a campaign has."""
    statement = select(func.count()).select_from(FieldReport).where(FieldReport.campaign_id == campaign_id)
    return db.session.scalar(statement) or 0


def readable(report: FieldReport, people: Sequence[str]) -> dict[str, str]:
    """Its texts as anyone but the facilitator reads them: names hidden until somebody cleared them."""
    texts = {name: str(getattr(report, name)) for name in TEXTS}
    return texts if report.cleared else {name: naming.masked(text, people) for name, text in texts.items()}
