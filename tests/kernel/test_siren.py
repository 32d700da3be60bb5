"""SIREN and SIRET as people paste them, and La Poste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.kernel.french import FINE
from mspaudit.kernel.siren import (
    InvalidSiren,
    check_siren,
    check_siret,
    clean,
    format_siren,
    format_siret,
)

PARIS = "217500016"
LA_POSTE_HEAD_OFFICE = "35600000000048"
LA_POSTE_BRANCH = "35600000009075"


def with_check_digit(digits: str) -> str:
    doubled = [int(d) * (2 if position % 2 == 0 else 1) for position, d in enumerate(reversed(digits))]
    return digits + str(-sum(sum(divmod(d, 10)) for d in doubled) % 10)


def passes(siret: str) -> bool:
    try:
        return check_siret(siret) == clean(siret)
    except InvalidSiren:
        return False


@pytest.mark.parametrize(
    "typed",
    [
        PARIS,
        "217 500 016",
        "217\u00a0500\u202f016",
        "217.500.016",
        "217-500-016",
        "217\u2013500\u2013016",
        " 217500016\n",
        "\ufeff217500016",
        "２１７５０００１６",
    ],
)
def test_it_reads_a_siren_however_it_is_pasted(typed: str) -> None:
    assert check_siren(typed) == PARIS


def test_a_commune_is_not_known_by_its_prefix() -> None:
    assert check_siren("200063121") == "200063121"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Un SIREN compte 9 chiffres, celui-ci en a 0."),
        ("21750001", "Un SIREN compte 9 chiffres, celui-ci en a 8."),
        ("21750001600019", "Un SIREN compte 9 chiffres, celui-ci en a 14."),
        ("FR217500016", "Un SIREN ne contient que des chiffres."),
        ("²17500016x", "Un SIREN ne contient que des chiffres."),
        ("٢١٧٥٠٠٠١٦", "Un SIREN ne contient que des chiffres."),
        ("000000000", "Ce SIREN ne contient que des zéros."),
        ("217500017", "Ce SIREN comporte sans doute une faute de frappe"),
    ],
)
def test_it_says_what_is_wrong_with_a_siren(typed: str, message: str) -> None:
    with pytest.raises(InvalidSiren) as caught:
        check_siren(typed)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("siret", ["21750001600019", "73282932000074", LA_POSTE_HEAD_OFFICE, LA_POSTE_BRANCH])
def test_it_accepts_a_siret(siret: str) -> None:
    assert check_siret(format_siret(siret)) == siret


@pytest.mark.parametrize(
    "siret",
    [
        "73282932000079",
        PARIS + "00000",
        "00000000000000",
        "35600000009076",
        "35600000000030",
        with_check_digit("3560000000901"),
        "7328293200007",
    ],
)
def test_it_refuses_a_siret(siret: str) -> None:
    with pytest.raises(InvalidSiren):
        check_siret(siret)


def test_the_siren_of_la_poste_is_an_ordinary_one() -> None:
    assert check_siren("356 000 000") == "356000000"


@given(st.integers(1, 99_999_999))
def test_it_accepts_every_siren_with_its_check_digit_and_no_other(number: int) -> None:
    siren = with_check_digit(f"{number:08d}")
    assert check_siren(format_siren(siren)) == siren
    wrong = siren[:-1] + str((int(siren[-1]) + 1) % 10)
    with pytest.raises(InvalidSiren):
        check_siren(wrong)


@given(st.integers(1, 99_999).filter(lambda nic: nic != 48))
def test_the_branches_of_la_poste_add_up_to_a_multiple_of_five(nic: int) -> None:
    siret = f"356000000{nic:05d}"
    assert passes(siret) == (sum(map(int, siret)) % 5 == 0)


@given(st.text(max_size=30))
def test_it_raises_nothing_else_on_any_text(text: str) -> None:
    assert passes(text) in (True, False)


def test_numbers_are_printed_in_groups() -> None:
    assert format_siren(PARIS) == FINE.join(("217", "500", "016"))
    assert format_siret(PARIS + "00019") == FINE.join(("217", "500", "016", "00019"))
