"""Two mirrored MSPs in which every text of every row names its house and its client.

Rows are made from the models' metadata, so a new table is covered the day it appears. A text that
must mean something to the product keeps its meaning and is listed in ``MEANINGFUL``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from mspaudit.checklists import packs
from mspaudit.checklists.actions import start_assessment
from mspaudit.clients.models import Client, OrgUnit, Person
from mspaudit.extensions import Base, db
from mspaudit.identity.models import ClientMember
from mspaudit.kernel.clock import now, today
from mspaudit.risk.actions import recompute
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.rls import visibility
from tests.cast import Cast, House, build_cast
from tests.isolation import (
    rows_accounts,
    rows_backups,
    rows_crisis,
    rows_departures,
    rows_fieldwork,
    rows_incidents,
    rows_intake,
    rows_inventory,
    rows_notices,
    rows_plan,
)

Key = tuple[str, str | None]  # table, the slug of the client or None

# Texts that cannot be a canary, and why.
MEANINGFUL: dict[tuple[str, str], str] = {
    ("client", "slug"): "the same address in both houses: only the tenant tells them apart",
    ("tenant", "slug"): "already names the house",
    ("pack", "digest"): "names the content",
    ("pack", "content"): "is parsed",
    ("pack", "version"): "is parsed",
    ("pack_control", "code"): "names a control of the pack",
    ("pack_control", "scale"): "chooses how a control is graded",
    ("answer", "code"): "names a control of the pack",
    ("org_unit", "code"): "chooses an icon and an order",
    ("period", "kind"): "names a recurring job",
    ("evidence", "mime"): "chooses how a file is shown",
    ("person", "email"): "an address",
    ("journal", "verb"): "chooses the words that tell it",
    ("answer_event", "what"): "chooses the words that tell it",
    ("evidence", "storage_key"): "names a stored file",
    ("answer_event", "by_kind"): "chooses the words that tell it",
    ("evidence", "by_kind"): "chooses the words that tell it",
    ("journal", "actor_kind"): "chooses the words that tell it",
    ("invitation", "role"): "names a role",
    ("import_run", "storage_key"): "names a stored file",
    ("referent", "mandate_key"): "names a stored file",
}
VALUES: dict[tuple[str, str], Any] = {
    ("answer", "choice"): "na",
    ("answer", "state"): "declared",
    ("answer", "by_kind"): "client",
    ("answer_event", "by_kind"): "client",
    ("answer_event", "what"): "answered",
    ("evidence", "by_kind"): "client",
    ("evidence", "mime"): "application/pdf",
    ("outbox", "state"): "sent",
    ("journal", "verb"): "answer.saved",
    ("journal", "actor_kind"): "client",
    ("invitation", "role"): "reader",
    ("period", "kind"): "risk.nightly",
    ("org_unit", "code"): "mairie",
    ("import_run", "state"): "mapping",
    ("import_run", "total"): 1,
    ("import_run", "mapping"): {"Nom": "name"},
    ("import_run", "storage_key"): lambda filled, _client: filled.stored(f"Nom\n{filled.mark}\n".encode()),
    ("evidence", "storage_key"): lambda filled, client: filled.stored(pdf(filled.client_mark(client))),
    ("referent", "mandate_key"): lambda filled, client: filled.stored(pdf(filled.client_mark(client))),
    ("delegation", "token_hash"): lambda filled, client: hashed(filled.token("question", client)),
    ("invitation", "token_hash"): lambda filled, _client: hashed(filled.token("invitation")),
    ("journal", "seq"): None,
    ("journal", "hash"): None,
}

# Each room may say what its own rows are, in a file of its own.
ROOMS = (
    rows_accounts,
    rows_backups,
    rows_crisis,
    rows_departures,
    rows_intake,
    rows_inventory,
    rows_notices,
    rows_plan,
    rows_fieldwork,
    rows_incidents,
)
for _room in ROOMS:
    MEANINGFUL |= _room.MEANINGFUL
    VALUES |= _room.VALUES

# A question put to every client's own people, whatever their kind: the one that the canary answers.
ANSWERED = "GOV-01"


@dataclass
class Filled:
    """A house and one row of each table, for the MSP or for each client."""

    house: House
    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    unit_id: UUID | None = None

    @property
    def mark(self) -> str:
        """What every text of this house contains and no other's does."""
        return self.house.slug

    def client_mark(self, slug: str) -> str:
        """What every text about that client contains."""
        return f"{self.mark}-{slug}"

    @property
    def lonely(self) -> str:
        """The slug of a client whose name no other house has."""
        return f"seul-{self.mark}"

    def token(self, what: str, client: str | None = None) -> str:
        """The secret of the house's delegation link to that client, or of its invitation."""
        return f"{what}-{self.client_mark(client) if client else self.mark}"

    def stored(self, data: bytes) -> str:
        """The key of ``data``, kept in the house's storage; needs an application context."""
        return runtime().storage.put(self.house.id, sha256(data).hexdigest(), data)

    def row(self, table: str, client: str | None = "valbrune") -> dict[str, Any]:
        """The row of ``table`` about that client, or of the MSP when it is about none."""
        return self.rows.get((table, client)) or self.rows[(table, None)]

    def context(self, kind: str, client: str = "valbrune", *, unit: bool = False) -> Context:
        """A context of that kind in this house."""
        who = {"limited": "limited", "client": "secretary", "guest": "secretary"}.get(kind, "admin")
        person = self.house.people[who]
        inside = kind not in ("login", "door")
        return Context(
            kind,
            tenant_id=self.house.id if inside else None,
            client_id=self.house.clients[client] if kind in ("client", "guest") else None,
            unit_id=self.unit_id if unit else None,
            member_id=person.id if kind in ("msp", "limited", "client") else None,
            login_id=person.login_id if kind not in ("door", "job", "guest") else None,
            actor=person.name,
        )


