"""Columns of values on their way to PostgreSQL: one text each, which it cuts itself.

An array parameter costs ten times as much to write as the rows do to insert; a table of our own to copy
into is not for the application's role, and COPY refuses a table under row-level security.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ARRAY, Boolean, FromClause, Text, Uuid, bindparam, cast, column, func, select
from sqlalchemy.types import TypeEngine

from mspaudit.extensions import db
from mspaudit.tenancy.models import Timestamp

# Neither is in any cell: the import desk keeps printable characters only.
BETWEEN, NOTHING = "\x1f", "\x1e"

TYPES: Mapping[str, TypeEngine[Any]] = {
    "enabled": Boolean(),
    "is_admin": Boolean(),
    "last_sign_in": Timestamp,
    "created_at": Timestamp,
    "id": Uuid(),
    "person_id": Uuid(),
}
TEXT = Text()


def sent(columns: Mapping[str, Sequence[Any]], name: str = "sent") -> FromClause:
    """``columns`` as something to select from, each of the type that ``TYPES`` says, text otherwise.

    An empty text comes out as NULL, for one alone could not be told from no value.
    """
    arrays = [
        cast(func.string_to_array(bindparam(None, _joined(values), Text), BETWEEN, NOTHING), _array(field))
        for field, values in columns.items()
    ]
    named = (column(field, TYPES.get(field, TEXT)) for field in columns)
    return func.unnest(*arrays).table_valued(*named, name=name).render_derived()


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """Meanwhile, PostgreSQL joins by hash what was sent with what is there.

    It takes accounts just written for a handful, their statistics being older, and would compare each with
    every line of the file: two minutes instead of half a second for twenty thousand.
    """
    db.session.execute(select(func.set_config("enable_nestloop", "off", True)))
    yield
    db.session.execute(select(func.set_config("enable_nestloop", "on", True)))


def _array(field: str) -> ARRAY[Any]:
    return ARRAY(TYPES.get(field, TEXT))


def _joined(values: Sequence[Any]) -> str:
    if values and isinstance(values[0], str):
        return BETWEEN.join([value or NOTHING for value in values])
    return BETWEEN.join([NOTHING if value in (None, "") else str(value) for value in values])
