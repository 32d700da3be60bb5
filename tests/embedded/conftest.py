"""Real servers, in folders of their own, ended by the process number each test started."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .helpers import Script, is_gone, kill


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every user can reach, as `/srv` is: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def script() -> Iterator[Script]:
    """Runs Python source in a process of its own, killed at the end of the test if it still lives."""
    started: list[subprocess.Popen[str]] = []

    def run(source: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", source, *map(str, arguments)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUTF8": "1"},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def left_behind() -> Iterator[list[int]]:
    """Process numbers a test orphans on purpose; it fails, and ends them, if they outlive it."""
    pids: list[int] = []
    yield pids
    survivors = [pid for pid in pids if not is_gone(pid)]
    for pid in survivors:
        kill(pid)
    assert survivors == []
