"""The services proposed when a client is added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.content.units import proposed_units


def codes(kind: str, **size: int | None) -> list[str]:
    return [unit.code for unit in proposed_units(kind, **size)]


@pytest.mark.parametrize("population", [None, 0, 80])
def test_the_smallest_commune_has_a_mairie(population: int | None) -> None:
    assert codes("commune", population=population) == ["mairie"]


def test_a_ccas_is_proposed_from_fifteen_hundred_inhabitants() -> None:
    assert "ccas" not in codes("commune", population=1499)
    assert "ccas" in codes("commune", population=1500)


def test_only_the_ccas_is_a_legal_entity_of_its_own() -> None:
    units = proposed_units("commune", population=20_000)
    assert [unit.code for unit in units if unit.legal_entity] == ["ccas"]
    assert {unit.code for unit in units} == {
        "mairie", "ccas", "ecole", "petite_enfance", "services_techniques",
    }  # fmt: skip


def test_an_enterprise_has_more_services_as_it_grows() -> None:
    assert codes("enterprise") == ["administration"]
    assert codes("enterprise", headcount=6) == ["administration", "commercial", "production"]
    assert codes("enterprise", headcount=40)[-1] == "support"


def test_the_size_of_the_other_kind_changes_nothing() -> None:
    assert codes("commune", headcount=500) == ["mairie"]
    assert codes("enterprise", population=5000) == ["administration"]


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_bigger_commune_never_has_fewer_services(one: int, other: int) -> None:
    small, big = sorted((one, other))
    assert set(codes("commune", population=small)) <= set(codes("commune", population=big))
