"""Every address × every way to aim it at somebody else's rows: 404 and nothing else, the control beside.

Driven by ``app.url_map``: a new route is covered the day it appears, and one whose arguments this
suite cannot aim fails with the remedy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.isolation.houses import World, build_world
from tests.isolation.routes import Route, address, missing, nothing_commits, own, personal, routes, send
from tests.isolation.test_raw_sql import fingerprint
from tests.pages import loose_signs


@dataclass
class Stage:
    """A lived-in world and a browser for each person of home, signed in once."""

    app: Flask
    world: World
    browsers: dict[str, FlaskClient]
    stranger: FlaskClient
    traces: dict[str, dict[str, UUID]]

    def every(self, *kinds: str) -> list[Route]:
        return routes(self.app, *kinds)

    def url(self, route: Route, **aimed: Any) -> str:
        return address(self.app, route, self.world.tilleul, **aimed)


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    world = build_world(app, lived_in=True)
    cast = world.cast
    people = {who: cast.signed_in(who) for who in cast.tilleul.people}
    traces = {who: personal(world, cast.tilleul.people[who].login_id) for who in ("secretary", "manager")}
    return Stage(app, world, people, cast.signed_in("admin", cast.saule), traces)


@pytest.fixture(scope="module", autouse=True)
def _nobody_else_is_changed(stage: Stage, superuser_dsn: str) -> Iterator[None]:
    """Whatever was tried, every row is as it was: each attempt failed, each control was taken back."""
    with psycopg.connect(superuser_dsn) as connection:
        before = _rows(fingerprint(connection))
    yield
    with psycopg.connect(superuser_dsn) as connection:
        assert _rows(fingerprint(connection)) == before


def _rows(found: list[Any]) -> dict[str, Any]:
    # A session's last-seen time moves as it is used.
    return {name: rest for name, *rest in found if name != "web_session"}


def attempts(stage: Stage, route: Route) -> Iterator[tuple[str, str, str]]:
    """(what, who, address): every way to aim a tenant's route at what is not one's own."""
    home, away = stage.world.tilleul, stage.world.saule
    yield "the other MSP", "admin", address(stage.app, route, away)
    yield "an MSP that does not exist", "admin", address(stage.app, route, home, msp="inconnu-ici")
    for argument in sorted(route.aimed):
        theirs = own(away, argument, "valbrune")
        yield f"the other MSP's {argument}", "admin", stage.url(route, **{argument: theirs})
        if "client" in route.arguments:
            neighbours = own(home, argument, "fontaine")
            yield f"another client's {argument}", "admin", stage.url(route, **{argument: neighbours})
    if "client" in route.arguments:
        yield "the other MSP's client", "admin", stage.url(route, client=away.lonely)
        for slug in ("fontaine", home.lonely):
            yield f"{slug}, not assigned", "limited", address(stage.app, route, home, slug)
            yield f"{slug}, not assigned, no such row", "limited", stage.url(route, client=slug)
    yield "a client's own people", "secretary", stage.url(route)


def portal_attempts(stage: Stage, route: Route) -> Iterator[tuple[str, str, str]]:
    """The same for the portal of one client."""
    home, away = stage.world.tilleul, stage.world.saule
    # Whoever may go furthest: a role too low is refused before the row is looked for.
    one = "decider" if route.audience == "portal:decider" else "secretary"
    yield "the other MSP's space", one, address(stage.app, route, away)
    yield "an MSP that does not exist", one, address(stage.app, route, home, msp="inconnu-ici")
    for slug in ("fontaine", home.lonely):
        yield f"the space of {slug}", one, address(stage.app, route, home, slug)
        yield f"the space of {slug}, one's own row", one, stage.url(route, client=slug)
    yield "the other MSP's client", one, stage.url(route, client=away.lonely)
    yield "valbrune's space", "manager", stage.url(route)
    for who in ("admin", "technician", "limited", "reader"):
        yield f"the MSP's {who}", who, stage.url(route)
    for argument in sorted(route.aimed):
        theirs, neighbours = own(away, argument, "valbrune"), own(home, argument, "fontaine")
        yield f"the other MSP's {argument}", one, stage.url(route, **{argument: theirs})
        yield f"a neighbour's {argument}", one, stage.url(route, **{argument: neighbours})


def test_an_msps_pages_answer_404_for_whatever_is_not_its_own(stage: Stage) -> None:
    wrong = []
    for route in stage.every("tenant"):
        for what, who, url in attempts(stage, route):
            status = send(stage.browsers[who], route, url).status_code
            if status != 404:
                wrong.append((status, str(route), what, who))
        if send(stage.stranger, route, stage.url(route)).status_code != 404:
            wrong.append((0, str(route), "the stranger", "admin of the other MSP"))
    assert wrong == []


def test_a_clients_pages_answer_404_for_whatever_is_not_its_own(stage: Stage) -> None:
    wrong = []
    for route in stage.every("portal"):
        for what, who, url in portal_attempts(stage, route):
            status = send(stage.browsers[who], route, url).status_code
            if status != 404:
                wrong.append((status, str(route), what, who))
        if send(stage.stranger, route, stage.url(route)).status_code != 404:
            wrong.append((0, str(route), "the stranger", "admin of the other MSP"))
    assert wrong == []


def test_the_same_people_do_open_their_own(stage: Stage) -> None:
    """The control: without it a broken page would pass for a closed one."""
    wrong = []
    with nothing_commits(stage.app):
        for route in stage.every("tenant", "portal"):
            who = "admin" if route.audience.startswith("tenant") else "secretary"
            if route.audience == "portal:decider":
                who = "decider"
            status = send(stage.browsers[who], route, stage.url(route)).status_code
            if status in (403, 404, 405) or status >= 500:
                wrong.append((status, str(route), who))
    assert wrong == []


def test_what_a_page_refuses_it_refuses_in_well_set_french(stage: Stage) -> None:
    wrong = []
    with nothing_commits(stage.app):
        for route in stage.every("tenant", "portal"):
            who = "admin" if route.audience.startswith("tenant") else "secretary"
            answer = send(stage.browsers[who], route, stage.url(route))
            if answer.status_code >= 400 and answer.mimetype == "text/html":
                wrong += [f"{route}: « {found} »" for found in loose_signs(answer.text)]
    assert not wrong, "\n".join(wrong)


def test_the_limited_technician_opens_the_client_assigned(stage: Stage) -> None:
    wrong = []
    with nothing_commits(stage.app):
        for route in stage.every("tenant"):
            if "client" in route.arguments and route.audience != "tenant:admin":
                status = send(stage.browsers["limited"], route, stage.url(route)).status_code
                if status in (403, 404) or status >= 500:
                    wrong.append((status, str(route)))
    assert wrong == []


def test_foreign_and_missing_have_the_same_bytes(stage: Stage) -> None:
    wrong = []
    away = stage.world.saule
    for route in stage.every("tenant", "portal"):
        who = "admin" if route.audience.startswith("tenant") else "secretary"
        pairs = [({"msp": away.house.slug}, {"msp": "inconnu-ici"})]
        if "client" in route.arguments:
            pairs.append(({"client": away.lonely}, {"client": missing("client")}))
        pairs += [({a: own(away, a, "valbrune")}, {a: missing(a)}) for a in sorted(route.aimed)]
        for foreign, none in pairs:
            answers = [send(stage.browsers[who], route, stage.url(route, **aim)) for aim in (foreign, none)]
            first, second = ((a.status_code, a.data, sorted(a.headers)) for a in answers)
            if first != second:
                wrong.append((str(route), next(iter(foreign)), first[0], second[0]))
    assert wrong == []


def test_nobody_is_sent_to_sign_in_whether_it_exists_or_not(stage: Stage) -> None:
    wrong = []
    nobody = stage.world.cast.nobody()
    for route in stage.every("tenant", "portal", "account", "platform"):
        urls = [stage.url(route)]
        urls += [
            stage.url(route, **{a: missing(a)}) for a in sorted(route.aimed | route.arguments & {"client"})
        ]
        if "<msp>" in route.rule:
            urls.append(stage.url(route, msp="inconnu-ici"))
        for url in urls:
            answer = send(nobody, route, url)
            if answer.status_code != 303 or not answer.location.startswith("/connexion?suite="):
                wrong.append((answer.status_code, str(route), url))
    assert wrong == []


def test_half_a_sign_in_opens_nothing_but_its_other_half(stage: Stage) -> None:
    wrong = []
    half_way = stage.world.cast.signed_in("admin", strength="first")
    for route in stage.every("tenant", "portal", "platform"):
        answer = send(half_way, route, stage.url(route))
        if answer.status_code != 303 or not answer.location.startswith("/connexion/confirmation?suite="):
            wrong.append((answer.status_code, str(route)))
    assert wrong == []


def test_ones_account_closes_ones_own_and_nobody_elses(stage: Stage) -> None:
    mine, theirs = stage.traces["secretary"], stage.traces["manager"]
    wrong = []
    browser = stage.browsers["secretary"]
    with nothing_commits(stage.app):
        for route in stage.every("account"):
            for argument in sorted(route.aimed):
                tried = [stage.url(route, **{argument: a[argument]}) for a in (mine, theirs)]
                tried.append(stage.url(route, **{argument: missing(argument)}))
                own_one, foreign, none = (send(browser, route, url) for url in tried)
                if own_one.status_code >= 400 or foreign.status_code != 404 or foreign.data != none.data:
                    wrong.append((str(route), own_one.status_code, foreign.status_code))
    assert wrong == []
