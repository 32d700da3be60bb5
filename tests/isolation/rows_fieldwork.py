"""The rows of fieldwork: an open campaign, a group whose link answers, one report."""

from typing import Any

from mspaudit.kernel.clock import now
from mspaudit.tenancy.gate import hashed

MEANINGFUL: dict[tuple[str, str], str] = {
    ("field_report", "sharing"): "names a way to share",
    ("field_report", "reason_code"): "names a reason",
    ("report_control", "code"): "names a control of the pack",
    ("direction_answer", "code"): "names a control of the pack",
}
VALUES: dict[tuple[str, str], Any] = {
    ("field_group", "token_hash"): lambda filled, client: hashed(filled.token("question", client)),
    ("field_group", "headcount"): 12,
    ("field_campaign", "promised_at"): lambda _filled, _client: now(),
    ("field_report", "data"): ["money"],
    ("field_report", "sharing"): "mail",
    ("field_report", "reason_code"): "slow",
    ("field_report", "positions"): {},
    ("field_report", "merged_into"): None,
    ("field_report", "rank"): 1,
    ("report_control", "code"): "ACC-05",
    ("direction_answer", "code"): "ACC-05",
}
