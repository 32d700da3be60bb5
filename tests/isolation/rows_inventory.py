"""The rows of machines and contracts: an insurance with an end, its papers kept in storage."""

from datetime import timedelta
from typing import Any

from mspaudit.kernel.clock import now, today

MEANINGFUL: dict[tuple[str, str], str] = {
    ("asset", "product"): "names a system of the list",
    ("agreement", "product"): "names a system of the list",
    ("agreement", "document_key"): "names a stored file",
    ("agreement", "notice_key"): "names a stored file",
}


def _paper(filled: Any, client: str) -> str:
    return str(filled.stored(f"%PDF-1.4\n%{filled.client_mark(client)}\n%%EOF\n".encode()))


VALUES: dict[tuple[str, str], Any] = {
    ("asset", "product"): "windows-10",
    ("agreement", "product"): "office-2019",
    ("agreement", "kind"): "insurance",
    ("agreement", "ends_on"): lambda _filled, _client: today(now()) + timedelta(days=90),
    ("agreement", "document_key"): _paper,
    ("agreement", "notice_key"): _paper,
}
