"""A report mail on standard input, as a mail server's pipe hands it over; the exit status answers it."""

import os
from typing import BinaryIO

import structlog
from sqlalchemy.exc import DBAPIError

from mspaudit.backups.receiving import BIGGEST, receive
from mspaudit.kernel import clock
from mspaudit.telemetry import report

log = structlog.get_logger(__name__)


def mail_in(stream: BinaryIO, *, recipients: tuple[str, ...], msp: str) -> int:
    """Take one mail in, within an application context; a status of ``sysexits.h``.

    Returns:
        0 once it is on disk, 67 when it is nobody's, 65 when it is empty or too heavy, 75 when the
        database or the storage is away: the server keeps the mail and tries again.
    """
    raw = stream.read(BIGGEST + 1)
    if not raw.strip() or len(raw) > BIGGEST:
        return os.EX_DATAERR
    try:
        received = receive(raw, now=clock.now(), recipients=recipients, msp=msp)
    except (DBAPIError, OSError) as error:
        log.error("backup_mail_delayed", error=type(error).__name__, places=report(error))
        return os.EX_TEMPFAIL
    log.info("backup_mail_received", fate=received.fate, verdict=received.verdict)
    return os.EX_NOUSER if received.fate == "nobody" else os.EX_OK
