from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.kernel import french

NB, FINE = french.NB, french.FINE
AT = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)


def spelled(text: str) -> str:
    """Expected text, with ~ for the no-break space and ^ for the fine one."""
    return text.replace("~", NB).replace("^", FINE)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi 43 ?", "Pourquoi 43^?"),
        ("Pourquoi?", "Pourquoi^?"),
        ("Sauvegardes : 2 sur 4", "Sauvegardes~: 2 sur 4"),
        ("il y a 14 mois; la suite", "il y a 14~mois^; la suite"),
        ("64 % et 1 240 €", "64~% et 1^240~€"),
        ("64%", "64~%"),
        ("1 234 567 comptes", "1^234^567~comptes"),
        ("à 14 h 32", "à 14~h~32"),
        ("le 20 novembre", "le 20~novembre"),
        ("« Aide »", "«~Aide~»"),
        ("«Aide»", "«~Aide~»"),
        ("l'export d'Excel", "l’export d’Excel"),
        ("Demander à...", "Demander à…"),
        ("Mme Delorme et M. Vigneron", "Mme~Delorme et M.~Vigneron"),
        ("n° 12", "n°~12"),
        ("https://exemple.fr/?a=b à 14:30", "https://exemple.fr/?a=b à 14:30"),
        ("02 61 91 04 12", "02 61 91 04 12"),
        ("(vraiment ?)", "(vraiment^?)"),
    ],
)
def test_it_prints_text_as_french_does(typed: str, printed: str) -> None:
    assert french.typo(typed) == spelled(printed)


@given(st.text(alphabet=st.sampled_from("aé 19?!;:%€«»'’.hM\u00a0\u202f\n(),"), max_size=40))
def test_typography_settles_at_once_and_loses_no_letter(text: str) -> None:
    once = french.typo(text)
    assert french.typo(once) == once
    letters = [c for c in text if c.isalnum()]
    assert [c for c in once if c.isalnum()] == letters


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (1234567, 0, "1^234^567"),
        (-3.3, 1, "−3,3"),
        (0.5, 0, "1"),
        (2.675, 2, "2,68"),
        (-0.4, 0, "0"),
        (Decimal("1240.50"), 2, "1^240,50"),
        (None, 0, "–"),
    ],
)
def test_it_prints_numbers(value: float | None, digits: int, printed: str) -> None:
    assert french.number(value, digits) == spelled(printed)


def test_it_signs_gains_and_losses_but_not_zero() -> None:
    assert [french.signed(n, 1) for n in (12, -9.25, 0.01, 0)] == ["+12,0", "−9,3", "0,0", "0,0"]


def test_it_prints_money_percent_and_hours() -> None:
    assert french.euros(1240) == spelled("1^240~€")
    assert french.euros(Decimal("72.5")) == spelled("72,50~€")
    assert french.euros_of_cents(124000) == spelled("1^240~€")
    assert french.percent(64) == spelled("64~%")
    assert [french.hours(h) for h in (17, 1.5, 0.25, 0)] == [
        spelled(s) for s in ("17~h", "1~h~30", "15~min", "0~h")
    ]


def test_nouns_stay_singular_below_two() -> None:
    counted = [french.plural(n, "client") for n in (0, 1, 1.5, 2, 60)]
    assert counted == [spelled(s) for s in ("0~client", "1~client", "1,5~client", "2~clients", "60~clients")]
    assert french.plural(3, "travail", "travaux") == spelled("3~travaux")


def test_it_lists_with_a_final_word() -> None:
    assert french.listing(["a", "b", "c"]) == "a, b et c"
    assert french.listing(["a"]) == "a"
    assert french.listing([]) == ""
    assert french.listing(["oui", "non"], last="ou") == "oui ou non"


def test_it_contracts_place_names() -> None:
    names = ["Valbrune", "Avignon", "Étampes", "Le Mans", "Les Ulis", "La Rochelle"]
    assert [french.of(n) for n in names] == [
        "de Valbrune", "d’Avignon", "d’Étampes", "du Mans", "des Ulis", "de La Rochelle",
    ]  # fmt: skip


def test_it_folds_names_into_search_keys() -> None:
    assert french.fold("Saint-Priest-d’Été") == french.fold("SAINT PRIEST D'ETE") == "saint priest d ete"
    assert french.fold("Œuilly") == "oeuilly"
    assert french.slug("L’Haÿ-les-Roses") == "l-hay-les-roses"


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert french.fold(french.fold(text)) == french.fold(text)


def test_initials_come_from_the_first_and_last_words() -> None:
    assert [french.initials(n) for n in ("Inès Carvalho", "Mairie", "", "Jean de la Tour")] == [
        "IC",
        "M",
        "?",
        "JT",
    ]


def test_it_prints_dates() -> None:
    assert french.day(date(2026, 11, 20)) == spelled("vendredi 20~novembre 2026")
    assert french.short_day(date(2027, 2, 1)) == spelled("1er~févr.")
    assert french.short_day(date(2027, 2, 1), date(2026, 11, 20)) == spelled("1er~févr. 2027")
    assert french.week_day(date(2026, 12, 2)) == spelled("mercredi 2~déc.")
    assert french.month(date(2026, 11, 1)) == "novembre 2026"


def test_hours_are_those_of_paris_in_winter_and_summer() -> None:
    assert french.hour(AT) == spelled("14~h~32")
    assert french.hour(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == spelled("14~h")
    assert french.moment(AT) == spelled("vendredi 20~novembre 2026 à 14~h~32")


def test_an_hour_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        french.hour(AT.replace(tzinfo=None))


def test_it_counts_days_ahead_and_behind() -> None:
    today = date(2026, 11, 20)
    said = [french.in_days(today + timedelta(days=n), today) for n in (-7, -1, 0, 1, 12)]
    assert said == [spelled(s) for s in ("il y a 7~jours", "hier", "aujourd’hui", "demain", "dans 12~jours")]
    assert french.days_left(date(2026, 12, 2), today) == spelled("12~j")
    assert french.days_left(date(2026, 11, 13), today) == spelled("dépassé de 7~j")


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=5), "à l’instant"),
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(minutes=1), "il y a 1~minute"),
        (timedelta(hours=3), "il y a 3~heures"),
        (timedelta(hours=20), "hier"),
        (timedelta(days=30), "il y a 30~jours"),
        (timedelta(days=435), "il y a 14~mois"),
        (timedelta(days=740), "il y a 2~ans"),
    ],
)
def test_it_says_how_long_ago(since: timedelta, said: str) -> None:
    assert french.ago(AT - since, AT) == spelled(said)
