"""The whole portfolio in counts: distribution, means, and the mark that says whether anything moved."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, null, select

from mspaudit.clients.models import Client, Dirty
from mspaudit.extensions import db
from mspaudit.risk.history import rounded
from mspaudit.risk.models import PortfolioDay, Standing
from mspaudit.risk.rounding import level as level_of
from mspaudit.tenancy.context import current

_HASH = select(*(func.set_config(name, "off", True) for name in ("enable_nestloop", "enable_sort")))


@dataclass
class Overview:
    """The whole portfolio in counts. `marker` changes whenever a figure does.

    `dots`: clients by (integer risk, kind). `waiting`: clients without figures yet; `dirty`: those whose
    figures are about to change.
    """

    kinds: dict[str, int] = field(default_factory=lambda: {"commune": 0, "enterprise": 0})
    dots: dict[tuple[int, str], int] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=lambda: {"risk": 0.0, "posture": 0.0, "certainty": 0.0})
    waiting: int = 0
    dirty: int = 0
    computed_at: datetime | None = None
    clients: list[UUID] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Every client seen."""
        return sum(self.kinds.values())

    @property
    def computed(self) -> int:
        """Those that have figures."""
        return self.total - self.waiting

    @cached_property
    def levels(self) -> list[int]:
        """Clients by level, faible to critique."""
        found = [0, 0, 0, 0]
        for (risk, _kind), count in self.dots.items():
            found[min(risk // 25, 3)] += count
        return found

    def like(self, standing: Standing | None) -> int:
        """How many clients share the level of that one, or have no figures either."""
        return self.waiting if standing is None else self.levels[level_of(standing.risk) - 1]

    @property
    def marker(self) -> str:
        """What the page shows, in a few letters."""
        return marked(self.computed_at, self.dirty)

    def mean(self, figure: str) -> float:
        """The mean of `risk`, `posture` or `certainty` over the computed clients; 0 without any."""
        return self.sums[figure] / self.computed if self.computed else 0.0


def overview() -> Overview:
    """The portfolio in counts; over a whole tenant it also has PostgreSQL join by hashing from here on.

    The planner takes a policy's « all clients or those listed » for one row in 150, and a nested loop over
    5,000 clients, where it expected 34, takes a second.
    """
    limited = current().kind == "limited"
    if not limited:
        db.session.execute(_HASH)
    found = Overview()
    for kind, risk, count, computed_at, dirty, *sums, clients in db.session.execute(_counts(limited)):
        found.kinds[kind] += count
        found.computed_at, found.dirty = computed_at, dirty
        found.clients += clients or []
        if risk is None:
            found.waiting += count
            continue
        found.dots[risk, kind] = found.dots.get((risk, kind), 0) + count
        for name, value in zip(found.sums, sums, strict=True):
            found.sums[name] += value
    return found


@cache
def _counts(limited: bool) -> Select[*tuple[Any, ...]]:
    shown = rounded(Standing.risk)
    columns: list[Any] = [
        Client.kind,
        shown,
        func.count(),
        *_marks(),
        *(func.sum(getattr(Standing, name)) for name in ("risk", "posture", "certainty")),
        func.array_agg(Client.id) if limited else null(),
    ]
    return (
        select(*columns)
        .outerjoin(Standing, Standing.client_id == Client.id)
        .where(Client.archived_at.is_(None))
        .group_by(Client.kind, shown)
    )


def marker() -> str:
    """`Overview.marker` alone, for a page that asks every three seconds whether anything moved."""
    return marked(*db.session.execute(select(*_marks())).one())


def marked(computed_at: datetime | None, dirty: int) -> str:
    """The last computation and the clients that wait for the next."""
    return f"{computed_at.timestamp() if computed_at else 0:.6f}-{dirty}"


def _marks() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    computed_at = select(func.max(PortfolioDay.computed_at)).scalar_subquery()
    dirty = (
        select(func.count())
        .select_from(Dirty)
        .join(Client, Client.id == Dirty.client_id)
        .where(Client.archived_at.is_(None))
    )
    return computed_at, dirty.scalar_subquery()
