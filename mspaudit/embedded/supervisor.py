"""Keep a few named commands running until told to stop, in one thread and without polling."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from mspaudit.embedded.process import launch
from mspaudit.embedded.streams import LabelledOutput, StopSignals
from mspaudit.kernel.french import NB, number

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
HEALTHY_AFTER = 60.0
"""Seconds: a child that lasted this long is restarted as if it had never failed."""


@dataclass(frozen=True)
class Child:
    """A command meant to run for ever. `env` adds to our environment."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Runs `children`, restarts those that end, and copies what they print to our stderr under their name.

    On Linux they get SIGTERM if this process is killed. For the main thread only: `start()`, then `wait()`
    until SIGINT or SIGTERM, then `stop()`; or `with Supervisor(...) as supervisor: supervisor.wait()`.
    """

    def __init__(self, children: Sequence[Child], *, grace: float = 10.0, first_delay: float = FIRST_DELAY):
        """`grace`: seconds a child has to stop before it is killed. `first_delay`: before a first restart."""
        width = max((len(child.name) for child in children), default=0)
        self._output = LabelledOutput(sys.stderr.buffer, width)
        self._runs = [_Run(child, self._output, first_delay) for child in children]
        self._grace = grace
        self._signals: StopSignals | None = None

    def start(self) -> None:
        """Start every child, and from here on take SIGINT and SIGTERM as a request to stop."""
        self._signals = StopSignals(self._output)
        for run in self._runs:
            run.start()

    def wait(self) -> None:
        """Block until SIGINT or SIGTERM, restarting children as they end."""
        while self._signals is not None and not self._signals.received:
            now = time.monotonic()
            for run in self._runs:
                run.tend(now)
            self._output.pump(min((run.seconds_idle(now) for run in self._runs), default=LONGEST_DELAY))

    def stop(self) -> None:
        """Ask every child to stop, wait for the grace period, then kill what is left of their groups."""
        for run in self._runs:
            run.ask_to_stop()
        deadline = time.monotonic() + self._grace
        while any(run.alive for run in self._runs) and (left := deadline - time.monotonic()) > 0:
            self._output.pump(left)
        for run in self._runs:
            run.finish()
        if self._signals is not None:
            self._signals.restore()
            self._signals = None
            self._output.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Run:
    """One child, through its successive processes."""

    def __init__(self, child: Child, output: LabelledOutput, first_delay: float) -> None:
        self._child = child
        self._output = output
        self._first_delay = first_delay
        self._failures = 0
        self._started = 0.0
        self._restart_at: float | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        reader, writer = os.pipe()
        self._process = launch(self._child.argv, output=writer, env=os.environ | self._child.env)
        os.close(writer)
        self._output.follow(self._child.name, reader)
        self._started = time.monotonic()
        self._restart_at = None

    def tend(self, now: float) -> None:
        """Notice an end; restart when its time has come."""
        if self._process is not None and not self.alive and self._restart_at is None:
            self._plan_restart(self._process, now)
        if self._restart_at is not None and now >= self._restart_at:
            self.start()

    def _plan_restart(self, ended: subprocess.Popen[bytes], now: float) -> None:
        _kill_group(ended.pid)
        self._failures = 1 if now - self._started >= HEALTHY_AFTER else self._failures + 1
        delay = min(self._first_delay * 2 ** min(self._failures - 1, 10), LONGEST_DELAY)
        self._restart_at = now + delay
        self._output.pump(0)  # Its last words come before ours.
        self._output.say(
            self._child.name,
            f"s’est arrêté ({_ending(ended.returncode)}), redémarrage dans {number(delay, 1)}{NB}s.",
        )

    def seconds_idle(self, now: float) -> float:
        """How long until `tend` has something to do, unless a process ends before."""
        return LONGEST_DELAY if self._restart_at is None else max(self._restart_at - now, 0)

    def ask_to_stop(self) -> None:
        """The leader alone: it knows how to end its own (a worker first lets its job finish)."""
        if self._process is not None and self.alive:
            self._process.terminate()

    def finish(self) -> None:
        if self._process is not None:
            _kill_group(self._process.pid)
            self._process.wait()


def _kill_group(group: int) -> None:
    """Kill what a child left behind. While the group has a member its number cannot be another's."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # Nobody left; macOS says the latter of a zombie.
        return


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
