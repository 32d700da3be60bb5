"""What falls due in this room: departures' lists, ends of missions, certificates owed or about to end."""

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, func, literal, null, select, union_all

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Person
from mspaudit.departures.models import Departure, DepartureItem, Mission, MissionAccess, PortalHolder
from mspaudit.departures.rules import DESTRUCTION_DAYS
from mspaudit.kernel.french import NB

CERTIFICATE_NOTICE_DAYS = 30
"""How long before a holder's certificate ends its renewal starts: an issuer meets the holder (ours)."""

_d, _i = Departure.__table__.c, DepartureItem.__table__.c
_m, _a = Mission.__table__.c, MissionAccess.__table__.c
_h, _p = PortalHolder.__table__.c, Person.__table__.c
_NO_AMOUNT = cast(null(), Integer).label("amount")
_FORMAT = "DD/MM/YYYY"

_todo = (
    select(
        _i.tenant_id,
        _i.departure_id,
        func.count().label("left"),
        func.min(_i.act_by).label("act_by"),
        func.min(_i.due_on).label("due_on"),
    )
    .where(_i.state == "todo")
    .group_by(_i.tenant_id, _i.departure_id)
    .subquery("todo")
)


def _first(line: ColumnElement[object]) -> ColumnElement[object]:
    """The earliest of a list's next line, of its making, and of the check by someone else."""
    return func.least(
        line, case((_d.prepared_at.is_(None), _d.leaves_on)), case((_d.verified_at.is_(None), _d.verify_by))
    )


_departures = (
    select(
        _d.tenant_id,
        _d.client_id,
        literal("departure").label("kind"),
        _d.id.label("subject_id"),
        (literal("Départ de ") + _p.name).label("subject"),
        _first(_todo.c.due_on).label("due_on"),
        _first(_todo.c.act_by).label("act_by"),
        _NO_AMOUNT,
        func.concat(
            literal("dernier jour le "),
            func.to_char(_d.leaves_on, _FORMAT),
            case(
                (_todo.c.left > 1, func.concat(", ", _todo.c.left, f"{NB}lignes à faire")),
                (_todo.c.left == 1, f", 1{NB}ligne à faire"),
                (_d.prepared_at.is_(None), ", liste à préparer"),
                else_=", à vérifier par une autre personne",
            ),
        ).label("detail"),
    )
    .join(Person.__table__, and_(_p.tenant_id == _d.tenant_id, _p.id == _d.person_id))
    .outerjoin(_todo, and_(_todo.c.tenant_id == _d.tenant_id, _todo.c.departure_id == _d.id))
    .where(_d.closed_at.is_(None), _d.cancelled_at.is_(None))
    .where(_d.verified_at.is_(None) | (_todo.c.left > 0))
)

_of_mission = and_(_a.tenant_id == _m.tenant_id, _a.mission_id == _m.id)
_open = select(func.count()).select_from(MissionAccess.__table__).where(_of_mission, _a.revoked_on.is_(None))
_ever = select(func.count()).select_from(MissionAccess.__table__).where(_of_mission)
_who = func.concat(_m.name, case((_m.company != "", func.concat(", ", _m.company)), else_=""))

_missions = select(
    _m.tenant_id,
    _m.client_id,
    literal("mission").label("kind"),
    _m.id.label("subject_id"),
    (literal(f"Fin de mission{NB}: ") + _m.name).label("subject"),
    _m.ends_on.label("due_on"),
    _m.ends_on.label("act_by"),
    _NO_AMOUNT,
    func.concat(_who, f", accès ouverts{NB}: ", cast(_open.scalar_subquery(), Text)).label("detail"),
).where(_m.closed_at.is_(None), (_open.scalar_subquery() > 0) | (_m.ends_on >= TODAY))

_destructions = select(
    _m.tenant_id,
    _m.client_id,
    literal("destruction").label("kind"),
    _m.id.label("subject_id"),
    (literal(f"Attestation de destruction{NB}: ") + _m.name).label("subject"),
    (_m.ends_on + DESTRUCTION_DAYS).label("due_on"),
    (_m.ends_on + DESTRUCTION_DAYS).label("act_by"),
    _NO_AMOUNT,
    func.concat(_who, ", mission finie le ", func.to_char(_m.ends_on, _FORMAT)).label("detail"),
).where(_m.closed_at.is_(None), _m.certificate_key.is_(None), _m.ends_on < TODAY, _ever.scalar_subquery() > 0)

_certificates = (
    select(
        _h.tenant_id,
        _h.client_id,
        literal("holder_certificate").label("kind"),
        _h.id.label("subject_id"),
        (literal(f"Certificat du titulaire{NB}: ") + _h.title).label("subject"),
        _h.certificate_until.label("due_on"),
        (_h.certificate_until - CERTIFICATE_NOTICE_DAYS).label("act_by"),
        _NO_AMOUNT,
        func.coalesce(_p.name, "sans titulaire").label("detail"),
    )
    .outerjoin(Person.__table__, and_(_p.tenant_id == _h.tenant_id, _p.id == _h.person_id))
    .where(_h.used, _h.certificate_until.is_not(None))
)

DEADLINES = select(
    union_all(_departures, _missions, _destructions, _certificates).subquery("leaving_deadline")
)
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
