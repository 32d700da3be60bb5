"""The cast: Tilleul and its people, Saule the stranger's MSP, mirrored: each has what the other has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from mspaudit.clients.models import Assignment, Client
from mspaudit.extensions import db
from mspaudit.identity import actions, door
from mspaudit.kernel.french import fold
from mspaudit.tenancy import gate
from mspaudit.tenancy.context import NOBODY, Context, job
from mspaudit.tenancy.lifecycle import unit_of_work


@dataclass
class Member:
    """Someone who can sign in."""

    name: str
    email: str
    login_id: UUID
    id: UUID


@dataclass
class House:
    """One MSP: two clients (``valbrune``, a commune; ``fontaine``, a company) and its people."""

    id: UUID
    slug: str
    clients: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)


@dataclass
class Cast:
    """``tilleul`` is home, ``saule`` the stranger's.

    People: ``admin``, ``technician`` (all clients), ``limited`` (only valbrune), ``reader``;
    ``secretary`` and ``decider`` of valbrune, ``manager`` of fontaine.
    """

    app: Flask
    tilleul: House
    saule: House

    def signed_in(self, who: str, house: House | None = None, *, strength: str = "full") -> FlaskClient:
        """A browser where ``who`` is signed in, with every factor or (``first``) with one only."""
        person = (house or self.tilleul).people[who]
        with self.app.app_context(), unit_of_work(NOBODY):
            token = actions.open_session(
                person.login_id, strength=strength, agent="test", address="127.0.0.1"
            )
        browser = self.app.test_client()
        with self.app.test_request_context():
            browser.set_cookie(gate.cookie_name(), token)
        return browser

    def nobody(self) -> FlaskClient:
        """A browser where nobody is signed in."""
        return self.app.test_client()

    @contextmanager
    def inside(self, house: House | None = None, context: Context | None = None) -> Iterator[House]:
        """A unit of work inside an MSP (as its worker by default), committed at the end."""
        house = house or self.tilleul
        with self.app.app_context(), unit_of_work(context or job(house.id, actor="test")):
            yield house


def build_cast(app: Flask) -> Cast:
    """Create both houses."""
    mark = uuid4().hex[:8]
    return Cast(app=app, tilleul=_house(app, f"tilleul-{mark}"), saule=_house(app, f"saule-{mark}"))


def _house(app: Flask, slug: str) -> House:
    with app.app_context():
        with unit_of_work(NOBODY):
            house = House(id=actions.create_tenant(slug=slug, name=slug.title()), slug=slug)
        with unit_of_work(job(house.id)):
            _fill(house)
    return house


def _fill(house: House) -> None:
    for slug, kind in (("valbrune", "commune"), ("fontaine", "enterprise")):
        client = Client(
            kind=kind,
            slug=slug,
            name=slug.title(),
            name_key=fold(slug),
            population=1842 if kind == "commune" else None,
            headcount=None if kind == "commune" else 12,
        )
        db.session.add(client)
        db.session.flush()
        house.clients[slug] = client.id
    for who, role in (
        ("admin", "admin"),
        ("technician", "technician"),
        ("limited", "technician"),
        ("reader", "reader"),
    ):
        email = f"{who}@{house.slug}.example"
        login = door.ensure_login(email)
        name = f"{who.title()} {house.slug}"
        staff = actions.add_staff(
            login_id=login, name=name, email=email, role=role, all_clients=who != "limited"
        )
        house.people[who] = Member(name, email, login, staff.id)
    db.session.add(Assignment(client_id=house.clients["valbrune"], member_id=house.people["limited"].id))
    for who, role, slug in (
        ("secretary", "respondent", "valbrune"),
        ("decider", "decider", "valbrune"),
        ("manager", "decider", "fontaine"),
    ):
        email = f"{who}@{house.slug}.example"
        login = door.ensure_login(email)
        name = f"{who.title()} {house.slug}"
        person = actions.add_client_member(
            client_id=house.clients[slug], login_id=login, name=name, email=email, role=role
        )
        house.people[who] = Member(name, email, login, person.id)
    db.session.flush()
