"""Whom the contracts say to call in a crisis: the insurer, by the cyber policy."""

from sqlalchemy import Select, and_, case, func, literal, select

from mspaudit.inventory.models import Agreement, InsurancePolicy

_agreement, _policy = Agreement.__table__, InsurancePolicy.__table__
_a, _p = _agreement.c, _policy.c

CONTACTS: Select[tuple[object, ...]] = (
    select(
        _a.tenant_id,
        _a.client_id,
        literal("insurer").label("code"),
        func.concat_ws(" ", func.nullif(_a.supplier, ""), func.nullif(_p.claim_contact, "")).label("name"),
        _p.claim_phone.label("phone"),
        func.concat(
            case((_a.reference != "", func.concat("contrat ", _a.reference)), else_=_a.label),
            case(
                (_p.notify_hours.is_not(None), func.concat(", à déclarer sous ", _p.notify_hours, " heures")),
                else_="",
            ),
        ).label("note"),
    )
    .join(_policy, and_(_p.tenant_id == _a.tenant_id, _p.agreement_id == _a.id))
    .where(_a.gone_at.is_(None))
    .order_by(_a.ends_on.desc().nulls_last())
)
"""(tenant_id, client_id, code, name, phone, note) of every tenant. The reader filters the tenant."""
