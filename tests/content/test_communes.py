"""Finding a commune as its secretary types it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.content.communes import by_insee, by_siren, exists_named, named, search


def first(text: str) -> str:
    return search(text)[0].insee_code


@pytest.mark.parametrize(
    ("typed", "insee_code"),
    [
        ("st etienne", "42218"),
        ("St-Étienne", "42218"),
        ("SAINT ETIENNE", "42218"),
        ("saintetienne", "42218"),
        ("st etienne du rouvray", "76575"),
        ("ste genevieve des bois", "91549"),
        ("l'abergement clem", "01001"),
        ("L’Abergement-Clémenciat", "01001"),
        ("labergement clemenciat", "01001"),
        ("abergement clemenciat", "01001"),
        ("paris", "75056"),
        ("bourg en bresse", "01053"),
        ("havre", "76351"),
        ("mont st michel", "50353"),
        ("pœuilly", "80629"),
        ("poeuilly", "80629"),
        ("chateau chinon ville", "58062"),
        ("ajaccio", "2A004"),
        ("2a004", "2A004"),
        ("2A", "2A004"),
        ("20000", "2A004"),
        ("75020", "75056"),
        ("42000", "42218"),
        (" 42000 ", "42218"),
    ],
)
def test_it_finds_a_commune_however_it_is_typed(typed: str, insee_code: str) -> None:
    assert first(typed) == insee_code


def test_an_equal_name_comes_before_a_longer_one() -> None:
    assert search("lyon")[0].name == "Lyon"
    assert search("vaux", 3)[0].name == "Vaux"


def test_the_most_populated_comes_first_among_equals() -> None:
    populations = [commune.population or 0 for commune in search("saint-etienne-", 8)[1:]]
    assert populations == sorted(populations, reverse=True)


def test_a_beginning_comes_before_a_middle() -> None:
    names = [commune.name for commune in search("paris", 8)]
    assert names.index("Paris-l’Hôpital") < names.index("Cormeilles-en-Parisis")


def test_a_postal_code_brings_every_commune_that_shares_it() -> None:
    found = search("01640", 50)
    assert len(found) == 4
    assert all("01640" in commune.postal_codes for commune in found)


def test_an_insee_code_is_found_even_when_it_is_also_a_postal_code() -> None:
    assert "97133" in [commune.insee_code for commune in search("97133", 2)]


@pytest.mark.parametrize("text", ["", "   ", "-", "’", "zzzzzz", "99999"])
def test_it_finds_nothing_quietly(text: str) -> None:
    assert search(text) == []


def test_it_gives_no_more_than_asked() -> None:
    assert len(search("saint")) == 8
    assert len(search("saint", 3)) == 3
    assert search("saint", 0) == []


@given(st.text(max_size=60), st.integers(min_value=0, max_value=12))
def test_it_takes_any_text(text: str, limit: int) -> None:
    found = search(text, limit)
    assert len(found) <= limit
    assert len({commune.insee_code for commune in found}) == len(found)


def test_a_commune_carries_what_a_client_needs() -> None:
    commune = by_insee("01001")
    assert commune is not None
    assert commune.name == "L’Abergement-Clémenciat"
    assert (commune.department, commune.region, commune.siren) == ("01", "84", "210100012")
    assert commune.population == 860
    assert commune.postal_codes == ("01400",)
    assert (commune.epci_siren, commune.epci_name) == ("200069193", "CC de la Dombes")


def test_what_is_unknown_is_none() -> None:
    miquelon = by_insee("97501")
    kerguelen = by_insee("98412")
    assert miquelon is not None
    assert kerguelen is not None
    assert (miquelon.siren, miquelon.epci_siren) == (None, None)
    assert (kerguelen.population, kerguelen.postal_codes) == (None, ())


def test_an_unknown_insee_code_is_none() -> None:
    assert by_insee("00000") is None
    assert by_insee("2a004") == by_insee("2A004")


def test_a_real_name_is_recognised_and_an_invented_one_is_not() -> None:
    assert exists_named("saint etienne")
    assert exists_named("L'Abergement de Varey")
    assert not exists_named("Valbrune")
    assert not exists_named("")


def test_it_answers_several_threads_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        codes = set(threads.map(first, ["st etienne"] * 64))
    assert codes == {"42218"}


def test_a_siren_finds_its_commune_whatever_it_begins_with() -> None:
    valence = by_insee("26362")
    assert valence is not None
    assert valence.siren is not None
    assert by_siren(valence.siren) == valence
    assert by_siren("356000000") is None


def test_an_exact_name_finds_every_commune_that_bears_it_and_no_longer_one() -> None:
    found = named("st denis")
    assert len(found) > 1
    assert {commune.name for commune in found} == {"Saint-Denis"}
    assert named("") == []
