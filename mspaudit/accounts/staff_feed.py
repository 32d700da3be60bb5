"""The staff list: who is there, who left, and who is listed no more. It deletes nobody."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mspaudit.accounts import staff_rules
from mspaudit.accounts.matching import rematch
from mspaudit.accounts.models import StaffChange, StaffEntry
from mspaudit.accounts.staff_rules import Known, Line, Roll
from mspaudit.clients import queries, staffing_actions
from mspaudit.clients.models import Client, Person
from mspaudit.extensions import db
from mspaudit.intake.feeds import Change, Counts, Row
from mspaudit.kernel import clock
from mspaudit.kernel.french import short_day

CARD = ("title", "status", "email", "left_on", "org_unit_id")
ENTRY = ("number", "department", "arrived_on", "leaves_on", "gone_at")
# What the list itself writes beside a person, and what finds its person again by itself.
APART = ("staff_entry", "staff_change", "account")
_TOLD = {"title": "fonction", "status": "statut", "email": "adresse"}


class StaffFeed:
    """The staff list of one client."""

    def plan(self, client_id: UUID, rows: Sequence[Row], *, today: date) -> Iterator[Change]:
        """What the whole list would do, written nowhere."""
        people = _people(client_id)
        roll = _roll(people)
        listed = {entry.person_id for _person, entry in people.values() if entry and entry.gone_at is None}
        for row in rows:
            line = staff_rules.read(row)
            if line is None:
                yield Change("ignored", row.line, "", "La ligne ne nomme personne.")
                continue
            known = roll.find(line)
            if known is None:
                yield Change("new", line.line, line.name, _departure(line, today))
                continue
            listed.discard(known.id)
            told = [*_differences(line, *people[known.id], today=today)]
            yield Change("changed" if told else "same", line.line, line.name, ", ".join(told))
        for person_id in listed:
            yield Change("gone", None, people[person_id][0].name, "N’est plus sur la liste ; sa fiche reste.")

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part of the list."""
        today, client = clock.today(now), queries.by_id(client_id)
        if client is None:
            return Counts(ignored=len(rows))
        people = _people(client_id)
        roll, units = _roll(people), {u.name.casefold(): u.id for u in queries.org_units(client_id)}
        ledger = Ledger(client_id, import_id)
        lines = [line for row in rows if (line := staff_rules.read(row))]
        found = [(line, roll.find(line)) for line in lines]
        arrived = [line for line, known in found if known is None]
        added = staffing_actions.enlist(
            client_id, [_card(line, client, units, today) for line in arrived], now=now
        )
        for line, person in zip(arrived, added, strict=True):
            entry = _entry(None, line, person, today=today, now=now)
            ledger.note(person, None, entry)
        db.session.flush()
        changed = [(line, *people[known.id]) for line, known in found if known is not None]
        count = _correct(client, changed, ledger, today=today, now=now)
        same = len(lines) - len(added) - count
        return Counts(new=len(added), changed=count, same=same, ignored=len(rows) - len(lines))

    def finish(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Say who is listed no more, and find again who holds each account."""
        people = _people(client_id)
        roll = _roll(people)
        lines = (staff_rules.read(row) for row in rows)
        listed = {known.id for line in lines if line and (known := roll.find(line))}
        gone, ledger = 0, Ledger(client_id, import_id)
        for person, entry in people.values():
            if entry is None:
                continue
            if person.id in listed:
                entry.listed_at = now
            elif listed and entry.gone_at is None:
                before = _told(person, entry)
                entry.gone_at, gone = now, gone + 1
                ledger.note(person, before, entry)
        db.session.flush()
        rematch(client_id)
        return Counts(gone=gone)

    def undo(self, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
        """Put back what this list changed of people whom nothing has changed since."""
        people = _people(client_id)
        ledger = Ledger(client_id, import_id)
        removed, restored = [], 0
        for change in ledger.changes.values():
            person, entry = people.get(change.person_id, (None, None))
            if person is None or _told(person, entry) != change.after:
                continue
            if change.before is None:
                removed.append(person)
            else:
                _restore(person, entry, change.before)
                restored += 1
        ledger.forget()
        db.session.flush()
        gone = staffing_actions.strike(client_id, removed, apart=APART, now=now)
        rematch(client_id)
        return Counts(changed=restored, gone=gone)


class Ledger:
    """What one import changes of each person: what they were before its first change, and after its last."""

    def __init__(self, client_id: UUID, import_id: UUID) -> None:
        self._keys = {"client_id": client_id, "import_id": import_id}
        kept = db.session.scalars(select(StaffChange).filter_by(**self._keys))
        self.changes = {change.person_id: change for change in kept}

    def note(self, person: Person, before: dict[str, Any] | None, entry: StaffEntry) -> None:
        """Keep a change."""
        kept, after = self.changes.get(person.id), _told(person, entry)
        if kept is not None:
            kept.after = after
            return
        change = StaffChange(person_id=person.id, before=before, after=after, **self._keys)
        self.changes[person.id] = change
        db.session.add(change)

    def forget(self) -> None:
        """Nothing is left to undo."""
        for change in self.changes.values():
            db.session.delete(change)


People = dict[UUID, tuple[Person, StaffEntry | None]]


def _people(client_id: UUID) -> People:
    statement = (
        select(Person, StaffEntry)
        .outerjoin(StaffEntry, StaffEntry.person_id == Person.id)
        .where(Person.client_id == client_id)
    )
    return {person.id: (person, entry) for person, entry in db.session.execute(statement)}


def _roll(people: People) -> Roll:
    return Roll(
        Known(person.id, person.name_key, person.email or "", entry.number if entry else "")
        for person, entry in people.values()
    )


def _card(line: Line, client: Client, units: Mapping[str, UUID], today: date) -> dict[str, Any]:
    gone = line.left_on is not None and line.left_on <= today
    return {
        "name": line.name,
        "status": line.status or ("agent" if client.is_commune else "employee"),
        "email": line.email or None,
        "title": line.title or None,
        "left_on": line.left_on if gone else None,
        "org_unit_id": units.get(line.department.casefold()),
    }


def _departure(line: Line, today: date) -> str:
    if line.left_on is None:
        return ""
    return f"{'parti' if line.left_on <= today else 'part'} le {short_day(line.left_on, today)}"


def _differences(line: Line, person: Person, entry: StaffEntry | None, *, today: date) -> Iterator[str]:
    found = staff_rules.changes(line, _columns(person), today=today)
    for name in found:
        yield _TOLD.get(name) or _departure(line, today)
    if entry is None:
        yield "inscrit sur la liste"
    elif entry.gone_at is not None:
        yield "de retour sur la liste"
    elif any(getattr(entry, n) != v for n, v in _listed(line, entry, today).items()):
        yield "dates, matricule ou service"


def _listed(line: Line, entry: StaffEntry | None, today: date) -> dict[str, Any]:
    """What the line makes of an entry; what it leaves empty stays, but for a departure called off."""
    ahead = line.left_on if line.left_on is not None and line.left_on > today else None
    return {
        "number": line.number or (entry.number if entry else ""),
        "department": line.department or (entry.department if entry else ""),
        "arrived_on": line.arrived_on or (entry.arrived_on if entry else None),
        "leaves_on": ahead,
    }


def _entry(entry: StaffEntry | None, line: Line, person: Person, *, today: date, now: datetime) -> StaffEntry:
    values = _listed(line, entry, today)
    if entry is None:
        entry = StaffEntry(person_id=person.id, client_id=person.client_id)
        db.session.add(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    entry.gone_at, entry.listed_at = None, now
    return entry


def _correct(
    client: Client,
    found: Sequence[tuple[Line, Person, StaffEntry | None]],
    ledger: Ledger,
    *,
    today: date,
    now: datetime,
) -> int:
    """Write the lines that differ from what is known; how many."""
    differing = [(line, p, e) for line, p, e in found if any(_differences(line, p, e, today=today))]
    before = {person.id: _told(person, entry) for _line, person, entry in differing}
    cards = [(p, staff_rules.changes(line, _columns(p), today=today)) for line, p, _entry in differing]
    staffing_actions.correct(client, [(p, card) for p, card in cards if card], now=now)
    for line, person, entry in differing:
        written = _entry(entry, line, person, today=today, now=now)
        ledger.note(person, before[person.id], written)
    return len(differing)


def _columns(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in CARD}


def _told(person: Person, entry: StaffEntry | None) -> dict[str, Any]:
    """A person and their entry as JSON keeps them."""
    found = {name: getattr(person, name) for name in CARD}
    if entry is not None:
        found |= {name: getattr(entry, name) for name in ENTRY}
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _restore(person: Person, entry: StaffEntry | None, before: Mapping[str, Any]) -> None:
    for name in CARD:
        setattr(person, name, _typed(name, before[name]))
    if entry is None:
        return
    if "number" not in before:
        db.session.delete(entry)
        return
    for name in ENTRY:
        setattr(entry, name, _typed(name, before[name]))


def _typed(name: str, value: Any) -> Any:
    if value is None or not name.endswith(("_on", "_at", "_id")):
        return value
    if name.endswith("_id"):
        return UUID(value)
    return date.fromisoformat(value) if name.endswith("_on") else datetime.fromisoformat(value)
