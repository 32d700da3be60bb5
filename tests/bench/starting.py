"""How long the demonstration takes to be ready, and what its web keeps in memory."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.measures import Figure
from tests.demo.test_command import clean, free_port

MIB = 1024 * 1024


def starts() -> dict[str, Figure]:
    """A cold start in an empty folder, a second one on its data, and the web's memory after it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        cold, _ = _start(data)
        again, memory = _start(data)
    return {
        "demo_ready_s": Figure(cold, "s", "mspaudit demo in an empty folder, until its JSON line"),
        "demo_again_s": Figure(again, "s", "the same on that folder, a second time"),
        "web_rss_mib": Figure(memory, "MiB", "resident memory of one web process, the largest, once ready"),
    }


def _start(data: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "mspaudit", "demo", "--data", str(data), "--port", str(free_port())]
    begun = time.perf_counter()
    demo = subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean()
    )
    assert demo.stdout is not None
    json.loads(demo.stdout.readline())
    took = time.perf_counter() - begun
    web = [
        p for p in psutil.Process(demo.pid).children(recursive=True) if "gunicorn" in " ".join(p.cmdline())
    ]
    memory = max(p.memory_info().rss for p in web) / MIB
    demo.send_signal(signal.SIGTERM)
    demo.wait(60)
    return took, memory
