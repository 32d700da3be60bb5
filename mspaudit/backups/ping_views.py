"""Heartbeats, as Healthchecks' clients send them: a URL pasted in a script or a tool is enough.

The one exception to « a change is a POST with a token »: the address is itself the secret, a HEAD or a
GET writes a line, and there is neither cookie nor session nor form. Unknown addresses all read alike.
"""

import sys
import time
from typing import Final

import psycopg
from flask import Response, request

from mspaudit.backups import door
from mspaudit.backups.rules import Kind, exit_kind
from mspaudit.backups.throttle import Throttle
from mspaudit.extensions import csrf
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.gate import hashed

blueprint = public_blueprint("ping", __name__, prefix="/ping")
csrf.exempt(blueprint)

BODY_LIMIT = 10_000
LONGEST_TOKEN = 100
WORDS: Final[dict[str, Kind]] = {"start": "start", "fail": "fail", "log": "log"}
_throttle = Throttle()


@blueprint.route("/<token>", methods=["GET", "POST"])
@blueprint.route("/<token>/", methods=["GET", "POST"])
def success(token: str) -> Response:
    """The backup ended well."""
    return _take(token, "success", None)


@blueprint.route("/<token>/<signal>", methods=["GET", "POST"])
def signal(token: str, signal: str) -> Response:
    """It starts, failed, says something, or ended with an exit status from 0 to 255."""
    if signal in WORDS:
        return _take(token, WORDS[signal], None)
    if not (signal.isascii() and signal.isdigit() and len(signal) <= 3 and int(signal) <= 255):
        return _said("invalid url format", 400)
    return _take(token, exit_kind(int(signal)), int(signal))


def _take(token: str, kind: Kind, code: int | None) -> Response:
    if len(token) > LONGEST_TOKEN:
        return _said("not found", 404)
    address = hashed(token)
    if not _throttle.allows(address, seconds=time.monotonic()):
        return _later(429)
    try:
        known = door.ping(address, kind, code=code, body=_body(), today=clock.today(clock.now()))
    except psycopg.OperationalError:
        return _later(503)
    return _said("OK", 200) if known else _said("not found", 404)


def _later(status: int) -> Response:
    """Nothing was written: the sender tries again (``curl --retry`` does)."""
    answer = _said("rate limited" if status == 429 else "try again", status)
    answer.headers["Retry-After"] = "60" if status == 429 else "5"
    return answer


def _body() -> str:
    """The beginning of what a POST carries, as text; a longer one is cut, never refused."""
    if request.method != "POST":
        return ""
    # Only its beginning is ever read.
    request.max_content_length = sys.maxsize
    return request.stream.read(BODY_LIMIT).decode("utf-8", "replace").replace("\0", "")


def _said(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
