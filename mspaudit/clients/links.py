"""Where to send someone next: pages of a room above this one, by their endpoint's name."""

from uuid import UUID

from flask import url_for


def overview(slug: str) -> str:
    """A client's first page."""
    return url_for("portfolio.client", client=slug)


def departure(slug: str, person_id: UUID) -> str:
    """Where someone's departure is opened, with its list."""
    return url_for("departures.start", client=slug, person=person_id)


def account(slug: str, account: UUID) -> str:
    """One account of a client."""
    return url_for("accounts.show", client=slug, account=account)


def portfolio() -> str:
    """The page of all clients."""
    return url_for("portfolio.index")
