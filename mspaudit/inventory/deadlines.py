"""What falls due in this room: terms by their last useful day, warranties, ends of support."""

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.rules import KINDS
from mspaudit.inventory.terms_sql import ACT_BY, END, support, supported_until, with_terms
from mspaudit.kernel.french import NB

_agreement, _asset, _client = Agreement.__table__, Asset.__table__, Client.__table__
_a, _m, _c = _agreement.c, _asset.c, _client.c
WARRANTIES_PAST_DAYS = 30
"""How long a warranty that is over stays listed: nothing can be done about it any more."""
_NAMED = 3


def _of(table_tenant: ColumnElement[object], client_id: ColumnElement[object]) -> ColumnElement[bool]:
    return and_(_c.tenant_id == table_tenant, _c.id == client_id, _c.archived_at.is_(None))


def _day(value: ColumnElement[object]) -> ColumnElement[str]:
    return func.to_char(value, "DD/MM/YYYY")


_kinds = {code: f"{name}{NB}: " for code, name in KINDS.items()}
_asked = case(
    (_a.notice_months > 0, literal("préavis de ") + cast(_a.notice_months, Text) + f"{NB}mois, "), else_=""
)
_renews = case(
    (_a.noticed_on.is_not(None), literal("préavis donné le ") + _day(_a.noticed_on)),
    (_a.tacit, _asked + literal("se reconduit seul")),
    else_=None,
)
_terms = with_terms(
    select(
        _a.tenant_id,
        _a.client_id,
        _a.kind.label("kind"),
        _a.id.label("subject_id"),
        (case(_kinds, value=_a.kind, else_="") + _a.label).label("subject"),
        END.label("due_on"),
        ACT_BY.label("act_by"),
        _a.yearly_cents.label("amount"),
        func.nullif(func.concat_ws(", ", func.nullif(_a.supplier, ""), _renews), "").label("detail"),
    )
    .select_from(_agreement)
    .join(_client, _of(_a.tenant_id, _a.client_id))
    .where(_a.gone_at.is_(None), _a.ends_on.is_not(None))
)

_names = func.array_agg(aggregate_order_by(_m.name, _m.name))
_count = func.count()
_named = func.array_to_string(func.trim_array(_names, cast(func.greatest(_count - _NAMED, 0), Integer)), ", ")
_others = case(
    (_count == _NAMED + 1, " et une autre"),
    (_count > _NAMED, literal(" et ") + cast(_count - _NAMED, Text) + " autres"),
    else_="",
)
_postes = case((_count == 1, f"{NB}poste"), else_=f"{NB}postes")
_things = case((_count == 1, f"{NB}machine"), else_=f"{NB}machines")
_desks = func.bool_and(_m.kind.in_(("desktop", "laptop")))
_machines: ColumnElement[str] = cast(_count, Text) + case((_desks, _postes), else_=_things)


def grouped_names() -> ColumnElement[str]:
    """The first names of a group of machines, and how many others there are."""
    return _named + _others


def _grouped(
    kind: str, subject: ColumnElement[str], due_on: ColumnElement[object], *by: ColumnElement[object]
) -> Select[*tuple[object, ...]]:
    """One deadline for the machines of a client that share ``by``; its identifier is made of those."""
    same = func.md5(func.concat_ws(" ", kind, _m.client_id, *by))
    return (
        select(
            _m.tenant_id,
            _m.client_id,
            literal(kind).label("kind"),
            cast(same, Uuid).label("subject_id"),
            subject.label("subject"),
            due_on.label("due_on"),
            due_on.label("act_by"),
            cast(null(), Integer).label("amount"),
            grouped_names().label("detail"),
        )
        .join(_client, _of(_m.tenant_id, _m.client_id))
        .where(_m.gone_at.is_(None), _m.status != "retired")
        .group_by(_m.tenant_id, _m.client_id, *by)
    )


_warranties = _grouped(
    "warranty", literal(f"Garantie{NB}: ") + _machines, _m.warranty_until, _m.warranty_until
).where(_m.warranty_until >= TODAY - WARRANTIES_PAST_DAYS)

_until = supported_until()
_support = (
    _grouped("end_of_support", _machines + " " + support().c.label, _until, support().c.label, _until)
    .join(support(), support().c.key == _m.product)
    .where(_until.is_not(None))
)

DEADLINES = select(union_all(_terms, _warranties, _support).subquery("inventory_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
