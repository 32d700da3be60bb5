"""What the two embedded servers share: one folder, one port, one process, found again after a crash."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self

from mspaudit.embedded.folder import EmbeddedError, claim, read_port, remembered_port, remembered_secret
from mspaudit.embedded.process import end, exists, launch, runs, wait_until
from mspaudit.embedded.unprivileged import RunAs, run_as
from mspaudit.kernel.french import NB

START_SECONDS = 60.0  # Replaying the log after a crash takes longer than a start.


class EmbeddedServer(ABC):
    """A loopback server whose whole state is `data_dir`. Use it from the main thread, or as a context."""

    label: ClassVar[str]
    program: ClassVar[str]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]
    transient: ClassVar[Sequence[str]]
    """What the server's log says when another try, on another port or a little later, may succeed."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.log = self.data_dir / f"{self.program}.log"
        self._port_file = self.data_dir / "port"
        self._secret_file = self.data_dir / "password"
        self._held = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._run_as = RunAs("self")

    # What each server says of itself

    @property
    @abstractmethod
    def binary(self) -> Path: ...

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Written by the server itself, so that it is true however this process dies."""

    @property
    @abstractmethod
    def marker(self) -> str:
        """An argument of the server's command line that no other instance has."""

    @abstractmethod
    def _prepare(self) -> None: ...

    @abstractmethod
    def _command(self, port: int) -> list[str | Path]: ...

    @abstractmethod
    def _answers(self, pid: int) -> bool: ...

    # What callers use

    @property
    def running(self) -> bool:
        """Whether a server is alive and ready on this folder, whoever started it."""
        pid = self._recorded_pid()
        return pid is not None and self._is_ours(pid) and self._answers(pid)

    @property
    def port(self) -> int:
        """The loopback port. Raises `EmbeddedError` when the server was never started here."""
        port = read_port(self._port_file)
        if port is None:
            raise self._never_started()
        return port

    @property
    def password(self) -> str:
        """The server's own secret. Raises `EmbeddedError` when the server was never started here."""
        try:
            return self._secret_file.read_text().strip()
        except FileNotFoundError:
            raise self._never_started() from None

    def start(self) -> None:
        """Start the server and return when it answers. Does nothing when this object already did.

        Ends first what a killed instance left running on the folder, and recovers its data. The server
        stops when this process dies. Raises `EmbeddedError`.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self._held.close()
        with ExitStack() as held:
            held.enter_context(claim(self.data_dir))
            self._run_as = run_as([self.binary, self.data_dir / "inside"])
            self._end_orphan()
            remembered_secret(self._secret_file)
            self._prepare()
            self._process = self._launch()
            self._held = held.pop_all()

    def stop(self) -> None:
        """Stop the server, gently then firmly, and let go of the folder. Does nothing when not started."""
        process = self._process
        if process is not None:
            end(process.pid, lambda: process.poll() is None, self.stop_steps)
        self._process = None
        self._held.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # How

    def _never_started(self) -> EmbeddedError:
        return EmbeddedError(f"{self.label} n’a encore jamais démarré dans {self.data_dir}.")

    def _recorded_pid(self) -> int | None:
        try:
            return int(self.pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        return runs(pid, self.program, self.marker)

    def _end_orphan(self) -> None:
        """We hold the folder, so a server still alive on it has lost its parent."""
        pid = self._recorded_pid()
        if pid is None:
            return
        if not end(pid, lambda: self._is_ours(pid), self.stop_steps):
            raise EmbeddedError(
                f"{self.label} tourne encore sur {self.data_dir} (processus {pid}) "
                "et ne se laisse pas arrêter."
            )
        if exists(pid):  # The number is another process's by now, and the server would refuse to start.
            self.pid_file.unlink(missing_ok=True)

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start, as often as it takes while the cause passes by itself, within one deadline."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            process = self._attempt(deadline - time.monotonic())
            if process is not None:
                return process
            said = self.log.read_text(errors="replace")
            if time.monotonic() > deadline or not any(cause in said for cause in self.transient):
                raise EmbeddedError(f"{self.label} n’a pas démarré{NB}: {self._last_words()}")

    def _attempt(self, seconds: float) -> subprocess.Popen[bytes] | None:
        process = self._spawn(self._command(remembered_port(self._port_file)))
        wait_until(lambda: process.poll() is not None or self._is_ready(process.pid), seconds)
        if self._is_ready(process.pid) and process.poll() is None:
            return process
        end(process.pid, lambda: process.poll() is None, self.stop_steps)
        return None

    def _last_words(self) -> str:
        said = self.log.read_text(errors="replace").strip().splitlines()
        return f"{said[-1] if said else '(rien)'} ({self.log})"

    def _is_ready(self, pid: int) -> bool:
        return self._recorded_pid() == pid and self._answers(pid)

    def _spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Run a program of the server's, its output in a fresh log; the previous log is kept beside."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
            return launch(
                command,
                identity=self._run_as.identity,
                death_signal=self.stop_steps[0][0],
                output=output,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            )
