"""Coming in: the first factor, at the door, then the second, as the person (context ``login``)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from mspaudit.extensions import db
from mspaudit.identity import door, passkeys, passwords, recovery, sessions, totp
from mspaudit.identity.models import Login
from mspaudit.identity.rules import Standing, tidy_code
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.lifecycle import as_context

# Someone that nobody knows costs the same statements as someone who mistypes.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from, as the person will read it in their list of events."""

    agent: str
    address: str


def by_password(email: str, password: str, *, browser: Browser, now: datetime) -> UUID | None:
    """The login that ``email`` and ``password`` open; None alike for unknown, wrong, disabled and locked."""
    known = door.find_login(email)
    right = passwords.matches(known.password_hash if known else None, password)
    if known is None or not right or known.disabled_at is not None or _locked(known.locked_until, now):
        failed(known.id if known else NOBODY, "password_refused", browser)
        return None
    if known.password_hash is not None and passwords.outdated(known.password_hash):
        with as_context(as_person(known.id)):
            set_password(known.id, password)
    return known.id


def by_second_factor(login_id: UUID, factor: str, typed: str, *, browser: Browser, now: datetime) -> bool:
    """Whether ``typed`` is the person's ``totp``, ``pin`` or ``recovery`` code; counts failures."""
    login = own(login_id)
    if _locked(login.locked_until, now):
        right = False
    elif factor == "totp" and login.totp_secret is not None:
        right = totp.spend(login_id, login.totp_secret, tidy_code(typed), now=now)
    elif factor == "pin":
        right = passwords.pin_matches(login.pin_hash, tidy_code(typed))
    else:
        right = factor == "recovery" and recovery.spend(login_id, typed)
    if not right:
        failed(login_id, "factor_refused", browser)
    elif factor == "recovery":
        door.note(login_id, "recovery_used", agent=browser.agent, address=browser.address)
    return right


def by_passkey(login_id: UUID, answer: object, *, challenge: bytes, browser: Browser, now: datetime) -> bool:
    """Whether ``answer`` is one of the person's passkeys signing ``challenge``; counts failures."""
    locked = _locked(own(login_id).locked_until, now)
    if not locked and passkeys.verify(login_id, answer, challenge=challenge):
        return True
    failed(login_id, "factor_refused", browser)
    return False


def standing(login_id: UUID, session_id: UUID) -> Standing:
    """Where the person of this half-way session is on the way in."""
    login, remembered = own(login_id), sessions.carried(session_id)
    return Standing(
        via=remembered.get("via", "password"),
        proved=bool(remembered.get("proved")),
        staff=is_staff(login),
        passkeys=len(passkeys.of(login_id)) if passkeys.possible() else 0,
        totp=login.totp_confirmed_at is not None,
        pin=login.pin_hash is not None,
        recovery_codes=recovery.left(login_id),
    )


def own(login_id: UUID) -> Login:
    """The person's own login, as it is now."""
    query = select(Login).where(Login.id == login_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def is_staff(login: Login) -> bool:
    """Whether the person works for an MSP or for the platform: a personal code is not enough for them."""
    return login.platform or any(place.client_slug is None for place in door.places(login.id))


def about(login: Login) -> list[str]:
    """What a stranger would try first as this person's password."""
    words = [login.email]
    for place in door.places(login.id):
        words += [place.msp_name, place.member_name, place.client_name or ""]
    return words


def set_password(login_id: UUID, password: str) -> None:
    """Replace the person's password."""
    hashed = passwords.hashed(password)
    db.session.execute(update(Login).where(Login.id == login_id).values(password_hash=hashed))


def set_pin(login_id: UUID, pin: str) -> None:
    """Replace the person's six-digit code."""
    db.session.execute(update(Login).where(Login.id == login_id).values(pin_hash=passwords.pin_hashed(pin)))


def set_totp(login_id: UUID, secret: str, code: str, *, now: datetime) -> bool:
    """Use an authenticator application from now on, if ``code`` shows that it holds ``secret``."""
    step = totp.step_of(secret, tidy_code(code), now)
    if step is None:
        return False
    values = {"totp_secret": totp.sealed(secret), "totp_confirmed_at": now, "totp_last_step": step}
    db.session.execute(update(Login).where(Login.id == login_id).values(**values))
    return True


def failed(login_id: UUID, what: str, browser: Browser) -> None:
    """Count one wrong factor against the login and write it to its list of events."""
    door.count_failure(login_id)
    door.note(login_id, what, agent=browser.agent, address=browser.address)


def as_person(login_id: UUID) -> Context:
    """The context of one's own account."""
    return Context("login", login_id=login_id)


def _locked(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
