"""Files as the import desk reads them, for the tests of this room."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from mspaudit.accounts.feeds import FEEDS
from mspaudit.intake.feeds import Change, Counts, Row
from mspaudit.kernel import clock
from mspaudit.kernel.ids import new_id

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = clock.today(NOW)


def rows(*lines: dict[str, str]) -> list[Row]:
    """Lines of a file, the first one after its header."""
    fields = dict.fromkeys(name for line in lines for name in line)
    return [Row(at, {f: line.get(f, "") for f in fields}) for at, line in enumerate(lines, start=2)]


def user(name: str, **more: str) -> dict[str, str]:
    """A line of an Entra ID export: « Nathalie Perrin » signs in as nathalie.perrin@valbrune.example."""
    first, _, last = name.partition(" ")
    login = more.pop("upn", f"{first}.{last}".strip(".").lower().replace(" ", "-") + "@valbrune.example")
    return {
        "upn": login,
        "name": name,
        "given_name": first if last else "",
        "surname": last,
        "mail": login,
        "enabled": "oui",
        **more,
    }


def agent(name: str, **more: str) -> dict[str, str]:
    """A line of a staff list."""
    first, _, last = name.partition(" ")
    return {"surname": last, "given_name": first, "email": "", "number": "", "left_on": "", **more}


def bring(
    kind: str, client_id: UUID, file: list[Row], *, now: datetime = NOW, part: int = 500
) -> tuple[UUID, Counts]:
    """Import a file part by part, as the worker does; its identifier and what it did."""
    feed, import_id, counts = FEEDS[kind], new_id(), Counts()
    for start in range(0, len(file), part):
        counts += feed.write(client_id, file[start : start + part], import_id=import_id, now=now)
    return import_id, counts + feed.finish(client_id, file, import_id=import_id, now=now)


def planned(kind: str, client_id: UUID, file: list[Row]) -> list[Change]:
    """What the preview tells."""
    return list(FEEDS[kind].plan(client_id, file, today=TODAY))


def counted(changes: Iterable[Change]) -> Counts:
    """The preview in numbers."""
    verbs = [change.verb for change in changes]
    return Counts(*(verbs.count(verb) for verb in ("new", "changed", "gone", "same", "ignored")))
