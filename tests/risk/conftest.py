"""Portfolios for the computation: packs of any shape, answers of any kind, measurements of any value."""

from collections.abc import Iterator

import pytest

from mspaudit import features
from mspaudit.risk import compute, gaps, lines_sql, sums


def forget_statements() -> None:
    """Have the statements built again: what measures has changed."""
    for cached in (
        lines_sql.facts,
        lines_sql.subjects,
        sums.sums,
        compute.rated,
        compute._statement,
        gaps._gains,
        gaps._shared,
        gaps._moves,
        gaps._concerned,
        gaps._refresh,
    ):
        cached.cache_clear()


@pytest.fixture(scope="module")
def tag_facts() -> Iterator[None]:
    """One more room that measures, registered as any other."""
    before = features.FACTS
    features.FACTS = (*before, "tests.risk.tag_facts")
    forget_statements()
    yield
    features.FACTS = before
    forget_statements()
