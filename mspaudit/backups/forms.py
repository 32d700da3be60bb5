"""Reading this room's forms; what is wrong is told field by field, what was typed is kept."""

import re
from datetime import datetime, time, timedelta

from mspaudit.backups.actions import Card
from mspaudit.backups.models import BackupJob
from mspaudit.backups.rules import Kind, instant
from mspaudit.backups.wording import COVERS
from mspaudit.clients import rules as typed
from mspaudit.clients.forms import Form as BaseForm
from mspaudit.clients.forms import identifier
from mspaudit.clients.rules import Refused
from mspaudit.errors import DomainError
from mspaudit.kernel.text import one_line

MOST_WORDS = 20
LABELS = {
    "every": "Fréquence",
    "grace_hours": "Délai de grâce",
    "retention_days": "Conservation",
    "mail_from": "Expéditeurs",
    "mail_words": "Mots à trouver",
    "planned_on": "Date prévue",
    "done_on": "Faite le",
    "minutes": "Durée",
    "until": "Jusqu’au",
    "what": "Ce qui est restauré",
    "destination": "Destination",
    "tool": "Outil",
}
_SENDER = re.compile(r"[^@\s,;<>\"]{0,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,63}")


class Form(BaseForm):
    """The same, with the names of this room's fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, « field: what is wrong »), in the order they were read."""
        told = dict(super().summary)
        named = {
            f"f-{name}": f"{LABELS[name]} : {text}" for name, text in self.errors.items() if name in LABELS
        }
        return list((told | named).items())


def card(form: Form) -> Card:
    """What is told of a job."""
    count, unit = form.needed("every", _count) or 1, form.values.get("unit", "days")
    return Card(
        name=form.text("name"),
        tool=form.optional("tool", typed.short) or "",
        destination=form.optional("destination", typed.short) or "",
        covers=[code for code in form.sent.getlist("covers") if code in COVERS],
        off_site=yes_no(form.values.get("off_site", "")),
        immutable=yes_no(form.values.get("immutable", "")),
        retention_days=form.optional("retention_days", _days),
        period_hours=count * (1 if unit == "hours" else 24),
        grace_hours=form.needed("grace_hours", _count) or 1,
        working_days=unit == "working",
        mail_from=form.optional("mail_from", senders) or [],
        mail_words=form.optional("mail_words", words) or [],
        unit_id=identifier(form.values.get("unit_id", "")),
    )


def as_typed(job: BackupJob | None) -> dict[str, str | list[str]]:
    """A job as its form shows it; what a new one begins with when there is none."""
    if job is None:
        return {"every": "1", "unit": "days", "grace_hours": "6"}
    hourly = bool(job.period_hours % 24)
    return {
        "name": job.name,
        "tool": job.tool,
        "destination": job.destination,
        "covers": job.covers,
        "off_site": _as_yes_no(job.off_site),
        "immutable": _as_yes_no(job.immutable),
        "retention_days": str(job.retention_days or ""),
        "every": str(job.period_hours if hourly else job.period_hours // 24),
        "unit": "hours" if hourly else "working" if job.working_days else "days",
        "grace_hours": str(job.grace_hours),
        "mail_from": ", ".join(job.mail_from),
        "mail_words": ", ".join(job.mail_words),
        "unit_id": str(job.org_unit_id or ""),
    }


def yes_no(text: str) -> bool | None:
    """A choice between yes, no and not known."""
    return {"1": True, "0": False}.get(text)


def run_kind(text: str) -> Kind:
    """What someone saw of a run. Raises DomainError."""
    found: dict[str, Kind] = {"success": "success", "warning": "warning", "fail": "fail"}
    if text not in found:
        raise DomainError("Choisissez ce que vous avez vu : réussite, réserve ou échec.")
    return found[text]


def end_of_day(text: str) -> datetime:
    """The last instant of a day as typed. Raises Refused."""
    return instant(typed.day(text) + timedelta(days=1), time(0))


def senders(text: str) -> list[str]:
    """Addresses, or « @domain », separated by commas. Raises Refused."""
    found = [one_line(part, 254).lower() for part in re.split(r"[,;\s]+", text) if part.strip()]
    wrong = next((each for each in found if not _SENDER.fullmatch(each)), None)
    if wrong is not None:
        raise Refused(f"« {wrong[:60]} » n’est pas une adresse. Exemple : nas@mairie.fr, ou @mairie.fr.")
    return _few(found)


def words(text: str) -> list[str]:
    """Words or pieces of sentences separated by commas. Raises Refused."""
    return _few([kept for part in re.split(r"[,;\n]", text) if (kept := one_line(part, 80))])


def _few(found: list[str]) -> list[str]:
    kept = list(dict.fromkeys(found))
    if len(kept) > MOST_WORDS:
        raise Refused(f"{len(kept)}, c’est trop : gardez-en {MOST_WORDS}.")
    return kept


def _count(text: str) -> int:
    found = typed.whole(text, "Ce nombre", 9_999)
    if found == 0:
        raise Refused("Indiquez un nombre d’au moins 1.")
    return found


def _days(text: str) -> int:
    return typed.whole(text, "Ce nombre", 36_500) or 1


def minutes(text: str) -> int:
    """A duration in minutes. Raises Refused."""
    return _count(text)


def _as_yes_no(value: bool | None) -> str:
    return "" if value is None else "1" if value else "0"
