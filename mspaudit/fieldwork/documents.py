"""Paper: the form of a group, with the fields of the phone, and the answers to put up on the wall."""

from datetime import datetime
from pathlib import Path

from mspaudit.adapters import pdf
from mspaudit.content import fieldwork as content
from mspaudit.fieldwork import queries, rules, tokens
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import day, typo

PAPERS = Path(__file__).parent / "papers"


def form(campaign: FieldCampaign, group: FieldGroup, *, client: str, msp: str, at: datetime) -> bytes:
    """An A4 form to fill in by hand, with the code of the group's page."""
    address = tokens.link(group.id)
    data = {
        "client": client,
        "msp": msp,
        "group": group.name,
        "message": campaign.message,
        "by": campaign.promised_by or "",
        "address": address,
        "code": tokens.svg(address),
        "data": list(content.DATA_KINDS.values()),
        "sharing": list(content.SHARING.values()),
        "reasons": list(content.REASONS.values()),
        "frequencies": list(content.FREQUENCIES.values()),
        "printed": day(local(at)),
    }
    return pdf.render(PAPERS / "form.typ", data, at=at)


def answers(campaign: FieldCampaign, group: FieldGroup, *, client: str, msp: str, at: datetime) -> bytes:
    """The answers that a group may read, on a sheet to put up."""
    people = queries.names(campaign.client_id)
    data = {
        "client": client,
        "msp": msp,
        "group": group.name,
        "session": day(campaign.session_on),
        "next": day(campaign.next_on),
        "answers": [
            {
                "about": queries.readable(each, people)["tool"],
                "answer": rules.ANSWERS[each.answer or ""],
                "why": typo(each.answer_why),
            }
            for each in queries.answered(campaign.id, group.id)
        ],
        "printed": day(local(at)),
    }
    return pdf.render(PAPERS / "answers.typ", data, at=at)