@dataclass
class World:
    """Both houses. ``tilleul`` is home; nothing of ``saule`` may ever be seen from it."""

    cast: Cast
    tilleul: Filled
    saule: Filled


def pdf(text: str) -> bytes:
    """A file that passes for a PDF and holds ``text``."""
    return f"%PDF-1.4\n%{text}\n%%EOF\n".encode()


def tenant_tables() -> list[Table]:
    """Every mapped table with a tenant, parents first."""
    return [t for t in Base.metadata.sorted_tables if "tenant_id" in t.c]


def build_world(app: Flask, *, lived_in: bool = False) -> World:
    """Create and fill both houses.

    Args:
        lived_in: with whole questionnaires and figures, for pages; one row of each kind is enough, and
            faster, for what speaks to the database.
    """
    cast = build_cast(app)
    return World(cast, *(_filled(cast, house, lived_in=lived_in) for house in (cast.tilleul, cast.saule)))


def _filled(cast: Cast, house: House, *, lived_in: bool) -> Filled:
    filled = Filled(house)
    with cast.inside(house):
        _one_client_more(filled)
        if lived_in:
            _live_a_little(filled)
        for table in tenant_tables():
            if visibility()[table.name] != "ledger":
                for client in _scopes(table, house):
                    filled.rows[(table.name, client)] = _fill(filled, table, client)
        _confine_to_a_unit(filled)
        tenant = Base.metadata.tables["tenant"]
        brand = {"phone": filled.mark, "email": f"{filled.mark}@canari.example"}
        db.session.execute(
            sa.update(tenant).where(tenant.c.id == house.id).values(name=filled.mark, brand=brand)
        )
    return filled


def _one_client_more(filled: Filled) -> None:
    """The client whose name no other house has."""
    lonely = Client(kind="commune", slug=filled.lonely, name="", name_key="", population=90)
    db.session.add(lonely)
    db.session.flush()
    filled.house.clients[filled.lonely] = lonely.id


def _live_a_little(filled: Filled) -> None:
    """What the product makes better than a generator: questionnaires and their figures."""
    moment = now()
    for client in filled.house.clients.values():
        db.session.add(OrgUnit(client_id=client, code="mairie", name=""))
        start_assessment(client, packs.offered_pack(), scope="full", due_on=None, now=moment)
    db.session.flush()
    recompute(today=today(moment), now=moment)


def _confine_to_a_unit(filled: Filled) -> None:
    """The decider serves one unit only, and the other unit has somebody to hide."""
    filled.unit_id = filled.row("org_unit")["id"]
    decider, valbrune = filled.house.people["decider"].id, filled.house.clients["valbrune"]
    db.session.execute(
        sa.update(ClientMember).where(ClientMember.id == decider).values(org_unit_id=filled.unit_id)
    )
    name = f"{filled.client_mark('valbrune')}-other-unit"
    other = OrgUnit(client_id=valbrune, code="ccas", name=name)
    db.session.add(other)
    db.session.flush()
    hidden = Person(client_id=valbrune, org_unit_id=other.id, name=name, name_key=name, status="agent")
    db.session.add(hidden)
    db.session.flush()
    for table in ("departure", "backup_job"):
        _of_the_other_unit(filled, Base.metadata.tables[table], other.id, hidden.id, name)


def _of_the_other_unit(filled: Filled, table: Table, unit: UUID, person: UUID, name: str) -> None:
    """The same row again, of the other unit."""
    own = table.c.tenant_id == filled.house.id
    first = db.session.execute(sa.select(table).where(own, table.c.id == filled.row(table.name)["id"])).one()
    told = {"id": uuid4(), "org_unit_id": unit, "person_id": person, "name": name, "token_hash": None}
    values = dict(first._mapping) | {key: value for key, value in told.items() if key in table.c}
    db.session.execute(sa.insert(table).values(values))


def _scopes(table: Table, house: House) -> Iterator[str | None]:
    if table.name == "client" or "client_id" in table.c:
        yield from house.clients
    else:
        yield None


