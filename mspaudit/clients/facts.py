"""What this room measures: is a pilot named in writing, with time planned (GOV-01)?

No referent recorded gives no row: nobody having written it down does not make it false.
"""

from datetime import date

from sqlalchemy import TIMESTAMP, Date, Numeric, Text, and_, bindparam, case, cast, func, literal, select

from mspaudit.clients.models import Person, Referent
from mspaudit.kernel import clock


def _today() -> date:
    return clock.today(clock.now())


# A caller that reckons for another day gives it; otherwise it is today in Paris.
TODAY = bindparam("today", callable_=_today, type_=Date)

BY = "la fiche du client"

_referent, _person = Referent.__table__, Person.__table__
_r, _p = _referent.c, _person.c

in_place = and_(_r.since <= TODAY, _r.until.is_(None) | (_r.until > TODAY))
_signed = and_(_r.mandate_signed_on <= TODAY, _r.mandate_until.is_(None) | (_r.mandate_until >= TODAY))
_planned = _r.hours_a_month > 0
_hours = func.replace(func.trim_scale(cast(_r.hours_a_month, Numeric)).cast(Text), ".", ",")
_detail = func.concat(
    _p.name,
    case(
        (_signed, literal(", mandat signé le ") + func.to_char(_r.mandate_signed_on, "DD/MM/YYYY")),
        (
            _r.mandate_until < TODAY,
            literal(", mandat fini le ") + func.to_char(_r.mandate_until, "DD/MM/YYYY"),
        ),
        else_=", sans mandat signé",
    ),
    case((_planned, literal(", ") + _hours + "\u00a0h par mois"), else_=", sans temps prévu"),
)
_since = func.greatest(
    _r.since, case((_signed, _r.mandate_signed_on)), case((_r.mandate_until < TODAY, _r.mandate_until))
)

FACTS = (
    select(
        _r.tenant_id,
        _r.client_id,
        literal("GOV-01").label("code"),
        case((and_(_signed, _planned), 1.0), else_=0.5).label("value"),
        func.timezone("Europe/Paris", cast(_since, TIMESTAMP)).label("observed_at"),
        _detail.label("detail"),
    )
    .join(_person, and_(_p.tenant_id == _r.tenant_id, _p.id == _r.person_id))
    .where(_r.role == "pilot", in_place)
)
"""(tenant_id, client_id, code, value, observed_at, detail). The reader filters the tenant."""
