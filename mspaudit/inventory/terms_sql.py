"""The terms of ``rules.py`` as SQL, for every row at once; a property test holds the two equal."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    select,
    true,
)

from mspaudit.clients.facts import TODAY
from mspaudit.content.support import products
from mspaudit.inventory.models import Agreement, Asset

_a, _m = Agreement.__table__.c, Asset.__table__.c
_notice = func.coalesce(_a.notice_months, 0)


def _moved(day: ColumnElement[Any], months: ColumnElement[int]) -> ColumnElement[Any]:
    """``periods.add_months``: PostgreSQL too holds a day to the last one of a shorter month."""
    return cast(day + func.make_interval(0, months), Date)


def _month(day: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.extract("year", day) * 12 + func.extract("month", day), Integer)


# Each step once a row: PostgreSQL would write an expression again wherever it is used, unless an OFFSET
# keeps it from doing so.
def _step(name: str, value: ColumnElement[Any], *after: FromClause) -> FromClause:
    return select(value).correlate(Agreement.__table__, *after).offset(0).lateral(name)


# On the day of the notice or, without one, today.
_day = func.coalesce(_a.noticed_on, TODAY)
_apart = _month(_day + _a.notice_days) - _month(_a.ends_on) + _notice
_whole = cast(func.ceil(cast(_apart, Numeric) / _a.renewal_months), Integer)
_first = _step("renewed", case((_a.tacit, func.greatest(0, _whole)), else_=0).label("count"))
_first_end = _moved(_a.ends_on, _first.c.count * _a.renewal_months)
_late = and_(_a.tacit, _moved(_first_end, -_notice) - _a.notice_days < _day)
_counted = _first.c.count + case((_late, 1), else_=0)
_last = _step("last", _moved(_a.ends_on, _counted * _a.renewal_months).label("end_on"), _first)

END: ColumnElement[Any] = _last.c.end_on
"""The last day of the current period of an agreement (``Term.current``); needs ``with_terms``."""
ACT_BY: ColumnElement[Any] = case(
    (_a.noticed_on.is_not(None), END), else_=_moved(END, -_notice) - _a.notice_days
)
"""Its last useful day, likewise."""


def with_terms(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """`statement`, which reads agreements, where `END` and `ACT_BY` may be used."""
    return statement.join(_first, true()).join(_last, true())


@cache
def support() -> Any:
    """(key, label, until, paid_until): ``content/support`` as a table."""
    names = (("key", Text), ("label", Text), ("until", Date), ("paid_until", Date))
    rows = [(p.key, p.label, p.until, p.paid_until) for p in products().values()]
    columns = zip(zip(*rows, strict=True), names, strict=True)
    lists: list[ColumnElement[Any]] = [
        literal(list(values), ARRAY(kind)) for values, (_name, kind) in columns
    ]
    listed = func.unnest(*lists).table_valued(*(column(n, k) for n, k in names), name="support")
    known: Select[Any] = select(listed.render_derived())
    return known.subquery("support")


def supported_until() -> ColumnElement[Any]:
    """The last day with fixes of an asset joined to ``support()``; NULL while no end is announced."""
    known = support().c
    bought = func.least(_m.extended_until, known.paid_until)
    worth = case((known.paid_until.is_not(None) & _m.extended_until.is_not(None), bought))
    return case((known.until.is_not(None), func.greatest(known.until, worth)))
