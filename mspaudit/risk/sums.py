"""Sums of the model for every client in one pass over the answers.

Three sums of whole numbers ride in one float8, 17 bits each: eight aggregates instead of twenty-two is what
keeps the computation near the cost of reading the rows. Controls that some client has a measurement for are
set aside as they pass (`codes`, `grades`) and summed one by one, since a fact's value is any number.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
)

from mspaudit.checklists.measured import CONTRADICTION_GAP
from mspaudit.checklists.models import Answer
from mspaudit.risk import lines_sql as lines
from mspaudit.risk.grades import NOT_CONCERNED, SHARES
from mspaudit.risk.lines_sql import STRENGTHS, answer, control, over, real
from mspaudit.risk.terms import INDISPENSABLE, KNOWLEDGE, TRUST, Proof

LANE = 2**17
SCENARIOS = range(1, 7)
SPLITS = ("missing", "unproven", "stake")
WIDEST = (LANE - 1) // SHARES
"""The most that Σ weight × strength of a pack may reach for one scenario."""

Number = ColumnElement[Any]


def _packed(low: Number, middle: Number, high: Number) -> Number:
    return low + middle * real(LANE) + high * real(LANE**2)


def _lane(packed: Number, index: int) -> Number:
    whole = cast(packed, BigInteger).op(">>")(literal_column(str(17 * index), Integer))
    return cast(whole if index == 2 else whole.op("&")(literal_column(str(LANE - 1), Integer)), Double)


def controls(fact: CTE) -> CTE:
    """(pack_id, code, weight, six stakes w·m, measured) of every loaded control."""
    weight = cast(control.weight, Double)
    return (
        select(
            control.pack_id,
            control.code,
            weight.label("weight"),
            *(
                (weight * cast(strength, Double)).label(f"stake{i}")
                for i, strength in zip(SCENARIOS, STRENGTHS, strict=True)
            ),
            control.code.in_(select(fact.c.code)).label("measured"),
        )
        .where(control.tenant_id == lines.TENANT)
        .cte("control")
        .prefix_with("MATERIALIZED")
    )


def _worth(control: CTE, grades: CTE) -> CTE:
    """What an answer of each grade adds to the sums, by control; nothing yet when it may be measured."""
    c, g = control.c, grades.c
    counts = case((or_(c.measured, g.grade == NOT_CONCERNED), real(0)), else_=real(1))
    first = _packed(c.stake1, c.stake2, c.stake3) * counts
    second = _packed(c.stake4, c.stake5, c.stake6) * counts
    indispensable = case((c.weight == INDISPENSABLE, c.weight), else_=real(0))
    other = c.weight - indispensable
    pack = lines.packs().c
    return (
        select(
            c.code,
            (pack.pack_key + g.grade).label("key"),
            g.grade,
            c.measured,
            *(
                (half * factor).label(f"{name}{index}")
                for name, factor in (("missing", g.missing), ("unproven", g.unproven), ("stake", real(1)))
                for index, half in ((1, first), (2, second))
            ),
            (_packed(indispensable * g.halves, other * g.halves, c.weight * g.known) * counts).label("held"),
            (_packed(indispensable, other, cast(g.unknown, Double)) * counts).label("weights"),
        )
        .join_from(control, grades, true())
        .join(lines.packs(), pack.pack_id == c.pack_id)
        .cte("worth")
        .prefix_with("MATERIALIZED")
    )


def _said(subject: CTE, worth: CTE) -> CTE:
    """One pass over the answers: the packed sums of each client, and what is set aside."""
    w = worth.c
    names = [f"{name}{half}" for name in SPLITS for half in (1, 2)] + ["held", "weights"]
    # OFFSET 0 keeps the subquery apart: merged into the join, the grade would be reckoned twice a row.
    graded = (
        select(subject.c.client_id, answer.code, (subject.c.pack_key + lines.grade()).label("key"))
        .select_from(Answer.__table__)
        .join(subject, lines.answers_of(subject))
        .offset(literal_column("0"))
        .subquery("graded")
    )
    return (
        select(
            graded.c.client_id,
            *(func.sum(w[name]).label(name) for name in names),
            func.array_agg(graded.c.code, type_=ARRAY(Text)).filter(w.measured).label("codes"),
            func.array_agg(w.grade, type_=ARRAY(Integer)).filter(w.measured).label("grades"),
        )
        .join_from(graded, worth, and_(w.code == graded.c.code, w.key == graded.c.key))
        .group_by(graded.c.client_id)
        .cte("said")
        .prefix_with("MATERIALIZED")
    )


def _measured(said: CTE, subject: CTE, control: CTE, grades: CTE, fact: CTE) -> CTE:
    """The same sums for the answers set aside: a fact outranks them where there is one."""
    aside = func.unnest(said.c.codes, said.c.grades).table_valued("code", "grade").render_derived("aside")
    c, g, f = control.c, grades.c, fact.c
    given = f.value.is_not(None)
    trust = case((f.fresh, real(TRUST[Proof.MEASURED])), else_=real(TRUST[Proof.EXPIRED]))
    known = case((f.fresh, real(KNOWLEDGE[Proof.MEASURED])), else_=real(KNOWLEDGE[Proof.EXPIRED]))
    missing = case((given, real(1) - f.value), else_=lines.share(g.missing))
    unproven = case((given, f.value * (real(1) - trust)), else_=lines.share(g.unproven))
    said_value = over(g.halves, real(2))
    value = case((given, f.value), else_=said_value)
    indispensable = case((c.weight == INDISPENSABLE, c.weight), else_=real(0))
    disproved = and_(g.grade != NOT_CONCERNED, said_value >= f.value + real(CONTRADICTION_GAP))
    shares = {"missing": missing, "unproven": unproven, "stake": real(1)}
    return (
        select(
            said.c.client_id,
            *(
                func.sum(c[f"stake{i}"] * factor).label(f"{name}_{i}")
                for name, factor in shares.items()
                for i in SCENARIOS
            ),
            func.sum(indispensable * value).label("indispensable_held"),
            func.sum((c.weight - indispensable) * value).label("other_held"),
            func.sum(indispensable).label("indispensable"),
            func.sum(c.weight - indispensable).label("other"),
            func.sum(c.weight * case((given, known), else_=lines.share(g.known))).label("known"),
            func.sum(case((given, 0), else_=g.unknown)).label("unknown"),
            func.count().filter(disproved).label("contradicted"),
        )
        .select_from(said)
        .join(aside, true())
        .join(subject, subject.c.client_id == said.c.client_id)
        .join(control, and_(c.pack_id == subject.c.pack_id, c.code == aside.c.code))
        .join(grades, g.grade == aside.c.grade)
        .join(fact, and_(f.client_id == said.c.client_id, f.code == aside.c.code), isouter=True)
        .where(said.c.codes.is_not(None), or_(given, g.grade != NOT_CONCERNED))
        .group_by(said.c.client_id)
        .cte("measured")
    )


@cache
def sums(some: bool) -> CTE:
    """Every sum of the model by client: `missing_1`…, `unproven_1`…, `stake_1`…, and those of the figures."""
    fact, subject, grades = lines.facts(some), lines.subjects(some), lines.grades()
    control = controls(fact)
    said = _said(subject, _worth(control, grades))
    measured = _measured(said, subject, control, grades, fact)
    m = measured.c

    def whole(packed: str, lane: int, name: str, divisor: int = 1) -> Number:
        return (over(_lane(said.c[packed], lane), real(divisor)) + func.coalesce(m[name], real(0))).label(
            name
        )

    return (
        select(
            said.c.client_id,
            *(
                whole(
                    f"{name}{1 + (i - 1) // 3}", (i - 1) % 3, f"{name}_{i}", 1 if name == "stake" else SHARES
                )
                for name in SPLITS
                for i in SCENARIOS
            ),
            whole("held", 0, "indispensable_held", 2),
            whole("held", 1, "other_held", 2),
            whole("held", 2, "known", SHARES),
            whole("weights", 0, "indispensable"),
            whole("weights", 1, "other"),
            whole("weights", 2, "unknown"),
            func.coalesce(m.contradicted, 0).label("contradicted"),
        )
        .join_from(said, measured, m.client_id == said.c.client_id, isouter=True)
        .cte("sums")
        .prefix_with("MATERIALIZED")
    )
