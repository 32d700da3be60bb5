"""The rows of backups: jobs whose address is the houses' own token, a report kept in storage."""

from datetime import timedelta
from typing import Any

from mspaudit.kernel.clock import now, today
from mspaudit.tenancy.gate import hashed

MEANINGFUL: dict[tuple[str, str], str] = {
    ("backup_mail", "storage_key"): "names a stored file",
    ("restore_test", "report_key"): "names a stored file",
    ("restore_test", "report_mime"): "chooses how a file is served",
}
VALUES: dict[tuple[str, str], Any] = {
    ("backup_job", "token_hash"): lambda filled, client: hashed(filled.token("question", client)),
    ("backup_job", "period_hours"): 24,
    ("backup_job", "paused_until"): lambda _filled, _client: now() - timedelta(days=1),
    ("backup_event", "kind"): "fail",
    ("backup_mail", "storage_key"): lambda filled, client: filled.stored(
        f"Subject: {filled.client_mark(client)}\n\nok\n".encode()
    ),
    ("restore_test", "done_on"): lambda _filled, _client: today(now()),
    ("restore_test", "report_key"): lambda filled, client: filled.stored(
        f"%PDF-1.4\n%{filled.client_mark(client)}\n%%EOF\n".encode()
    ),
    ("restore_test", "report_mime"): "application/pdf",
}
