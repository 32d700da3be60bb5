"""The MSP's team: invited, given a role, disabled. Never without an administrator."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import actions, door, entry, passwords, queries, sessions
from mspaudit.identity.models import Invitation, StaffMember
from mspaudit.identity.words import ROLES
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import current
from mspaudit.tenancy.gate import hashed, serves_all
from mspaudit.tenancy.lifecycle import as_context

INVITATION_LASTS = timedelta(days=7)
LAST_ADMINISTRATOR = "C’est le dernier administrateur : nommez-en un autre d’abord."


def invite(
    *, email: str, name: str, role: str, all_clients: bool, msp_name: str, now: datetime
) -> Invitation:
    """Invite a colleague by mail, for seven days.

    Raises:
        DomainError: the person is in the team already, or was invited and can be written to again.
    """
    email = email.strip().lower()
    if queries.has_email(email):
        raise DomainError("Cette personne fait déjà partie de l’équipe.")
    if any(waiting.email == email for waiting in queries.waiting_invitations()):
        raise DomainError("Cette personne est déjà invitée : renvoyez plutôt son invitation.")
    found = Invitation(
        id=new_id(),
        email=email,
        name=name,
        role=role,
        all_clients=all_clients,
        token_hash=b"",
        invited_by=current().actor,
        expires_at=now + INVITATION_LASTS,
    )
    db.session.add(found)
    _write(found, msp_name=msp_name, now=now)
    record("invitation.sent", name, subject_id=found.id, email=email, role=role)
    return found


def invite_again(invitation: Invitation, *, msp_name: str, now: datetime) -> None:
    """Send a new link, for seven days more; the former one is dead.

    Raises:
        DomainError: it was accepted or revoked meanwhile.
    """
    _refuse_closed(invitation)
    invitation.expires_at = now + INVITATION_LASTS
    _write(invitation, msp_name=msp_name, now=now)
    record("invitation.sent_again", invitation.name, subject_id=invitation.id, email=invitation.email)


def revoke(invitation: Invitation, *, now: datetime) -> None:
    """Make an invitation's link useless.

    Raises:
        DomainError: it was accepted or revoked meanwhile.
    """
    _refuse_closed(invitation)
    invitation.revoked_at = now
    record("invitation.revoked", invitation.name, subject_id=invitation.id, email=invitation.email)


def proof_needed(email: str) -> str:
    """What someone accepting must give, whose mailbox alone must not open an account they had before.

    ``password``: the one they have; ``pin``: their code, and a new password; ``new``: a new password.
    """
    known = door.find_login(email)
    if known is None:
        return "new"
    return "password" if known.password_hash else "pin" if known.pin_hash else "new"


def accept(
    invitation: Invitation, *, name: str, password: str, pin: str, browser: entry.Browser, now: datetime
) -> UUID:
    """Join the team, and return the login whose second factor comes next.

    Raises:
        DomainError: the proof asked for is not right, or the new password is not accepted.
    """
    login_id = _proved(invitation.email, name, password=password, pin=pin, browser=browser, now=now)
    actions.add_staff(
        login_id=login_id,
        name=name,
        email=invitation.email,
        role=invitation.role,
        all_clients=invitation.all_clients,
    )
    invitation.accepted_at = now
    record("invitation.accepted", name, subject_id=invitation.id)
    door.note(login_id, "joined", agent=browser.agent, address=browser.address)
    return login_id


def _proved(email: str, name: str, *, password: str, pin: str, browser: entry.Browser, now: datetime) -> UUID:
    """The login of someone who accepts, once they have shown that it is theirs, their password set."""
    needed, login_id = proof_needed(email), door.ensure_login(email)
    if needed == "password":
        if entry.by_password(email, password, browser=browser, now=now) is None:
            raise DomainError("Ce n’est pas le mot de passe de votre compte.")
    elif refusal := passwords.refusal(password, [email, name]):
        raise DomainError(refusal)
    with as_context(entry.as_person(login_id)):
        if needed == "pin" and not entry.by_second_factor(login_id, "pin", pin, browser=browser, now=now):
            raise DomainError("Ce n’est pas votre code personnel.")
        if needed != "password":
            entry.set_password(login_id, password)
        # What was opened with a link and a code is not enough for a member of staff.
        sessions.end_all(login_id)
    return login_id


def change_role(member: StaffMember, *, role: str, all_clients: bool) -> None:
    """Give a member another role or reach; it applies to their very next request.

    Raises:
        DomainError: the MSP would have no administrator left.
    """
    if member.role == "admin" and role != "admin":
        _refuse_last(member)
    before = {"role": member.role, "all_clients": member.all_clients}
    member.role, member.all_clients = role, serves_all(role, all_clients)
    record(
        "staff.role_changed", member.name, subject_id=member.id, before=before,
        after={"role": role, "all_clients": member.all_clients},
    )  # fmt: skip


def disable(member: StaffMember, *, now: datetime) -> None:
    """Keep a member out from their very next request.

    Raises:
        DomainError: the MSP would have no administrator left.
    """
    if member.role == "admin":
        _refuse_last(member)
    member.disabled_at = now
    record("staff.disabled", member.name, subject_id=member.id)


def enable(member: StaffMember) -> None:
    """Let a member in again."""
    member.disabled_at = None
    record("staff.enabled", member.name, subject_id=member.id)


def _refuse_last(member: StaffMember) -> None:
    if member.disabled_at is None and queries.active_administrators_locked() <= 1:
        raise DomainError(LAST_ADMINISTRATOR)


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise DomainError("Cette invitation n’attend plus de réponse. Rechargez la page.")


def _write(invitation: Invitation, *, msp_name: str, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hashed(token)
    db.session.flush()
    written = letter(
        "invitation",
        invitation=invitation,
        role=ROLES[invitation.role],
        msp_name=msp_name,
        url=address("invitation.show", token=token),
    )
    queue_mail(
        key=f"invitation:{invitation.id}:{now.isoformat()}",
        recipient=invitation.email,
        subject=written.subject,
        body=written.body,
        secret=True,
    )
