"""A client whose every page of incidents has something to show."""

from datetime import datetime, timedelta

from mspaudit.clients.mandate_actions import Upload
from mspaudit.crisis.incidents import actions, signing_actions
from mspaudit.crisis.incidents.signing_actions import Right
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.crisis.incidents import client, found, opened, settle
from tests.crisis.incidents import clock as clock_of
from tests.departures.leavers import PDF, by


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """One incident under way and one closed; (who, path) of every page of the room that opens then."""
    today = clock.today(now)
    closed = opened(cast, "fraud", now=now - timedelta(days=20), aware=now - timedelta(days=20))
    running = opened(cast, now=now, aware=now - timedelta(hours=60))
    with cast.inside(context=by(cast, "technician")):
        row = found(closed)
        settle(row, now=now - timedelta(days=18))
        actions.close(row, summary="Virement rappelé par la banque.", now=now - timedelta(days=18))
        actions.learn(row, ["Rappeler le fournisseur avant tout changement de RIB"], now=now)
        actions.write(
            found(running), kind="decision", text="Couper les sessions", happened_at=now - timedelta(hours=5),
            corrects=1, now=now,
        )  # fmt: skip
        mayor = Right("Nora Pons", "Maire", complaint=True, cnil=True, insurer=True, granted_on=today)
        signing_actions.grant(client(), mayor, document=Upload("acte.pdf", PDF), today=today, now=now)
        duty = clock_of(running, "insurer").id
    of, space = "clients/valbrune/incidents", "espace/valbrune/incidents"
    paths = ["incidents", of, f"{of}/nouveau", f"{of}/{running}", f"{of}/{closed}", f"{of}/{running}/textes"]
    paths.append(f"{of}/{running}/demarches/{duty}")
    pages = [space, f"{space}/nouveau", f"{space}/{running}", f"{space}/{running}/textes"]
    return [("technician", path) for path in paths] + [("decider", path) for path in pages]
