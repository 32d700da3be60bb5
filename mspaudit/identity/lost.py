"""Ways back in: a personal code forgotten by someone of a client, every second factor lost by a colleague."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog

from mspaudit.adapters.mailer import Mail, Mailer, MailRefused
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import door, keys, lost_door, passwords
from mspaudit.identity.entry import Browser
from mspaudit.identity.models import ClientMember, StaffMember
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import Context, current, tenant_id
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.jobs import enqueue
from mspaudit.tenancy.lifecycle import as_context

log = structlog.get_logger(__name__)

PLATFORM = "La plateforme"
# The same words whatever the reason, so that they tell nothing of where else someone works.
NOT_FROM_HERE = (
    "Ce second contrôle ne peut pas être réinitialisé d’ici. Demandez-le à la plateforme, qui vérifie avec "
    "la personne avant de le faire."
)


class _Lost(NamedTuple):
    """A colleague who lost every second factor."""

    member_id: UUID
    login_id: UUID
    name: str
    email: str


def ask_new_pin(login_id: UUID, *, browser: Browser) -> None:
    """Have the person choose another code in a day, unless they cancel meanwhile; they are written to."""
    found = lost_door.ask(new_id(), login_id)
    if found is not None:
        door.note(login_id, "pin_reset_asked", agent=browser.agent, address=browser.address)
        enqueue("identity.tell_reset", reset_id=found)


def help_with_pin(member: ClientMember, *, now: datetime) -> None:
    """Let someone of a client choose another code: at once, or after a day when it is not ours alone.

    Which of the two is told to the person, never to the MSP.
    """
    found = lost_door.grant(new_id(), msp=tenant_id(), member_id=member.id)
    record("client_member.pin_reset", member.name, subject_id=member.id, client_id=member.client_id, at=now)
    if found is not None:
        enqueue("identity.tell_reset", reset_id=found)


def choose_pin(login_id: UUID, pin: str, *, session_id: UUID, browser: Browser) -> bool:
    """Set the new code if its time has come."""
    if not lost_door.use(login_id, pin_hash=passwords.pin_hashed(pin), kept=session_id):
        return False
    door.note(login_id, "pin_set", agent=browser.agent, address=browser.address)
    return True


def cancel(token: str, *, browser: Browser) -> bool:
    """Cancel what a mail told about; whether it was still open."""
    login_id = lost_door.cancel(hashed(token)) if len(token) <= 100 else None
    if login_id is not None:
        door.note(login_id, "pin_reset_cancelled", agent=browser.agent, address=browser.address)
    return login_id is not None


def came_in(login_id: UUID, *, browser: Browser) -> None:
    """Whoever comes in has not lost their code, or has another way: what was asked in their name is void."""
    if lost_door.drop(login_id):
        door.note(login_id, "pin_reset_cancelled", agent=browser.agent, address=browser.address)


def tell(reset_id: UUID, *, mailer: Mailer, now: datetime) -> bool:
    """Write to the person once about a request; False when nobody is to be written to.

    Not through the MSP's outbox, whose mails its people read.

    Raises:
        MailDelayed: nothing was sent; try again.
    """
    token = keys.fingerprint(str(reset_id), "pin-reset")
    told = lost_door.tell(reset_id, hashed(token))
    if told is None:
        return False
    written = letter(
        "pin_reset",
        told=told,
        ready=told.ready_at <= now,
        sign_in=address("sign_in.start"),
        cancel=address("lost_pin.cancel_page", token=token),
    )
    mail = Mail(
        to=told.email,
        subject=written.subject,
        text=written.body,
        message_id=f"<pin-reset-{reset_id}-{told.ready_at:%Y%m%d%H%M%S}@mspaudit.invalid>",
    )
    try:
        mailer.send(mail, now=now)
    except MailRefused as refused:
        log.warning("reset_refused", reset_id=str(reset_id), reason=str(refused))
    return True


def reset_second_factor(member: StaffMember, *, admin: UUID, msp_name: str, now: datetime) -> None:
    """Forget every second factor of a colleague and end their sessions; they are written to.

    Raises:
        DomainError: oneself, or someone whose factors are not this MSP's alone.
    """
    login_id = lost_door.reset_second_factor(admin=admin, msp=tenant_id(), member_id=member.id)
    if login_id is None:
        raise DomainError(NOT_FROM_HERE)
    who = _Lost(member.id, login_id, member.name, member.email)
    _tell_colleague(who, by=current().actor, msp=msp_name, now=now)


def platform_reset(*, agent: UUID, msp: str, email: str, reason: str, now: datetime) -> str:
    """The same for an administrator whom no colleague can help, told to the whole MSP's journal.

    Returns:
        The administrator's name.

    Raises:
        DomainError: no reason, or no such administrator.
    """
    if not reason.strip():
        raise DomainError("Dites pourquoi, et comment vous avez vérifié qui le demande : l’équipe le lira.")
    found = lost_door.platform_reset(agent=agent, msp=msp, email=email)
    if found is None:
        raise DomainError("Ce prestataire n’a pas d’administrateur actif à cette adresse.")
    who = _Lost(found.member_id, found.login_id, found.name, email.strip().lower())
    with as_context(Context("msp", tenant_id=found.tenant_id, actor=PLATFORM)):
        _tell_colleague(who, by=PLATFORM, msp=msp, now=now, reason=reason)
        db.session.flush()
    return who.name


def _tell_colleague(who: _Lost, *, by: str, msp: str, now: datetime, reason: str = "") -> None:
    subject = f"{who.name} : {reason}" if reason else who.name
    record("staff.second_factor_reset", subject, subject_id=who.member_id, at=now)
    door.note(who.login_id, "factors_reset", agent="", address="")
    written = letter("second_factor_reset", who=who.name, by=by, msp=msp, sign_in=address("sign_in.start"))
    queue_mail(
        key=f"second_factor_reset:{who.member_id}:{now.isoformat()}",
        recipient=who.email,
        subject=written.subject,
        body=written.body,
    )
