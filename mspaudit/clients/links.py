"""Where to send someone next: pages of a room above this one, by their endpoint's name."""

from flask import url_for


def overview(slug: str) -> str:
    """A client's first page."""
    return url_for("portfolio.client", client=slug)


def portfolio() -> str:
    """The page of all clients."""
    return url_for("portfolio.index")
