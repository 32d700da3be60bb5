"""What the room's words are, in French, for pages and for people."""

from datetime import datetime
from typing import NamedTuple

from mspaudit.backups.models import BackupJob
from mspaudit.backups.rules import RED, State
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import NB, ago, hour, hours, plural, short_day

COVERS = {
    "files": "Fichiers partagés",
    "apps": "Logiciels métier",
    "databases": "Bases de données",
    "servers": "Serveurs et machines virtuelles",
    "mail": "Messagerie",
    "cloud": "Services en ligne",
    "workstations": "Postes de travail",
}
STATES: dict[State, tuple[str, str]] = {
    "up": ("à jour", "circle-check"),
    "warned": ("à jour, avec réserve", "alert-circle"),
    "running": ("en cours", "player-play"),
    "waiting": ("en attente du premier signal", "hourglass"),
    "paused": ("en pause", "player-pause"),
    "late": ("en retard", "clock-exclamation"),
    "down": ("en échec", "circle-x"),
    "never": ("jamais reçu", "circle-dashed"),
    "stuck": ("commencée, jamais finie", "clock-exclamation"),
}
KINDS = {
    "success": "Réussite",
    "warning": "Réussite avec réserve",
    "fail": "Échec",
    "start": "Début",
    "log": "Message",
}
SOURCES = {"ping": "signal", "mail": "courriel", "manual": "saisie"}
RESULTS = {"ok": "Tout a été restauré", "partly": "En partie", "failed": "Échec"}
YES_NO = (("", "Je ne sais pas"), ("1", "Oui"), ("0", "Non"))
UNITS = (("hours", "heures"), ("days", "jours"), ("working", "jours ouvrés"))


class Told(NamedTuple):
    """A state as it is read: its word, its icon, whether it is red."""

    word: str
    icon: str
    red: bool


def told(state: State) -> Told:
    """The words of a state."""
    return Told(*STATES[state], state in RED)


def every(job: BackupJob) -> str:
    """« chaque jour ouvré, à 6 h près »."""
    whole, rest = divmod(job.period_hours, 24)
    if rest:
        said = f"toutes les {hours(job.period_hours)}" if job.period_hours > 1 else "chaque heure"
    elif job.working_days:
        said = "chaque jour ouvré" if whole == 1 else f"tous les {whole}{NB}jours ouvrés"
    else:
        said = {1: "chaque jour", 7: "chaque semaine"}.get(whole, f"tous les {whole}{NB}jours")
    return f"{said}, à {hours(job.grace_hours)} près"


def since(job: BackupJob, state: State, now: datetime) -> str:
    """What goes with the state: since when, or until when."""
    if state == "paused" and job.paused_until is not None:
        return f"jusqu’au {short_day(local(job.paused_until), local(now).date())}"
    if state == "waiting":
        return f"attendu avant le {moment(job.due_at, now)}"
    if state == "never":
        return f"suivi depuis le {short_day(local(job.created_at), local(now).date())}"
    if state in ("running", "stuck") and job.started_at is not None:
        return f"commencée {ago(job.started_at, now)}"
    if state == "late":
        return "dernière réussite " + (ago(job.last_ok_at, now) if job.last_ok_at else "inconnue")
    return ago(job.last_result_at, now) if job.last_result_at is not None else ""


def moment(value: datetime, now: datetime) -> str:
    """« 20 nov. à 23 h 41 »; with the year when it is another."""
    here = local(value)
    return f"{short_day(here, local(now).date())} à {hour(value)}"


def lasted(seconds: int | None) -> str:
    """A duration in words; a dash when it is not known."""
    if seconds is None:
        return "–"
    return f"{seconds}{NB}s" if seconds < 60 else hours(seconds / 3600)


def strip(nights: list[str]) -> str:
    """A strip of days for those who do not see it."""
    ok, failed, missing = (nights.count(word) for word in ("ok", "failed", "missing"))
    said = [plural(ok, "jour réussi", "jours réussis")]
    if failed:
        said.append(plural(failed, "jour avec un échec", "jours avec un échec"))
    if missing:
        said.append(plural(missing, "jour sans nouvelles", "jours sans nouvelles"))
    return f"Trente derniers jours{NB}: " + ", ".join(said)
