"""Passkeys (WebAuthn): the device must verify the person (its code, a finger, a face), and we check that."""

import ipaddress
import json
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import generate_challenge
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity.models import Passkey
from mspaudit.runtime import runtime

REQUIRED = UserVerificationRequirement.REQUIRED
REFUSED = "Cette clé n’a pas été acceptée. Recommencez, ou choisissez un autre moyen."
# What a broken or hostile answer makes the library raise, beyond its own errors.
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, Base64Error)


def possible() -> bool:
    """Whether browsers accept passkeys here: not on a bare IP address, which has no name to bind them to."""
    try:
        ipaddress.ip_address(_host().strip("[]"))
    except ValueError:
        return True
    return False


def registration(login_id: UUID, email: str) -> tuple[bytes, dict[str, Any]]:
    """(challenge, options for the browser) to create a passkey."""
    challenge = generate_challenge()
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name="mspaudit",
        user_id=login_id.bytes,
        user_name=email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=REQUIRED
        ),
        exclude_credentials=_descriptors(login_id),
    )
    return challenge, json.loads(webauthn.options_to_json(options))


def register(login_id: UUID, answer: Any, *, challenge: bytes, label: str) -> Passkey:
    """Keep the passkey that the browser made for ``challenge``.

    Raises:
        DomainError: the answer is not one for this challenge, site and verified person.
    """
    if not isinstance(answer, dict):
        raise DomainError(REFUSED)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=runtime().settings.public_url,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise DomainError(REFUSED) from error
    passkey = Passkey(
        login_id=login_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        label=label.strip()[:60] or "Clé d’accès",
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as taken:
        raise DomainError(REFUSED) from taken
    return passkey


def authentication(login_id: UUID) -> tuple[bytes, dict[str, Any]]:
    """(challenge, options for the browser) to use one of the person's passkeys."""
    challenge = generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenge,
        allow_credentials=_descriptors(login_id),
        user_verification=REQUIRED,
    )
    return challenge, json.loads(webauthn.options_to_json(options))


def verify(login_id: UUID, answer: Any, *, challenge: bytes) -> bool:
    """Whether ``answer`` is one of the person's passkeys, signing ``challenge`` for this site."""
    if not isinstance(answer, dict):
        return False
    try:
        passkey = _named(login_id, answer)
        if passkey is None:
            return False
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=runtime().settings.public_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _MALFORMED:
        return False
    return _advance(passkey, found.new_sign_count)


def of(login_id: UUID) -> list[Passkey]:
    """The person's passkeys, the oldest first."""
    return list(
        db.session.scalars(select(Passkey).where(Passkey.login_id == login_id).order_by(Passkey.created_at))
    )


def remove(login_id: UUID, passkey_id: UUID) -> None:
    """Forget one of the person's passkeys."""
    db.session.execute(delete(Passkey).where(Passkey.login_id == login_id, Passkey.id == passkey_id))


def _advance(passkey: Passkey, count: int) -> bool:
    """Record the authenticator's counter; one that another request advanced meanwhile is a replay."""
    advanced = db.session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .values(sign_count=count, last_used_at=db.func.now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    return advanced.first() is not None


def _named(login_id: UUID, answer: dict[str, Any]) -> Passkey | None:
    text = answer["id"]
    credential_id = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return db.session.scalar(
        select(Passkey).where(Passkey.login_id == login_id, Passkey.credential_id == credential_id)
    )


def _descriptors(login_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in of(login_id)]


def _host() -> str:
    return urlsplit(runtime().settings.public_url).hostname or ""
