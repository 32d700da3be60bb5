"""Backups to look at: one job of each kind of line, a report that waits, a restoration told."""

from datetime import date, datetime, timedelta

from mspaudit.backups import receiving
from mspaudit.backups.models import RestoreTest
from mspaudit.extensions import db
from tests.backups.helpers import follow
from tests.backups.test_mails import FAILED
from tests.cast import Cast


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Fill Valbrune's backups: who reads each page that shows them."""
    job, token = follow(cast, destination="Un dépôt dont le nom est long, au siège de l’intercommunalité")
    follow(cast, name="SRV-FICHIERS Daily", now=now - timedelta(days=12), working_days=True)
    browser = cast.nobody()
    for suffix in ("/start", "", "/fail"):
        browser.post(f"/ping/{token}{suffix}", data=b"a long line of a log " * 20)
    with cast.app.app_context():
        receiving.receive(FAILED, now=now, msp=cast.tilleul.slug)
    with cast.inside():
        mine = cast.tilleul.clients["valbrune"]
        db.session.add(RestoreTest(client_id=mine, what="Paie", planned_on=date(2026, 12, 1)))
        test = RestoreTest(client_id=mine, what="État civil", planned_on=date(2026, 11, 1))
        test.done_on, test.result, test.by_name, test.minutes = date(2026, 11, 2), "ok", "Inès", 40
        db.session.add(test)
        db.session.flush()
        tested = test.id
    here = "clients/valbrune/sauvegardes"
    pages = [
        "sauvegardes",
        "sauvegardes/courriels",
        here,
        f"{here}/{job}",
        f"{here}/{job}/modifier",
        f"{here}/nouvelle",
        f"{here}/restaurations/nouvelle",
        f"{here}/restaurations/{tested}",
    ]
    return [("secretary", "espace/valbrune/sauvegardes")] + [("technician", page) for page in pages]
