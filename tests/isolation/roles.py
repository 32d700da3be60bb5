"""Who may do what: every route × every kind of person, as a file that a reviewer reads.

``python -m tests.isolation.roles --write`` writes it again from what the product answers; read the
difference line by line before you keep it, for the test only holds what the file says.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from mspaudit.identity import door
from mspaudit.tenancy.context import NOBODY
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Member
from tests.isolation.houses import World
from tests.isolation.routes import Route, address, nothing_commits, personal, routes, send, stays_signed_in

LIKE = {"stranger": "admin"}
FILE = Path(__file__).with_name("roles.txt")
PEOPLE = (
    *("reader", "technician", "admin", "limited"),
    *("secretary", "decider", "manager"),
    *("stranger", "staff", "nobody"),
)
HEAD = """\
# Every route of the product × everyone who may knock. Kept by tests/isolation/test_roles.py; written by
# `python -m tests.isolation.roles --write`, and then read line by line.
#
#   open     answers, or refuses what the empty form held
#   role     403: one of the house, whose role is too low
#   -        404: does not exist for them
#   sign-in  sent to sign in first
#
# The pages are those of client valbrune: limited is assigned to it; secretary and decider are of it,
# manager is of another client of the same MSP, stranger administers another MSP, staff is the
# platform's. Under /mon-compte the passkey and the session named are the person's own.
"""


def browsers(world: World) -> dict[str, Callable[[], FlaskClient]]:
    """A browser for each of ``PEOPLE``."""
    cast = world.cast
    found = {who: cast.signed_in(who) for who in PEOPLE if who in cast.tilleul.people}
    found |= {"stranger": cast.signed_in("admin", cast.saule), "nobody": cast.nobody()}
    return {who: stays_signed_in(browser) for who, browser in found.items()}


def login_of(world: World, who: str) -> UUID | None:
    """The login of one of ``PEOPLE``."""
    if who == "nobody":
        return None
    return (world.saule if who == "stranger" else world.tilleul).house.people[LIKE.get(who, who)].login_id


def join_the_platform(world: World, superuser_dsn: str) -> None:
    """Someone of the platform's own staff, who belongs to no MSP."""
    email = f"staff@{world.tilleul.mark}.example"
    with world.cast.app.app_context(), unit_of_work(NOBODY):
        login = door.ensure_login(email)
    with psycopg.connect(superuser_dsn) as connection:
        connection.execute("UPDATE login SET platform = true WHERE id = %s", [login])
    world.tilleul.house.people["staff"] = Member("Staff", email, login, login)


def _mine(route: Route, personal_rows: dict[str, UUID]) -> dict[str, UUID]:
    return {name: value for name, value in personal_rows.items() if name in route.arguments}


def word(browser: FlaskClient, route: Route, url: str) -> str:
    """What that person gets from that route, in the file's words."""
    answer = send(browser, route, url)
    if answer.status_code in (401, 403):
        return "role"
    if answer.status_code in (404, 405):
        return "-"
    if answer.status_code == 303 and answer.location.startswith("/connexion?suite="):
        return "sign-in"
    return "open" if answer.status_code < 500 else f"error {answer.status_code}"


def matrix(app: Flask, world: World) -> str:
    """The whole file, as the product answers now."""
    everyone = browsers(world)
    mine = {who: personal(world, login_of(world, who)) for who in PEOPLE}
    lines = {}
    with nothing_commits(app):
        for route in routes(app):
            lines[str(route)] = [
                word(everyone[who](), route, address(app, route, world.tilleul, **_mine(route, mine[who])))
                for who in PEOPLE
            ]
    width = max(map(len, lines)) + 2
    rows = [" " * width + "".join(f"{who:<12}" for who in PEOPLE)]
    rows += [f"{name:<{width}}" + "".join(f"{found:<12}" for found in words) for name, words in lines.items()]
    return HEAD + "\n".join(row.rstrip() for row in rows) + "\n"


def main() -> int:
    """Run the test that writes the file instead of comparing it."""
    if sys.argv[1:] != ["--write"]:
        sys.stderr.write("usage: python -m tests.isolation.roles --write\n")
        return 2
    return int(pytest.main(["-q", "tests/isolation/test_roles.py", "--write-roles"]))


if __name__ == "__main__":
    sys.exit(main())
