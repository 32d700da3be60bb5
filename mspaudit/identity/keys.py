"""Keys derived from the application's secret, one a purpose, and the sealing of what must be read again."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mspaudit.runtime import runtime


class Unsealed(ValueError):
    """What was sealed cannot be opened: the application's secret key is not the one of then."""


def derived(purpose: str) -> bytes:
    """32 bytes for ``purpose`` alone: knowing one key tells nothing of another."""
    return _derived(runtime().settings.secret_key.get_secret_value(), purpose)


def seal(secret: bytes, purpose: str) -> bytes:
    """``secret``, encrypted and authenticated."""
    return Fernet(urlsafe_b64encode(derived(purpose))).encrypt(secret)


def unseal(sealed: bytes, purpose: str) -> bytes:
    """What was sealed for ``purpose``.

    Raises:
        Unsealed: it was changed, or sealed under another secret key.
    """
    try:
        return Fernet(urlsafe_b64encode(derived(purpose))).decrypt(sealed)
    except InvalidToken:
        raise Unsealed(f"What was sealed for {purpose} cannot be opened.") from None


def fingerprint(text: str, purpose: str) -> str:
    """A keyed digest of ``text``, in hexadecimal: the same for the same text, meaningless outside."""
    return hmac.new(derived(purpose), text.encode(), sha256).hexdigest()


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"mspaudit.{purpose}".encode()).derive(secret.encode())
