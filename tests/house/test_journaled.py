"""What changes something leaves a line in the journal, or in the person's own list for their account."""

import ast
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from mspaudit.identity.models import LoginEvent
from mspaudit.journal.models import Entry
from tests.house.source import Source, calls, functions, none, sources
from tests.isolation.houses import build_world
from tests.isolation.routes import address, nothing_commits, routes, send

CLIENT = "/<msp>/clients/<client>"
# What writes the line: the journal's own verb, the person's own list, an answer's history with its entry.
WRITERS = {"record", "note", "trace", "door.note", "trail.trace"}
# Verbs of a room that leave no line of their own, and why.
SILENT: dict[str, str] = {
    "checklists.settle": "computes what an answer is worth; whoever changed it has told it",
    "checklists.mark_answered": "goes with the answer, which is told",
    "checklists.me": "names who acts",
    "checklists.for_staff": "refuses a client",
    "checklists.live_proofs": "reads",
    "checklists.assessment_of": "reads",
    "checklists.open_for_answers": "refuses a closed campaign",
    "clients.told": "translates a refusal",
    "clients.mandate_file": "reads",
    "departures.follow": "keeps dates in step with a list whose changes were told",
    "departures.still_open": "refuses a departure that is over",
    "fieldwork.tell": "a line between two others would tell the minute of an anonymous report",
    "outbox.message_id": "computes",
    "risk.refresh_impacts": "computes figures from what was told",
}
# Addresses that change nothing when nothing was typed.
IDLE: dict[str, str] = {
    f"POST {CLIENT}/sauvegardes/<uuid:job>/retablissement": "the job was not archived",
    f"POST {CLIENT}/sauvegardes/restaurations/<uuid:test>/retablissement": "the test was not cancelled",
    "POST /<msp>/sauvegardes/courriels/<uuid:waiting>/retour": "the mail was not set aside",
    f"POST {CLIENT}/questionnaire/preuves/<uuid:proof>/retour": "the proof was not removed",
    f"POST {CLIENT}/questionnaire/preuves/verifications": "no proof was chosen",
    f"POST {CLIENT}/questionnaire/questions/<code>/confirmation": "the answer was not carried over",
    f"POST {CLIENT}/departs/<uuid:departure>/lignes/<uuid:item>/reprise": "the line was not settled",
    f"POST {CLIENT}/inventaire/<uuid:asset>/retour": "the machine was not removed",
    f"POST {CLIENT}/contrats/<uuid:agreement>/retour": "the contract was not removed",
    f"POST {CLIENT}/contrats/<uuid:agreement>/preavis/annulation": "no notice was given",
    f"POST {CLIENT}/terrain/<uuid:campaign>/recits/<uuid:report>/reunion": "the report was not merged",
    "POST /<msp>/clients/importer/<uuid:run>/colonnes": "a draft until the import is launched",
    "POST /<msp>/espace/<client>/preuves/<uuid:proof>/retour": "the proof was not removed",
    "POST /<msp>/espace/<client>/questions/<code>": "no answer was chosen",
}


def verbs() -> Iterator[tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every public function of every ``actions``."""
    for source in sources():
        if source.file.endswith("actions.py"):
            for function in functions(source.tree):
                if not function.name.startswith("_") and function.col_offset == 0:
                    yield source, function


def test_every_verb_of_a_room_reaches_the_journal() -> None:
    reached = set(WRITERS)
    bodies = [
        (f.name, _last({name for _call, name in calls(f)})) for s in sources() for f in functions(s.tree)
    ]
    while True:
        more = {name for name, called in bodies if called & reached} - reached
        if not more:
            break
        reached |= more
    wrong = [
        s.at(f) + " " + f.name
        for s, f in verbs()
        if f.name not in reached and f"{s.room}.{f.name}" not in SILENT
    ]
    none(wrong, "call journal.actions.record, or say in SILENT why this changes nothing worth telling")


def _last(names: set[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in names}


@pytest.fixture
def told() -> Iterator[list[object]]:
    """The lines that sessions were about to write."""
    found: list[object] = []

    def listen(session: Session, _context: object, _instances: object) -> None:
        found.extend(row for row in session.new if isinstance(row, Entry | LoginEvent))

    event.listen(Session, "before_flush", listen)
    yield found
    event.remove(Session, "before_flush", listen)


def test_every_change_made_from_a_page_is_told(app: Flask, told: list[object]) -> None:
    world = build_world(app, lived_in=True)
    people = {who: world.cast.signed_in(who) for who in ("admin", "secretary")}
    wrong = []
    with nothing_commits(app):
        for route in routes(app, "tenant", "portal"):
            if route.method == "POST" and str(route) not in IDLE:
                told.clear()
                who = "admin" if route.audience.startswith("tenant") else "secretary"
                answer = send(people[who], route, address(app, route, world.tilleul))
                if answer.status_code < 400 and not told:
                    wrong.append(f"{route} {answer.status_code}")
    none(wrong, "call record in the action, or say in IDLE why this address changes nothing without a form")
