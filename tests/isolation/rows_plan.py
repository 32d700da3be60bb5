"""The rows of plans and registers: advice that was sent and opened, one decision, one line of the chain."""

from typing import Any

from tests.departures.leavers import PDF

MEANINGFUL: dict[tuple[str, str], str] = {
    ("action_item", "code"): "names a control of the pack",
    ("action_item", "source_kind"): "names a kind of finding",
    ("recommendation", "code"): "names a control of the pack",
    ("decision", "document_key"): "names a stored file",
    ("decision_event", "actor_kind"): "is the database's own word for who writes",
    ("register_anchor", "file_key"): "names a stored file",
}


def _paper(filled: Any, client: str) -> str:
    return str(filled.stored(PDF + filled.client_mark(client).encode()))


VALUES: dict[tuple[str, str], Any] = {
    ("action_item", "code"): "GOV-01",
    ("action_item", "source_kind"): "gap",
    ("action_item", "before"): {
        "status": "decided",
        "decided_on": "2026-11-20",
        "done_on": None,
        "postponed_until": None,
    },
    ("recommendation", "code"): "GOV-01",
    ("recommendation", "options"): lambda filled, client: [
        {
            "title": f"{filled.client_mark(client)}-option",
            "pros": "",
            "cons": "",
            "hours": 2.0,
            "once_cents": 1000,
            "yearly_cents": 0,
        }
    ],
    ("recommendation", "recipients"): [],
    ("decision", "document_key"): _paper,
    ("register_anchor", "file_key"): _paper,
    ("decision_event", "actor_kind"): "job",
    ("decision_event", "payload"): lambda filled, client: {"number": 1, "title": filled.client_mark(client)},
}
