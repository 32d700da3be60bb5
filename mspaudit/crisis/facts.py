"""What this room measures: a plan read within a year, printed and up to date, sheets written, exercises held.

A plan that nobody started or read gives no row: a binder may exist that nobody wrote down here.
"""

from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Date,
    Double,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    select,
    union_all,
    values,
)
from sqlalchemy.dialects.postgresql import distinct_on

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client, OrgUnit
from mspaudit.content import crisis as content
from mspaudit.crisis.models import CrisisContact, CrisisPlan, Exercise, FallbackSheet
from mspaudit.kernel.french import NB

BY = "le plan de crise"
A_YEAR = 365

_p, _c, _k = CrisisPlan.__table__.c, CrisisContact.__table__.c, Client.__table__.c
_s, _u, _e = FallbackSheet.__table__.c, OrgUnit.__table__.c, Exercise.__table__.c

# What a client of each kind should have: (kind, code), and for sheets the service that it goes with.
NEEDED = values(column("kind", Text), column("code", Text), name="needed_contact").data(
    [
        (kind, each.code)
        for kind in ("commune", "enterprise")
        for each in content.contacts(kind)
        if each.needed
    ]
)
SERVICES = values(
    column("kind", Text), column("code", Text), column("title", Text), column("unit", Text), name="service"
).data(
    [
        (kind, each.code, each.title, each.unit)
        for kind in ("commune", "enterprise")
        for each in content.sheets(kind)
    ]
)


def _instant(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.timezone("Europe/Paris", cast(day, TIMESTAMP))


def _on(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.to_char(day, "DD/MM/YYYY")


def _row(code: str, value: Any, observed: Any, detail: Any, table: Any) -> Select[Any]:
    return select(
        table.tenant_id,
        table.client_id,
        literal(code).label("code"),
        cast(value, Double).label("value"),
        observed.label("observed_at"),
        detail.label("detail"),
    )


_fresh = _p.reviewed_on >= TODAY - A_YEAR
_reviewed = _row(
    "CRI-01",
    case((_fresh, 1.0), else_=0.5),
    case((_fresh, _instant(_p.reviewed_on)), else_=_instant(TODAY)),
    func.concat("plan de crise, version ", _p.version, ", relu le ", _on(_p.reviewed_on)),
    _p,
).where(_p.reviewed_on.is_not(None))

_lacking = (
    select(func.count())
    .select_from(NEEDED)
    .where(
        NEEDED.c.kind == _k.kind,
        ~exists().where(
            _c.tenant_id == _p.tenant_id,
            _c.client_id == _p.client_id,
            _c.code == NEEDED.c.code,
            _c.phone != "",
        ),
    )
    .correlate(Client.__table__, CrisisPlan.__table__)
    .scalar_subquery()
)
_changed_on = cast(func.timezone("Europe/Paris", _p.changed_at), Date)
_current = and_(_p.printed_on >= TODAY - A_YEAR, _p.printed_on >= _changed_on)
_printed = (
    _row(
        "CRI-02",
        case((and_(_current, _lacking == 0), 1.0), else_=0.5),
        case((_current, _instant(_p.printed_on)), else_=_instant(TODAY)),
        func.concat(
            "annuaire imprimé le ",
            _on(_p.printed_on),
            case((_changed_on > _p.printed_on, ", modifié depuis"), else_=""),
            case((_lacking > 0, func.concat(f", numéros qui manquent{NB}: ", _lacking)), else_=""),
        ),
        _p,
    )
    .join(Client.__table__, and_(_k.tenant_id == _p.tenant_id, _k.id == _p.client_id))
    .where(_p.printed_on.is_not(None))
)

_has_unit = exists().where(
    _u.tenant_id == _p.tenant_id, _u.client_id == _p.client_id, _u.code == SERVICES.c.unit
)
_of_service = and_(_s.tenant_id == _p.tenant_id, _s.client_id == _p.client_id, _s.service == SERVICES.c.code)
# One row for each service that each client with a plan should have a sheet for.
WANTED = (
    select(
        _p.tenant_id,
        _p.client_id,
        SERVICES.c.code,
        SERVICES.c.title,
        _p.started_at,
        _s.id.label("sheet_id"),
        _s.written_on,
    )
    .select_from(CrisisPlan.__table__)
    .join(Client.__table__, and_(_k.tenant_id == _p.tenant_id, _k.id == _p.client_id))
    .join(SERVICES, SERVICES.c.kind == _k.kind)
    .outerjoin(FallbackSheet.__table__, _of_service)
    .where((SERVICES.c.unit == "") | _has_unit, func.coalesce(_s.concerned, True))
    .subquery("wanted_sheet")
)
_w = WANTED.c
_written = func.count(_w.sheet_id)
_sheets = (
    _row(
        "CRI-03",
        cast(_written, Double) / func.count(),
        _instant(func.max(_w.written_on)),
        func.concat(
            _written, case((_written < 2, f"{NB}service"), else_=f"{NB}services"), " sur ", func.count(),
            " avec une fiche pour travailler sans informatique",
        ),
        _w,
    )
    .group_by(_w.tenant_id, _w.client_id)
    .having(_written > 0)
)  # fmt: skip

_taught = func.jsonb_array_length(_e.lessons)
_held = (
    _row(
        "CRI-04",
        case((_e.held_on < TODAY - A_YEAR, 0.5), (_taught > 0, 1.0), else_=0.5),
        case((_e.held_on < TODAY - A_YEAR, _instant(TODAY)), else_=_instant(_e.held_on)),
        func.concat(
            "exercice joué le ",
            _on(_e.held_on),
            case(
                (_taught == 0, ", sans leçon notée"),
                (_taught == 1, f", 1{NB}leçon notée"),
                else_=func.concat(", ", _taught, f"{NB}leçons notées"),
            ),
        ),
        _e,
    )
    .ext(distinct_on(_e.tenant_id, _e.client_id))
    .where(_e.held_on.is_not(None))
    .order_by(_e.tenant_id, _e.client_id, _e.held_on.desc())
    .subquery("latest_exercise")
)

FACTS = select(union_all(_reviewed, _printed, _sheets, select(_held)).subquery("crisis_fact"))
"""(tenant_id, client_id, code, value, observed_at, detail) of every tenant. The reader filters the tenant."""
