"""What may be written of a client, whatever is typed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.clients import rules
from mspaudit.clients.rules import Refused


def test_a_name_of_300_characters_is_refused_and_says_the_limit() -> None:
    with pytest.raises(Refused, match=r"300 caractères, c’est trop long.*120"):
        rules.name("a" * 300)


@pytest.mark.parametrize("name", ["Mairie 🏛️ de Valbrune", "بلدية وادي", "עיריית נחל", "李", "🦊"])
def test_emoji_and_right_to_left_names_are_kept_and_can_be_found(name: str) -> None:
    assert rules.name(name) == name
    assert rules.key(name)


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b", "\u202e"])
def test_a_name_has_something_to_read(nothing: str) -> None:
    with pytest.raises(Refused):
        rules.name(nothing)


@given(st.text())
def test_a_line_holds_no_control_character_and_stays_itself(text: str) -> None:
    line = rules.line(text)
    assert not any(ord(c) < 32 or c in "\u2028\u2029" for c in line)
    assert rules.line(line) == line


@pytest.mark.parametrize(
    ("typed", "value"), [("1842", 1842), ("1\u202f842", 1842), ("2 460", 2460), ("640.0", 640)]
)
def test_a_population_may_be_typed_with_spaces(typed: str, value: int) -> None:
    assert rules.population(typed) == value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-3", "ne peut pas être négative"),
        ("\u22123", "ne peut pas être négative"),
        ("beaucoup", "n’est pas un nombre entier"),
        ("12,5", "n’est pas un nombre entier"),
        ("99999999", "n’existe pas"),
        ("9" * 40, "n’est pas un nombre entier"),
    ],
)
def test_a_population_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        rules.population(typed)


@pytest.mark.parametrize("typed", ["2026-02-28", "28/02/2026", "28.02.2026", "28-2-2026", "2026-02-28 00:00"])
def test_a_day_is_read_as_browsers_and_people_write_it(typed: str) -> None:
    assert rules.day(typed) == date(2026, 2, 28)


@pytest.mark.parametrize("typed", ["30/02/2026", "2026-02-30", "31/04/2026", "demain", "1/1/0001", "02/2026"])
def test_the_30th_of_february_is_not_a_date(typed: str) -> None:
    with pytest.raises(Refused):
        rules.day(typed)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert rules.day(day.isoformat()) == rules.day(f"{day:%d/%m/%Y}") == day


@given(st.text(max_size=50))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for rule in (
        rules.day,
        rules.hours,
        rules.population,
        rules.email,
        rules.phone,
        rules.siren,
        rules.siret,
    ):
        with suppress(Refused):
            rule(text)


@pytest.mark.parametrize("typed", ["nan", "inf", "-1", "201", "beaucoup"])
def test_hours_a_month_go_from_0_to_200(typed: str) -> None:
    with pytest.raises(Refused):
        rules.hours(typed)


def test_hours_take_a_comma() -> None:
    assert rules.hours("3,5 h") == 3.5


def test_labels_are_told_apart_by_their_letters_only() -> None:
    assert rules.tags("M365, crèche; Creche ,m365,") == ["M365", "crèche"]
    with pytest.raises(Refused, match="étiquettes"):
        rules.tags(",".join(map(str, range(20))))


@given(st.text(max_size=200), st.sets(st.sampled_from(["client", "valbrune", "valbrune-2"])))
def test_an_address_is_free_short_and_no_page_of_ours(name: str, taken: set[str]) -> None:
    slug = rules.free_slug(name, taken)
    assert slug not in taken | rules.RESERVED_SLUGS
    assert 0 < len(slug) < 70
    assert slug == slug.strip("-")


def test_a_commune_called_nouveau_does_not_hide_a_page() -> None:
    assert rules.free_slug("Nouveau", set()) == "nouveau-2"
    assert rules.free_slug("Valbrune", {"valbrune", "valbrune-2"}) == "valbrune-3"


@pytest.mark.parametrize("email", ["a@b", "a b@c.fr", "@c.fr", "a@c.fr, d@e.fr", "<a@c.fr>"])
def test_an_address_that_mail_would_not_reach_is_refused(email: str) -> None:
    with pytest.raises(Refused):
        rules.email(email)
