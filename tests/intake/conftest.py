"""The desk with a feed of its own, so that it is judged apart from the rooms that take its files."""

from collections.abc import Iterator
from typing import cast

import pytest

from mspaudit.intake import feeds
from mspaudit.intake.feeds import Feed
from tests.intake.notebook import Notebook


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """What takes staff lists during this test; who takes what is as before afterwards."""
    taken, before = Notebook(), dict(feeds.feeds())
    _takers()["staff_list"] = taken
    yield taken
    _takers().clear()
    _takers().update(before)


def nobody_takes(kind: str) -> None:
    """Until the end of a test with ``notebook``."""
    _takers().pop(kind, None)


def _takers() -> dict[str, Feed]:
    return cast("dict[str, Feed]", feeds.feeds())
