"""A group's link: made again from its identifier whenever it is shown, so that only its hash is stored."""

import hmac
import io
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

import segno

from mspaudit.runtime import runtime
from mspaudit.web.svg import Svg

_BYTES = 18
LONGEST = 40


def token(group_id: UUID) -> str:
    """The secret of a group's link: the same as long as the application's own secret is."""
    key = runtime().settings.secret_key.get_secret_value().encode()
    made = hmac.new(key, b"fieldwork.group:" + group_id.bytes, sha256).digest()
    return urlsafe_b64encode(made[:_BYTES]).decode()


def link(group_id: UUID) -> str:
    """The whole address to give to a group."""
    return f"{runtime().settings.public_url}/t/{token(group_id)}"


def qr_code(address: str) -> Svg:
    """The address as an SVG that a strict content policy accepts: neither style nor script."""
    return Svg(svg(address))


def svg(address: str) -> str:
    """The same as text, for paper."""
    buffer = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(buffer, kind="svg", xmldecl=False, omitsize=True, border=2, nl=False, light="#fff")
    return buffer.getvalue().decode()
