"""The machines and contracts of each client: what its answers say, and sometimes what they did not know."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from mspaudit.content.support import matched
from mspaudit.demo.acts.scene import Scene
from mspaudit.demo.stage import Role
from mspaudit.demo.story import Said
from mspaudit.extensions import Base, db
from mspaudit.inventory.models import Agreement, Asset, InsurancePolicy
from mspaudit.inventory.reading import agreement_key, asset_key
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import slug
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.periods import add_months
from mspaudit.tenancy.context import tenant_id

NEW = ("Microsoft Windows 11 Professionnel", "25H2")
LATE = ("Microsoft Windows 11 Professionnel", "23H2")
OLD = ("Microsoft Windows 10 Professionnel", "22H2")
MUTE = ("Microsoft Windows 11 Professionnel", "")
SERVERS = ("2022 Standard", "2019 Standard", "2016 Standard", "2012 R2 Standard")
MODELS = (("Dell", "OptiPlex 7020"), ("HP", "ProDesk 400 G9"), ("Lenovo", "ThinkCentre M70q"))
LAPTOPS = (("HP", "ProBook 450 G10"), ("Dell", "Latitude 5540"), ("Lenovo", "ThinkPad E14"))
DESKS = {
    "commune": ("ACCUEIL", "ETATCIVIL", "COMPTA", "URBANISME", "MAIRE", "CCAS", "ECOLE", "ATELIER", "CRECHE"),
    "enterprise": ("ACCUEIL", "COMPTA", "DEVIS", "ATELIER", "GERANCE", "STOCK", "COMMERCE", "ETUDES", "EXPE"),
}
# Label, supplier, kind, months of notice (None: nobody noted it), tacit, euros a year.
Line = tuple[str, str, str, int | None, bool, int]
SHARED: tuple[Line, ...] = (
    ("Location des copieurs", "Burel Bureautique", "contract", 3, True, 1980),
    ("Téléphonie et accès internet", "Liaison Ouest", "contract", 2, True, 1440),
    ("Microsoft 365", "Éditions du Parc", "licence", None, False, 1310),
    ("Antivirus géré", "Bastide Sécurité", "licence", 1, True, 540),
    ("Certificat du site", "Scellé numérique", "certificate", None, False, 60),
)
OWN: dict[str, tuple[Line, ...]] = {
    "commune": (
        ("Logiciels état civil et comptabilité", "Berger Éditions", "contract", 3, True, 2480),
        ("Hébergement du site communal", "Vallon Hébergement", "contract", 3, True, 588),
    ),
    "enterprise": (
        ("Logiciel de gestion commerciale", "Sillage Logiciels", "contract", 3, True, 1860),
        ("Maintenance de la ligne de production", "Atelier Nord", "contract", None, True, 3200),
    ),
}
PREREQUISITES = ("AUT-01", "BCK-03", "BCK-04", "END-03")
ASKED = {
    "AUT-01": "Second facteur pour toute la messagerie",
    "BCK-03": "Une copie de sauvegarde hors ligne ou ineffaçable",
    "BCK-04": "Un test de restauration par an",
    "END-03": "Un antivirus à jour sur tous les postes",
}


def play(scene: Scene) -> None:
    """Furnish every client whose inventory somebody has made."""
    machines: list[dict[str, Any]] = []
    contracts: list[dict[str, Any]] = []
    policies: list[dict[str, Any]] = []
    for client_id, role in scene.roles:
        rng = Random(f"inventory:{role.place.name}")
        told = {event.code: event for event in role.story.events if isinstance(event, Said)}
        # A client that never made its list brought us none either.
        if _choice(told, "INV-01") != "no" or rng.random() < 0.5:
            seen = _seen(role, rng, scene.today)
            machines += _machines(client_id, role, told, rng, seen)
        if _choice(told, "GOV-05") != "no" or rng.random() < 0.4:
            listed = list(_contracts(client_id, role, told, rng, scene.today))
            contracts += listed
            policies += [_policy(row, rng) for row in listed if row["kind"] == "insurance"]
    for model, rows in ((Asset, machines), (Agreement, contracts), (InsurancePolicy, policies)):
        if rows:
            db.session.execute(insert(Base.metadata.tables[model.__tablename__]), rows)


def _choice(told: dict[str, Said], code: str) -> str:
    return told[code].choice if code in told else "unknown"


def _seen(role: Role, rng: Random, today: date) -> datetime:
    """The day of the last inventory: recent, except at the clients whom nobody visits."""
    ago = (
        rng.randint(110, 160) if role.story.thread == "stalled" and rng.random() < 0.4 else rng.randint(1, 25)
    )
    return _at(today - timedelta(days=ago))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), PARIS).astimezone(UTC)


def _machines(
    client_id: UUID, role: Role, told: dict[str, Said], rng: Random, seen: datetime
) -> Iterator[dict[str, Any]]:
    size = role.place.size
    desks = DESKS[role.kind][: 3 + min(size // (400 if role.kind == "commune" else 6), 6)]
    honest = _choice(told, "INV-03") != "yes" or rng.random() < 0.22
    for number, desk in enumerate(desks):
        laptop = rng.random() < 0.3
        luck = rng.random()
        system = NEW
        if honest:
            system = OLD if luck < 0.32 else LATE if luck < 0.4 else NEW
        system = MUTE if luck > 0.96 else system
        paid = system is OLD and rng.random() < 0.1
        maker, model = rng.choice(LAPTOPS if laptop else MODELS)
        bought = date(
            rng.randint(2018, 2021) if system is OLD else rng.randint(2022, 2025), rng.randint(1, 12), 5
        )
        yield _asset(
            client_id,
            f"{'PORT' if laptop else 'PC'}-{desk}",
            "laptop" if laptop else "desktop",
            system,
            seen,
            maker=maker,
            model=model,
            serial=f"{slug(role.place.name)[:4].upper()}{number:02d}{rng.randint(100, 999)}",
            user_name=rng.choice(role.people).name if rng.random() < 0.6 else "",
            bought_on=bought,
            warranty_until=add_months(bought, 36),
            extended_until=date(2027, 10, 12) if paid else None,
        )
    yield from _others(client_id, role, rng, seen, honest=honest)


def _others(
    client_id: UUID, role: Role, rng: Random, seen: datetime, *, honest: bool
) -> Iterator[dict[str, Any]]:
    if role.place.size > (900 if role.kind == "commune" else 10):
        edition = rng.choice(SERVERS if honest else SERVERS[:2])
        system = (f"Microsoft Windows Server {edition}", "")
        yield _asset(client_id, "SRV-FICHIERS", "server", system, seen, maker="Dell", model="PowerEdge T350")
    if rng.random() < 0.5:
        version = rng.choice(("7.2.11", "7.4.8", "7.6.4"))
        yield _asset(
            client_id, "PARE-FEU", "network", ("FortiOS", version), seen, maker="Fortinet", model="60F"
        )
    yield _asset(client_id, "COPIEUR", "printer", ("", ""), seen, maker="Ricoh", model="IM C3010")


def _asset(
    client_id: UUID, name: str, kind: str, system: tuple[str, str], seen: datetime, **more: Any
) -> dict[str, Any]:
    product = matched(*system)
    blank = {"serial": "", "user_name": "", "bought_on": None, "warranty_until": None, "extended_until": None}
    return {
        "tenant_id": tenant_id(),
        "id": new_id(),
        "client_id": client_id,
        "key": asset_key(name, more.get("serial", "")),
        "name": name,
        "kind": kind,
        "os": system[0],
        "os_version": system[1],
        "product": product.key if product else None,
        "asset_tag": "",
        "place": "",
        "last_seen_on": seen.date(),
        "status": "in_use",
        "source": "glpi_assets",
        "seen_at": seen,
        "touched_at": seen,
        **blank,
        **more,
    }


def _contracts(
    client_id: UUID, role: Role, told: dict[str, Said], rng: Random, today: date
) -> Iterator[dict[str, Any]]:
    well_kept = _choice(told, "GOV-05") == "yes"
    lines = [
        *SHARED,
        *OWN[role.kind],
        (f"{slug(role.place.name)}.example", "Registraire de l’Ouest", "domain", None, False, 18),
    ]
    if rng.random() < 0.55:
        lines.append(("Assurance cyber", "Mutuelle des Rives", "insurance", 2, True, 1150))
    if role.kind == "enterprise" and _choice(told, "GOV-07") == "yes" and rng.random() < 0.8:
        lines.append(("Plateforme agréée de facturation", "Passerelle Facture", "platform", 2, True, 240))
    for line in lines:
        if rng.random() < 0.85:
            known = line[3] if well_kept or rng.random() < 0.7 else None
            yield _agreement(client_id, role, (*line[:3], known, *line[4:]), rng, today)


def _agreement(client_id: UUID, role: Role, line: Line, rng: Random, today: date) -> dict[str, Any]:
    label, supplier, kind, months, tacit, euros = line
    # A few are near its last useful day; the others spread over the year to come.
    near = rng.random() < 0.07
    act_by = today + timedelta(days=rng.randint(2, 28) if near else rng.randint(29, 360))
    ends = add_months(act_by, months or 0)
    share = 0.4 + min(role.place.size, 4000) / (3000 if role.kind == "commune" else 40)
    paid = round(euros * share * rng.uniform(0.85, 1.2)) if kind not in ("domain", "certificate") else euros
    return {
        "tenant_id": tenant_id(),
        "id": new_id(),
        "client_id": client_id,
        "key": agreement_key(label, supplier),
        "kind": kind,
        "label": label,
        "supplier": supplier,
        "reference": f"{supplier[:2].upper()}-{rng.randint(1000, 9999)}" if kind == "contract" else "",
        "starts_on": add_months(ends, -12 * rng.randint(1, 4)) + timedelta(days=1),
        "ends_on": ends if tacit or rng.random() < 0.9 else None,
        "notice_months": months,
        "notice_days": 0,
        "tacit": tacit,
        "renewal_months": 12,
        "yearly_cents": paid * 100 if rng.random() < 0.93 else None,
        "seats": rng.randint(4, 30) if kind == "licence" else None,
        "budget": "operating" if role.kind == "commune" and kind != "licence" else None,
        "notes": "",
        "source": "contracts",
        "seen_at": (seen := _at(today - timedelta(days=rng.randint(2, 40)))),
        "touched_at": seen,
    }


def _policy(row: dict[str, Any], rng: Random) -> dict[str, Any]:
    return {
        "tenant_id": row["tenant_id"],
        "id": new_id(),
        "client_id": row["client_id"],
        "agreement_id": row["id"],
        "prerequisites": [
            {"code": code, "text": ASKED[code], "met": rng.random() < 0.6} for code in PREREQUISITES
        ],
        "exclusions": "Rançon versée, matériel sans correctifs, faits de guerre.",
        "notify_hours": rng.choice((48, 72)),
        "claim_phone": "02 61 91 55 72",
        "claim_contact": "sinistres@rives.example",
    }
