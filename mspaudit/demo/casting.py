"""Who is who: the two MSPs, their staff, and the people of their clients."""

from dataclasses import dataclass
from random import Random

from mspaudit.demo.names import COMMUNES, COMPANIES, FIRST_NAMES, LAST_NAMES, Place
from mspaudit.kernel.french import slug


@dataclass(frozen=True)
class Staff:
    """Someone of an MSP."""

    name: str
    email: str
    role: str
    all_clients: bool = True


@dataclass(frozen=True)
class Msp:
    """One MSP and how many clients it looks after."""

    slug: str
    name: str
    phone: str
    staff: tuple[Staff, ...]
    communes: tuple[Place, ...]
    companies: tuple[Place, ...]


TILLEUL = Msp(
    slug="tilleul",
    name="Tilleul Infogérance",
    phone="02 61 91 04 12",
    staff=(
        Staff("Inès Carvalho", "ines.carvalho@tilleul.example", "admin"),
        Staff("Hugo Lemaître", "hugo.lemaitre@tilleul.example", "technician"),
        Staff("Sabine Bonnet", "sabine.bonnet@tilleul.example", "technician", all_clients=False),
        Staff("Louis Ferrand", "louis.ferrand@tilleul.example", "reader"),
    ),
    communes=COMMUNES[:38],
    companies=COMPANIES[:22],
)
SUREAU = Msp(
    slug="sureau",
    name="Sureau Informatique",
    phone="02 61 91 77 30",
    staff=(
        Staff("Damien Roche", "damien.roche@sureau.example", "admin"),
        Staff("Leïla Mansour", "leila.mansour@sureau.example", "technician"),
    ),
    communes=COMMUNES[38:],
    companies=COMPANIES[22:],
)
MSPS = (TILLEUL, SUREAU)
PLATFORM_EMAIL = "equipe@mspaudit.example"

# The people whom the printed links sign in, and where they arrive.
SECRETARY = "martine.delorme@valbrune.example"
SECRETARY_SERVES = ("Valbrune", "Lisse-le-Vieux")
MANAGER_OF = "Menuiserie Tassigneau"
MANAGER = "claire.tassigneau@menuiserie-tassigneau.example"


@dataclass(frozen=True)
class Someone:
    """A person of a client."""

    name: str
    email: str
    status: str
    title: str
    role: str | None


def people_of(place: Place, kind: str, rng: Random) -> tuple[Someone, Someone, Someone]:
    """The one who decides, the one who answers, and the one who may be named pilot."""
    domain = f"{slug(place.name)}.example"
    drawn = [f"{rng.choice(FIRST_NAMES)} {name}" for name in rng.sample(LAST_NAMES, 3)]
    if place.name in SECRETARY_SERVES:
        drawn[1] = "Martine Delorme"
    if place.name == MANAGER_OF:
        drawn[0] = "Claire Tassigneau"
    emails = [f"{slug(name).replace('-', '.')}@{domain}" for name in drawn]
    if place.name in SECRETARY_SERVES:
        emails[1] = SECRETARY
    if kind == "commune":
        posts = (("elected", "Maire"), ("agent", "Secrétaire générale de mairie"), ("elected", "Adjoint"))
    else:
        posts = (
            ("employee", "Gérance"),
            ("employee", "Assistance de direction"),
            ("employee", "Comptabilité"),
        )
    roles = ("decider", "respondent", None)
    first, second, third = (
        Someone(name, email, status, title, role)
        for name, email, (status, title), role in zip(drawn, emails, posts, roles, strict=True)
    )
    return first, second, third
