"""Every background process of one machine, forked from a single import of the application.

Five interpreters that each import everything would cost most of a start's time and memory.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

import structlog

from mspaudit.app import create_app
from mspaudit.config import Settings
from mspaudit.embedded.process import apart
from mspaudit.tenancy import jobs
from mspaudit.tenancy.scheduler import Scheduler

log = structlog.get_logger(__name__)
RESTART_SECONDS = 1.0
LOOK_SECONDS = 0.1

Duty = Callable[[], None]


class Crew:
    """Keeps one process a duty until told to stop. For the main thread of a process of its own."""

    def __init__(self, duties: Mapping[str, Duty]) -> None:
        self._duties = duties
        self._at_work: dict[int, str] = {}
        self._stopping = False

    def run(self) -> None:
        """Fork every duty, fork again one that ends, and pass SIGTERM and SIGINT on to them all."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for name in self._duties:
            self._fork(name)
        while self._at_work:
            # A stop makes the children end, so waiting for one of them is enough.
            pid, status = os.wait()
            name = self._at_work.pop(pid, "")
            if name and not self._stopping:
                log.warning("duty_ended", duty=name, status=os.waitstatus_to_exitcode(status))
                time.sleep(RESTART_SECONDS)
                if not self._stopping:
                    self._fork(name)

    def _fork(self, name: str) -> None:
        self._at_work[apart(self._duties[name])] = name

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for pid in self._at_work:
            os.kill(pid, signal.SIGTERM)


def run(settings: Settings, *, after: Path | None) -> None:
    """Run a worker a queue and the scheduler.

    Args:
        after: wait for this file first, with everything imported: the demonstration is being loaded.
    """
    app = create_app(settings)
    while after is not None and not after.exists():
        time.sleep(LOOK_SECONDS)
    with app.app_context():
        duties: dict[str, Duty] = {name: _worker(name) for name in jobs.QUEUES}
        duties["scheduler"] = Scheduler(settings.dispatcher_url or "").run
        Crew(duties).run()


def _worker(name: str) -> Duty:
    return lambda: jobs.work(name)
