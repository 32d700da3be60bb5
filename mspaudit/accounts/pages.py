"""How accounts are told on a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, g, url_for

from mspaudit.accounts import rules
from mspaudit.accounts.models import Account, Directory
from mspaudit.accounts.queries import PAGE, VIEWS, Listed
from mspaudit.clients import links
from mspaudit.clients.models import Client, Person
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import plural, short_day

OFFBOARDING = "departures.start"


@dataclass(frozen=True)
class Line:
    """One account as a page tells it."""

    row: Listed
    today: date

    @property
    def account(self) -> Account:
        return self.row.account

    @property
    def directory(self) -> Directory:
        return self.row.directory

    @property
    def holder(self) -> Person | None:
        return self.row.holder

    @property
    def left(self) -> bool:
        """Whether its holder has left while it is still enabled."""
        left_on = self.holder.left_on if self.holder is not None else None
        return self.account.enabled and left_on is not None and left_on < self.today

    @property
    def dormant(self) -> bool:
        """Whether it slept for 90 days when its directory last told of sign-ins."""
        account, seen_at = self.account, self.directory.sign_in_at
        asleep = rules.is_dormant(account.last_sign_in, account.created_at, seen_at=seen_at)
        return bool(asleep) and account.enabled and account.kind in ("person", "guest")

    @property
    def signed_in(self) -> str:
        """When it last signed in, in words."""
        if self.account.last_sign_in is not None:
            return short_day(local(self.account.last_sign_in).date(), self.today)
        return "jamais" if self.directory.sign_in_at is not None else "inconnu"

    @property
    def reasons(self) -> list[str]:
        """Why it is to be treated, the gravest first."""
        account, holder = self.account, self.holder
        if self.row.excepted:
            return ["Exception en cours"]
        uncovered = account.mfa == "no" and account.kind == "person" and account.enabled
        found = []
        if self.left and holder is not None:
            found.append(f"Parti le {short_day(holder.left_on, self.today)}")
        if account.match == "asked":
            found.append("Titulaire à confirmer")
        if account.match in ("none", "refused") and account.kind == "person":
            found.append("Personne inconnue")
        if uncovered or self.admin_uncovered:
            found.append("Second facteur à poser")
        if self.dormant:
            found.append("Sans connexion depuis 90 jours")
        return found

    @property
    def admin_uncovered(self) -> bool:
        """Whether it administers without a second factor that is known."""
        account = self.account
        told = self.directory.mfa_at is not None
        return account.is_admin and account.enabled and account.mfa != "yes" and told

    @property
    def told(self) -> str:
        """The reasons as one phrase; empty without any."""
        first, *rest = self.reasons or [""]
        return ", ".join([first, *(reason[0].lower() + reason[1:] for reason in rest)])


def words(client: Client, today: date) -> dict[str, Any]:
    """What every template about a client's accounts needs."""
    return {
        "client": client,
        "today": today,
        "kinds": rules.KINDS,
        "sources": rules.SOURCES,
        "mfa_words": rules.MFA_WORDS,
        "matches": rules.MATCHES,
        "views": VIEWS,
        "size": PAGE,
        "can_edit": g.visitor.role != "reader",
        "overview": links.overview,
        "portfolio_url": links.portfolio(),
        "offboarding": offboarding,
        "import_url": url_for("intake.for_client", client=client.slug),
        "dated": dated,
        "left_open": left_open,
        "sentence": sentence,
    }


def offboarding(client: Client, person: Person) -> str | None:
    """Where the departure of that person is followed; None in a product without that room."""
    if OFFBOARDING not in current_app.view_functions:
        return None
    return url_for(OFFBOARDING, client=client.slug, person=person.id)


def dated(directory: Directory, today: date) -> str:
    """When a directory was last seen, in words."""
    at = directory.imported_at or directory.mfa_at
    return "" if at is None else f"export du {short_day(local(at).date(), today)}"


def sentence(text: str) -> str:
    """`text` with one full stop, the one of « nov. » included; empty for nothing."""
    return text.rstrip(".") + "." if text else ""


def left_open(count: int) -> str:
    """What a review leaves to do."""
    return plural(count, "écart reste ouvert", "écarts restent ouverts") if count else "rien n’est ouvert"
