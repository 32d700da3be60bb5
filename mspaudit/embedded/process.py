"""Start, recognise and end processes, without ever touching one that is not ours."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

TETHER = Path(__file__).with_name("tether.py")
POLL_SECONDS = 0.01
PR_SET_PDEATHSIG = 1

Output = IO[bytes] | int


def launch(
    argv: Sequence[str | Path],
    *,
    identity: str = "self",
    death_signal: signal.Signals = signal.SIGTERM,
    output: Output = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in its own process group; on Linux it gets `death_signal` when this process dies.

    `identity` is the tether's. `env` is the whole environment, ours when `None`. The two standard outputs
    go to `output`, and there is no input: a Ctrl-C in the terminal reaches this process only.

    Raises `RuntimeError` outside the main thread: what the kernel watches is the thread that forked, so
    a child started from a passing thread would die with that thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Start child processes from the main thread: they die with the one that forked.")
    tether: list[str | Path] = [
        sys.executable,
        "-I",
        "-S",
        TETHER,
        str(os.getpid()),
        str(int(death_signal)),
        identity,
    ]
    return subprocess.Popen(
        [*tether, *argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        process_group=0,
    )


def apart(duty: Callable[[], None]) -> int:
    """Fork, do ``duty`` in the new process, which dies with this one, and give its pid to wait for.

    Only for a process of a single thread: another's locks would stay locked in the copy.
    """
    parent, pid = os.getpid(), os.fork()
    if pid:
        return pid
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        die_with(parent)
        duty()
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def die_with(parent: int) -> None:
    """Have the kernel stop this process when its parent dies, however that happens (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def runs(pid: int, program: str, argument: str) -> bool:
    """Whether `pid` is alive and is `program` started with exactly `argument` among its arguments.

    A number found in a file proves nothing: after a crash the system may have given it to anyone.
    """
    words = _command_line(pid)
    return bool(words) and Path(words[0]).name == program and argument in words[1:]


def exists(pid: int) -> bool:
    """Whether any process has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> list[str]:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        except OSError:
            return []
    shown = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.split()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll `condition` until it holds (`True`) or `seconds` have passed (`False`)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end(pid: int, alive: Callable[[], bool], steps: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn, giving each its patience in seconds, until `alive` says no.

    `alive` is asked before each signal, and must recognise the process, not just its number.
    """
    for step, patience in steps:
        if not alive():
            return True
        try:
            os.kill(pid, step)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not alive(), patience):
            return True
    return not alive()
