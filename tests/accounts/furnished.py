"""A commune with one account of each sort, for the tests of pages and for those in a browser."""

from datetime import datetime, timedelta

from sqlalchemy import select

from mspaudit.accounts.models import Account
from mspaudit.extensions import db
from mspaudit.kernel import clock
from tests.accounts.files import agent, bring, rows, user
from tests.cast import Cast

PEOPLE = ("Nathalie Perrin", "Jean-Marc Tissot", "Paul Morel")
FOLDER = "clients/valbrune/comptes"


def furnish(cast: Cast, now: datetime, *more: dict[str, str]) -> list[tuple[str, str]]:
    """Covered, not, administrator, dormant, shared, guest, leaver, in doubt; (who, path) of the pages."""
    asleep, awake = ((now - timedelta(days=n)).isoformat() for n in (200, 3))
    left = (clock.today(now) - timedelta(days=40)).isoformat()
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        team = [user(name, last_sign_in=awake) for name in PEOPLE]
        team += [user("Karim Haddad", last_sign_in=asleep), user("Accueil", last_sign_in="")]
        team += [user("Inès Leroy", upn="i.leroy@valbrune.example", mail="", last_sign_in=awake)]
        team += [user("Lea Roux", upn="lea_ext#ext#@valbrune.example", last_sign_in="")]
        bring("entra_users", client, rows(*team, *more), now=now)
        told = zip(PEOPLE, ("oui", "non", "non"), ("oui", "oui", "non"), strict=True)
        lines = [{"upn": user(n)["upn"], "name": n, "mfa": mfa, "admin": admin} for n, mfa, admin in told]
        bring("entra_mfa", client, rows(*lines), now=now)
        staff = [agent(n, email=user(n)["upn"]) for n in PEOPLE[:2]]
        staff += [agent("Paul Morel", left_on=left), agent("Ines Leroy", email="ines@valbrune.example")]
        bring("staff_list", client, rows(*staff), now=now)
        doubtful = db.session.scalars(select(Account.id).where(Account.name == "Inès Leroy")).one()
    paths = ["comptes", FOLDER, f"{FOLDER}?vue=tous", f"{FOLDER}/rapprochement", f"{FOLDER}/{doubtful}"]
    paths.append("clients/fontaine/comptes")
    return [("technician", path) for path in paths]
