"""The journal, for the MSP's administrators."""

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for

from mspaudit.journal import queries
from mspaudit.journal.queries import Cursor, Filters
from mspaudit.journal.words import WORDS, words
from mspaudit.kernel.clock import local
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("journal", __name__, audience="admin", prefix="/journal")


@blueprint.get("/")
def index() -> str:
    """Who did what, by person, client and kind of action, fifty at a time."""
    filters = Filters(
        login_id=_id("personne"), client_id=_id("client"), verb=request.args.get("action") or None
    )
    entries, following = queries.page(filters, Cursor.parse(request.args.get("avant", "")))
    return render_template(
        "journal/journal.html",
        entries=entries,
        days=[local(entry.at).date() for entry in entries],
        words=words,
        verbs=sorted(WORDS.items(), key=lambda item: item[1]),
        clients=queries.clients(),
        people=queries.people(),
        chosen=request.args,
        filtered=any((filters.login_id, filters.client_id, filters.verb)),
        next_url=_next(following),
    )


def _next(following: Cursor | None) -> str | None:
    if following is None:
        return None
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("personne", "client", "action") if request.args.get(name)
    }
    return url_for("journal.index", **kept, avant=str(following))


def _id(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
