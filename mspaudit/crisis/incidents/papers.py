"""What leaves as a file: an incident's log, and a client's register of breaches, as CSV and PDF."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from mspaudit.adapters import pdf
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents import rules
from mspaudit.crisis.incidents.duties import ANSWERS, ENTRY_KINDS, KINDS, RISKS
from mspaudit.crisis.incidents.models import Incident, IncidentClock, IncidentEntry
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import day, hour, typo

TABLE = Path(__file__).parent / "papers" / "table.typ"
LOG = ("Ligne", "Heure des faits", "Nature", "Texte", "Auteur", "Écrit à", "Corrige", "Empreinte")
BREACHES = ("N°", "Connu le", "Nature", "Ce qui est arrivé", "Données personnelles", "Données", "Personnes",
            "Conséquences", "Risque", "Mesures", "CNIL", "Clos le")  # fmt: skip


def log_rows(log: Sequence[IncidentEntry]) -> list[list[str]]:
    """The lines of a log, in French, on a clock in Paris."""
    return [
        [
            str(entry.seq),
            at(entry.happened_at),
            ENTRY_KINDS[entry.kind],
            entry.text,
            entry.author,
            at(entry.written_at)
            + (", après coup" if rules.written_late(entry.happened_at, entry.written_at) else ""),
            str(entry.corrects or ""),
            entry.hash,
        ]
        for entry in log
    ]


def breach_rows(rows: Sequence[Incident], cnil: Mapping[UUID, IncidentClock]) -> list[list[str]]:
    """The lines of a register of breaches (RGPD 33.5): every one, notified or not."""
    return [
        [
            str(row.number),
            at(row.awareness_at),
            KINDS[row.kind],
            row.what,
            ANSWERS[row.personal],
            row.breach_data,
            "" if row.breach_people is None else str(row.breach_people),
            row.breach_effects,
            RISKS[row.risk],
            row.breach_measures,
            notified(cnil.get(row.id)),
            at(row.closed_at) if row.closed_at else "",
        ]
        for row in rows
    ]


def notified(clock: IncidentClock | None) -> str:
    """What became of the notice to the CNIL."""
    if clock is None or not clock.applies:
        return "Sans objet"
    if clock.done_at is not None:
        return f"Notifié le {at(clock.done_at)}"
    return f"Non notifié : {clock.why}" if clock.waived else "Pas encore notifié"


def log_pdf(
    client: Client, incident: Incident, log: Sequence[IncidentEntry], *, msp: str, now: datetime
) -> bytes:
    """The log of an incident as a tagged PDF."""
    last = log[-1].hash if log else ""
    return _table(
        f"Main courante, incident n° {incident.number}",
        f"{client.name}. {KINDS[incident.kind]}. Connu depuis le {at(incident.awareness_at)}.",
        LOG[:-1],
        [row[:-1] for row in log_rows(log)],
        ["10mm", "26mm", "18mm", "1fr", "30mm", "32mm", "14mm"],
        foot=f"Empreinte (SHA-256) de la dernière ligne : {last}",
        msp=msp,
        now=now,
    )


def breaches_pdf(
    client: Client, rows: Sequence[Incident], cnil: Mapping[UUID, IncidentClock], *, msp: str, now: datetime
) -> bytes:
    """A client's register of breaches as a tagged PDF."""
    return _table(
        "Registre des violations de données",
        f"{client.name}. RGPD, article 33.5 : toute violation y figure, notifiée ou non.",
        BREACHES,
        breach_rows(rows, cnil),
        ["8mm", "20mm", "22mm", "1fr", "20mm", "24mm", "18mm", "26mm", "18mm", "28mm", "24mm", "20mm"],
        foot="",
        msp=msp,
        now=now,
    )


def at(moment: datetime) -> str:
    """« 20/11/2026 14 h 32 », in Paris."""
    return f"{local(moment):%d/%m/%Y} {hour(moment)}"


def _table(
    title: str,
    say: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[str],
    *,
    foot: str,
    msp: str,
    now: datetime,
) -> bytes:
    data = {
        "title": typo(title), "say": typo(say), "headers": list(headers), "rows": [list(row) for row in rows],
        "widths": list(widths), "foot": typo(foot), "msp": msp, "printed": day(local(now)),
    }  # fmt: skip
    return pdf.render(TABLE, data, at=now)
