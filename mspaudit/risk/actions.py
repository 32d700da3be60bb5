"""Recomputing: a whole tenant, or the clients that changed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from mspaudit.checklists.actions import contradictions
from mspaudit.checklists.models import LoadedControl
from mspaudit.clients.models import Client, Dirty, OrgUnit, Tag
from mspaudit.extensions import db
from mspaudit.risk import deadlines, gaps, history
from mspaudit.risk.compute import compute
from mspaudit.risk.models import Impact, Standing
from mspaudit.risk.scenarios import SCENARIOS, impacts_for
from mspaudit.risk.sums import SCENARIOS as NUMBERS
from mspaudit.risk.sums import WIDEST
from mspaudit.tenancy.context import tenant_id


class PackTooWide(RuntimeError):
    """A pack has more at stake in one scenario than the packed sums can hold."""


def recompute(*, today: date, now: datetime, clients: Sequence[UUID] | None = None) -> None:
    """Compute and write the figures of `today`; safe to run twice.

    The marks of these clients are locked until the figures commit, then gone: a change made meanwhile
    waits, marks its client anew and wakes another run.

    Args:
        today: the business day in Paris; any day may be given, so that a history can be told.
        now: the instant written beside the figures, UTC.
        clients: those to recompute; the whole tenant, its line of 90 days included, when None.

    Raises:
        PackTooWide: see `sums`; a pack of hundreds of the heaviest controls.
    """
    marks = select(Dirty) if clients is None else select(Dirty).where(Dirty.client_id.in_(clients))
    seen = db.session.scalars(marks.with_for_update(skip_locked=True)).all()
    _recompute(seen, today=today, now=now, clients=clients)


def recompute_changed(*, today: date, now: datetime, most: int = 500) -> bool:
    """Compute the clients marked as changed, the longest waiting first; two runs at once share the work.

    Returns whether there may be more than `most`.
    """
    marks = select(Dirty).order_by(Dirty.since).limit(most).with_for_update(skip_locked=True)
    seen = db.session.scalars(marks).all()
    if seen:
        _recompute(seen, today=today, now=now, clients=[mark.client_id for mark in seen])
    return len(seen) == most


def _recompute(marks: Sequence[Dirty], *, today: date, now: datetime, clients: Sequence[UUID] | None) -> None:
    _check_packs()
    refresh_impacts([mark.client_id for mark in marks if mark.profile])
    compute(today=today, now=now, clients=clients)
    _contradictions(today=today, clients=clients)
    deadlines.write(today=today, clients=clients)
    if clients is None:
        history.roll(today=today)
    history.total(today=today, now=now)
    gaps.refresh(today=today, now=now, force=clients is None)
    taken = [mark.client_id for mark in marks]
    db.session.execute(
        delete(Dirty).where(Dirty.client_id.in_(taken)), execution_options={"synchronize_session": False}
    )
    for mark in marks:
        db.session.expunge(mark)


def _contradictions(*, today: date, clients: Sequence[UUID] | None) -> None:
    disproved = select(Standing.client_id).where(Standing.contradicted > 0)
    if clients is not None:
        disproved = disproved.where(Standing.client_id.in_(clients))
    contradictions.rewrite(db.session.scalars(disproved).all(), today=today, clients=clients)


def refresh_impacts(clients: Sequence[UUID] = ()) -> None:
    """Write how hard each scenario would hit `clients`, and every client that has no impacts yet."""
    missing = ~exists().where(Impact.client_id == Client.id)
    rows = db.session.execute(
        select(
            Client.id,
            Client.kind,
            Client.population,
            Client.headcount,
            select(func.array_agg(OrgUnit.code)).where(OrgUnit.client_id == Client.id).scalar_subquery(),
            select(func.array_agg(Tag.tag)).where(Tag.client_id == Client.id).scalar_subquery(),
        ).where(missing | Client.id.in_(clients))
    ).all()
    if not rows:
        return
    values = [
        {"tenant_id": tenant_id(), "client_id": row[0]}
        | _numbered(
            impacts_for(row[1], population=row[2], headcount=row[3], units=row[4] or (), tags=row[5] or ())
        )
        for row in rows
    ]
    statement = insert(Impact).values(values)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Impact.tenant_id, Impact.client_id],
            set_={f"i{i}": statement.excluded[f"i{i}"] for i in NUMBERS},
        )
    )


def _numbered(impacts: dict[str, int]) -> dict[str, int]:
    return {f"i{i}": impacts[scenario] for i, scenario in zip(NUMBERS, SCENARIOS, strict=True)}


def _check_packs() -> None:
    strengths = [getattr(LoadedControl, f"m{i}") for i in NUMBERS]
    stakes = [func.sum(LoadedControl.weight * strength) for strength in strengths]
    widest = select(func.greatest(*stakes).label("stake")).group_by(LoadedControl.pack_id).subquery()
    if (db.session.scalar(select(func.max(widest.c.stake))) or 0) > WIDEST:
        raise PackTooWide(f"Σ weight × strength exceeds {WIDEST} for a scenario.")
