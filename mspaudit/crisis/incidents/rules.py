"""Which clocks an incident starts, when each ends, and how a log holds together. Hours are elapsed hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from mspaudit.clients.rules import Refused
from mspaudit.crisis.incidents.duties import NEVER_NIS2_UNDER
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import NB, plural

WARN_HOURS = (24, 12, 4, 1, 0)
"""Hours left at which people are told again; 0 when the hour has passed."""
LATE_ENTRY = timedelta(hours=1)
"""A line written longer after what it tells is marked as written afterwards."""
LESSONS_DAYS = 30
LONGEST_HOURS = 24 * 366
OLDEST = timedelta(days=366)
AHEAD = timedelta(minutes=5)
"""How far in the future a phone's clock may be."""


@dataclass(frozen=True)
class Told:
    """What is known of an incident. ``personal``, ``insured``: unknown, yes or no; ``risk``: see RISKS.

    ``money``: some was sent; ``at_provider``: the data were at a provider; ``nis2``: somebody said that the
    client is under NIS2; ``inhabitants``: of a commune, else None.
    """

    personal: str = "unknown"
    risk: str = "unknown"
    insured: str = "unknown"
    money: bool = False
    at_provider: bool = False
    nis2: bool = False
    inhabitants: int | None = None


def applies(duty: str, told: Told) -> bool:
    """Whether that duty holds for this incident. What is not known yet starts the clock."""
    if duty == "bank":
        return told.money
    if duty == "cnil":
        return told.personal != "no" and told.risk != "unlikely"
    if duty == "people":
        return told.personal != "no" and told.risk == "high"
    if duty == "provider":
        return told.at_provider and told.personal != "no"
    if duty in ("complaint", "insurer"):
        return told.insured != "no"
    return told.nis2 and (told.inhabitants is None or told.inhabitants > NEVER_NIS2_UNDER)


def due_at(awareness_at: datetime, hours: int | None) -> datetime | None:
    """When a clock ends: elapsed hours, nights, weekends and changes of clock included.

    None when there is no hour to reach: at once (0), or a contract not read yet (None).
    """
    return awareness_at + timedelta(hours=hours) if hours else None


def state(
    *, applies: bool, hours: int | None, due: datetime | None, done: datetime | None, now: datetime
) -> str:
    """``na``, ``met``, ``met_late``, ``untold`` (hours to type), ``at_once``, ``late`` or ``running``."""
    if done is not None:
        return "met_late" if due is not None and done > due else "met"
    if not applies:
        return "na"
    if due is None:
        return "untold" if hours is None else "at_once"
    return "late" if now > due else "running"


def threshold(due: datetime, now: datetime) -> int | None:
    """The most pressing of WARN_HOURS reached at ``now``; None while there is more time than all of them."""
    left = due - now
    reached = [hours for hours in WARN_HOURS if left <= timedelta(hours=hours)]
    return min(reached) if reached else None


def time_left(due: datetime, now: datetime) -> str:
    """« reste 14 h 20 », « reste 2 jours et 3 h », « dépassé de 40 min »."""
    left = due - now
    said = _lasting(abs(left))
    return f"reste {said}" if left >= timedelta(0) else f"dépassé de {said}"


def _lasting(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return plural(days, "jour") + (f" et {hours}{NB}h" if hours else "")
    if minutes < 60:
        return f"{minutes}{NB}min"
    return f"{hours}{NB}h" + (f"{NB}{rest:02d}" if rest else "")


def moment(text: str, *, now: datetime) -> datetime:
    """What a ``datetime-local`` field holds, on a clock in Paris, as an instant in UTC.

    The hour that comes twice in autumn is the first. Raises Refused: unreadable, to come, over a year old.
    """
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("Ce moment n’est pas lisible : donnez le jour et l’heure.") from None
    found = (typed if typed.tzinfo else typed.replace(tzinfo=PARIS)).astimezone(now.tzinfo)
    if found > now + AHEAD:
        raise Refused("Ce moment est à venir.")
    if found < now - OLDEST:
        raise Refused("Ce moment date de plus d’un an.")
    return min(found, now)


def whole_hours(text: str) -> int:
    """A count of hours. Raises Refused over a year, or when it is no number of hours."""
    if not text.strip().isdecimal() or not 1 <= int(text) <= LONGEST_HOURS:
        raise Refused("Donnez un nombre d’heures, entre 1 et 8 784.")
    return int(text)


def written_late(happened_at: datetime, written_at: datetime) -> bool:
    """Whether a line of the log tells what happened long before."""
    return written_at - happened_at > LATE_ENTRY


def seal(previous: str, seq: int, happened_at: datetime, written_at: datetime, *said: str) -> str:
    """The SHA-256, in hexadecimal, of a line of the log: the seal before it, its place, its times (UTC, ISO
    8601), then its kind, author, text and the line it corrects, one under the other."""
    times = (happened_at.astimezone(UTC).isoformat(), written_at.astimezone(UTC).isoformat())
    return sha256("\n".join((previous, str(seq), *times, *said)).encode()).hexdigest()
