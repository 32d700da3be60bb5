"""Conventions of the addresses: French, without secrets, never mistaken for an MSP's or a client's."""

import ast
import re
from pathlib import Path

from flask import Flask

from mspaudit.backoffice.rules import RESERVED
from mspaudit.clients.rules import RESERVED_SLUGS
from mspaudit.features import load_models
from mspaudit.tenancy.models import TenantModel
from tests.house.source import Source, calls, functions, none, sources
from tests.isolation import houses, orm
from tests.isolation.routes import routes

# A link that is itself the key says so by its argument's name, and its page is never cached or logged.
SECRET = re.compile(r"(?i)password|secret|session|jeton|\bpin\b|hash|cookie")
VERBS = re.compile(r"(?i)/(add|create|delete|edit|update|remove|list|get|set|view)(/|$)")


def test_no_address_carries_a_secret(app: Flask) -> None:
    wrong = [
        str(r) for r in routes(app) if any(SECRET.search(a) for a in r.arguments if not a.endswith("_id"))
    ]
    none(wrong, "a secret travels in a body or a cookie")
    keys = [str(r) for r in routes(app) if "token" in r.arguments and r.audience != "public"]
    none(keys, "only a public page is opened by the link's own secret")


def test_addresses_are_in_french_and_name_things(app: Flask) -> None:
    wrong = [
        str(r) for r in routes(app) if VERBS.search(r.rule) or re.search(r"[A-Z_]", TAIL.sub("", r.rule))
    ]
    none(
        [w for w in wrong if "/_" not in w], "name the thing, in French: /clients/<client>/personnes/nouvelle"
    )


TAIL = re.compile(r"<[^>]*>")


def test_no_msp_can_be_called_like_one_of_our_pages(app: Flask) -> None:
    firsts = {r.rule.split("/")[1] for r in routes(app) if "<msp>" not in r.rule} - {""}
    none(
        sorted(f for f in firsts - RESERVED if not f.startswith("_")),
        "add it to RESERVED (backoffice/rules.py)",
    )


def test_no_client_can_be_called_like_a_page_of_clients(app: Flask) -> None:
    seconds = {r.rule.split("/")[3] for r in routes(app) if r.rule.startswith("/<msp>/clients/")}
    names = {s for s in seconds if "<" not in s and "." not in s}
    none(sorted(names - RESERVED_SLUGS), "add it to RESERVED_SLUGS (clients/rules.py)")


def test_every_change_is_a_post(app: Flask) -> None:
    none([str(r) for r in routes(app) if r.method not in ("GET", "POST")], "use POST: it is what forms send")


def test_a_get_changes_nothing(app: Flask) -> None:
    """A mail scanner, a prefetch and a crawler open links: the view of a GET calls no verb of a room."""
    wrong = []
    gets = {r.endpoint for r in routes(app) if r.method == "GET"} - {
        r.endpoint for r in routes(app) if r.method == "POST"
    }
    for endpoint in sorted(gets - READS_THAT_WRITE.keys()):
        view = app.view_functions[endpoint]
        for source in sources():
            if source.path == Path(view.__code__.co_filename):
                wrong += _verbs(source, view.__name__)
    none(wrong, "make it a POST, or read with queries")


READS_THAT_WRITE = {
    "demo_door.enter": "opens a session, in a demonstration on the loopback only",
    "sign_in.start": "drops a session that is over",
    "decisions.show": "that a decider opened advice is what the register must prove",
}


def _verbs(source: Source, name: str) -> list[str]:
    found = (f for f in functions(source.tree) if f.name == name)
    return [
        f"{source.at(call)} {called}"
        for function in found
        for call, called in calls(ast.Module(body=function.body, type_ignores=[]))
        if called.startswith("actions.")
    ]


def test_every_tenant_table_is_filled_with_canaries() -> None:
    """A table that the isolation suite cannot fill is a table whose isolation it cannot prove."""
    load_models()
    tables = {t.name for t in houses.tenant_tables()}
    assert tables == {str(orm.table_of(m).name) for m in orm.models() if issubclass(m, TenantModel)} | {
        "journal_head"
    }
    for table in houses.tenant_tables():
        for column in houses.marked(table):
            assert (table.name, column.name) not in houses.MEANINGFUL
    known = {(t.name, c.name) for t in houses.tenant_tables() for c in t.columns} | {("tenant", "slug")}
    none(sorted(houses.MEANINGFUL.keys() - known), "MEANINGFUL names a column that is gone")
    none(sorted(houses.VALUES.keys() - known), "VALUES names a column that is gone")
