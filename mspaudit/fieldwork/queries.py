"""What fieldwork can tell, to whom it may be told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, func, select
from werkzeug.exceptions import NotFound

from mspaudit.clients import queries as clients
from mspaudit.extensions import db
from mspaudit.fieldwork import naming, rules, tokens
from mspaudit.fieldwork.models import (
    DirectionAnswer,
    FieldCampaign,
    FieldGroup,
    FieldReport,
    ReportControl,
)
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


def previous(campaign: FieldCampaign) -> FieldCampaign | None:
    """The campaign before that one; None for the first."""
    statement = select(FieldCampaign).where(
        FieldCampaign.client_id == campaign.client_id, FieldCampaign.session_on < campaign.session_on
    )
    return db.session.scalars(statement.order_by(FieldCampaign.session_on.desc()).limit(1)).first()


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
    return db.session.scalars(statement.order_by(func.md5(cast(FieldReport.id, Text)))).all()


def count(campaign_id: UUID) -> int:
    """How many reports a campaign has."""
    statement = select(func.count()).select_from(FieldReport).where(FieldReport.campaign_id == campaign_id)
    return db.session.scalar(statement) or 0


def report_or_404(campaign_id: UUID, report_id: UUID) -> FieldReport:
    """One report of that campaign. Raises NotFound."""
    found = db.session.scalar(
        select(FieldReport).where(FieldReport.campaign_id == campaign_id, FieldReport.id == report_id)
    )
    if found is None:
        raise NotFound
    return found


def codes(report_id: UUID) -> list[str]:
    """The controls that a report speaks of."""
    statement = select(ReportControl.code).where(ReportControl.report_id == report_id)
    return list(db.session.scalars(statement.order_by(ReportControl.code)))


def merged_here(report_id: UUID) -> int:
    """How many reports were merged into that one."""
    statement = select(func.count()).select_from(FieldReport).where(FieldReport.merged_into == report_id)
    return db.session.scalar(statement) or 0


def express(campaign_id: UUID) -> dict[str, str]:
    """What the direction answered before it read anything, by control; empty until it did."""
    statement = select(DirectionAnswer).where(DirectionAnswer.campaign_id == campaign_id)
    return {each.code: each.choice for each in db.session.scalars(statement)}


@dataclass(frozen=True)
class Line:
    """A report as it may be read: names hidden until cleared, with those merged into it."""

    report: FieldReport
    texts: dict[str, str]
    codes: tuple[str, ...]
    same: int
    group: str

    @property
    def times(self) -> int:
        """How many people told it."""
        return self.same + 1

    @property
    def priority(self) -> int:
        """From 1 to 36; 0 before it is sorted."""
        found = self.report
        return rules.priority(found.category, found.exposure, found.frequency) if found.category else 0

    @property
    def urgent(self) -> rules.Urgent:
        """It as the cap on immediate ones sees it."""
        return rules.Urgent(self.report.id, self.report.rank, self.priority)

    @property
    def due(self) -> list[rules.Due]:
        """By when something is owed; nothing before it is sorted or once it is answered."""
        found = self.report
        if found.triaged_on is None or found.answer is not None or found.level not in rules.LEVELS:
            return []
        return rules.due(rules.as_level(found.level), found.triaged_on)

    @property
    def disputed(self) -> bool:
        """Whether field, direction and IT disagree."""
        return rules.disagree(bool(said.get("agrees")) for said in self.report.positions.values())


def board(campaign: FieldCampaign) -> list[Line]:
    """The reports that stand alone, those sorted first; four statements whatever their number."""
    people, found = names(campaign.client_id), reports(campaign.id)
    of_group = {
        each.id: each.name
        for each in db.session.scalars(select(FieldGroup).where(FieldGroup.campaign_id == campaign.id))
    }
    linked: dict[UUID, list[str]] = {}
    for code, report_id in db.session.execute(
        select(ReportControl.code, ReportControl.report_id)
        .join(FieldReport, FieldReport.id == ReportControl.report_id)
        .where(FieldReport.campaign_id == campaign.id)
        .order_by(ReportControl.code)
    ):
        linked.setdefault(report_id, []).append(code)
    same = Counter(each.merged_into for each in found if each.merged_into)
    lines = [
        Line(
            each,
            readable(each, people),
            tuple(linked.get(each.id, ())),
            same[each.id],
            of_group.get(each.group_id, "") if each.group_id else "",
        )
        for each in found
        if each.merged_into is None
    ]
    return sorted(lines, key=lambda line: -line.priority)


def merged(campaign: FieldCampaign, report: FieldReport) -> Line:
    """A report that was merged into another, by itself."""
    return Line(report, readable(report, names(campaign.client_id)), tuple(codes(report.id)), 0, "")


def answered(campaign_id: UUID, group_id: UUID) -> list[FieldReport]:
    """The answers that a group may read: those to its own reports, and to those tied to no group."""
    mine = (FieldReport.group_id == group_id) | FieldReport.group_id.is_(None)
    statement = select(FieldReport).where(
        FieldReport.campaign_id == campaign_id,
        FieldReport.answer.is_not(None),
        FieldReport.merged_into.is_(None),
        mine,
    )
    return list(db.session.scalars(statement.order_by(func.md5(cast(FieldReport.id, Text)))))


def urgent(lines: Sequence[Line]) -> list[Line]:
    """The immediate ones that wait for an answer, in the client's order."""
    kept = {
        line.report.id: line for line in lines if line.report.level == "immediate" and not line.report.answer
    }
    now, waiting = rules.within_cap([line.urgent for line in kept.values()])
    return [kept[each] for each in (*now, *waiting)]


def contradicted(lines: Sequence[Line], said: dict[str, str]) -> dict[str, int]:
    """By control that the direction answered « oui », how many people told otherwise."""
    found: Counter[str] = Counter()
    for line in lines:
        found.update({code: line.times for code in line.codes if said.get(code) == "yes"})
    return dict(found)


def readable(report: FieldReport, people: Sequence[str]) -> dict[str, str]:
    """Its texts as anyone but the facilitator reads them: names hidden until somebody cleared them."""
    texts = {name: str(getattr(report, name)) for name in TEXTS}
    return texts if report.cleared else {name: naming.masked(text, people) for name, text in texts.items()}
