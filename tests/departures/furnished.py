"""A client whose every page of departures has something to show."""

from datetime import datetime, timedelta

from mspaudit.content import departures as content
from mspaudit.departures import actions, queries
from mspaudit.departures.actions import Brief
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.departures.leavers import PDF, by, client, leaving, secret, someone


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Fill Valbrune's registers; (who, path) of every page of the room that opens then."""
    today = clock.today(now)
    with cast.inside(context=by(cast, "technician")):
        gone, here = someone("Zoé Delorme"), someone("Hélène Pons")
        kept = secret("Administration du serveur", "critical", gone, here)
        held = actions.hold(
            client(), code="actes", title="", used=True, person=gone, deputy=here,
            certificate_until=today + timedelta(days=20), reviewed_on=today, now=now,
        )  # fmt: skip
        actions.hold(
            client(), code="helios", title="", used=True, person=None, deputy=None, certificate_until=None,
            reviewed_on=today, now=now,
        )  # fmt: skip
        departure = leaving(gone, on=today - timedelta(days=3), kind="leave", now=now)
        lines = queries.items(departure.id)
        actions.settle_item(departure, lines[0], now=now)
        actions.settle_item(departure, lines[1], now=now, reason="Aucun logiciel métier")
        mission = actions.add_mission(
            client(), name="Paul Astruc", company="Studio Astruc", email=None, purpose="Site",
            starts_on=today, ends_on=today + timedelta(days=30), sponsor=here, now=now,
        )  # fmt: skip
        whole = [clause.code for clause in content.clauses("commune")]
        given = Brief(whole, ["names"], today, today, today, "Portable", today)
        actions.brief(mission, given, sponsor=here, today=today, now=now)
        actions.attach_contract(mission, PDF, "contrat.pdf", now=now)
        actions.open_access(client(), mission, account="p.astruc", device="", mfa=True, today=today, now=now)
        of = "clients/valbrune"
        paths = ["departs", f"{of}/departs", f"{of}/departs/{departure.id}", f"{of}/departs/nouveau"]
        paths += [f"{of}/departs/plusieurs", f"{of}/intervenants", f"{of}/intervenants/{mission.id}"]
        paths += [
            f"{of}/titulaires",
            f"{of}/titulaires/{held.id}",
            f"{of}/secrets",
            f"{of}/secrets/{kept.id}",
        ]
    return [("technician", path) for path in paths] + [("secretary", "espace/valbrune/departs")]
