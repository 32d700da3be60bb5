"""The rows of incidents: one that is open, a clock, a line of its log, a lesson, someone who may sign."""

from typing import Any

from tests.departures.leavers import PDF

MEANINGFUL: dict[tuple[str, str], str] = {
    ("incident_clock", "duty"): "names a duty of the list",
    ("signing_right", "document_key"): "names a stored file",
}


def _paper(filled: Any, client: str) -> str:
    return str(filled.stored(PDF + filled.client_mark(client).encode()))


VALUES: dict[tuple[str, str], Any] = {
    ("incident", "closed_at"): None,
    ("incident_clock", "duty"): "cnil",
    ("incident_clock", "done_at"): None,
    ("signing_right", "document_key"): _paper,
}
