"""The rows of accounts: a directory of which something was imported, so that its accounts show."""

from typing import Any
from uuid import uuid4

from mspaudit.kernel.clock import now

MEANINGFUL: dict[tuple[str, str], str] = {}
VALUES: dict[tuple[str, str], Any] = {
    ("directory", "import_id"): lambda _filled, _client: uuid4(),
    ("directory", "imported_at"): lambda _filled, _client: now(),
    ("directory", "mfa_at"): lambda _filled, _client: now(),
    ("account", "mfa"): "no",
}
