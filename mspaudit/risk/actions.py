"""Recomputing: a whole tenant, or the clients that changed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from mspaudit.checklists.models import LoadedControl
from mspaudit.clients.models import Client, OrgUnit, Tag
from mspaudit.extensions import db
from mspaudit.risk import deadlines, gaps, history
from mspaudit.risk.compute import compute
from mspaudit.risk.models import Impact
from mspaudit.risk.scenarios import SCENARIOS, impacts_for
from mspaudit.risk.sums import SCENARIOS as NUMBERS
from mspaudit.risk.sums import WIDEST
from mspaudit.tenancy.context import tenant_id


class PackTooWide(RuntimeError):
    """A pack has more at stake in one scenario than the packed sums can hold."""


def recompute(
    *,
    today: date,
    now: datetime,
    clients: Sequence[UUID] | None = None,
    profiles: Sequence[UUID] = (),
) -> None:
    """Compute and write the figures of `today`; safe to run twice.

    Args:
        today: the business day in Paris; any day may be given, so that a history can be told.
        now: the instant written beside the figures, UTC.
        clients: those to recompute; the whole tenant, its line of 90 days included, when None.
        profiles: of those, the ones whose kind, size, units or tags changed.

    Raises:
        PackTooWide: see `sums`; a pack of hundreds of the heaviest controls.
    """
    _check_packs()
    refresh_impacts(profiles)
    compute(today=today, now=now, clients=clients)
    deadlines.write(today=today, clients=clients)
    if clients is None:
        history.roll(today=today)
    history.total(today=today, now=now)
    gaps.refresh(today=today, now=now, force=clients is None)


def retell(*, today: date, now: datetime) -> None:
    """Write the figures of a past day for the whole tenant.

    What tells the present (deadlines, shared gaps, the line of 90 days) is left to `recompute`.
    """
    _check_packs()
    refresh_impacts()
    compute(today=today, now=now)
    history.total(today=today, now=now)


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
