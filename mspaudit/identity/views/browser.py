"""The browser in front of us: its cookies, where it comes from and where it wants to go."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from mspaudit.identity import actions, door, sessions
from mspaudit.identity.entry import Browser, as_person
from mspaudit.identity.rules import device, local_path
from mspaudit.tenancy import gate
from mspaudit.tenancy.lifecycle import as_context

LINK_COOKIE_LASTS = timedelta(minutes=15)


def here() -> Browser:
    """This request's browser."""
    return Browser(agent=request.user_agent.string, address=request.remote_addr or "")


def device_name() -> str:
    """This browser in words, as the default name of a passkey."""
    return device(request.user_agent.string)


def wanted() -> str:
    """The page asked for before signing in; a page of this site or the person's places."""
    return local_path(request.values.get("suite")) or url_for("places.index")


def enter(login_id: UUID, *, strength: str, then: str, carried: dict[str, Any] | None = None) -> Response:
    """Open a new session in this browser, in place of any it had, and go to ``then``."""
    leave_quietly()
    browser = here()
    token = actions.open_session(
        login_id, strength=strength, agent=browser.agent, address=browser.address, carried=carried
    )
    response = redirect(then, 303)
    lasts = door.SESSION_LASTS if strength == "full" else door.HALF_WAY_LASTS
    _set(response, gate.cookie_name(), token, lasts)
    return response


def leave_quietly() -> UUID | None:
    """End the session that this browser holds, if any, and say whose it was."""
    person = gate.visitor()
    if person is None:
        return None
    with as_context(as_person(person.login_id)):
        sessions.end(person.login_id, person.session_id)
    return person.login_id


def forget_session(response: Response) -> None:
    """Remove the session's cookie."""
    response.delete_cookie(gate.cookie_name(), path="/", secure=_secure(), httponly=True, samesite="Lax")


def link_token() -> str:
    """What binds links to this browser; empty when it asked for none."""
    token = request.cookies.get(_link_cookie(), "")
    return token if 20 <= len(token) <= 100 else ""


def keep_link_token(response: Response, token: str) -> None:
    """Let this browser, and no other, use the links it asks for."""
    _set(response, _link_cookie(), token, LINK_COOKIE_LASTS)


def _set(response: Response, name: str, value: str, lasts: timedelta) -> None:
    response.set_cookie(name, value, max_age=lasts, path="/", secure=_secure(), httponly=True, samesite="Lax")


def _link_cookie() -> str:
    return "__Host-mspaudit_lien" if _secure() else "mspaudit_lien"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
