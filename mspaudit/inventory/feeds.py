"""What this room takes from the import desk: inventories of GLPI and Snipe-IT, and lists of contracts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from mspaudit.clients.queries import org_units
from mspaudit.intake.cells import Unclear
from mspaudit.intake.feeds import Change, Counts, Row
from mspaudit.intake.wording import FIELDS
from mspaudit.inventory import landing, reading
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.reading import Columns, NotTaken
from mspaudit.inventory.rules import COMPUTERS, KINDS
from mspaudit.kernel.french import fold

# A tool exports its computers, its network and its printers apart: a file speaks of its own sort only.
_SORTS = (COMPUTERS, ("mobile",), ("network",), ("printer",), ("other",))
_COLUMN_NAMES = {
    "user_name": FIELDS["user"],
    "yearly_cents": FIELDS["yearly_amount"],
    "kind": FIELDS["type"],
    "product": "Version suivie",
    "org_unit_id": "Service",
    "gone_at": "De retour dans le fichier",
}


@dataclass(frozen=True)
class Landed:
    """One kind of file into one table. ``subject``: the column that names a row."""

    kind: str
    table: Table
    subject: str

    def plan(self, client_id: UUID, rows: Sequence[Row], *, today: date) -> Iterator[Change]:
        """What the whole file would do, written nowhere."""
        there = landing.known(self.table, client_id)
        read = _Reader(self.table, client_id)
        keys: set[str] = set()
        kinds: set[str] = set()
        for row in rows:
            try:
                values = read(row)
            except (NotTaken, Unclear) as why:
                yield Change("ignored", row.line, _named(row), str(why))
                continue
            kinds.add(values["kind"])
            yield self._change(row, values, there.get(values["key"]), values["key"] in keys)
            keys.add(values["key"])
        sorts = self._sorts(kinds)
        for key, kept in there.items():
            listed = kept["source"] == self.kind and kept["kind"] in sorts and kept["gone_at"] is None
            if listed and key not in keys:
                yield Change("gone", None, kept[self.subject], "N’est plus dans le fichier.")

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part of the file; the same part twice changes nothing the second time."""
        taken = list(self._taken(client_id, rows))
        counts = landing.write(self.table, client_id, taken, source=self.kind, import_id=import_id, now=now)
        told = counts.new + counts.changed + counts.same
        return counts + Counts(ignored=len(rows) - told)

    def finish(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """What that source listed before, of the same sort, and lists no more is gone."""
        kinds = {values["kind"] for values in self._taken(client_id, rows)}
        sorts = sorted(self._sorts(kinds))
        return landing.gone(
            self.table, client_id, source=self.kind, kinds=sorts, import_id=import_id, now=now
        )

    def undo(self, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
        """Put back what this import changed, where nothing has changed it since."""
        return landing.undo(self.table, client_id, import_id=import_id, now=now)

    def _taken(self, client_id: UUID, rows: Sequence[Row]) -> Iterator[Columns]:
        read = _Reader(self.table, client_id)
        for row in rows:
            try:
                yield read(row)
            except (NotTaken, Unclear):
                continue

    def _sorts(self, kinds: set[str]) -> set[str]:
        if self.table is Agreement.__table__:
            return set(KINDS)
        return {kind for sort in _SORTS for kind in sort if kinds & set(sort)}

    def _change(self, row: Row, values: Columns, kept: Mapping[str, Any] | None, again: bool) -> Change:
        subject = values[self.subject]
        if again:
            return Change("ignored", row.line, subject, "Déjà dans une ligne précédente du fichier.")
        if kept is None:
            return Change("new", row.line, subject)
        changed = landing.differences(kept, values)
        why = ", ".join(_COLUMN_NAMES.get(name, FIELDS.get(name, name)) for name in changed)
        return Change("changed" if changed else "same", row.line, subject, why)


class _Reader:
    """Reads the lines of one client's file."""

    def __init__(self, table: Table, client_id: UUID) -> None:
        self._machines = table is Asset.__table__
        self._units = {fold(unit.name): unit.id for unit in org_units(client_id)} if self._machines else {}

    def __call__(self, row: Row) -> Columns:
        return reading.asset(row.cells, self._units) if self._machines else reading.agreement(row.cells)


def _named(row: Row) -> str:
    return row.cells.get("label") or row.cells.get("name") or f"Ligne {row.line}"


_assets, _agreements = Asset.metadata.tables["asset"], Agreement.metadata.tables["agreement"]
FEEDS = {
    "glpi_assets": Landed("glpi_assets", _assets, "name"),
    "snipeit_assets": Landed("snipeit_assets", _assets, "name"),
    "contracts": Landed("contracts", _agreements, "label"),
}
