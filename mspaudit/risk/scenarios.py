"""The six scenarios, and how much each would hurt a client of a given profile."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

SCENARIOS = ("mailbox", "ransomware", "data_leak", "payment_fraud", "left_access", "standstill")

_CHILDREN_AND_AID = {"ccas", "petite_enfance", "ecole"}
_HANDLES_MONEY = {"administration", "commercial"}


@dataclass(frozen=True)
class Profile:
    """What is known of a client: `kind` is "commune" or "enterprise" (else ValueError), sizes are people."""

    kind: str
    population: int | None
    headcount: int | None
    units: frozenset[str]
    tags: frozenset[str]

    def __post_init__(self) -> None:
        if self.kind not in ("commune", "enterprise"):
            raise ValueError(f"{self.kind!r} is neither a commune nor an enterprise")

    @property
    def is_commune(self) -> bool:
        """Whether the client is a commune rather than an enterprise."""
        return self.kind == "commune"

    def has_staff(self, at_least: int) -> bool:
        """Whether the client is an enterprise known to have that many people."""
        return not self.is_commune and (self.headcount or 0) >= at_least


class Impact(NamedTuple):
    """How much a scenario would hurt, 0 to 3, and why, in French for the reader."""

    level: int
    because: str


class _Rule(NamedTuple):
    scenario: str
    level: int
    applies: Callable[[Profile], bool]
    because: str


def _always(_: Profile) -> bool:
    return True


def _commune(profile: Profile) -> bool:
    return profile.is_commune


# The worst rule that applies decides; the first of equals gives the reason.
_RULES = (
    _Rule("mailbox", 2, _commune, "en 2024, 30 % des incidents de collectivités touchaient une messagerie"),
    _Rule("mailbox", 2, _always, "une boîte prise sert à tromper clients, banque et collègues"),
    _Rule(
        "mailbox",
        3,
        lambda p: p.is_commune and (p.population or 0) >= 3500,
        "une même boîte dessert plusieurs services et de nombreux habitants",
    ),
    _Rule("ransomware", 3, _commune, "état civil, paie et aide sociale n’ont pas d’autre support"),
    _Rule("ransomware", 2, _always, "les fichiers de travail seraient perdus ou bloqués"),
    _Rule("ransomware", 3, lambda p: p.has_staff(10), "plusieurs services s’arrêteraient ensemble"),
    _Rule(
        "data_leak", 2, _always, "des données personnelles de clients, d’agents ou d’habitants sont tenues"
    ),
    _Rule(
        "data_leak",
        3,
        lambda p: bool(p.units & _CHILDREN_AND_AID),
        "des données d’enfants ou d’aide sociale sont tenues",
    ),
    _Rule("data_leak", 3, lambda p: "sante" in p.tags, "des données de santé sont tenues"),
    _Rule("data_leak", 3, lambda p: p.has_staff(250), "le nombre de personnes concernées serait élevé"),
    _Rule("payment_fraud", 2, _always, "un faux changement de coordonnées bancaires détourne un paiement"),
    _Rule(
        "payment_fraud",
        3,
        lambda p: not p.is_commune and bool(p.units & _HANDLES_MONEY),
        "un service règle ou encaisse chaque jour des factures",
    ),
    _Rule("left_access", 1, _always, "peu de personnes ont un accès, et elles se connaissent"),
    _Rule("left_access", 2, _commune, "élus, remplaçants et prestataires changent à chaque mandat"),
    _Rule("left_access", 2, lambda p: p.has_staff(10), "arrivées et départs sont réguliers"),
    _Rule("left_access", 3, lambda p: p.has_staff(50), "nul ne connaît de mémoire tous les accès ouverts"),
    _Rule("left_access", 3, lambda p: "independants" in p.tags, "des indépendants ont des accès"),
    _Rule("standstill", 3, _commune, "le service public ne peut pas fermer cinq jours"),
    _Rule("standstill", 2, _always, "l’activité s’arrête avec l’informatique"),
    _Rule("standstill", 3, lambda p: "production" in p.units, "une production arrêtée ne se rattrape pas"),
    _Rule("standstill", 3, lambda p: "vente_en_ligne" in p.tags, "les ventes passent par l’informatique"),
)


def explained_impacts(profile: Profile) -> dict[str, Impact]:
    """The default impact of each scenario with its reason, in the order of SCENARIOS."""
    impacts = {}
    for scenario in SCENARIOS:
        applying = [r for r in _RULES if r.scenario == scenario and r.applies(profile)]
        worst = max(applying, key=lambda rule: rule.level)
        impacts[scenario] = Impact(worst.level, worst.because)
    return impacts


def impacts_for(
    kind: str,
    *,
    population: int | None = None,
    headcount: int | None = None,
    units: Collection[str] = (),
    tags: Collection[str] = (),
) -> dict[str, int]:
    """The default impact, 0 to 3, of each scenario; an unknown unit or tag changes nothing.

    Raises ValueError for a kind that is neither "commune" nor "enterprise".
    """
    profile = Profile(kind, population, headcount, frozenset(units), frozenset(tags))
    return {scenario: impact.level for scenario, impact in explained_impacts(profile).items()}
