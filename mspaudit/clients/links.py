"""Where to send someone next."""

from flask import current_app, url_for


def overview(slug: str) -> str:
    """A client's first page."""
    known = "portfolio.client" in current_app.view_functions
    return url_for("portfolio.client" if known else "clients.sheet", client=slug)


def portfolio() -> str:
    """The page of all clients."""
    known = "portfolio.index" in current_app.view_functions
    return url_for("portfolio.index" if known else "clients.archives")
