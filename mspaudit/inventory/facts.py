"""What this room measures: is there an inventory (INV-01), do its systems still receive fixes (INV-03), are
contracts listed with their end and notice (GOV-05), is an invoicing platform chosen (GOV-07)?

Nothing recorded gives no row: it may be kept elsewhere.
"""

from typing import Any

from sqlalchemy import ColumnElement, Double, Text, and_, case, cast, func, literal, or_, select, union_all

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.rules import COMPUTERS
from mspaudit.inventory.terms_sql import END, support, supported_until, with_terms
from mspaudit.kernel.french import NB

BY = "l’inventaire"
KNOWN_AT_LEAST = 0.5
"""Share of machines whose system must be known before anything is said of their support."""

_agreement, _asset, _client = Agreement.__table__, Asset.__table__, Client.__table__
_a, _m, _c = _agreement.c, _asset.c, _client.c
_count = func.count()
_seen, _read = func.max(_m.seen_at), func.max(_a.seen_at)
_of_asset = and_(_c.tenant_id == _m.tenant_id, _c.id == _m.client_id)
_of_agreement = and_(_c.tenant_id == _a.tenant_id, _c.id == _a.client_id)
_here = and_(_m.gone_at.is_(None), _m.status != "retired")


def _said(count: ColumnElement[int], one: str, many: str) -> ColumnElement[str]:
    return cast(count, Text) + NB + case((count < 2, one), else_=many)


def _share(part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[Any]:
    return cast(part, Double) / cast(func.nullif(whole, 0), Double)


def _paris(moment: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(func.timezone("Europe/Paris", moment), "DD/MM/YYYY")


# Question INV-01 asks for machines, software and licences: machines alone are half of the answer.
_licences = (
    select(_count)
    .select_from(_agreement)
    .where(
        _a.tenant_id == _m.tenant_id,
        _a.client_id == _m.client_id,
        _a.kind.in_(("licence", "software")),
        _a.gone_at.is_(None),
    )
    .correlate(_asset)
    .scalar_subquery()
)
_inventory = (
    select(
        _m.tenant_id,
        _m.client_id,
        literal("INV-01").label("code"),
        case((_licences > 0, 1.0), else_=0.5).label("value"),
        _seen.label("observed_at"),
        func.concat(
            _said(_count, "machine et ", "machines et "),
            case(
                (_licences > 0, _said(_licences, "licence ou logiciel", "licences ou logiciels")),
                else_="aucune licence",
            ),
            ", relevées le ",
            _paris(_seen),
        ).label("detail"),
    )
    .join(_client, _of_asset)
    .where(_here)
    .group_by(_m.tenant_id, _m.client_id)
)

_named = support().c.key.is_not(None)
_known = _count.filter(_named)
_kept = _count.filter(_named, func.coalesce(supported_until() >= TODAY, True))
_unknown = _count - _known
_supported = (
    select(
        _m.tenant_id,
        _m.client_id,
        literal("INV-03").label("code"),
        _share(_kept, _known).label("value"),
        _seen.label("observed_at"),
        func.concat(
            _said(_kept, "machine sur ", "machines sur "),
            cast(_known, Text),
            case((_kept < 2, " reçoit"), else_=" reçoivent"),
            " encore des correctifs",
            case(
                (_unknown > 0, literal(", ") + _said(_unknown, "système inconnu", "systèmes inconnus")),
                else_="",
            ),
        ).label("detail"),
    )
    .join(_client, _of_asset)
    .outerjoin(support(), support().c.key == _m.product)
    .where(_here, _m.status == "in_use", or_(_m.kind.in_(COMPUTERS), _named))
    .group_by(_m.tenant_id, _m.client_id)
    .having(_known >= func.greatest(1, cast(_count, Double) * KNOWN_AT_LEAST))
)

_told = _count.filter(_a.ends_on.is_not(None), or_(_a.notice_months.is_not(None), ~_a.tacit))
_contracts = (
    select(
        _a.tenant_id,
        _a.client_id,
        literal("GOV-05").label("code"),
        _share(_told, _count).label("value"),
        _read.label("observed_at"),
        func.concat(
            _said(_count, "contrat listé, ", "contrats listés, dont "),
            cast(_told, Text),
            " avec échéance et préavis",
        ).label("detail"),
    )
    .join(_client, _of_agreement)
    .where(_a.gone_at.is_(None), _a.kind.not_in(("domain", "certificate")))
    .group_by(_a.tenant_id, _a.client_id)
)

_platform = with_terms(
    select(
        _a.tenant_id,
        _a.client_id,
        literal("GOV-07").label("code"),
        literal(1.0).label("value"),
        _a.seen_at.label("observed_at"),
        func.concat_ws(", ", _a.label, func.nullif(_a.supplier, "")).label("detail"),
    )
    .select_from(_agreement)
    .join(_client, _of_agreement)
).where(_a.gone_at.is_(None), _a.kind == "platform", func.coalesce(END >= TODAY, True))

FACTS = select(union_all(_inventory, _supported, _contracts, _platform).subquery("inventory_fact"))
"""(tenant_id, client_id, code, value, observed_at, detail) of every tenant."""
