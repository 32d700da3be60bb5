"""The services a client of a given size usually has, proposed when it is added."""

from typing import NamedTuple

from mspaudit.content.schema import Kind

CCAS_POPULATION = 1500
"""From this many inhabitants a commune must have a CCAS (CASF, art. L. 123-4)."""


class ProposedUnit(NamedTuple):
    """A service to propose; `legal_entity` when it is a body of its own, with its own SIREN and SIRET."""

    code: str
    name: str
    legal_entity: bool = False


class _Usual(NamedTuple):
    unit: ProposedUnit
    from_size: int


# Beyond the CCAS, whose threshold is the law's, sizes are usual practice: the technician ticks or unticks.
_USUAL: dict[Kind, tuple[_Usual, ...]] = {
    "commune": (
        _Usual(ProposedUnit("mairie", "Mairie"), 0),
        _Usual(ProposedUnit("ccas", "CCAS", legal_entity=True), CCAS_POPULATION),
        _Usual(ProposedUnit("ecole", "École"), 300),
        _Usual(ProposedUnit("petite_enfance", "Petite enfance"), 2000),
        _Usual(ProposedUnit("services_techniques", "Services techniques"), 500),
    ),
    "enterprise": (
        _Usual(ProposedUnit("administration", "Administration"), 0),
        _Usual(ProposedUnit("commercial", "Commercial"), 5),
        _Usual(ProposedUnit("production", "Production"), 5),
        _Usual(ProposedUnit("support", "Support"), 20),
    ),
}


def proposed_units(
    kind: Kind, *, population: int | None = None, headcount: int | None = None
) -> tuple[ProposedUnit, ...]:
    """The usual services of a commune of `population` inhabitants or of an enterprise of `headcount` people.

    An unknown size proposes only what every client of that kind has.
    """
    size = (population if kind == "commune" else headcount) or 0
    return tuple(usual.unit for usual in _USUAL[kind] if size >= usual.from_size)
