"""Calling each function of schema ``auth`` with arguments that would work at the door."""

from typing import Any
from uuid import uuid4

import psycopg
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from mspaudit.tenancy.context import Context, sign
from tests.conftest import KEY
from tests.isolation.houses import World

Connection = psycopg.Connection[Any]


def _arguments(world: World) -> dict[str, tuple[Any, ...]]:
    home, away = world.tilleul, world.saule
    victim = away.house.people["admin"]
    return {
        "enter": (b"token", away.house.slug, None),
        "find_login": (victim.email,),
        "get_login": (victim.login_id,),
        "ensure_login": (f"{uuid4()}@canari.example", uuid4()),
        "count_failure": (victim.login_id,),
        "open_session": (
            uuid4(),
            victim.login_id,
            uuid4().bytes,
            "full",
            "agent",
            "127.0.0.1",
            "1 hour",
            Jsonb({}),
        ),
        "note": (uuid4(), victim.login_id, "signed_in", "agent", "127.0.0.1"),
        "ask_link": (uuid4(), victim.email, uuid4().bytes, "/"),
        "arm_link": (uuid4(), uuid4().bytes),
        "use_link": (uuid4().bytes, uuid4().bytes),
        "waiting_links": (),
        "forget_old": (),
        "invitation": (away.row("invitation")["token_hash"],),
        "delegation": (away.row("delegation")["token_hash"],),
        "calendar": (away.row("calendar_feed")["token_hash"], away.house.slug),
        "field_group": (away.row("field_group")["token_hash"],),
        "tenant_named": (away.house.slug,),
        "ping": (away.row("backup_job")["token_hash"], "success", None, "", uuid4(), None),
        "mail_routes": ([away.row("backup_job")["token_hash"]], away.house.slug, ""),
        "open_pin_reset": (away.house.people["secretary"].login_id,),
        "ask_pin_reset": (uuid4(), away.house.people["secretary"].login_id),
        "grant_pin_reset": (uuid4(), away.house.id, away.house.people["secretary"].id),
        "tell_pin_reset": (uuid4(), uuid4().bytes),
        "use_pin_reset": (away.house.people["secretary"].login_id, "hash", uuid4()),
        "cancel_pin_reset": (uuid4().bytes,),
        "drop_pin_reset": (away.house.people["secretary"].login_id,),
        "reset_second_factor": (victim.login_id, away.house.id, away.house.people["technician"].id),
        "platform_reset": (victim.login_id, away.house.slug, victim.email),
        "create_tenant": (uuid4(), f"{home.mark}-{uuid4().hex[:8]}", "Neuf", Jsonb({})),
    }


# Those that find something at the door with the arguments above.
ANSWERING = ("find_login", "get_login", "ensure_login", "invitation", "delegation", "waiting_links")
ANSWERING += ("calendar", "ping", "mail_routes")
ANSWERING += ("tenant_named", "field_group")
NAMES = (
    *("ping", "mail_routes"),
    *("enter", "find_login", "get_login", "ensure_login", "count_failure", "open_session", "note"),
    *("ask_link", "arm_link", "use_link", "waiting_links", "forget_old", "invitation", "delegation"),
    "tenant_named",
    "field_group",
    "calendar",
    *("open_pin_reset", "ask_pin_reset", "grant_pin_reset", "tell_pin_reset", "use_pin_reset"),
    *("cancel_pin_reset", "drop_pin_reset", "reset_second_factor", "platform_reset", "create_tenant"),
)
# Functions that answer for the signed-in person themself, at any place.
PERSONAL = ("places", "tenants")


def call(connection: Connection, world: World, function: str, context: Context) -> Any:
    """What the function answers to that context; « refused » when it raises for lack of right."""
    values = _arguments(world)[function]
    signed = "" if context.kind == "nobody" else sign(context, KEY.encode())
    connection.execute("SELECT set_config('app.ctx', %s, true)", [signed])
    statement = sql.SQL("SELECT * FROM auth.{}({})").format(
        sql.Identifier(function), sql.SQL(", ").join(sql.Placeholder() * len(values))
    )
    try:
        return connection.execute(statement, values).fetchall()
    except errors.InsufficientPrivilege:
        connection.rollback()
        return "refused"


def identity_rows(superuser: Connection) -> list[Any]:
    """A fingerprint of what sign-in could write."""
    tables = ("login", "web_session", "link_request", "login_event", "tenant", "invitation")
    tables += ("backup_job", "backup_event")
    tables += ("pin_reset", "passkey")
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*), md5(string_agg(t::text, ',' ORDER BY t.id)) FROM {} t").format(
            sql.Literal(name), sql.Identifier(name)
        )
        for name in tables
    )
    return superuser.execute(query).fetchall()
