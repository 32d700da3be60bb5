import signal
import subprocess
import threading
from pathlib import Path

import pytest

from mspaudit.embedded.process import launch, wait_until

from .helpers import Script, is_gone, kill

SUPERVISE = """
import sys
from mspaudit.embedded.supervisor import Child, Supervisor
children = [Child(name, [sys.executable, "-uc", code]) for name, code in zip(sys.argv[1::2], sys.argv[2::2])]
with Supervisor(children, grace=1.0, first_delay=0.05) as supervisor:
    supervisor.wait()
print("stopped", flush=True)
"""

STEADY = "import os, signal; print('pid', os.getpid()); signal.pause()"
POLITE = (
    "import os, signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('au revoir'), sys.exit(0)));"
    "print('pid', os.getpid()); signal.pause()"
)
STUBBORN = (
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('pid', os.getpid());\nwhile True: signal.pause()"
)


def says(supervisor: subprocess.Popen[str], words: str) -> str:
    """The next line with these words; the lines before it are passed over."""
    for line in supervisor.stderr:
        if words in line:
            return line
    pytest.fail(f"the supervisor ended without saying {words!r}")


def pid_of(supervisor: subprocess.Popen[str], name: str) -> int:
    line = says(supervisor, "| pid ")
    assert line.startswith(name)
    return int(line.split()[-1])


def test_it_prefixes_what_its_children_say(script: Script) -> None:
    supervisor = script(
        SUPERVISE, "web", "import sys; print('ready', file=sys.stderr); input", "worker", STEADY
    )
    assert says(supervisor, "ready") == "web    | ready\n"


def test_a_last_line_without_an_end_is_not_lost(script: Script) -> None:
    supervisor = script(SUPERVISE, "web", "print('half', end='')")
    assert says(supervisor, "half") == "web | half\n"


def test_it_restarts_a_crashed_child_and_says_so(script: Script) -> None:
    supervisor = script(SUPERVISE, "web", STEADY)
    first = pid_of(supervisor, "web")
    kill(first)
    assert "web | s’est arrêté (signal SIGKILL), redémarrage dans 0,1\u00a0s." in says(
        supervisor, "redémarrage"
    )
    second = pid_of(supervisor, "web")
    assert second != first
    supervisor.terminate()
    assert supervisor.wait(10) == 0


def test_it_waits_longer_each_time(script: Script) -> None:
    supervisor = script(SUPERVISE, "web", "raise SystemExit(3)")
    delays = [says(supervisor, "(code 3), redémarrage dans").split()[-2] for _ in range(4)]
    assert delays == ["0,1", "0,1", "0,2", "0,4"]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_all_its_children_when_told_to(script: Script, stop: signal.Signals) -> None:
    supervisor = script(SUPERVISE, "web", POLITE, "work", POLITE)
    children = [int(says(supervisor, "| pid ").split()[-1]) for _ in range(2)]
    supervisor.send_signal(stop)
    supervisor.send_signal(stop)
    out, said = supervisor.communicate(timeout=10)
    assert out == "stopped\n"
    assert said.count("au revoir") == 2
    assert all(is_gone(child) for child in children)


def test_it_kills_a_child_that_will_not_stop(script: Script) -> None:
    supervisor = script(SUPERVISE, "web", STUBBORN)
    child = pid_of(supervisor, "web")
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert is_gone(child)


def test_it_leaves_no_grandchild_behind(script: Script) -> None:
    start = f"subprocess.Popen([sys.executable, '-uc', {STEADY!r}])"
    code = f"import subprocess, sys, signal; {start}; signal.pause()"
    supervisor = script(SUPERVISE, "web", code)
    grandchild = pid_of(supervisor, "web")
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert wait_until(lambda: is_gone(grandchild), 5)


def test_children_die_with_a_killed_parent(script: Script) -> None:
    supervisor = script(SUPERVISE, "web", STEADY, "work", STEADY)
    children = [int(says(supervisor, "| pid ").split()[-1]) for _ in range(2)]
    kill(supervisor.pid)
    for child in children:
        assert wait_until(lambda child=child: is_gone(child), 5)


def test_a_child_gets_our_environment_and_its_own(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "ici")
    source = """
import sys
from mspaudit.embedded.supervisor import Child, Supervisor
code = "import os, signal; print(os.environ['OURS'], os.environ['ITS']); signal.pause()"
with Supervisor([Child("web", [sys.executable, "-uc", code], {"ITS": "là"})]) as supervisor:
    supervisor.wait()
"""
    assert says(script(source), "ici") == "web | ici là\n"


def test_nothing_is_started_from_a_passing_thread() -> None:
    refused: list[RuntimeError] = []

    def attempt() -> None:
        try:
            launch(["true"])
        except RuntimeError as error:
            refused.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert "main thread" in str(refused[0])


def test_a_command_that_does_not_exist_ends_with_an_error(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as output:
        assert launch([tmp_path / "missing"], output=output).wait(10) != 0
    assert "No such file" in said.read_text()
