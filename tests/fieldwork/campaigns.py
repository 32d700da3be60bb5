"""A campaign that is open, its groups, and what a phone sends."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.fieldwork import actions, tokens
from mspaudit.fieldwork.models import FieldCampaign, FieldReport
from mspaudit.identity.models import StaffMember
from mspaudit.kernel import clock
from tests.cast import Cast

NOW = clock.now()
TODAY = clock.today(NOW)


def prepared(cast: Cast, client: str = "valbrune", *, on: date = TODAY, now: datetime = NOW) -> FieldCampaign:
    """A campaign before the promise; inside a unit of work."""
    found = db.session.scalars(select(Client).where(Client.slug == client)).one()
    person = cast.tilleul.people["technician"].id
    facilitator = db.session.scalars(select(StaffMember).where(StaffMember.id == person)).one()
    return actions.prepare(
        found, message="Dites-nous ce qui se fait vraiment.", facilitator=facilitator, session_on=on,
        session_half="am", next_on=on + timedelta(days=300), today=on, now=now,
    )  # fmt: skip


def opened(cast: Cast, **headcounts: int) -> tuple[FieldCampaign, dict[str, str]]:
    """An open campaign of Valbrune, and the token of each group by its name."""
    with cast.inside():
        campaign = prepared(cast)
        groups = {
            name: actions.add_group(campaign, name=name, headcount=size, now=NOW)
            for name, size in (headcounts or {"Accueil": 8}).items()
        }
        actions.promise(campaign, now=NOW)
        return campaign, {name: tokens.token(group.id) for name, group in groups.items()}


def typed(**other: Any) -> dict[str, Any]:
    """What a phone sends."""
    return {
        "id": str(uuid4()), "moment": "à l’ouverture", "tool": "un tableur", "data": ["people", "money"],
        "sharing": "mail", "accessors": "tout l’accueil", "shared_credential": "1", "frequency": "3",
        "reason_code": "slow", "reason": "c’est plus rapide", "suggestion": "un accès chacun",
    } | other  # fmt: skip


def stored(cast: Cast) -> list[FieldReport]:
    """Every report of Tilleul."""
    with cast.inside():
        return list(db.session.scalars(select(FieldReport)))
