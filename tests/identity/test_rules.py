"""Pure decisions of signing in."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.identity import passwords
from mspaudit.identity.rules import (
    Standing,
    device,
    local_path,
    may_remove_factor,
    next_step,
    pin_refusal,
    plausible_email,
    tidy_code,
)


@given(st.text(max_size=60) | st.from_regex(r"[/\\:.a-z?#@\t]{1,12}", fullmatch=True))
def test_a_local_path_never_leaves_the_site(wanted: str) -> None:
    found = local_path(wanted)
    if found is not None:
        assert urlsplit(urljoin("https://ici.example/a", found)).netloc == "ici.example"
        assert found.startswith("/")
        assert not found.startswith("//")


@given(st.text(alphabet="abc/?=&-é%", max_size=40))
def test_an_ordinary_path_is_kept(rest: str) -> None:
    wanted = "/x" + rest
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "pin",
    ["000000", "123456", "654321", "890123", "121212", "123123", "112211", "010180", "311299", "121980"],
)
def test_an_easy_code_is_refused(pin: str) -> None:
    assert pin_refusal(pin) is not None


@pytest.mark.parametrize("pin", ["835914", "709264", "946083"])
def test_another_code_is_accepted(pin: str) -> None:
    assert pin_refusal(pin) is None


@given(st.text(max_size=8))
def test_only_six_digits_make_a_code(text: str) -> None:
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        assert pin_refusal(text) is not None


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Trois-Pommes-Vertes-9", True),
        ("Cr0quembouche!", True),
        ("Kr8?mouette-Z", True),
        ("le chat de la voisine dort", True),
        ("Court1!", False),
        ("motdepassemotdepasse", False),
        ("Azerty123456!", False),
        ("Motdepasse2026!!", False),
        ("Bonjour1234567", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("1234567890123456789", False),
        ("Valbrune2026!", False),
        ("Delorme-2026!", False),
        ("x" * 600, False),
    ],
)
def test_a_password_is_judged_by_length_kinds_and_the_commonest(password: str, accepted: bool) -> None:
    about = ["jeanne.delorme@valbrune.example", "Jeanne Delorme", "Commune de Valbrune"]
    assert (passwords.refusal(password, about) is None) is accepted


def test_the_list_of_the_commonest_is_shipped() -> None:
    assert len(passwords.commonest()) > 30_000
    assert {"azerty", "motdepasse", "password", "doudou"} <= passwords.commonest()


standings = st.builds(
    Standing,
    via=st.sampled_from(["password", "link"]),
    staff=st.booleans(),
    proved=st.booleans(),
    passkeys=st.integers(0, 2),
    totp=st.booleans(),
    pin=st.booleans(),
    recovery_codes=st.integers(0, 10),
)


@given(standings)
def test_nobody_is_done_without_a_second_factor(standing: Standing) -> None:
    if next_step(standing) == "done":
        assert standing.proved


@given(standings)
def test_staff_never_prove_themselves_with_a_personal_code(standing: Standing) -> None:
    if standing.staff or standing.via == "password":
        assert "pin" not in standing.factors
        assert "pin" not in standing.choices


@given(standings)
def test_a_factor_is_chosen_only_by_those_who_have_none(standing: Standing) -> None:
    if next_step(standing) == "enrol":
        assert standing.factors == ()


@given(st.booleans(), st.booleans(), st.booleans())
def test_the_last_way_in_is_never_removed(totp: bool, pin: bool, staff: bool) -> None:
    allowed = may_remove_factor(passkeys=1, totp=totp, pin=pin, staff=staff)
    assert allowed is (totp or (pin and not staff))


def test_devices_are_told_in_words() -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert device(windows) == "Firefox sur ordinateur Windows"
    assert device("curl/8") == "Appareil inconnu"


def test_addresses_are_told_from_other_texts() -> None:
    assert plausible_email("jeanne@mairie-valbrune.fr")
    assert not plausible_email("jeanne@mairie")
    assert not plausible_email("Jeanne <jeanne@mairie.fr>")


def test_a_code_is_read_as_people_type_it() -> None:
    assert tidy_code(" 835\u202f914 ") == "835914"
    assert tidy_code("abcd-efgh") == "ABCDEFGH"
