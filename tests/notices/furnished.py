"""What the pages of deadlines show, for those who look at every page."""

from datetime import datetime, timedelta

from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel import clock
from mspaudit.notices import actions, digest, settings_actions
from tests.cast import Cast
from tests.notices.calendar_of import due


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Deadlines in every state, somebody told of them, a calendar address, a test alert; (who, page)."""
    today = clock.today(now)
    first, second = due(cast, today - timedelta(days=2)), due(cast, today + timedelta(days=12))
    third = due(cast, today + timedelta(days=50), slug="fontaine")
    with cast.inside() as house:
        digest.tell_all(now=now)
        actions.say([second], "acknowledged", now=now)
        until = today + timedelta(days=20)
        actions.snooze([third], until=until, reason="Devis attendu", today=today, now=now)
        technician = db.session.get_one(StaffMember, (house.id, house.people["technician"].id))
        settings_actions.open_feed(technician, now=now)
        trial = settings_actions.ask_trial(technician, now=now)
    lists = ["echeances", "echeances?etat=reportees", "echeances?etat=faites", "echeances?q=zz"]
    ones = [f"echeances/{each}" for each in (first, second, third)]
    rest = [
        "echeances/calendrier-legal?periode=365",
        "clients/valbrune/echeances?periode=365",
        "alertes/",
        f"alertes/essais/{trial.id}",
    ]
    return [("technician", path) for path in (*lists, *ones, *rest)] + [("admin", "alertes/seuils/")]
