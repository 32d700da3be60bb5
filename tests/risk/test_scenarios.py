"""Default impacts: what would hurt whom, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.risk.scenarios import SCENARIOS, Profile, explained_impacts, impacts_for

sizes = st.none() | st.integers(0, 100_000)
units = st.sets(st.sampled_from(["mairie", "ccas", "ecole", "production", "commercial", "autre"]))
tags = st.sets(st.sampled_from(["sante", "independants", "vente_en_ligne", "autre"]))


def test_a_small_commune_fears_a_standstill_most() -> None:
    assert impacts_for("commune", population=600, units={"mairie"}) == {
        "mailbox": 2,
        "ransomware": 3,
        "data_leak": 2,
        "payment_fraud": 2,
        "left_access": 2,
        "standstill": 3,
    }


@pytest.mark.parametrize("unit", ["ccas", "petite_enfance", "ecole"])
def test_children_and_social_aid_raise_the_data_leak(unit: str) -> None:
    assert impacts_for("commune", population=600, units={"mairie", unit})["data_leak"] == 3


def test_an_enterprise_that_invoices_fears_payment_fraud() -> None:
    assert impacts_for("enterprise", headcount=8)["payment_fraud"] == 2
    assert impacts_for("enterprise", headcount=8, units={"commercial"})["payment_fraud"] == 3


def test_forgotten_accesses_matter_more_as_an_enterprise_grows() -> None:
    grown = [impacts_for("enterprise", headcount=n)["left_access"] for n in (9, 10, 49, 50)]
    assert grown == [1, 2, 2, 3]


def test_a_stopped_production_is_not_made_up_for() -> None:
    assert impacts_for("enterprise", headcount=8)["standstill"] == 2
    assert impacts_for("enterprise", headcount=8, units={"production"})["standstill"] == 3


@given(st.sampled_from(["commune", "enterprise"]), sizes, sizes, units, tags)
def test_every_profile_has_six_explained_impacts(
    kind: str, population: int | None, headcount: int | None, unit_set: set[str], tag_set: set[str]
) -> None:
    impacts = explained_impacts(Profile(kind, population, headcount, frozenset(unit_set), frozenset(tag_set)))
    assert tuple(impacts) == SCENARIOS
    assert all(0 <= impact.level <= 3 and impact.because for impact in impacts.values())


@given(units, units)
def test_an_added_unit_never_lowers_an_impact(some: set[str], more: set[str]) -> None:
    before, after = impacts_for("enterprise", units=some), impacts_for("enterprise", units=some | more)
    assert all(after[scenario] >= before[scenario] for scenario in SCENARIOS)


def test_it_refuses_a_kind_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="association"):
        impacts_for("association")
