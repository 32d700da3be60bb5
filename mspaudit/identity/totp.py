"""Codes of an authenticator application (TOTP, RFC 6238): thirty seconds, six digits, each used once."""

import io
from datetime import datetime
from uuid import UUID

import pyotp
import segno
from sqlalchemy import or_, update

from mspaudit.extensions import db
from mspaudit.identity import keys
from mspaudit.identity.models import Login
from mspaudit.web.svg import Svg

PERIOD = 30
PURPOSE = "totp"


def new_secret() -> str:
    """A fresh key, in base 32, as an application takes it."""
    return pyotp.random_base32()


def sealed(secret: str) -> bytes:
    """The key as the database keeps it."""
    return keys.seal(secret.encode(), PURPOSE)


def opened(sealed_secret: bytes) -> str:
    """The key that ``sealed`` kept.

    Raises:
        Unsealed: the application's secret key changed since.
    """
    return keys.unseal(sealed_secret, PURPOSE).decode()


def address(secret: str, email: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="mspaudit")


def readable(secret: str) -> str:
    """The key in groups of four, for those who type it."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def qr_code(uri: str) -> Svg:
    """The QR code as an SVG that a strict content policy accepts: neither style nor script."""
    buffer = io.BytesIO()
    code = segno.make(uri, error="m")
    code.save(buffer, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, nl=False, light="#fff")
    return Svg(buffer.getvalue().decode())


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The thirty-second step that ``code`` belongs to, the neighbours' included; None when it is wrong."""
    present = int(now.timestamp()) // PERIOD
    totp = pyotp.TOTP(secret)
    found = [step for step in (present, present - 1, present + 1) if _same(totp.at(step * PERIOD), code)]
    return found[0] if found else None


def spend(login_id: UUID, sealed_secret: bytes, code: str, *, now: datetime) -> bool:
    """Accept ``code`` once: a step already used, or an older one, is refused in the same statement.

    Runs as the person (context ``login``).
    """
    step = step_of(opened(sealed_secret), code, now)
    if step is None:
        return False
    fresh = or_(Login.totp_last_step.is_(None), Login.totp_last_step < step)
    spent = db.session.execute(
        update(Login).where(Login.id == login_id, fresh).values(totp_last_step=step).returning(Login.id)
    )
    return spent.first() is not None


def _same(expected: str, given: str) -> bool:
    return pyotp.utils.strings_equal(expected, given)
