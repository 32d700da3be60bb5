"""What the tests say of processes."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from mspaudit.embedded.process import exists

Script = Callable[..., subprocess.Popen[str]]


def is_gone(pid: int) -> bool:
    """Whether the process ended; a zombie waiting for an `init` that does not reap has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return not exists(pid)
    return state == "Z"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
