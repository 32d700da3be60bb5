"""Accounts for the search of every page."""

from sqlalchemy import and_, case, func, select

from mspaudit.accounts.models import Account
from mspaudit.clients.models import Client
from mspaudit.clients.queries import Found
from mspaudit.extensions import db
from mspaudit.kernel.french import fold


def find(text: str, limit: int) -> list[Found]:
    """The accounts whose name or login holds every word of ``text``; what is disabled or gone last."""
    words = fold(text[:200]).split()[:6]
    if not words:
        return []
    held = and_(
        *(
            Account.name_key.contains(word, autoescape=True) | Account.key.contains(word, autoescape=True)
            for word in words
        )
    )
    past = case((Account.gone_at.is_not(None) | Account.enabled.is_(False), True), else_=False)
    statement = (
        select(Client.slug, Account.name, Client.name.label("client"), Account.upn, past, Account.id)
        .join(Client, Client.id == Account.client_id)
        .where(held, Client.archived_at.is_(None))
        .order_by(past, func.length(Account.name_key), Account.name_key, Account.key)
        .limit(limit)
    )
    return [
        Found("account", slug, name or upn, client, None, upn, gone, key)
        for slug, name, client, upn, gone, key in db.session.execute(statement)
    ]
