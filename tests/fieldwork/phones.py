"""Many phones at once: each sends one report over its own connection, again if it is told to wait."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.fieldwork.campaigns import typed

PATIENCE = 60.0
HEADERS = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


def send_all(port: int, token: str, count: int, *, at_once: int) -> float:
    """Seconds until ``count`` reports were all acknowledged, ``at_once`` phones speaking at a time."""
    started = time.monotonic()
    with ThreadPoolExecutor(at_once) as phones:
        for told in [phones.submit(_send, port, token) for _ in range(count)]:
            told.result()
    return time.monotonic() - started


def _send(port: int, token: str) -> None:
    body, until = urlencode(typed(seen="1"), doseq=True), time.monotonic() + PATIENCE
    while True:
        status = _post(port, token, body)
        if status == 200:
            return
        assert status in (0, 429, 503), status
        assert time.monotonic() < until, "a phone waited for a minute"


def _post(port: int, token: str, body: str) -> int:
    """The status of one attempt; 0 when the connection was lost."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", f"/t/{token}", body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (HTTPException, OSError):
        return 0
    finally:
        connection.close()
