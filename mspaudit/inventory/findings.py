"""What the inventory says needs an action: machines without fixes, contracts whose notice ends soon."""

from sqlalchemy import Text, Uuid, and_, case, cast, func, literal, null, select, union_all

from mspaudit.clients.facts import TODAY
from mspaudit.clients.models import Client
from mspaudit.inventory.deadlines import grouped_names
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.terms_sql import ACT_BY, END, support, supported_until, with_terms
from mspaudit.kernel.french import NB

NOTICE_SOON_DAYS = 90
"""How long before its last useful day a tacit renewal is put to the client: time to compare and decide."""

_agreement, _asset, _client = Agreement.__table__, Asset.__table__, Client.__table__
_a, _m, _c = _agreement.c, _asset.c, _client.c
_count = func.count()
_machines = cast(_count, Text) + case((_count == 1, f"{NB}machine "), else_=f"{NB}machines ")

_obsolete = (
    select(
        _m.tenant_id,
        _m.client_id,
        literal("machine").label("kind"),
        cast(func.md5(func.concat_ws(" ", "obsolete", _m.client_id, support().c.key)), Uuid).label(
            "source_id"
        ),
        literal("INV-03").label("code"),
        (_machines + support().c.label + literal(" sans correctifs")).label("title"),
        grouped_names().label("detail"),
        func.max(_m.seen_at).label("observed_at"),
    )
    .join(_client, and_(_c.tenant_id == _m.tenant_id, _c.id == _m.client_id, _c.archived_at.is_(None)))
    .join(support(), support().c.key == _m.product)
    .where(_m.gone_at.is_(None), _m.status == "in_use", supported_until() < TODAY)
    .group_by(_m.tenant_id, _m.client_id, support().c.key, support().c.label)
)

_notices = with_terms(
    select(
        _a.tenant_id,
        _a.client_id,
        literal("contract").label("kind"),
        _a.id.label("source_id"),
        cast(null(), Text).label("code"),
        (literal("Décider de la suite : ").op("||")(_a.label)).label("title"),
        func.concat(
            literal("préavis avant le "),
            func.to_char(ACT_BY, "DD/MM/YYYY"),
            literal(", sinon reconduit après le "),
            func.to_char(END, "DD/MM/YYYY"),
        ).label("detail"),
        _a.seen_at.label("observed_at"),
    )
    .select_from(_agreement)
    .join(_client, and_(_c.tenant_id == _a.tenant_id, _c.id == _a.client_id, _c.archived_at.is_(None)))
).where(
    _a.gone_at.is_(None),
    _a.noticed_on.is_(None),
    _a.tacit,
    ACT_BY >= TODAY,
    ACT_BY <= TODAY + NOTICE_SOON_DAYS,
)

FINDINGS = select(union_all(_obsolete, _notices).subquery("inventory_finding"))
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
