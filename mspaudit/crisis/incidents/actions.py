"""What may be done with an incident: open it, say what is known, keep its clocks and its log, close it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from mspaudit.clients import dirty
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents import queries, rules
from mspaudit.crisis.incidents.duties import DUTIES, ENTRY_KINDS, KINDS
from mspaudit.crisis.incidents.models import Incident, IncidentClock, IncidentEntry, IncidentLesson
from mspaudit.crisis.incidents.rules import Told
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import NB, agree, plural
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line, plain
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.jobs import enqueue

LINE, PAGE = 300, 4000


def open_incident(client: Client, *, kind: str, what: str, awareness_at: datetime, now: datetime) -> Incident:
    """Open an incident, start its clocks and its log, and have those concerned told.

    Raises:
        DomainError: no kind, or nothing said of what happened.
    """
    what = plain(what, PAGE)
    if kind not in KINDS:
        raise DomainError("Choisissez ce qui ressemble le plus à ce qui arrive.")
    if not what:
        raise DomainError("Dites en une phrase ce qui arrive.")
    incident = Incident(
        id=new_id(), client_id=client.id, number=queries.next_number(client.id), kind=kind, what=what,
        awareness_at=awareness_at, opened_at=now, opened_by=current().actor, personal="unknown",
        risk="unknown", insured="unknown", money=kind == "fraud", at_provider=False, nis2=False,
    )  # fmt: skip
    db.session.add(incident)
    db.session.flush()
    told = _told(client, incident)
    for duty in DUTIES.values():
        clock = IncidentClock(
            client_id=client.id, incident_id=incident.id, duty=duty.key, hours=duty.hours,
            due_at=rules.due_at(awareness_at, duty.hours), applies=rules.applies(duty.key, told),
        )  # fmt: skip
        db.session.add(clock)
    _append(incident, "fact", what, happened_at=awareness_at, now=now)
    _tell(incident, "incident.opened", now, kind=kind)
    enqueue("incidents.watch", tenant_id=tenant_id())
    return incident


def say(client: Client, incident: Incident, told: Told, *, insurer: str, csirt: str, now: datetime) -> None:
    """Write what is known, and let the clocks follow. Raises DomainError once it is closed."""
    _still_open(incident)
    before = asdict(_told(client, incident))
    incident.personal, incident.risk, incident.insured = told.personal, told.risk, told.insured
    incident.money, incident.at_provider, incident.nis2 = told.money, told.at_provider, told.nis2
    incident.insurer, incident.csirt = one_line(insurer, LINE), one_line(csirt, LINE)
    known = _told(client, incident)
    for clock in queries.clocks(incident.id):
        clock.applies = rules.applies(clock.duty, known)
    changed = {name: value for name, value in asdict(known).items() if value != before[name]}
    _tell(incident, "incident.known", now, **changed)


def write(
    incident: Incident, *, kind: str, text: str, happened_at: datetime, corrects: int | None, now: datetime
) -> IncidentEntry:
    """Add a line to the log, whether the incident is open or not; nothing takes a line away.

    Raises:
        DomainError: no text, no kind, or a line to correct that is not in this log.
    """
    text = plain(text, PAGE)
    if kind not in ENTRY_KINDS or not text:
        raise DomainError("Écrivez ce qui s’est passé, et choisissez fait, décision ou action.")
    if corrects is not None and corrects not in {each.seq for each in queries.entries(incident.id)}:
        raise DomainError("La ligne à corriger n’est pas dans cette main courante.")
    entry = _append(incident, kind, text, happened_at=happened_at, now=now, corrects=corrects)
    _tell(incident, "incident.logged", now, line=entry.seq)
    return entry


def met(incident: Incident, clock: IncidentClock, *, at: datetime, now: datetime) -> None:
    """Write that a duty was done, by whom and when, in the clock and in the log."""
    if clock.done_at is not None:
        raise DomainError("C’est déjà noté.")
    clock.done_at, clock.done_by, clock.waived = at, current().actor, False
    clock.applies = True
    _append(incident, "action", f"{DUTIES[clock.duty].label}{NB}: fait.", happened_at=at, now=now)
    _tell(incident, "incident.clock_met", now, duty=clock.duty)


def set_hours(incident: Incident, clock: IncidentClock, hours: int, *, why: str, now: datetime) -> None:
    """Change how many hours a duty leaves, saying why. Raises DomainError without a reason."""
    why = _reason(why)
    _still_open(incident)
    before = clock.hours
    clock.hours, clock.due_at = hours, rules.due_at(incident.awareness_at, hours)
    clock.why, clock.changed_by = why, current().actor
    _tell(incident, "incident.clock_changed", now, duty=clock.duty, before=before, hours=hours, why=why)


def waive(incident: Incident, clock: IncidentClock, *, why: str, now: datetime) -> None:
    """Set a duty aside, or take it up again, saying why. Raises DomainError: no reason, or done."""
    why = _reason(why)
    _still_open(incident)
    if clock.done_at is not None:
        raise DomainError("Cette démarche est déjà faite.")
    clock.waived, clock.why, clock.changed_by = not clock.waived, why, current().actor
    verb = "incident.clock_waived" if clock.waived else "incident.clock_resumed"
    _tell(incident, verb, now, duty=clock.duty, why=why)


def describe_breach(
    incident: Incident, *, data: str, people: int | None, effects: str, measures: str, now: datetime
) -> None:
    """Write what the register of breaches holds of an incident (RGPD 33.5)."""
    incident.breach_data, incident.breach_people = plain(data, PAGE), people
    incident.breach_effects, incident.breach_measures = plain(effects, PAGE), plain(measures, PAGE)
    _tell(incident, "incident.breach_described", now)


def close(incident: Incident, *, summary: str, now: datetime) -> None:
    """Close an incident whose duties are all done or set aside.

    Raises:
        DomainError: no summary, or duties that nobody did or set aside.
    """
    _still_open(incident)
    summary = plain(summary, PAGE)
    left = [each for each in queries.clocks(incident.id) if each.holds and each.done_at is None]
    if left:
        raise DomainError(
            f"{plural(len(left), 'démarche reste', 'démarches restent')} à noter "
            f"{agree(len(left), 'faite', 'faites')} ou sans objet avant de clore."
        )
    if not summary:
        raise DomainError("Résumez en quelques lignes ce qui est arrivé et comment c’est fini.")
    incident.closed_at, incident.closed_by, incident.summary = now, current().actor, summary
    _append(incident, "decision", "Incident clos.", happened_at=now, now=now)
    _tell(incident, "incident.closed", now)


def reopen(incident: Incident, *, why: str, now: datetime) -> None:
    """Open a closed incident again, saying why. Raises DomainError."""
    why = _reason(why)
    if incident.open:
        raise DomainError("Cet incident est déjà ouvert.")
    incident.closed_at = incident.closed_by = incident.lessons_at = None
    _append(incident, "decision", f"Incident rouvert{NB}: {why}", happened_at=now, now=now)
    _tell(incident, "incident.reopened", now, why=why)


def learn(incident: Incident, texts: Sequence[str], *, now: datetime) -> None:
    """Write what a closed incident taught, one lesson a line. Raises DomainError when there is none."""
    kept = [line for text in texts if (line := one_line(text, LINE))]
    if incident.open:
        raise DomainError("Les enseignements se tirent une fois l’incident clos.")
    if not kept:
        raise DomainError("Écrivez au moins un enseignement, un par ligne.")
    for line in kept:
        lesson = IncidentLesson(
            client_id=incident.client_id, incident_id=incident.id, text=line, written_at=now,
            written_by=current().actor,
        )  # fmt: skip
        db.session.add(lesson)
    incident.lessons_at = incident.lessons_at or now
    _tell(incident, "incident.learned", now, lessons=len(kept))


def _append(
    incident: Incident,
    kind: str,
    text: str,
    *,
    happened_at: datetime,
    now: datetime,
    corrects: int | None = None,
) -> IncidentEntry:
    # The incident's row is the queue: two people who write at once follow one another.
    queries.incident_or_404(incident.client_id, incident.id, lock=True)
    before = queries.entries(incident.id)
    seq, previous = (before[-1].seq + 1, before[-1].hash) if before else (1, "")
    author = current().actor
    entry = IncidentEntry(
        client_id=incident.client_id, incident_id=incident.id, seq=seq, happened_at=happened_at,
        written_at=now, kind=kind, text=text, author=author, corrects=corrects,
        hash=rules.seal(previous, seq, happened_at, now, kind, author, text, str(corrects or "-")),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def _told(client: Client, incident: Incident) -> Told:
    return Told(
        personal=incident.personal,
        risk=incident.risk,
        insured=incident.insured,
        money=incident.money,
        at_provider=incident.at_provider,
        nis2=incident.nis2,
        inhabitants=client.population or 0 if client.is_commune else None,
    )


def _still_open(incident: Incident) -> None:
    if not incident.open:
        raise DomainError("Cet incident est clos. Rouvrez-le pour le modifier.")


def _reason(why: str) -> str:
    found = one_line(why, LINE)
    if not found:
        raise DomainError("Dites pourquoi, en quelques mots.")
    return found


def _tell(incident: Incident, verb: str, now: datetime, **data: object) -> None:
    db.session.flush()
    dirty.mark(incident.client_id, profile=False)
    words = f"Incident n° {incident.number}, {KINDS[incident.kind].lower()}"
    record(verb, words, subject_id=incident.id, client_id=incident.client_id, at=now, **data)
