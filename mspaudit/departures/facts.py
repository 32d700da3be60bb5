"""What this room measures: departures cut on the day (ACC-03), secrets changed after them (ACC-04), missions
under contract (ACC-08) and cut at their end (ACC-09), portals in the right hands (ACC-11).

A client of whom a register holds nothing gives no row: an empty register proves nothing.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Date,
    Double,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.departures.models import Departure, DepartureItem, Mission, MissionAccess, PortalHolder
from mspaudit.kernel.french import NB

BY = "le suivi des départs"
SINCE_DAYS = 365
"""How far back departures and missions still say how a client works."""

_d, _i = Departure.__table__.c, DepartureItem.__table__.c
_m, _a = Mission.__table__.c, MissionAccess.__table__.c
_h, _p, _c = PortalHolder.__table__.c, Person.__table__.c, Client.__table__.c

_needed = [clause.code for clause in content.clauses("enterprise") if clause.needed]


def _paris(moment: ColumnElement[Any]) -> ColumnElement[date]:
    return cast(func.timezone("Europe/Paris", moment), Date)


def _instant(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.timezone("Europe/Paris", cast(day, TIMESTAMP))


def _share(met: ColumnElement[bool]) -> ColumnElement[float]:
    return cast(func.avg(case((met, 1.0), else_=0.0)), Double)


def _count(met: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(met)


def _of(met: ColumnElement[bool], one: str, many: str) -> ColumnElement[str]:
    """« 3 départs sur 4 »."""
    return func.concat(_count(met), case((_count(met) < 2, NB + one), else_=NB + many), " sur ", func.count())


def _row(
    code: str,
    value: ColumnElement[Any],
    observed: ColumnElement[Any],
    detail: ColumnElement[str],
    table: Any,
) -> Select[Any]:
    return select(
        table.tenant_id,
        table.client_id,
        literal(code).label("code"),
        value.label("value"),
        observed.label("observed_at"),
        detail.label("detail"),
    ).group_by(table.tenant_id, table.client_id)


_recent = and_(_d.cancelled_at.is_(None), _d.leaves_on <= TODAY, _d.leaves_on >= TODAY - SINCE_DAYS)
_on_the_day = and_(_d.cut_at.is_not(None), _paris(_d.cut_at) <= _d.leaves_on)
_still_in = _d.cut_at.is_(None)

_cut = _row(
    "ACC-03",
    _share(_on_the_day),
    func.greatest(func.max(_d.cut_at), func.max(case((_still_in, _instant(TODAY))))),
    func.concat(
        _of(_on_the_day, "départ", "départs"),
        " en un an avec tous les accès coupés le jour même",
        case(
            (_count(_still_in) > 0, func.concat(f", accès encore ouverts{NB}: ", _count(_still_in))), else_=""
        ),
    ),
    _d,
).where(_recent, _d.cut_at.is_not(None) | (_d.leaves_on < TODAY))

_changed = and_(_i.state == "done", _paris(_i.settled_at) <= _i.due_on)
_rotated = (
    _row(
        "ACC-04",
        _share(_changed),
        func.greatest(func.max(_i.settled_at), func.max(case((_i.state == "todo", _instant(TODAY))))),
        func.concat(
            _of(_changed, "mot de passe partagé", "mots de passe partagés"),
            " changés à temps après un départ, depuis un an",
        ),
        _i,
    )
    .join(Departure.__table__, and_(_d.tenant_id == _i.tenant_id, _d.id == _i.departure_id))
    .where(_recent, _i.task == "secrets", _i.state != "na", (_i.state == "done") | (_i.due_on < TODAY))
)

_opened = exists().where(_a.tenant_id == _m.tenant_id, _a.mission_id == _m.id, _a.revoked_on.is_(None))
_signed = and_(_m.contract_key.is_not(None), _m.contract_signed_on.is_not(None))
_whole = and_(_signed, _m.clauses.contains(literal(_needed, JSONB)))
_under_contract = _row(
    "ACC-08",
    cast(func.avg(case((_whole, 1.0), (_signed, 0.5), else_=0.0)), Double),
    _instant(TODAY),
    func.concat(
        _of(_signed, "intervenant", "intervenants"),
        f" avec contrat signé et date de fin, dont avec toutes les clauses{NB}: ",
        _count(_whole),
    ),
    _m,
).where(_m.closed_at.is_(None), (_m.ends_on >= TODAY) | _opened)

_kept = and_(
    _a.mfa,
    case((_a.revoked_on.is_(None), _m.ends_on >= TODAY), else_=_a.revoked_on <= _m.ends_on),
)
_ended = (
    _row(
        "ACC-09",
        _share(_kept),
        _instant(TODAY),
        func.concat(
            func.count(),
            case((func.count() < 2, f"{NB}accès d’intervenant"), else_=f"{NB}accès d’intervenants"),
            f" en un an, nominatifs et datés, coupés trop tard ou restés ouverts{NB}: ",
            _count(~_kept),
        ),
        _a,
    )
    .join(Mission.__table__, and_(_m.tenant_id == _a.tenant_id, _m.id == _a.mission_id))
    .where(_a.revoked_on.is_(None) | (_a.revoked_on >= TODAY - SINCE_DAYS))
)

_in_place = and_(_p.id.is_not(None), _p.left_on.is_(None) | (_p.left_on > TODAY))
_valid = _h.certificate_until.is_(None) | (_h.certificate_until >= TODAY)
_right = and_(_in_place, _valid)
_usual = case(
    (_c.kind == "commune", len(content.portals("commune"))), else_=len(content.portals("enterprise"))
)
_usual_codes = sorted({portal.code for kind in ("commune", "enterprise") for portal in content.portals(kind)})
_filled = func.count(func.distinct(case((_h.code.in_(_usual_codes), _h.code))))
_used, _held = _count(_h.used), _count(and_(_h.used, _right))
# A register half filled says nothing good of the other half; a portal in the wrong hands speaks at once.
_holders = (
    _row(
        "ACC-11",
        cast(_held, Double) / func.nullif(cast(_used, Double), literal_column("0")),
        case(
            (_held < _used, _instant(TODAY)),
            else_=_instant(func.coalesce(func.min(_h.reviewed_on), TODAY)),
        ),
        func.concat(
            _held,
            case((_held < 2, f"{NB}portail"), else_=f"{NB}portails"),
            " sur ",
            _used,
            " au nom d’une personne en poste, certificat valable",
        ),
        _h,
    )
    .join(Client.__table__, and_(_c.tenant_id == _h.tenant_id, _c.id == _h.client_id))
    .outerjoin(Person.__table__, and_(_p.tenant_id == _h.tenant_id, _p.id == _h.person_id))
    .group_by(_c.kind)
    .having(_used > 0, (_held < _used) | (_filled >= _usual))
)

FACTS = select(union_all(_cut, _rotated, _under_contract, _ended, _holders).subquery("leaving_fact"))
"""(tenant_id, client_id, code, value, observed_at, detail) of every tenant. The reader filters the tenant."""
