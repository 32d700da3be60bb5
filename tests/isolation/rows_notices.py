"""The rows of deadlines and alerts: what must mean something to be read, and the secret of a calendar."""

from typing import Any

from mspaudit.tenancy.gate import hashed

MEANINGFUL: dict[tuple[str, str], str] = {
    ("deadline", "kind"): "chooses words and thresholds",
    ("notice_rule", "kind"): "chooses words and thresholds",
}
VALUES: dict[tuple[str, str], Any] = {
    ("deadline", "kind"): "contract",
    ("deadline_state", "before"): {"state": "open"},
    ("notice_rule", "kind"): "contract",
    ("notice_rule", "days"): [30, 7],
    ("notice_preference", "days"): [1, 2, 3, 4, 5],
    # Of the one who sees least: the address shows what its owner may see, whoever opens it.
    ("calendar_feed", "member_id"): lambda filled, _client: filled.house.people["limited"].id,
    ("calendar_feed", "token_hash"): lambda filled, _client: hashed(filled.token("calendar")),
}
