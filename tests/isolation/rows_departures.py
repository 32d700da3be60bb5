"""The rows of those who leave and those who come for a time: an open departure, a mission past its gate."""

from typing import Any

from tests.departures.leavers import PDF

MEANINGFUL: dict[tuple[str, str], str] = {
    ("departure_item", "task"): "names a task of the catalogue",
    ("portal_holder", "code"): "names a portal of the catalogue",
    ("mission", "contract_key"): "names a stored file",
    ("mission", "certificate_key"): "names a stored file",
}


def _paper(filled: Any, client: str) -> str:
    return str(filled.stored(PDF + filled.client_mark(client).encode()))


VALUES: dict[tuple[str, str], Any] = {
    ("departure_item", "task"): "lists",
    ("portal_holder", "code"): "site",
    ("mission", "contract_key"): _paper,
    ("mission", "certificate_key"): _paper,
}
