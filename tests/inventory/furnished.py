"""A client whose every page of machines and contracts has something to show."""

from datetime import datetime, timedelta

from mspaudit.clients.queries import client_or_404
from mspaudit.extensions import db
from mspaudit.inventory import actions
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.inventory.helpers import machine, term


def furnish(cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """Fill Valbrune's lists; (who, path) of every page of the room that opens then."""
    today = clock.today(now)
    with cast.inside() as house:
        valbrune = house.clients["valbrune"]
        old = machine(valbrune, "PC-ETATCIVIL", "Microsoft Windows 10 Professionnel", "22H2")
        machine(valbrune, "SRV-FICHIERS", "Microsoft Windows Server 2016 Standard", kind="server")
        machine(valbrune, "COPIEUR-DU-PREMIER-ETAGE", kind="printer", maker="Ricoh", model="IM C3010")
        machine(valbrune, "PC-PARTI", gone_at=now, source="glpi_assets")
        ends = today + timedelta(days=120)
        rent = term(
            valbrune,
            "Location des copieurs, mairie et école",
            supplier="Burel Bureautique",
            ends_on=ends,
            notice_months=3,
            tacit=True,
            yearly_cents=396000,
            budget="operating",
        )
        policy = term(valbrune, "Assurance cyber", "insurance", ends_on=ends, notice_months=2, tacit=True)
        term(valbrune, "mairie-de-valbrune.example", "domain", yearly_cents=1800, gone_at=now)
        term(valbrune, "Antivirus", "licence", seats=14, yearly_cents=60200)
        db.session.flush()
        actions.save_policy(
            client_or_404("valbrune"),
            policy,
            now=now,
            prerequisites=[{"code": "AUT-01", "text": "Second facteur pour tous.", "met": True}],
            exclusions="Faits de guerre.",
            notify_hours=72,
        )
        of = "clients/valbrune"
        pages = [f"{of}/inventaire", f"{of}/inventaire/nouveau", f"{of}/inventaire/{old.id}"]
        pages += [f"{of}/contrats", f"{of}/contrats/nouveau", f"{of}/contrats/{rent.id}"]
        pages += [f"{of}/contrats/{rent.id}/modifier", f"{of}/contrats/{policy.id}"]
        pages += [f"{of}/contrats/{policy.id}/assurance", f"{of}/couts"]
        pages += ["inventaire", "inventaire?produit=windows-10", "contrats"]
    return [("technician", path) for path in pages] + [("decider", "espace/valbrune/contrats")]
