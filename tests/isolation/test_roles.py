"""The matrix of roles, held to the letter."""

import difflib

import pytest
from flask import Flask

from tests.isolation.houses import build_world
from tests.isolation.roles import FILE, join_the_platform, matrix


def test_every_route_answers_everyone_as_the_matrix_says(
    app: Flask, superuser_dsn: str, request: pytest.FixtureRequest
) -> None:
    world = build_world(app, lived_in=True)
    join_the_platform(world, superuser_dsn)
    found = matrix(app, world)
    if request.config.getoption("--write-roles", default=False):
        FILE.write_text(found, "utf-8")
    kept = FILE.read_text("utf-8")
    difference = "\n".join(difflib.unified_diff(kept.splitlines(), found.splitlines(), "kept", "found", n=0))
    assert found == kept, (
        f"{difference}\nIf this is meant: python -m tests.isolation.roles --write, then read the difference."
    )
