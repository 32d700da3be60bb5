"""A feed of the tests: a person a line, whose ``title`` notes the import and ``phone`` the e-mail before."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.intake.feeds import Change, Counts, Row, Verb
from mspaudit.kernel import clock
from mspaudit.kernel.french import fold


class Notebook:
    """Takes names and e-mails. ``dies_after``: how many parts it writes before it is killed."""

    dies_after: int | None = None

    def __init__(self) -> None:
        self.written = 0

    def plan(self, client_id: UUID, rows: Sequence[Row], *, today: date) -> Iterator[Change]:
        """What the file would do."""
        known = self._known(client_id)
        for row in rows:
            person = known.pop(_key(row), None)
            verb: Verb = "new" if person is None else "same" if _same(person, row) else "changed"
            yield Change(verb, row.line, _name(row), "" if person is None else f"était {person.email}")
        for person in known.values():
            if person.left_on is None:
                yield Change("gone", None, person.name)

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part."""
        known = self._known(client_id)
        counts = {"new": 0, "changed": 0, "same": 0}
        for row in rows:
            person = known.get(_key(row))
            if person is None:
                counts["new"] += 1
                db.session.add(_person(client_id, row, import_id))
            elif _same(person, row):
                counts["same"] += 1
            else:
                counts["changed"] += 1
                person.phone, person.email, person.title = person.email, _mail(row), str(import_id)
        db.session.flush()
        self.written += 1
        if self.written == self.dies_after:
            raise KeyboardInterrupt
        return Counts(**counts)

    def finish(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Who is no longer listed has left."""
        listed = {_key(row) for row in rows}
        gone = [p for key, p in self._known(client_id).items() if key not in listed and p.left_on is None]
        for person in gone:
            person.left_on, person.title = clock.today(now), str(import_id)
        return Counts(gone=len(gone))

    def undo(self, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
        """Put back what this import changed."""
        mine = (Person.client_id == client_id, Person.title == str(import_id))
        for person in db.session.scalars(select(Person).where(*mine, Person.phone.is_not(None))):
            person.email, person.phone, person.title = person.phone, None, None
        for person in db.session.scalars(select(Person).where(*mine, Person.left_on.is_not(None))):
            person.left_on, person.title = None, None
        db.session.flush()
        db.session.execute(delete(Person).where(*mine))
        return Counts()

    def _known(self, client_id: UUID) -> dict[str, Person]:
        found = db.session.scalars(select(Person).where(Person.client_id == client_id))
        return {person.name_key: person for person in found}


def _name(row: Row) -> str:
    return f"{row.cells['given_name']} {row.cells['surname']}"


def _key(row: Row) -> str:
    return fold(_name(row))


def _mail(row: Row) -> str | None:
    return row.cells.get("email") or None


def _same(person: Person, row: Row) -> bool:
    return person.email == _mail(row) and person.left_on is None


def _person(client_id: UUID, row: Row, import_id: UUID) -> Person:
    return Person(
        client_id=client_id,
        name=_name(row),
        name_key=_key(row),
        email=_mail(row),
        status="agent",
        title=str(import_id),
    )
