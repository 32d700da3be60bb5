"""What the field says needs an action: reports sorted as more than comfort, reread, and not answered yet."""

from sqlalchemy import TIMESTAMP, Text, and_, cast, func, literal, select

from mspaudit.fieldwork.models import FieldReport, ReportControl
from mspaudit.kernel.french import NB

_r, _l = FieldReport.__table__.c, ReportControl.__table__.c
_code = (
    select(func.min(_l.code))
    .where(and_(_l.tenant_id == _r.tenant_id, _l.report_id == _r.id))
    .correlate(FieldReport.__table__)
    .scalar_subquery()
)

FINDINGS = select(
    _r.tenant_id,
    _r.client_id,
    literal("report").label("kind"),
    _r.id.label("source_id"),
    _code.label("code"),
    (literal(f"Remontée de terrain{NB}: ") + _r.tool).label("title"),
    cast(func.coalesce(func.nullif(_r.proposal, ""), func.nullif(_r.reason, "")), Text).label("detail"),
    func.timezone("Europe/Paris", cast(_r.triaged_on, TIMESTAMP)).label("observed_at"),
).where(
    _r.cleared,
    _r.merged_into.is_(None),
    _r.answer.is_(None),
    _r.level.in_(("immediate", "structural")),
)
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