def _fill(filled: Filled, table: Table, client: str | None) -> dict[str, Any]:
    """Mark the row that the product already made there, or make one."""
    owner = table.c.id if table.name == "client" else table.c.get("client_id")
    where = [table.c.tenant_id == filled.house.id]
    if client and owner is not None:
        where.append(owner == filled.house.clients[client])
    if table.name == "staff_member":
        where.append(table.c.id == filled.house.people["technician"].id)
    if table.name == "answer":
        where.append(table.c.code == ANSWERED)
    found = None
    if table.name not in ("journal", "outbox"):
        order = [c for c in table.primary_key.columns if c.name != "tenant_id"]
        found = (
            db.session.execute(sa.select(table).where(*where).order_by(*order).limit(1)).mappings().first()
        )
    texts = {c.name: canary(filled, table, c, client) for c in marked(table)}
    if found is None:
        values = {c.name: _value(filled, table, c, client) for c in table.columns} | _parents(
            filled, table, client
        )
        db.session.execute(sa.insert(table).values(**(values | texts)))
        return values | texts
    if texts:
        same = sa.and_(*(c == found[c.name] for c in table.primary_key.columns))
        db.session.execute(sa.update(table).where(same).values(**texts | _with_reason(table)))
    return dict(found) | texts


def _with_reason(table: Table) -> dict[str, Any]:
    return {"choice": "na", "state": "declared"} if table.name == "answer" else {}


def marked(table: Table) -> list[Column[Any]]:
    """The texts of ``table`` that hold a canary."""
    closed = choices(table)
    return [
        c
        for c in table.columns
        if isinstance(c.type, sa.Text) and c.name not in closed and (table.name, c.name) not in MEANINGFUL
    ]


def canary(filled: Filled, table: Table, column: Column[Any], client: str | None) -> str:
    """The canary of that column, lower case and without accents so that folding leaves it whole."""
    place = filled.client_mark(client) if client else filled.mark
    text = f"{place}-{table.name}-{column.name}".replace("_", "-")
    return f"{text}@canari.example" if column.name in ("email", "recipient", "reply_to") else text


def choices(table: Table) -> dict[str, str]:
    """The columns that a CHECK limits to a list, and its first word."""
    found = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            match = re.match(r"(\w+) IN \('(\w+)'", str(check.sqltext))
            if match:
                found[match[1]] = match[2]
    return found


def _parents(filled: Filled, table: Table, client: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in table.constraints:
        if not isinstance(key, ForeignKeyConstraint) or key.referred_table.name in ("tenant", table.name):
            continue
        if key.referred_table.name == "login":
            found[key.column_keys[0]] = filled.house.people["technician"].login_id
            continue
        parent = filled.row(key.referred_table.name, client)
        named = {e.parent.name: parent[e.column.name] for e in key.elements}
        found |= {name: value for name, value in named.items() if (table.name, name) not in VALUES}
    return found


def _value(filled: Filled, table: Table, column: Column[Any], client: str | None) -> Any:
    name = column.name
    if (table.name, name) in VALUES:
        found = VALUES[(table.name, name)]
        return found(filled, client) if callable(found) else found
    if name == "tenant_id":
        return filled.house.id
    if name == "client_id":
        return filled.house.clients[client] if client else None
    if name in choices(table):
        return choices(table)[name]
    default = getattr(column.default, "arg", None)
    if default is not None and not callable(default):
        return default
    return None if _ends_something(column) else _by_type(filled, column, client)


def _ends_something(column: Column[Any]) -> bool:
    """A nullable moment or person: closed, revoked, left. Rows are alive."""
    return bool(column.nullable) and not isinstance(column.type, sa.Text | JSONB | sa.LargeBinary)


def _by_type(filled: Filled, column: Column[Any], client: str | None) -> Any:
    makers: tuple[tuple[type, Callable[[], Any]], ...] = (
        (ARRAY, lambda: [1.0] * 13),
        (JSONB, lambda: [] if _empty(column) == [] else {"canary": _note(filled, client)}),
        (sa.Uuid, uuid4),
        (sa.LargeBinary, lambda: uuid4().bytes + _note(filled, client).encode()),
        (sa.DateTime, lambda: now() + timedelta(days=5 if "expires" in column.name else 0)),
        (sa.Date, lambda: today(now()) + timedelta(days=20 if "until" in column.name else 0)),
        (sa.Boolean, lambda: False),
        (sa.Integer, lambda: 1),
        (sa.Numeric, lambda: 1.0),
        (sa.Float, lambda: 1.0),
        (sa.Text, lambda: _note(filled, client)),
    )
    return next(make() for kind, make in makers if isinstance(column.type, kind))


def _empty(column: Column[Any]) -> Any:
    return column.default.arg({}) if column.default is not None else None


def _note(filled: Filled, client: str | None) -> str:
    return filled.client_mark(client) if client else filled.mark
