"""What the questionnaire says needs an action: a measure that lacks, that nobody knows, or that a
measurement contradicts. The title is the control's code: its reader has the words of the packs.

Executed with ``queries.measured.parameters(tenant, today, clients)``.
"""

from sqlalchemy import Double, Text, and_, case, cast, func, literal, literal_column, null, select

from mspaudit.checklists.measured import CONTRADICTION_GAP
from mspaudit.checklists.models import Answer, Assessment
from mspaudit.checklists.queries.measured import facts, halves

_answer, _assessment = Answer.__table__, Assessment.__table__
_a, _s, _f = _answer.c, _assessment.c, facts(True).c
_worth = cast(halves(), Double) / literal_column("2.0::float8", Double)
_disproved = and_(_a.choice.is_not(None), _f.value.is_not(None), _worth >= _f.value + CONTRADICTION_GAP)

FINDINGS = (
    select(
        _a.tenant_id,
        _a.client_id,
        case(
            (_disproved, literal("contradiction")), (_a.choice == "unknown", literal("unknown")), else_="gap"
        ).label("kind"),
        _a.id.label("source_id"),
        _a.code,
        _a.code.label("title"),
        func.coalesce(_f.detail, func.nullif(_a.note, ""), cast(null(), Text)).label("detail"),
        func.coalesce(_a.answered_at, _s.started_at).label("observed_at"),
    )
    .join(_assessment, and_(_s.tenant_id == _a.tenant_id, _s.id == _a.assessment_id))
    .outerjoin(facts(True), and_(_f.client_id == _a.client_id, _f.code == _a.code))
    .where(
        _s.current,
        _a.na_reason.is_(None),
        _a.choice.is_not(None) | _f.value.is_not(None),
        func.coalesce(_f.value, _worth) < literal_column("1.0::float8", Double),
    )
)
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
