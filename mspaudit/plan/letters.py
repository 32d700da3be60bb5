"""The mails of this room: advice, reminders, receipts, decisions written down for somebody, anchors.

None carries a secret: a link leads to the client's space, which asks who comes.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember, StaffMember
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.plan import rules
from mspaudit.plan.models import Decision, Recommendation
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant


def send_advice(client: Client, advice: Recommendation, members: Sequence[ClientMember]) -> None:
    """Tell those who decide that advice waits for them."""
    _send("advice", client, advice, members, key=f"advice:{advice.id}", **_words(client, advice))


def send_reminder(advice: Recommendation, members: Sequence[ClientMember], *, on: date) -> None:
    """Tell them again."""
    client, key = _client(advice), f"advice-again:{advice.id}:{on.isoformat()}"
    _send("advice_reminder", client, advice, members, key=key, **_words(client, advice))


def send_receipt(advice: Recommendation, decision: Decision, members: Sequence[ClientMember]) -> None:
    """Give whoever decided the seal of their decision, to keep."""
    mine = [member for member in members if member.login_id == decision.login_id]
    key = f"decision:{decision.id}"
    _send("decision_receipt", _client(advice), advice, mine, key=key, **_decided(decision))


def send_override(advice: Recommendation, decision: Decision, members: Sequence[ClientMember]) -> None:
    """Tell those who decide what was written down in their name, and how to contest it."""
    how = rules.HOW[decision.received_how or "phone"].lower()
    key = f"override:{decision.id}"
    _send("decision_override", _client(advice), advice, members, key=key, how=how, **_decided(decision))


def send_anchor(digest: str, *, week: date, registers: int) -> None:
    """Give the administrators the seal of the registers, once a week (``week``: its Monday)."""
    tenant = db.session.get_one(Tenant, tenant_id())
    admins = select(StaffMember).where(StaffMember.role == "admin", StaffMember.disabled_at.is_(None))
    for admin in db.session.scalars(admins):
        mail = letter(
            "register_anchor",
            reader=admin.name,
            msp=tenant.name,
            digest=digest,
            week=week,
            registers=registers,
        )
        key = f"anchor:{week.isoformat()}:{admin.id}"
        queue_mail(key=key, recipient=admin.email, subject=mail.subject, body=mail.body)


def _send(
    name: str,
    client: Client,
    advice: Recommendation,
    members: Sequence[ClientMember],
    *,
    key: str,
    **words: object,
) -> None:
    tenant = db.session.get_one(Tenant, tenant_id())
    link = address("decisions.show", msp=tenant.slug, client=client.slug, recommendation=advice.id)
    for member in members:
        mail = letter(
            name, reader=member.name, client=client.name, msp=tenant.name, advice=advice, link=link, **words
        )
        queue_mail(
            key=f"{key}:{member.id}",
            recipient=member.email,
            subject=mail.subject,
            body=mail.body,
            client_id=client.id,
        )


def _words(client: Client, advice: Recommendation) -> dict[str, object]:
    tax = client.is_commune
    option = advice.options[0]
    return {
        "once": rules.shown_cents(option["once_cents"], with_tax=tax),
        "yearly": rules.shown_cents(option["yearly_cents"], with_tax=tax),
        "tax": "TTC" if tax else "HT",
    }


def _decided(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision,
        "verdict": rules.VERDICTS[decision.verdict].lower(),
        "seal": decision.hash.hex(),
    }


def _client(advice: Recommendation) -> Client:
    return db.session.get_one(Client, (tenant_id(), advice.client_id))
