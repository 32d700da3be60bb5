"""What the field disproves: a control that reports speak of, until they are answered « c’est fait »."""

from sqlalchemy import TIMESTAMP, Double, Integer, and_, case, cast, extract, func, literal, select

from mspaudit.fieldwork.models import FieldCampaign, FieldReport, ReportControl
from mspaudit.kernel.french import MONTHS, NB

BY = "le terrain"

_c, _r, _l = FieldCampaign.__table__.c, FieldReport.__table__.c, ReportControl.__table__.c
_month = case(
    dict(enumerate(MONTHS, 1)),
    value=cast(extract("month", _c.session_on), Integer),
)
_count = func.count()
_reports = func.concat(
    _count, NB, case((_count > 1, literal("remontées de terrain")), else_=literal("remontée de terrain"))
)

FACTS = (
    select(
        _l.tenant_id,
        _l.client_id,
        _l.code,
        cast(0, Double).label("value"),
        func.timezone("Europe/Paris", cast(func.max(_l.linked_on), TIMESTAMP)).label("observed_at"),
        func.concat(
            _reports,
            ", campagne ",
            case((_month.in_(("avril", "août", "octobre")), "d’"), else_="de "),
            _month,
            " ",
            cast(extract("year", _c.session_on), Integer),
        ).label("detail"),
    )
    .join(FieldReport.__table__, and_(_r.tenant_id == _l.tenant_id, _r.id == _l.report_id))
    .join(FieldCampaign.__table__, and_(_c.tenant_id == _r.tenant_id, _c.id == _r.campaign_id))
    .where(_r.answer.is_distinct_from("done"))
    .group_by(_l.tenant_id, _l.client_id, _l.code, _c.id, _c.session_on)
)
"""(tenant_id, client_id, code, value, observed_at, detail). The reader filters the tenant."""
