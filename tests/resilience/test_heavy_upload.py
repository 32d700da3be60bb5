"""Two gigabytes sent to a real gunicorn: refused in French, at once, unread, its memory unmoved."""

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import pytest

from tests.conftest import KEY
from tests.servers import Servers, settings_of

MIB = 1024 * 1024
HEAVY = 2048 * MIB
LIMIT = 20 * MIB
PATIENCE = 30.0
BOUNDARY = "frontiere"
OPENING = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="proof"; filename="film.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
BLOCK = os.urandom(64 * 1024)


@dataclass
class Told:
    """What the server answered, and how much it took meanwhile. ``closed``: it then hung up."""

    status: int
    text: str
    seconds: float
    sent: int
    closed: bool


@dataclass
class Web:
    """A gunicorn as deployed."""

    process: psutil.Process
    port: int

    def memory(self) -> int:
        """Resident bytes of the server and its children."""
        return sum(each.memory_info().rss for each in (self.process, *self.process.children(recursive=True)))

    def pour(self, *, chunked: bool, most: int = HEAVY) -> Told:
        """Send a body until an answer comes, then go on as a deaf sender would, until hung up on."""
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {most}"
        head = (
            f"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as wire:
            wire.sendall(head.encode() + _framed(OPENING, chunked))
            started, answer, sent, closed = time.monotonic(), b"", len(OPENING), False
            answered_at = 0.0
            while sent < most and time.monotonic() < started + PATIENCE:
                readable, writable, _ = select.select([wire], [wire], [], 1)
                if readable:
                    got = _received(wire)
                    closed = not got
                    answer += got or b""
                    answered_at = answered_at or time.monotonic()
                if closed:
                    break
                if writable:
                    sent, closed = sent + len(BLOCK), not _pushed(wire, _framed(BLOCK, chunked))
            return _told(answer, (answered_at or time.monotonic()) - started, sent, closed)


def _framed(block: bytes, chunked: bool) -> bytes:
    return b"%x\r\n%s\r\n" % (len(block), block) if chunked else block


def _received(wire: socket.socket) -> bytes | None:
    """What came; None once the server has hung up."""
    try:
        return wire.recv(65536) or None
    except ConnectionError:
        return None


def _pushed(wire: socket.socket, block: bytes) -> bool:
    try:
        wire.sendall(block)
    except (ConnectionError, TimeoutError):
        return False
    return True


def _told(answer: bytes, seconds: float, sent: int, closed: bool) -> Told:
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1]) if head else 0
    return Told(status, body.decode(errors="replace"), seconds, sent, closed)


@pytest.fixture(scope="module")
def web(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """``mspaudit web`` on a free port, as the service starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "mspaudit", "web"],
        env=os.environ | _environment(servers, tmp_path_factory.mktemp("web"), port),
        stderr=subprocess.DEVNULL,
    )
    try:
        found = Web(psutil.Process(server.pid), port)
        _wait(found)
        yield found
    finally:
        server.terminate()
        server.wait(20)


def _environment(servers: Servers, folder: Path, port: int) -> dict[str, str]:
    settings = settings_of(servers, folder, KEY)
    return {
        "MSPAUDIT_DATA": str(folder),
        "MSPAUDIT_DATABASE_URL": servers.url("app"),
        "MSPAUDIT_REDIS_URL": servers.valkey.url,
        "MSPAUDIT_SECRET_KEY": settings.secret_key.get_secret_value(),
        "MSPAUDIT_CONTEXT_KEY": KEY,
        "MSPAUDIT_PUBLIC_URL": settings.public_url,
        "MSPAUDIT_PORT": str(port),
        "MSPAUDIT_WEB_PROCESSES": "1",
    }


def _wait(web: Web) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if _answers(web.port):
            return
    raise TimeoutError("gunicorn did not answer")


def _answers(port: int) -> bool:
    wire = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", "/connexion")
        return wire.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        wire.close()


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
def test_a_body_of_two_gigabytes_is_refused_unread(web: Web, chunked: bool) -> None:
    web.pour(chunked=chunked, most=2 * LIMIT)
    before = web.memory()
    told = web.pour(chunked=chunked)
    assert told.status == 413
    assert "Fichier trop lourd" in told.text
    assert told.seconds < 5
    assert told.closed, f"{told.sent // MIB} MiB went through after the refusal"
    assert told.sent < 4 * LIMIT
    assert web.memory() < before + 8 * MIB


def test_it_serves_others_meanwhile(web: Web) -> None:
    for _ in range(12):
        web.pour(chunked=True)
    assert _answers(web.port)
