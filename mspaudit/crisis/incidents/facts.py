"""What this room measures: who may sign is written with its proof (CRI-05); incidents are kept in a register
and their lessons drawn (CRI-07).

A client of whom nobody wrote who signs, or where nothing happened, gives no row: silence proves nothing.
"""

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Double,
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from mspaudit.clients.facts import TODAY
from mspaudit.crisis.incidents.models import Incident, SigningRight
from mspaudit.crisis.incidents.rules import LESSONS_DAYS
from mspaudit.kernel.french import NB

BY = "le suivi des incidents"
SINCE_DAYS = 365
"""How far back closed incidents still say how a client works."""

_s, _i = SigningRight.__table__.c, Incident.__table__.c
_proved = and_(_s.document_key.is_not(None), _s.granted_on.is_not(None))


def _covered(column: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.bool_or(column), literal(False)), Integer)


def _all_three(proof: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        _covered(and_(_s.complaint, proof))
        + _covered(and_(_s.cnil, proof))
        + _covered(and_(_s.insurer, proof))
    )


_named, _whole = _all_three(literal(True)), _all_three(_proved)
_signers = (
    select(
        _s.tenant_id,
        _s.client_id,
        literal("CRI-05").label("code"),
        case((_whole == 3, 1.0), (_named == 3, 0.5), else_=0.25).label("value"),
        func.max(_s.recorded_at).label("observed_at"),
        func.concat(
            "qui signe est écrit pour ",
            cast(_named, String),
            " démarches sur 3 (plainte, CNIL, assureur), avec preuve datée pour ",
            cast(_whole, String),
            f"{NB}: ",
            func.string_agg(_s.name.distinct(), ", "),
        ).label("detail"),
    )
    .where(_s.ended_at.is_(None))
    .group_by(_s.tenant_id, _s.client_id)
)

_closed_on = cast(func.timezone("Europe/Paris", _i.closed_at), TIMESTAMP)
_learned = _i.lessons_at.is_not(None)
_register = (
    select(
        _i.tenant_id,
        _i.client_id,
        literal("CRI-07").label("code"),
        cast(func.avg(case((_learned, 1.0), else_=0.5)), Double).label("value"),
        func.max(func.coalesce(_i.lessons_at, _i.closed_at)).label("observed_at"),
        func.concat(
            func.count(),
            case((func.count() < 2, f"{NB}incident clos"), else_=f"{NB}incidents clos"),
            " en un an au registre, avec enseignements tirés pour ",
            func.count().filter(_learned),
        ).label("detail"),
    )
    .where(
        _closed_on >= TODAY - SINCE_DAYS,
        # Those whose thirty days still run say nothing yet.
        _learned | (_closed_on < TODAY - LESSONS_DAYS),
    )
    .group_by(_i.tenant_id, _i.client_id)
)

FACTS = select(union_all(_signers, _register).subquery("incident_fact"))
"""(tenant_id, client_id, code, value, observed_at, detail) of every tenant. The reader filters the tenant."""
