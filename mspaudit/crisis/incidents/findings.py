"""What incidents say needs an action: each lesson that was drawn."""

from sqlalchemy import Text, and_, cast, func, literal, null, select

from mspaudit.crisis.incidents.models import Incident, IncidentLesson
from mspaudit.kernel.french import NB

_i, _l = Incident.__table__.c, IncidentLesson.__table__.c

FINDINGS = select(
    _l.tenant_id,
    _l.client_id,
    literal("incident").label("kind"),
    _l.id.label("source_id"),
    cast(null(), Text).label("code"),
    _l.text.label("title"),
    func.concat(
        f"enseignement de l’incident n°{NB}",
        _i.number,
        " du ",
        func.to_char(func.timezone("Europe/Paris", _i.awareness_at), "DD/MM/YYYY"),
    ).label("detail"),
    _l.written_at.label("observed_at"),
).join(Incident.__table__, and_(_i.tenant_id == _l.tenant_id, _i.id == _l.incident_id))
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
