"""`mspaudit demo` as an operator runs it: real processes, real sign-in links, stopped and killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import pytest

from mspaudit.web import build_assets

START_SECONDS = 120
STOP_SECONDS = 30
COMMAND = [sys.executable, "-m", "mspaudit", "demo"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A demonstration that said it is ready."""

    def __init__(self, data: Path, port: int) -> None:
        command = [*COMMAND, "--data", str(data), "--port", str(port), "--json"]
        # Its own log, so that a failure can be read; its standard output holds the one line.
        with (data.parent / "demo.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=clean())
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (data.parent / "demo.log").read_text("utf-8")[-3000:]
        self.told: dict[str, Any] = json.loads(line)
        self.family = [*psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, number: signal.Signals) -> list[psutil.Process]:
        """Signal it, wait for it to end, and return whichever of its children outlived it."""
        self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        _, alive = psutil.wait_procs(self.family, timeout=STOP_SECONDS)
        return [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def clean() -> dict[str, str]:
    """Our environment without any setting of ours."""
    return {k: v for k, v in os.environ.items() if not k.startswith("MSPAUDIT_")}


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, env=clean(), timeout=60)


def opened(link: str) -> tuple[int, str]:
    """Where a fresh browser ends up by following a link, and what it reads there."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build_assets.build()
    return tmp_path_factory.mktemp("demonstration") / "data"


@pytest.fixture(scope="module")
def first(data: Path) -> Iterator[Running]:
    """The first start in an empty folder."""
    running = Running(data, free_port())
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def test_each_printed_link_signs_its_person_in(first: Running) -> None:
    expected = {
        "msp_admin": "Portefeuille",
        "technician": "Portefeuille",
        "secretary": "Lisse-le-Vieux",
        "manager": "Menuiserie Tassigneau",
        "staff": "Tilleul Infogérance",
        "other_msp_admin": "Portefeuille",
    }
    assert set(first.told["links"]) == set(expected)
    for who, words in expected.items():
        status, page = opened(first.told["links"][who])
        assert status == 200
        assert words in page, who
    assert "Valbrune" not in opened(first.told["links"]["other_msp_admin"])[1]


def test_the_printed_database_role_is_the_restricted_one(first: Running) -> None:
    assert "mspaudit_app" in first.told["database_url"]
    assert Path(first.told["mail_dir"]).is_dir()


def test_a_wrong_token_opens_nothing(first: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        opened(f"{first.told['url']}/demo/{'x' * 32}/msp_admin")


def test_two_demonstrations_never_share_a_folder_nor_a_port(first: Running, data: Path) -> None:
    busy = first.told["url"].rpartition(":")[2]
    for options, words in (
        (["--data", str(data.parent / "other"), "--port", busy], "est déjà pris"),
        (["--data", str(data), "--port", str(free_port())], "déjà utilisé par une autre instance"),
        (["--data", "/dev/null/nowhere", "--port", str(free_port())], "Impossible d’écrire"),
    ):
        refused = run([*COMMAND, *options])
        assert refused.returncode == 1
        assert words in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_doctor_finds_everything_well(first: Running, data: Path) -> None:
    command = [sys.executable, "-m", "mspaudit", "doctor", "--data", str(data), "--json"]
    told = run(command)
    unwell = [f for f in json.loads(told.stdout) if not f["well"]]
    assert unwell == []
    assert told.returncode == 0


def test_a_stop_leaves_no_process_and_a_kill_leaves_the_data(first: Running, data: Path) -> None:
    assert first.end(signal.SIGTERM) == []
    second = Running(data, free_port())
    assert "Valbrune" in opened(second.told["links"]["technician"])[1]
    assert second.end(signal.SIGKILL) == []
    third = Running(data, free_port())
    assert "Valbrune" in opened(third.told["links"]["technician"])[1]
    assert third.end(signal.SIGINT) == []
