"""Reading figures, and one client's reasons through the reference itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from mspaudit.checklists import rules as answers
from mspaudit.checklists.measured import Measured, value_on
from mspaudit.checklists.models import Answer, Assessment, LoadedControl, LoadedPack
from mspaudit.checklists.packs import words
from mspaudit.checklists.queries import measured_of
from mspaudit.content.packs import Control, Pack
from mspaudit.extensions import db
from mspaudit.kernel.periods import add_months, month_start
from mspaudit.risk import rules
from mspaudit.risk.gaps import Gap, Move, of_clients
from mspaudit.risk.models import Impact, PortfolioDay, Snapshot, Standing
from mspaudit.risk.rounding import level
from mspaudit.risk.scenarios import SCENARIOS
from mspaudit.risk.terms import Line


@dataclass(frozen=True)
class Detail:
    """One control of one client: what was said, what was measured, and the line the figures use."""

    control: Control
    answer: Answer
    state: answers.AnswerState
    said: rules.Answer | None
    measured: Measured | None
    line: Line
    hours: float
    cost_eur: int

    @property
    def contradicted(self) -> bool:
        """Whether a measurement disproves what was said."""
        return self.measured is not None and rules.contradicts(self.measured.fact, self.said)


@dataclass(frozen=True)
class Picture:
    """Everything the figures of one client rest on, as of one day. `impacts` is by scenario."""

    pack: Pack
    details: list[Detail]
    impacts: dict[str, int]
    today: date

    @property
    def lines(self) -> list[Line]:
        """The lines of the reference."""
        return [detail.line for detail in self.details]


def picture(client_id: UUID, *, today: date) -> Picture | None:
    """What the figures of a client rest on; None before its first campaign or first computation."""
    impacts = impacts_of(client_id)
    rows = db.session.execute(_details(), {"client": client_id}).all()
    if impacts is None or not rows:
        return None
    facts = measured_of(client_id, today=today)
    pack = words(rows[0].digest)
    details = [
        _detail(pack, row.Answer, row.LoadedControl, facts.get(row.Answer.code), today) for row in rows
    ]
    return Picture(pack, details, impacts, today)


def impacts_of(client_id: UUID) -> dict[str, int] | None:
    """How hard each scenario would hit a client; None when not computed yet."""
    found = db.session.scalar(select(Impact).where(Impact.client_id == client_id))
    if found is None:
        return None
    return {scenario: getattr(found, f"i{i}") for i, scenario in enumerate(SCENARIOS, start=1)}


def standing(client_id: UUID) -> Standing | None:
    """Where a client stands; None until it was computed."""
    return db.session.scalar(select(Standing).where(Standing.client_id == client_id))


def trend(client_id: UUID, *, today: date) -> Sequence[Snapshot]:
    """The last snapshot of each of twelve months, the oldest first."""
    month = _month(Snapshot.day)
    return db.session.scalars(
        select(Snapshot)
        .ext(distinct_on(month))
        .where(Snapshot.client_id == client_id, Snapshot.day >= _year_start(today), Snapshot.day <= today)
        .order_by(month, Snapshot.day.desc())
    ).all()


def now_of(picture: Picture) -> dict[str, float]:
    """The three figures of a client from what they rest on, by name."""
    return {
        "risk": rules.risk(picture.lines, picture.impacts).total,
        "posture": rules.posture(picture.lines),
        "certainty": rules.certainty(picture.lines),
    }


@dataclass(frozen=True)
class Month:
    """The portfolio at the end of a month, or today: means, and clients by level."""

    day: date
    risk: float
    posture: float
    certainty: float
    levels: list[int]


@dataclass(frozen=True)
class Past:
    """Twelve months of the portfolio, the oldest first, with what is to be gained now."""

    months: list[Month]
    gaps: list[Gap]
    moves: list[Move]


def portfolio(*, today: date) -> Past:
    """The year of the whole portfolio, as the last computations left it; one statement."""
    month = _month(PortfolioDay.day)
    rows = db.session.scalars(
        select(PortfolioDay)
        .ext(distinct_on(month))
        .where(PortfolioDay.day >= _year_start(today), PortfolioDay.day <= today, PortfolioDay.clients > 0)
        .order_by(month, PortfolioDay.day.desc())
    ).all()
    latest = next((row for row in reversed(rows) if row.gaps is not None), None)
    return Past(
        [Month(row.day, row.risk, row.posture, row.certainty, row.levels) for row in rows],
        [Gap(**gap) for gap in (latest and latest.gaps) or []],
        [Move(**move) for move in (latest and latest.moves) or []],
    )


def portfolio_of(clients: Sequence[UUID], *, today: date) -> Past:
    """The same for the few clients that a technician looks after; two statements."""
    month = _month(Snapshot.day)
    last = (
        select(Snapshot)
        .ext(distinct_on(month, Snapshot.client_id))
        .where(Snapshot.client_id.in_(clients), Snapshot.day >= _year_start(today), Snapshot.day <= today)
        .order_by(month, Snapshot.client_id, Snapshot.day.desc())
    )
    by_month: dict[date, list[Snapshot]] = {}
    for row in db.session.scalars(last):
        by_month.setdefault(month_start(row.day), []).append(row)
    gaps, moves = of_clients(clients, today=today)
    return Past([_mean(rows) for rows in by_month.values()], gaps, moves)


def _mean(rows: Sequence[Snapshot]) -> Month:
    levels = [level(row.risk) for row in rows]
    return Month(
        max(row.day for row in rows),
        fmean(row.risk for row in rows),
        fmean(row.posture for row in rows),
        fmean(row.certainty for row in rows),
        [levels.count(number) for number in (1, 2, 3, 4)],
    )


def _year_start(today: date) -> date:
    return month_start(add_months(today, -11))


@cache
def _details() -> Select[Answer, LoadedControl, str]:
    return (
        select(Answer, LoadedControl, LoadedPack.digest)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(
            LoadedControl,
            and_(LoadedControl.pack_id == Answer.pack_id, LoadedControl.code == Answer.code),
        )
        .join(LoadedPack, LoadedPack.id == Answer.pack_id)
        .where(Answer.client_id == bindparam("client"), Assessment.current)
        .order_by(LoadedControl.position)
    )


def _detail(
    pack: Pack, answer: Answer, loaded: LoadedControl, measured: Measured | None, today: date
) -> Detail:
    state = answers.state_on(answer.state, proof_until=answer.proof_until, today=today)
    value = value_on(answer.choice, answer.points, answer.done_on, today=today)
    said = rules.answer_in(state.value, value)
    strengths = (loaded.m1, loaded.m2, loaded.m3, loaded.m4, loaded.m5, loaded.m6)
    weighed = rules.Control(answer.code, loaded.weight, strengths)
    return Detail(
        control=pack.control(answer.code),
        answer=answer,
        state=state,
        said=said,
        measured=measured,
        line=rules.effective_line(weighed, said, measured.fact if measured else None, today=today),
        hours=loaded.hours,
        cost_eur=loaded.cost_eur,
    )


def _month(day: InstrumentedAttribute[date]) -> ColumnElement[Any]:
    return func.date_trunc("month", day)
