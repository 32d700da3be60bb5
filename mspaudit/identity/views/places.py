"""Home, and the places that one person serves."""

from typing import Any

from flask import current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mspaudit.identity import door
from mspaudit.identity.door import Place
from mspaudit.tenancy import gate
from mspaudit.tenancy.blueprints import account_blueprint, public_blueprint

home = public_blueprint("home", "mspaudit.identity")
blueprint = account_blueprint("places", "mspaudit.identity")


@home.get("/")
def index() -> str | Response:
    """A calm door for whoever is not signed in; the places of whoever is."""
    person = gate.visitor()
    if person is not None and person.signed_in:
        return redirect(url_for("places.index"), 303)
    return render_template("identity/home.html")


@blueprint.get("/mes-espaces", endpoint="index")
def places() -> str | Response:
    """Where this person may go; straight there when there is one place only."""
    found = door.places(g.visitor.login_id)
    if len(found) == 1 and not g.visitor.platform:
        return redirect(address(found[0]), 303)
    return render_template(
        "identity/places.html",
        places=[(place, address(place)) for place in found],
        platform=url_for("platform.index") if g.visitor.platform else None,
    )


def address(place: Place) -> str:
    """The first page of a place."""
    if place.client_slug is None:
        return _page("portfolio.index", f"/{place.msp_slug}/", msp=place.msp_slug)
    path = f"/{place.msp_slug}/espace/{place.client_slug}/"
    return _page("portal.home", path, msp=place.msp_slug, client=place.client_slug)


def _page(endpoint: str, path: str, **values: Any) -> str:
    """Rooms above this one are named, not imported; ``path`` is where they stand."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else path
