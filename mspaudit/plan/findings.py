"""What every room says needs an action at a client, and is in no plan yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, union_all

from mspaudit import features
from mspaudit.checklists.queries.measured import CLIENTS, of_tenant, parameters
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.plan.models import ActionItem
from mspaudit.tenancy.context import tenant_id

SAID = ("gap", "unknown", "contradiction")
"""Kinds that the questionnaire tells: a control has one finding, whatever the campaign."""


@dataclass(frozen=True)
class Candidate:
    """A finding that could become an action. ``gain``: points of risk, None when it closes no control.

    ``fix``: the action that would close it; ``hours`` and ``once_cents``: what that usually takes.
    """

    kind: str
    source_id: UUID
    code: str | None
    title: str
    fix: str
    detail: str
    observed_at: datetime
    gain: float | None
    hours: float
    once_cents: int

    @property
    def per_hour(self) -> float:
        """Points of risk for each hour; the whole gain when it takes none."""
        return (self.gain or 0.0) / (self.hours or 0.25)


def candidates(
    client_id: UUID, controls: Mapping[str, Control], gains: Mapping[str, float], *, today: date
) -> list[Candidate]:
    """A client's findings that no action answers, the greatest gain for an hour first; two statements.

    Args:
        controls: the words of the client's controls, by code.
        gains: what each control would gain if it were closed, in points of risk.
    """
    taken = _taken(client_id)
    rows = [row for row in _all(client_id, today) if _key(row.kind, row.source_id, row.code) not in taken]
    closer = {row.code for row in rows if row.code and row.kind not in SAID}
    told = [row for row in rows if row.kind not in SAID or row.code not in closer]
    found = [_candidate(row, controls, gains) for row in told]
    kept = [each for each in found if each.kind not in SAID or (each.gain or 0) > 0]
    return sorted(kept, key=lambda each: (each.kind in SAID, -each.per_hour, each.title))


def _all(client_id: UUID, today: date) -> list[Row[Any]]:
    values = parameters(tenant_id(), today, [client_id])
    return list(db.session.execute(_every(), values))


@cache
def _every() -> Select[Any]:
    sources = [of_tenant(module.FINDINGS) for module in features.modules(features.FINDINGS)]
    found = union_all(*sources).subquery("finding")
    return select(*found.c).where(found.c.client_id == func.any(CLIENTS))


def _taken(client_id: UUID) -> set[tuple[str, object]]:
    rows = db.session.execute(
        select(ActionItem.source_kind, ActionItem.source_id, ActionItem.code).where(
            ActionItem.client_id == client_id, ActionItem.status != "cancelled"
        )
    )
    return {_key(*row) for row in rows}


def _key(kind: str, source_id: UUID | None, code: str | None) -> tuple[str, object]:
    return ("code", code) if kind in SAID else (kind, source_id)


def _candidate(row: Any, controls: Mapping[str, Control], gains: Mapping[str, float]) -> Candidate:
    control = controls.get(row.code or "")
    said = row.kind in SAID and control is not None
    return Candidate(
        kind=row.kind,
        source_id=row.source_id,
        code=row.code,
        title=control.gap if said and control else row.title,
        fix=_fix(row.title, control, said=said),
        detail=row.detail or "",
        observed_at=row.observed_at,
        gain=gains.get(row.code) if row.code else None,
        hours=control.hours if control else 1.0,
        once_cents=control.cost_eur * 100 if control else 0,
    )


def _fix(title: str, control: Control | None, *, said: bool) -> str:
    if control is None:
        return title
    return control.fix if said else f"{control.fix} ({title})"
