"""What may be done with an exercise: plan it, note how it went and what it taught."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.content import crisis as content
from mspaudit.crisis.models import Exercise
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import short_day
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line

MOST_LESSONS = 12
LONGEST = 4000


@dataclass(frozen=True)
class Played:
    """How an exercise went, as typed; ``held_on``: None while it was not played."""

    held_on: date | None
    attendance: str
    timeline: str
    lessons: Sequence[str]


def plan_exercise(client: Client, *, scenario: str, planned_on: date, now: datetime) -> Exercise:
    """Plan an exercise for a day. Raises DomainError for a scenario that does not exist."""
    titles = {each.code: each.title for each in content.scenarios()}
    if scenario not in titles:
        raise DomainError("Choisissez un scénario.")
    exercise = Exercise(id=new_id(), client_id=client.id, scenario=scenario, planned_on=planned_on)
    db.session.add(exercise)
    db.session.flush()
    told = f"{titles[scenario]}, {short_day(planned_on)}"
    record("exercise.planned", told, subject_id=exercise.id, client_id=client.id, at=now)
    return exercise


def note_exercise(exercise: Exercise, played: Played, *, today: date, now: datetime) -> None:
    """Write how an exercise went. A lesson a line; empty lines and repetitions are left out.

    Raises:
        DomainError: a day to come, lessons before it was played, or too many of them.
    """
    lessons = list(dict.fromkeys(filter(None, (one_line(each, 200) for each in played.lessons))))
    if played.held_on is not None and played.held_on > today:
        raise DomainError("Cette date est à venir : notez l’exercice une fois joué.")
    if played.held_on is None and lessons:
        raise DomainError("Dites d’abord quel jour l’exercice a été joué.")
    if len(lessons) > MOST_LESSONS:
        raise DomainError(f"Gardez {MOST_LESSONS} leçons au plus : celles qui changeront quelque chose.")
    exercise.held_on, exercise.lessons = played.held_on, lessons
    exercise.attendance = one_line(played.attendance, 400)
    exercise.timeline = played.timeline.strip()[:LONGEST]
    title = next(each.title for each in content.scenarios() if each.code == exercise.scenario)
    record("exercise.noted", title, subject_id=exercise.id, client_id=exercise.client_id, at=now)
    mark(exercise.client_id)
