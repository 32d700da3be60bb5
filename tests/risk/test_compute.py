"""The one statement says what the readable reference says, on real rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mspaudit.checklists.measured import value_on
from mspaudit.checklists.models import Answer, Assessment, LoadedControl, LoadedPack
from mspaudit.checklists.rules import state_on
from mspaudit.clients.models import Client, Tag
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.risk import rules
from mspaudit.risk.actions import recompute
from mspaudit.risk.models import Impact, Snapshot, Standing
from mspaudit.risk.scenarios import SCENARIOS
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast, build_cast

pytestmark = pytest.mark.usefixtures("tag_facts")

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CODES = [f"AAA-{number:02}" for number in range(1, 9)]


@dataclass(frozen=True)
class Said:
    """One drawn line: a control, its answer, and perhaps measurements."""

    weight: int
    strengths: tuple[int, ...]
    choice: str | None
    state: str
    points: int
    done_on: date | None
    proof_until: date | None
    facts: tuple[tuple[float, date], ...]


days = st.one_of(
    st.dates(TODAY - timedelta(days=800), TODAY),
    st.sampled_from(
        [date(2025, 3, 30), date(2025, 3, 31), date(2025, 4, 1), date(2024, 2, 29), date(2024, 3, 31)]
    ),
)
proof_ends = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
seen = st.tuples(
    st.floats(0, 1).map(lambda value: round(value, 4)), st.dates(TODAY - timedelta(days=120), TODAY)
)


@st.composite
def said(draw: st.DrawFn) -> Said:
    """Any answer that the checklists may store, on any control."""
    choice = draw(st.sampled_from([None, "yes", "partly", "no", "unknown", "na"]))
    state = {None: "unanswered", "unknown": "unknown"}.get(
        choice, draw(st.sampled_from(["declared", "evidenced", "verified"]))
    )
    dated = choice == "yes" and draw(st.booleans())
    return Said(
        weight=draw(st.integers(1, 5)),
        strengths=tuple(draw(st.lists(st.integers(0, 3), min_size=6, max_size=6))),
        choice=choice,
        state=state,
        points={"yes": 2, "partly": 1}.get(choice or "", 0),
        done_on=draw(days) if dated else None,
        proof_until=draw(proof_ends),
        facts=tuple(draw(st.lists(seen, max_size=2))) if draw(st.integers(0, 3)) == 0 else (),
    )


portfolios = st.lists(st.lists(said(), min_size=1, max_size=8), min_size=1, max_size=4)
impact_levels = st.lists(st.integers(0, 3), min_size=6, max_size=6)


@pytest.fixture(scope="module")
def house(app: Flask) -> Cast:
    """One MSP for the module: every example rolls its rows back."""
    return build_cast(app)


def lines_of(drawn: Sequence[Said]) -> list[rules.Line]:
    """The lines of the reference."""
    found = []
    for code, one in zip(CODES, drawn, strict=False):
        state = state_on(one.state, proof_until=one.proof_until, today=TODAY)
        value = value_on(one.choice, one.points, one.done_on, today=TODAY)
        fact = rules.prevailing((rules.Fact(v, d) for v, d in one.facts), today=TODAY)
        control = rules.Control(code, one.weight, one.strengths)
        found.append(rules.effective_line(control, rules.answer_in(state.value, value), fact, today=TODAY))
    return found


def contradictions(drawn: Sequence[Said]) -> int:
    """How many answers a measurement disproves."""
    count = 0
    for one in drawn:
        fact = rules.prevailing((rules.Fact(v, d) for v, d in one.facts), today=TODAY)
        state = state_on(one.state, proof_until=one.proof_until, today=TODAY)
        value = value_on(one.choice, one.points, one.done_on, today=TODAY)
        count += fact is not None and rules.contradicts(fact, rules.answer_in(state.value, value))
    return count


def write(number: int, drawn: Sequence[Said], impacts: Sequence[int]) -> UUID:
    """A client with a pack of its own, so that weights and strengths may be anything."""
    client, pack, assessment = new_id(), new_id(), new_id()
    name = f"c{number}-{client.hex}"
    db.session.add_all(
        [
            Client(id=client, kind="commune", slug=name, name=name, name_key=name),
            LoadedPack(id=pack, name="p", version="1", digest=name, content="{}"),
        ]
    )
    db.session.flush()
    db.session.add_all(
        LoadedControl(
            pack_id=pack, code=code, position=0, weight=one.weight, scale="S3", hours=1, cost_eur=0,
            **{f"m{i}": m for i, m in enumerate(one.strengths, start=1)},
        )
        for code, one in zip(CODES, drawn, strict=False)
    )  # fmt: skip
    db.session.add(Impact(client_id=client, **{f"i{i}": level for i, level in enumerate(impacts, start=1)}))
    db.session.add(
        Assessment(id=assessment, client_id=client, pack_id=pack, scope="full", title="t", started_by="t")
    )
    db.session.flush()
    for code, one in zip(CODES, drawn, strict=False):
        db.session.add(
            Answer(
                client_id=client, assessment_id=assessment, pack_id=pack, code=code, choice=one.choice,
                points=one.points, done_on=one.done_on, state=one.state, proof_until=one.proof_until,
                na_reason="sans objet" if one.choice == "na" else None,
            )
        )  # fmt: skip
        for value, day in {(v, d) for v, d in one.facts}:
            db.session.add(Tag(client_id=client, tag=f"fact:{code}:{value}:{day}"))
    db.session.flush()
    return client


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(portfolio=portfolios, impacts=impact_levels, only_some=st.booleans())
def test_the_statement_equals_the_reference(
    house: Cast, portfolio: list[list[Said]], impacts: list[int], only_some: bool
) -> None:
    with house.app.app_context(), unit_of_work(job(house.tilleul.id)):
        clients = [write(number, drawn, impacts) for number, drawn in enumerate(portfolio)]
        recompute(today=TODAY, now=NOW, clients=clients if only_some else None)
        found = {row.client_id: row for row in db.session.scalars(select(Standing))}
        snapshots = {row.client_id: row for row in db.session.scalars(select(Snapshot))}
        for client, drawn in zip(clients, portfolio, strict=True):
            check(found[client], drawn, impacts)
            assert snapshots[client].risk == found[client].risk
        db.session.rollback()


def check(row: Standing, drawn: Sequence[Said], levels: Sequence[int]) -> None:
    """Every figure of `row` is the reference's, to a thousandth of a point."""
    lines, impacts = lines_of(drawn), dict(zip(SCENARIOS, levels, strict=True))
    split = rules.risk(lines, impacts)
    close = {"abs": 1e-3}
    assert row.risk == pytest.approx(split.total, **close)
    assert row.missing == pytest.approx(split.missing, **close)
    assert row.unproven == pytest.approx(split.unproven, **close)
    assert row.posture == pytest.approx(rules.posture(lines), **close)
    assert row.certainty == pytest.approx(rules.certainty(lines), **close)
    exposures = [rules.exposure(lines, scenario).total for scenario in SCENARIOS]
    assert [getattr(row, f"x{i}") for i in range(1, 7)] == pytest.approx(exposures, **close)
    assert row.worst_exposure == pytest.approx(max(exposures), **close)
    assert row.unknown == sum(line.applies and line.proof is rules.Proof.UNKNOWN for line in lines)
    assert row.contradicted == contradictions(drawn)
