"""Several rooms may measure one control: which of them speaks is the same in SQL and in the reference."""

from collections.abc import Sequence
from datetime import date

import pytest

from mspaudit.checklists import queries
from mspaudit.checklists.measured import Fact, prevailing
from mspaudit.clients.models import Tag
from mspaudit.extensions import db
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("tag_facts")

TODAY = date(2026, 11, 22)
NEW, OLD, STALE = "2026-11-20", "2026-11-01", "2026-01-31"


def spoken(cast: Cast, labels: Sequence[str]) -> str:
    """The measurement that speaks for ACC-01 among these labels, `value:moment`."""
    with cast.inside() as house:
        client = house.clients["valbrune"]
        db.session.add_all(Tag(client_id=client, tag=f"fact:ACC-01:{label}") for label in labels)
        db.session.flush()
        found = queries.measured_of(client, today=TODAY)["ACC-01"]
        facts = [Fact(float(v), date.fromisoformat(d)) for v, d in (x.split(":") for x in labels)]
        assert found.fact == prevailing(facts, today=TODAY)
        db.session.rollback()
    return found.detail.removeprefix("fact:ACC-01:")


@pytest.mark.parametrize(
    ("labels", "speaks"),
    [
        ([f"0.9:{OLD}", f"0.4:{NEW}", f"0.4:{OLD}"], f"0.4:{NEW}"),
        ([f"0.9:{NEW}", f"0.4:{OLD}"], f"0.4:{OLD}"),
        ([f"0.1:{STALE}", f"0.9:{NEW}"], f"0.9:{NEW}"),
        ([f"0.7:{STALE}", f"0.2:{STALE}"], f"0.2:{STALE}"),
    ],
    ids=["worst, then latest", "worst before latest", "fresh before stale", "stale alone"],
)
def test_the_fresh_then_the_worst_then_the_latest_speaks(cast: Cast, labels: list[str], speaks: str) -> None:
    assert spoken(cast, labels) == speaks
    assert spoken(cast, list(reversed(labels))) == speaks


def test_equal_measurements_are_told_apart_by_their_words(cast: Cast) -> None:
    for labels in ([f"0.40:{NEW}", f"0.4:{NEW}"], [f"0.4:{NEW}", f"0.40:{NEW}"]):
        assert spoken(cast, labels) == f"0.40:{NEW}"
