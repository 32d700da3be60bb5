"""How many heartbeats a second one web process acknowledges, over views that do nothing."""

import socket
import time
from statistics import median
from threading import Thread
from uuid import uuid4

from mspaudit.backups.models import BackupJob
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.tenancy import gate
from mspaudit.tenancy.context import job
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.bench.measures import Figure
from tests.bench.stand import Stand

SIZE = 50
JOBS = 64
CALLERS = 8
SECONDS = 2.0
ROUNDS = 3


def pings(stand: Stand) -> dict[str, Figure]:
    """Acknowledged heartbeats a second, each committed to disk first, and its floors in the same rounds."""
    addresses = [f"/ping/{token}".encode() for token in _jobs(stand)]
    with stand.app.test_request_context():
        cookie = f"Cookie: {gate.cookie_name()}={stand.tokens[SIZE]}\r\n".encode()
    asked = {
        "ping": [_request(address) for address in addresses],
        "view": [_request(f"/banc-{SIZE}/vide".encode(), cookie)],
        "bare": [_request(b"/banc/rien")],
    }
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, requests in asked.items():
            rates[name].append(_rate(stand.port, requests))
    found = {name: median(each) for name, each in rates.items()}
    how = f"GETs answered a second, {CALLERS} callers that stay connected, {JOBS} jobs, one gunicorn process"
    return {
        "pings_per_s": Figure(found["ping"], "pings/s", how),
        "pings_over_view": Figure(
            found["ping"] / found["view"],
            "ratio",
            f"{how}, over a signed-in page without content by the same callers",
            found["view"],
        ),
        "pings_over_bare": Figure(
            found["ping"] / found["bare"],
            "ratio",
            f"{how}, over a public view that answers two letters and asks nothing of the database",
            found["bare"],
        ),
    }


def _jobs(stand: Stand) -> list[str]:
    tokens = [str(uuid4()) for _ in range(JOBS)]
    with stand.app.app_context(), unit_of_work(job(stand.tenants[SIZE])):
        client = db.session.query(Client.id).limit(1).scalar()
        for token in tokens:
            row = BackupJob(client_id=client, name=token, token_hash=hashed(token), due_at=clock.now())
            db.session.add(row)
    return tokens


def _request(path: bytes, more: bytes = b"") -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + b"\r\n"


def _rate(port: int, requests: list[bytes]) -> float:
    counts: list[int] = []
    callers = [
        Thread(target=lambda mine=number: counts.append(_call(port, requests[mine % len(requests) :])))
        for number in range(CALLERS)
    ]
    begun = time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return sum(counts) / (time.perf_counter() - begun)


def _call(port: int, requests: list[bytes]) -> int:
    """Ask again and again on one connection; how many were answered 200."""
    until, count = time.perf_counter() + SECONDS, 0
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as answers:
        while time.perf_counter() < until:
            connection.sendall(requests[count % len(requests)])
            status = answers.readline()
            if b" 200 " not in status:
                raise RuntimeError(status.decode())
            length = 0
            while (line := answers.readline().lower()) not in (b"\r\n", b""):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            answers.read(length)
            count += 1
    return count
