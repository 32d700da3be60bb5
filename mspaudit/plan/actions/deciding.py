"""What the client decides, in person; and what the MSP writes down when it was told elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from mspaudit.adapters import uploads
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Person
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line, plain
from mspaudit.plan import letters, queries, rules
from mspaudit.plan.models import ActionItem, Decision, Recommendation
from mspaudit.plan.writing import hold, price_of, write
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current, tenant_id

LONGEST_REASON = 2000
LONGEST_NAME = 120


@dataclass(frozen=True)
class Said:
    """A verdict: accepted (which option), refused (why), postponed (why, and until when)."""

    verdict: str
    option: int = 0
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Received:
    """How a decision reached the MSP: whose it is, how, when, and the document that shows it."""

    decider: str
    decider_title: str
    how: str
    on: date | None
    filename: str
    data: bytes


def open_advice(advice: Recommendation, *, now: datetime) -> bool:
    """Note that a decider reads it for the first time, in their space; False when that is not so."""
    if advice.state != "sent" or not _decides():
        return False
    who = current().actor
    advice.state, advice.opened_at, advice.opened_by = "opened", now, who
    write(advice, "opened", {"by": who, "channel": "portal"}, now=now)
    _tell(advice, "advice.opened", now)
    return True


def decide(advice: Recommendation, said: Said, *, now: datetime, today: date) -> Decision:
    """The decision of the person who acts; the one before, if any, stays in the register.

    Raises:
        DomainError: not a decider, no reason, a date that cannot be, or work that has begun.
    """
    if not _decides():
        raise DomainError("Seule une personne qui décide pour le client peut le faire, dans son espace.")
    _hold(advice)
    decision = _decision(advice, said, now=now, today=today)
    who = current()
    decision.decider, decision.login_id, decision.channel = who.actor, who.login_id, "portal"
    decision.decider_title = _title_of(who.login_id, advice.client_id)
    _written(advice, decision, {"channel": "portal"}, now=now, today=today)
    letters.send_receipt(advice, decision, queries.deciders([advice.client_id]).get(advice.client_id, []))
    return decision


def override(
    advice: Recommendation, said: Said, received: Received, *, now: datetime, today: date
) -> Decision:
    """Write down a decision that the MSP was told elsewhere: marked so for ever, open to be contested.

    Raises:
        DomainError: not by the MSP; somebody, a way or a day is missing; or as ``decide``.
        UploadRefused: there is no document, or not one of a kind that we take.
    """
    if current().kind not in ("msp", "limited", "job"):
        raise DomainError("Décidez directement ici : cette page est pour le prestataire.")
    _hold(advice)
    decision = _decision(advice, said, now=now, today=today)
    if not received.decider or received.how not in rules.HOW or not received.on or received.on > today:
        raise DomainError("Dites qui a décidé, comment vous l’avez appris et quel jour.")
    digest = _keep(decision, received)
    decision.decider, decision.decider_title = received.decider, received.decider_title
    decision.channel, decision.received_how, decision.received_on = "override", received.how, received.on
    told = {
        "channel": "override",
        "recorded_by": decision.recorded_by,
        "how": rules.HOW[received.how],
        "received_on": received.on.isoformat(),
        "document": decision.document_name,
        "document_sha256": digest,
    }
    _written(advice, decision, told, now=now, today=today)
    letters.send_override(advice, decision, queries.deciders([advice.client_id]).get(advice.client_id, []))
    return decision


def contest(advice: Recommendation, decision: Decision, reason: str, *, now: datetime) -> None:
    """Say that a decision written down by the MSP was never taken: the advice waits for one again.

    Raises:
        DomainError: not a decider, no reason, or a decision taken in person or replaced since.
    """
    if not _decides():
        raise DomainError("Seule une personne qui décide pour le client peut contester.")
    _hold(advice)
    last = queries.decisions(advice.id)[0]
    if decision.channel != "override" or decision.contested_at is not None or decision.id != last.id:
        raise DomainError("Seule la dernière décision notée par le prestataire se conteste.")
    kept = plain(reason, LONGEST_REASON)
    if len(kept) < rules.REASON_AT_LEAST:
        raise DomainError("Dites en quelques mots ce qui n’est pas exact.")
    who = current().actor
    decision.contested_at, decision.contested_by, decision.contest = now, who, kept
    told = {"by": who, "channel": "portal", "reason": kept, "contested": decision.seq}
    write(advice, "contested", told, now=now)
    advice.state, advice.review_on = "opened", None
    _follow(advice, "proposed", None, on=None)
    _tell(advice, "advice.contested", now, reason=kept)
    mark(advice.client_id)


def _decides() -> bool:
    who = current()
    return who.kind == "client" and who.role == "decider"


def _hold(advice: Recommendation) -> None:
    """Have whoever decides at the same time wait, and see what was decided meanwhile."""
    hold([advice.client_id])
    db.session.refresh(advice)


def _decision(advice: Recommendation, said: Said, *, now: datetime, today: date) -> Decision:
    """The decision, still without its decider and its line. Raises DomainError."""
    if advice.state == "withdrawn":
        raise DomainError("Cette recommandation a été retirée : il n’y a plus rien à décider.")
    refused = rules.refusal(said.verdict, said.reason, said.until, today=today)
    if refused:
        raise DomainError(refused)
    if not 0 <= said.option < len(advice.options):
        raise DomainError("Cette option n’existe pas.")
    item = _action(advice)
    if item is not None and item.status in ("in_progress", "done") and said.verdict != "accepted":
        raise DomainError("Les travaux ont commencé : voyez avec votre prestataire comment les arrêter.")
    return Decision(
        id=new_id(),
        client_id=advice.client_id,
        recommendation_id=advice.id,
        verdict=said.verdict,
        option=said.option,
        reason=plain(said.reason, LONGEST_REASON),
        until=said.until if said.verdict == "postponed" else None,
        recorded_by=current().actor,
        at=now,
    )


def _keep(decision: Decision, received: Received) -> str:
    """Keep the document that shows a decision; its SHA-256. Raises UploadRefused."""
    limit = runtime().settings.upload_limit_mib * uploads.MIB
    sniffed = uploads.sniff(received.data, received.filename, max_bytes=limit)
    digest = sha256(received.data).hexdigest()
    decision.document_key = runtime().storage.put(tenant_id(), digest, received.data)
    decision.document_name = one_line(received.filename, LONGEST_NAME) or f"decision.{sniffed.extension}"
    return digest


def _written(
    advice: Recommendation, decision: Decision, how: Mapping[str, object], *, now: datetime, today: date
) -> None:
    told = {
        "by": decision.decider,
        "by_title": decision.decider_title,
        "reason": decision.reason,
        "until": decision.until.isoformat() if decision.until else None,
        "option": advice.options[decision.option]["title"],
        **price_of(advice, decision.option),
        **how,
    }
    event = write(advice, decision.verdict, told, now=now)
    db.session.flush()
    decision.seq, decision.hash = event.seq, event.hash
    db.session.add(decision)
    advice.state = decision.verdict
    advice.review_on = rules.review_on(decision.verdict, decision.until, today=today)
    _follow(advice, rules.status_after(decision.verdict), decision.until, on=today)
    verb = "advice.overridden" if decision.channel == "override" else f"advice.{decision.verdict}"
    _tell(advice, verb, now, verdict=decision.verdict, line=decision.seq)
    mark(advice.client_id)


def _follow(advice: Recommendation, status: str, until: date | None, *, on: date | None) -> None:
    """The action follows what was decided of it, unless it was begun."""
    item = _action(advice)
    if item is None or item.status in ("in_progress", "done"):
        return
    item.status, item.postponed_until, item.before = status, until, None
    item.decided_on = on if status == "decided" else None


def _action(advice: Recommendation) -> ActionItem | None:
    if advice.action_id is None:
        return None
    return db.session.scalars(select(ActionItem).where(ActionItem.id == advice.action_id)).one_or_none()


def _title_of(login_id: UUID | None, client_id: UUID) -> str:
    """What the person who decides is at the client, as its people were noted; empty when nobody said."""
    members = queries.deciders([client_id]).get(client_id, [])
    member = next((each for each in members if each.login_id == login_id), None)
    if member is None:
        return ""
    found = select(Person.title).where(Person.client_id == client_id, Person.email == member.email)
    return db.session.scalars(found.limit(1)).one_or_none() or ""


def _tell(advice: Recommendation, verb: str, now: datetime, **data: object) -> None:
    record(verb, advice.title, subject_id=advice.id, client_id=advice.client_id, at=now, **data)
