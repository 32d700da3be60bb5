"""What a contract's dates mean, and what may be written of a thing that has an end.

Notice: it must have reached the supplier on the last useful day at the latest, which is the end of the
period moved back by the notice in calendar months, held to the last day of a shorter month (31 January
minus three months is 31 October; 31 May minus three, 28 or 29 February). Where the civil reading would
leave a day more, ours is the earlier day. A Sunday changes nothing: a contract rarely says it does.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from mspaudit.kernel.periods import add_months

KINDS = {
    "contract": "Contrat",
    "licence": "Licence",
    "software": "Logiciel",
    "domain": "Nom de domaine",
    "certificate": "Certificat",
    "insurance": "Assurance",
    "platform": "Plateforme agréée",
}
BUDGETS = {"operating": "Fonctionnement", "investment": "Investissement"}
ASSET_KINDS = {
    "desktop": "Poste fixe",
    "laptop": "Portable",
    "server": "Serveur",
    "mobile": "Téléphone ou tablette",
    "network": "Réseau",
    "printer": "Imprimante ou copieur",
    "other": "Autre",
}
COMPUTERS = ("desktop", "laptop", "server")
"""Kinds that always run a system, so that one without its name is unknown rather than not concerned."""
STATUSES = {
    "in_use": "En service",
    "stock": "En stock",
    "repair": "En réparation",
    "retired": "Hors service",
}
RENEWAL_MONTHS = 12
"""How long a tacit renewal lasts when the contract's line does not say."""
NOTICE_MONTHS_AT_MOST, NOTICE_DAYS_AT_MOST, RENEWAL_MONTHS_AT_MOST = 120, 730, 120
NOTIFY_HOURS_AT_MOST = 8760


class Period(NamedTuple):
    """One period of a contract: the last day to give notice, and its own last day."""

    act_by: date
    end: date


@dataclass(frozen=True, slots=True)
class Term:
    """How a contract ends. ``ends_on``: the last day of its first period.

    ``noticed_on``: the day on which notice was given; from then on it no longer renews itself.
    """

    ends_on: date
    notice_months: int = 0
    notice_days: int = 0
    tacit: bool = False
    renewal_months: int = RENEWAL_MONTHS
    noticed_on: date | None = None

    def period(self, count: int) -> Period:
        """The period after ``count`` renewals, counted from the original end so that it never drifts."""
        end = add_months(self.ends_on, count * self.renewal_months)
        return Period(add_months(end, -self.notice_months) - timedelta(days=self.notice_days), end)

    def renewals(self, day: date) -> int:
        """How many renewals there have been once it is too late, on ``day``, to refuse one more.

        The least count whose last useful day is ``day`` or later; 0 for what does not renew itself.
        """
        if not self.tacit:
            return 0
        wanted = day + timedelta(days=self.notice_days)
        apart = _months(wanted) - _months(self.ends_on) + self.notice_months
        count = max(0, -(-apart // self.renewal_months))
        return count if self.period(count).act_by >= day else count + 1

    def current(self, today: date) -> Period:
        """The period to watch: the one under way or, once its notice day is missed, the next.

        After a notice, or without tacit renewal where none is asked, nothing is left to say: the last
        useful day is the end itself, by which a replacement must stand.
        """
        if self.noticed_on is not None:
            end = self.period(self.renewals(self.noticed_on)).end
            return Period(end, end)
        return self.period(self.renewals(today))


def _months(day: date) -> int:
    return day.year * 12 + day.month


def working_day_before(day: date) -> date:
    """``day``, or the last day before it that is neither a weekend nor a public holiday of France."""
    closed = _holidays()
    while day.weekday() >= 5 or day in closed:
        day -= timedelta(days=1)
    return day


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def per_seat(cents: int, seats: int | None) -> int | None:
    """The yearly cost of one seat in cents, rounded to the nearest; None without seats."""
    return round(cents / seats) if seats else None
