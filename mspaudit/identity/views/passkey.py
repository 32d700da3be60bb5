"""What the browser's script says to create or use a passkey, on the way in. JSON both ways."""

from flask import Response, g, jsonify, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.errors import DomainError
from mspaudit.extensions import limiter
from mspaudit.identity import entry, passkeys, sessions
from mspaudit.identity.rules import next_step
from mspaudit.identity.views import browser, enrolment, second_factor
from mspaudit.identity.views.second_factor import note, standing
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint
from mspaudit.tenancy.lifecycle import keep

blueprint = account_blueprint("passkey", "mspaudit.identity", prefix="/connexion/cle", half_way=True)

NOT_NOW = "Cette étape n’est plus celle attendue. Rechargez la page."


@blueprint.post("/demande")
def ask() -> Response:
    """A challenge to sign, kept in the session until the answer."""
    if g.visitor.signed_in or "passkey" not in standing().factors:
        return refused(NOT_NOW)
    challenge, options = passkeys.authentication(g.visitor.login_id)
    sessions.carry(g.visitor.session_id, challenge=challenge.hex())
    return jsonify(options)


@blueprint.post("/reponse")
@limiter.limit("40 per 5 minutes")
def answer() -> Response:
    """Check the signed challenge, which serves once whatever the result."""
    here, challenge = standing(), taken_challenge()
    if g.visitor.signed_in or challenge is None or next_step(here) != "prove":
        return refused(NOT_NOW)
    if not entry.by_passkey(
        g.visitor.login_id, sent_credential(), challenge=challenge, browser=browser.here(), now=now()
    ):
        return refused(passkeys.REFUSED)
    return as_json(second_factor.proved(here))


@blueprint.post("/nouvelle/demande")
def ask_new() -> Response:
    """A challenge to make a first passkey with."""
    if g.visitor.signed_in or next_step(standing()) != "enrol":
        return refused(NOT_NOW)
    challenge, options = passkeys.registration(g.visitor.login_id, g.visitor.email)
    sessions.carry(g.visitor.session_id, challenge=challenge.hex())
    return jsonify(options)


@blueprint.post("/nouvelle/reponse")
@limiter.limit("40 per 5 minutes")
def answer_new() -> Response:
    """Keep a first passkey, and come in."""
    here, challenge = standing(), taken_challenge()
    if g.visitor.signed_in or challenge is None or next_step(here) != "enrol":
        return refused(NOT_NOW)
    try:
        passkeys.register(g.visitor.login_id, sent_credential(), challenge=challenge, label=sent_label())
    except DomainError as error:
        return refused(str(error))
    note("passkey_added")
    return as_json(enrolment.enrolled(here))


def taken_challenge() -> bytes | None:
    """This session's challenge, forgotten as it is read."""
    found = sessions.take(g.visitor.session_id, "challenge")
    keep()
    return bytes.fromhex(found) if found else None


def sent_credential() -> object:
    """What the authenticator answered, as the script sent it; None when it is not JSON."""
    body = request.get_json(silent=True)
    return body.get("credential") if isinstance(body, dict) else None


def sent_label() -> str:
    """The name given to a new passkey; the device's own description by default."""
    body = request.get_json(silent=True)
    given = body.get("name") if isinstance(body, dict) else None
    return given if isinstance(given, str) and given.strip() else browser.device_name()


def refused(message: str) -> Response:
    """A refusal that the script prints; what was counted or forgotten stays so."""
    keep()
    return make_response(jsonify(error=message), 422)


def as_json(moved: BaseResponse) -> Response:
    """A redirection as the script follows it, with its cookies."""
    answer: Response = jsonify(next=moved.headers["Location"])
    for cookie in moved.headers.getlist("Set-Cookie"):
        answer.headers.add("Set-Cookie", cookie)
    return answer
