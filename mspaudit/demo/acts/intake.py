"""The import desk: one export shared by several clients, left this morning and waiting for someone's word."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import groupby

from sqlalchemy import select

from mspaudit.clients.models import Person
from mspaudit.demo.acts.scene import Scene
from mspaudit.extensions import db
from mspaudit.intake import actions
from mspaudit.intake.actions import Upload

CLIENTS, PEOPLE = 4, 6
HEADERS = (
    "userPrincipalName",
    "displayName",
    "userType",
    "accountEnabled",
    "creationType",
    "createdDateTime",
)


def play(scene: Scene) -> None:
    """Leave the file; nothing of it is written."""
    rows = [*_accounts(scene), _account("test.formule@ailleurs.example", "=1+3 Test")]
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    left_at = datetime.combine(scene.today, time(6, 40), UTC)
    actions.start(Upload("utilisateurs-entra.csv", text.getvalue().encode()), None, now=left_at)


def _accounts(scene: Scene) -> Iterator[tuple[str, ...]]:
    """A few people of the first clients, as their directories know them."""
    shown = [client_id for client_id, _role in scene.roles[:CLIENTS]]
    statement = select(Person).where(Person.client_id.in_(shown), Person.email.is_not(None))
    found = db.session.scalars(statement.order_by(Person.client_id, Person.name_key))
    for _client, people in groupby(found, key=lambda person: person.client_id):
        for person in list(people)[:PEOPLE]:
            yield _account(person.email or "", person.name)


def _account(login: str, name: str) -> tuple[str, ...]:
    return login, name, "Member", "True", "", "3/14/2019 9:12:44 AM"
