"""An error on the collection page, told once its half-day is over: a log line carries the minute.

Kept by the process; what it forgets when it stops had no report behind it, for nothing was written.
"""

from threading import Lock

import structlog

from mspaudit.fieldwork.rules import HalfDay
from mspaudit.telemetry import places

log = structlog.get_logger(__name__)


class Later:
    """Errors that wait for their half-day to end. Safe between threads."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, ...], HalfDay] = {}
        self._lock = Lock()

    def keep(self, error: BaseException, half: HalfDay) -> None:
        """Remember the sort and the places of an error, never its words."""
        with self._lock:
            self._waiting.setdefault((type(error).__name__, *places(error)), half)

    def tell(self, half: HalfDay) -> None:
        """Log what happened before ``half``; each error once, without the page's name."""
        with self._lock:
            over = [line for line, when in self._waiting.items() if when != half]
            for line in over:
                del self._waiting[line]
        for kind, *where in over:
            log.error("error_of_an_earlier_half_day", error=kind, places=where)
