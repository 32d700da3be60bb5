"""The deadlines that ask nothing of anybody any more, as every room below reads them."""

from sqlalchemy import select

from mspaudit.notices.models import DeadlineState
from mspaudit.notices.rules import DONE, SNOOZED

_s = DeadlineState.__table__.c

SETTLED = select(_s.tenant_id, _s.client_id, _s.id.label("deadline_id"), _s.until.label("until")).where(
    _s.state.in_((DONE, SNOOZED))
)
"""(tenant_id, client_id, deadline_id, until): set aside before that day, or for good when it is null."""
