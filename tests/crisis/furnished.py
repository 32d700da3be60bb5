"""Crisis plans whose every page has something to show: whole at Valbrune, begun at Fontaine."""

from datetime import datetime

from mspaudit.crisis import exercise_actions
from mspaudit.crisis.exercise_actions import Played
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.crisis.plans import client, complete, started


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Fill the plans; (who, path) of every page of the room that opens then."""
    today = clock.today(now)
    with cast.inside():
        complete()
        started("fontaine")
        exercise = exercise_actions.plan_exercise(client(), scenario="ransom", planned_on=today, now=now)
        lessons = ["Imprimer les numéros privés", "Tester le boîtier 4G"]
        played = Played(today, "Toute la cellule", "9 h : début\n10 h 30 : fin", lessons)
        exercise_actions.note_exercise(exercise, played, today=today, now=now)
        parts = ["couverture", "cellule", "annuaire", "fiches/paie", f"exercices/{exercise.id}"]
    sides = (("technician", "clients/valbrune/crise"), ("secretary", "espace/valbrune/crise"))
    found = [(who, home) for who, home in sides]
    found += [(who, f"{home}/{part}") for who, home in sides for part in parts]
    return [*found, ("technician", "clients/fontaine/crise"), ("technician", "crises")]
