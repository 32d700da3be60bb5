"""The desk with a feed of its own, so that it is judged apart from the rooms that take its files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr

from mspaudit.config import Settings
from mspaudit.intake import feeds
from mspaudit.intake.feeds import Feed
from tests.intake.notebook import Notebook

# No settings at all: what needs a database would stop for lack of its address.
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def installed(settings: Settings) -> dict[str, str]:
    """The environment of a running installation, for a process of its own."""
    kept = ("database_url", "redis_url", "data", "secret_key", "context_key")
    values = {name: getattr(settings, name) for name in kept}
    shown = {n: v.get_secret_value() if isinstance(v, SecretStr) else str(v) for n, v in values.items()}
    return BARE | {f"MSPAUDIT_{name.upper()}": value for name, value in shown.items()}


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
