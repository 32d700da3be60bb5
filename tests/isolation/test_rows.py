"""PostgreSQL alone: every person, every table, every verb, compared with the oracle row by row."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import Table

from mspaudit.tenancy.rls import visibility
from tests.isolation.houses import World
from tests.isolation.oracle import Row, seats, secured
from tests.isolation.probes import Bench, probe

TABLES = secured()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_each_person_reaches_exactly_their_own_rows(
    as_app: psycopg.Connection[Any], world: World, everything: dict[str, list[Row]], table: Table
) -> None:
    probe(Bench(as_app), seats(world), table, everything[table.name])


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_table_has_rows_to_see_and_rows_to_miss(
    world: World, everything: dict[str, list[Row]], table: Table
) -> None:
    """Without these the test above would prove nothing."""
    rows = everything[table.name]
    assert rows, f"{table.name} is empty: teach tests/isolation/houses.py (or logins.py) to fill it."
    if visibility()[table.name] == "hidden":
        return
    by_seat = {s.name: [s.reads(table.name, r) for r in rows] for s in seats(world)}
    assert any(any(seen) for seen in by_seat.values()), f"nobody sees {table.name}"
    assert not any(all(seen) for seen in by_seat.values()), f"somebody sees all of {table.name}"
