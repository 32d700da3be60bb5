"""The verbs on reports: clear, sort, merge, link, compare, rank, answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from mspaudit.clients.dirty import mark
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.fieldwork import queries, rules
from mspaudit.fieldwork.models import DirectionAnswer, FieldCampaign, FieldReport, ReportControl
from mspaudit.fieldwork.told import LONGEST_LINE, LONGEST_TEXT, TEXTS
from mspaudit.journal.actions import record
from mspaudit.kernel.text import one_line, plain
from mspaudit.tenancy.context import current

CHOICES = {"yes": "Oui", "partly": "En partie", "no": "Non", "unknown": "Je ne sais pas"}


@dataclass(frozen=True)
class Views:
    """What each side says of a report. ``positions``: {side: {agrees, words}}."""

    business: str
    it: str
    proposal: str
    positions: dict[str, dict[str, Any]]


def clear(campaign: FieldCampaign, report: FieldReport, texts: Mapping[str, str], *, now: datetime) -> None:
    """The facilitator read a report and took the names out of it: from now on others read it whole.

    Raises:
        DomainError: whoever does it is not the campaign's facilitator.
    """
    if current().member_id is None or current().member_id != campaign.facilitator_id:
        raise DomainError("Seule la personne qui anime la séance relit les textes.")
    for name in TEXTS:
        longest = LONGEST_TEXT if name in ("reason", "suggestion") else LONGEST_LINE
        cut = plain if name in ("reason", "suggestion") else one_line
        setattr(report, name, cut(texts.get(name, ""), longest))
    report.cleared = True
    _note("field_report.cleared", report, now)


def triage(
    report: FieldReport, *, category: str, cause: str, codes: Sequence[str], today: date, now: datetime
) -> None:
    """Sort a report and say which controls it speaks of. Raises DomainError for an unknown class."""
    if category not in rules.CATEGORIES or cause not in rules.CAUSES:
        raise DomainError("Choisissez ce que cela touche et d’où cela vient.")
    exposure = rules.Exposure(report.external_access, report.shared_credential, report.open_to_all)
    report.category, report.cause = category, cause
    report.exposure = rules.exposure_of(exposure)
    found = rules.level(category, exposure, cause)
    if report.level != found:
        report.level, report.triaged_on, report.rank = found, today, None
    before = set(queries.codes(report.id))
    gone = [code for code in before if code not in codes]
    if gone:
        db.session.execute(
            delete(ReportControl).where(ReportControl.report_id == report.id, ReportControl.code.in_(gone))
        )
    db.session.add_all(
        ReportControl(client_id=report.client_id, report_id=report.id, code=code, linked_on=today)
        for code in sorted(set(codes) - before)
    )
    _note("field_report.triaged", report, now, level=found, codes=sorted(set(codes)))
    mark(report.client_id)


def merge(report: FieldReport, into: FieldReport, *, now: datetime) -> None:
    """Say that two reports tell the same. Raises DomainError for a loop or another campaign."""
    if report.id == into.id or into.merged_into is not None or into.campaign_id != report.campaign_id:
        raise DomainError(
            "Choisissez un autre récit de cette campagne, qui ne soit pas déjà réuni à un autre."
        )
    if queries.merged_here(report.id):
        raise DomainError("D’autres récits sont déjà réunis à celui-ci.")
    report.merged_into = into.id
    _note("field_report.merged", report, now)
    mark(report.client_id)


def unmerge(report: FieldReport, *, now: datetime) -> None:
    """Take a report out of the one it was merged into; does nothing when it stands alone."""
    if report.merged_into is not None:
        report.merged_into = None
        _note("field_report.unmerged", report, now)
        mark(report.client_id)


def compare(report: FieldReport, views: Views, *, now: datetime) -> None:
    """Write the two views, the proposal, and where field, direction and IT stand."""
    report.business_view = plain(views.business, LONGEST_TEXT)
    report.it_view = plain(views.it, LONGEST_TEXT)
    report.proposal = plain(views.proposal, LONGEST_TEXT)
    report.positions = {
        side: {"agrees": bool(said["agrees"]), "words": plain(str(said["words"]), LONGEST_TEXT)}
        for side, said in views.positions.items()
        if side in rules.SIDES
    }
    _note("field_report.compared", report, now)


def answer(report: FieldReport, *, answer: str, why: str, today: date, now: datetime) -> None:
    """Answer a report to its group. Raises DomainError without an answer or its reason."""
    why = plain(why, LONGEST_TEXT)
    if answer not in rules.ANSWERS:
        raise DomainError("Choisissez une réponse : c’est fait, plus tard, ou non.")
    if not why:
        raise DomainError("Dites pourquoi : une réponse sans raison n’en est pas une.")
    report.answer, report.answer_why, report.answered_on = answer, why, today
    _note("field_report.answered", report, now, answer=answer)
    mark(report.client_id)


def rank(reports: Sequence[FieldReport], order: Sequence[UUID], *, now: datetime) -> None:
    """The client says in which order too many immediate reports are treated.

    Raises:
        DomainError: the order leaves one out, or names another's.
    """
    by_id = {report.id: report for report in reports}
    if set(order) != by_id.keys() or len(order) != len(by_id):
        raise DomainError("Donnez un rang différent à chacun.")
    for position, report_id in enumerate(order, 1):
        by_id[report_id].rank = position
    if reports:
        _note("field_report.ranked", reports[0], now, count=len(order))


def answer_express(
    campaign: FieldCampaign, choices: Mapping[str, str], asked: Sequence[str], *, now: datetime
) -> None:
    """The direction answers the express questions, once and before it reads a report.

    Raises:
        DomainError: the promise was not given, it answered already, or one is missing.
    """
    if campaign.promised_at is None:
        raise DomainError("La promesse vient d’abord.")
    if queries.express(campaign.id):
        raise DomainError(
            "Vous avez déjà répondu : ces réponses restent ce qu’elles étaient avant la lecture."
        )
    if any(choices.get(code) not in CHOICES for code in asked):
        raise DomainError("Répondez à chacune ; « je ne sais pas » est une bonne réponse.")
    db.session.add_all(
        DirectionAnswer(
            client_id=campaign.client_id,
            campaign_id=campaign.id,
            code=code,
            choice=choices[code],
            answered_by=current().actor,
            answered_at=now,
        )
        for code in asked
    )
    record(
        "field_campaign.express",
        f"Campagne de terrain du {campaign.session_on:%d/%m/%Y}",
        subject_id=campaign.id,
        client_id=campaign.client_id,
        at=now,
    )


def _note(verb: str, report: FieldReport, now: datetime, **data: object) -> None:
    record(verb, "Récit de terrain", subject_id=report.id, client_id=report.client_id, at=now, **data)
