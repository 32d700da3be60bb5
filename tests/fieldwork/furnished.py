"""A client whose every page of fieldwork has something to show."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.fieldwork import actions, rules, told, triage_actions
from mspaudit.fieldwork.models import FieldGroup, FieldReport
from mspaudit.fieldwork.triage_actions import Views
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.fieldwork.campaigns import opened

SAID = ("slow", "slow", "slow", "slow", "slow", "no_tool", "urgency")


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Fill Valbrune's campaign; (who, path) of every page of the room that opens then."""
    campaign, _ = opened(cast, Accueil=8, CCAS=2)
    today = clock.today(now)
    with cast.inside():
        group = db.session.scalars(select(FieldGroup).where(FieldGroup.name == "Accueil")).one()
        for reason in SAID:
            given = told.Told(
                id=uuid4(), moment="à l’ouverture", tool="un tableur partagé", data=["people"],
                sharing="mail", open_to_all=True, frequency=3, reason_code=reason,
                reason="madame Delorme le veut ainsi",
            )  # fmt: skip
            actions.tell(campaign, group, given, rules.half_day(now))
        report = db.session.scalars(select(FieldReport)).first()
        assert report is not None
        triage_actions.triage(
            report, category="client_data", cause="tool", codes=["ACC-05"], today=today, now=now
        )
        views = Views(
            "plus vite", "trop ouvert", "un dossier par service", {"it": {"agrees": True, "words": ""}}
        )
        triage_actions.compare(report, views, now=now)
        triage_actions.answer(report, answer="later", why="Au printemps.", today=today, now=now)
    of = f"clients/valbrune/terrain/{campaign.id}"
    paths = ["clients/valbrune/terrain", of, f"{of}/mur", f"{of}/papier", f"{of}/recits/{report.id}"]
    space = "espace/valbrune/terrain"
    return [("technician", path) for path in paths] + [
        ("decider", space),
        ("decider", f"{space}/{campaign.id}"),
    ]
