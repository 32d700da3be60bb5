"""Reading the desk's forms."""

from collections.abc import Mapping
from uuid import UUID

from werkzeug.datastructures import FileStorage, MultiDict

from mspaudit.clients.rules import Refused
from mspaudit.errors import DomainError
from mspaudit.intake import cells
from mspaudit.intake.actions import Upload
from mspaudit.kernel.french import fold, typo

Sent = MultiDict[str, str]


def upload(sent: FileStorage | None) -> Upload | None:
    """The file that was chosen, if any."""
    if sent is None or not sent.filename:
        return None
    return Upload(sent.filename, sent.read())


def cents(text: str) -> int:
    """An amount in euros, in cents. Raises Refused."""
    try:
        found = cells.cents(text)
    except cells.Unclear as unclear:
        raise Refused(str(unclear)) from None
    if found is None or not 0 <= found <= cells.MOST_CENTS:
        raise Refused("Ce montant est négatif ou trop grand.")
    return found


def columns(sent: Sent) -> tuple[str, dict[str, str]]:
    """The kind, and header → field for every column."""
    return sent.get("kind", ""), dict(zip(sent.getlist("header"), sent.getlist("column"), strict=False))


def routes(sent: Sent, named: Mapping[str, UUID]) -> dict[str, UUID | None]:
    """Key → the client named for it, None for lines to leave aside. Raises DomainError."""
    found: dict[str, UUID | None] = {}
    for key, name in zip(sent.getlist("key"), sent.getlist("client"), strict=False):
        if name.strip() and fold(name) not in named:
            raise DomainError(typo(f"Aucun client ne s’appelle « {name.strip()[:60]} »."))
        found[key] = named.get(fold(name)) if name.strip() else None
    return found
