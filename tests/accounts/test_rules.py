"""What an account is and who holds it, from names alone: pure, and careful on the side of asking."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.accounts.holders import Book, Held, Someone, is_near
from mspaudit.accounts.rules import (
    KINDS,
    Coverage,
    Seen,
    classify,
    exception_until,
    is_dormant,
    keys_of,
    looks_admin,
    words_of,
)
from mspaudit.kernel.french import fold
from mspaudit.kernel.ids import new_id, new_ids

names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
people_names = st.text("abcdefghijklmnopqrstuvwxyzéèàç -'", min_size=1, max_size=30)


def seen(login: str, name: str, **more: object) -> Seen:
    (local, key) = keys_of([login.partition("@")[0], name])
    full = bool(more.pop("full", " " in name))
    return Seen(login.casefold(), name, words_of(local, key), full, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("login", "name", "kind"),
    [
        ("nathalie.perrin@x.fr", "Nathalie Perrin", "person"),
        ("accueil@x.fr", "Accueil", "shared"),
        ("compta@x.fr", "Compta Partagé", "shared"),
        ("etat.civil@x.fr", "État civil", "shared"),
        ("mairie@x.fr", "Mairie", "shared"),
        ("svc-veeam@x.fr", "svc-veeam", "service"),
        ("sync_srv01_a1b2@x.onmicrosoft.com", "On-Premises Directory Synchronization Service", "service"),
        ("administrateur", "Administrateur", "service"),
        ("adm-nperrin@x.fr", "Nathalie Perrin (adm)", "person"),
        ("pc-accueil$", "PC-ACCUEIL$", "shared"),
        ("srv01", "SRV01", "service"),
        ("breakglass1@x.fr", "Break Glass 1", "break_glass"),
        ("admin.secours@x.fr", "Admin secours", "break_glass"),
        ("lea_gmail.com#ext#@x.onmicrosoft.com", "Léa Roux", "guest"),
        ("hugo", "Hugo", "person"),
    ],
)
def test_a_kind_is_read_from_names(login: str, name: str, kind: str) -> None:
    assert classify(seen(login, name)) == kind


def test_an_unlicensed_blocked_mailbox_without_a_name_is_shared() -> None:
    bare = seen("zz@x.fr", "Zz", enabled=False, licensed=False)
    assert classify(bare) == "shared"
    assert classify(bare._replace(enabled=True)) == "person"
    assert classify(bare._replace(signed_in=True)) == "person"
    assert classify(bare._replace(licensed=None)) == "person"


@given(names, names)
def test_every_account_has_a_kind(login: str, name: str) -> None:
    assert classify(seen(login, name)) in KINDS
    looks_admin(words_of(*keys_of([login, name])))


@given(st.lists(names))
def test_names_read_together_are_folded_as_each_alone(listed: list[str]) -> None:
    assert keys_of(listed) == [fold(name) for name in listed] or not listed


@given(st.integers(1, 60))
def test_many_identifiers_are_made_as_one(count: int) -> None:
    found = [UUID(each) for each in new_ids(count)]
    assert len(set(found)) == count
    assert {(each.version, each.variant) for each in found} == {(7, new_id().variant)}


def book(*people: tuple[str, str]) -> tuple[Book, list[Someone]]:
    known = [Someone(new_id(), fold(name), email) for name, email in people]
    return Book(known), known


def held(login: str, name: str, *, mail: str = "", alone: bool = True) -> Held:
    return Held(login, mail, fold(name), alone)


def test_the_address_comes_first_whatever_the_name() -> None:
    asked, (one, _two) = book(("Nathalie Perrin", "n.perrin@x.fr"), ("Paul Morel", "p@x.fr"))
    assert asked.holder(held("N.Perrin@x.fr", "Paul Morel")) == ("exact", (one.id,))
    assert asked.holder(held("np", "Secrétariat", mail="n.perrin@x.fr")) == ("exact", (one.id,))


def test_the_same_name_is_the_same_person_in_any_order() -> None:
    asked, (one,) = book(
        ("Jean-Marc Tissot", ""),
    )
    assert asked.holder(held("jmt@x.fr", "TISSOT Jean-Marc")) == ("name", (one.id,))


def test_homonyms_are_asked() -> None:
    asked, both = book(("Paul Morel", ""), ("Paul Morel", ""))
    match, ids = asked.holder(held("paul.morel@x.fr", "Paul Morel"))
    assert (match, set(ids)) == ("asked", {person.id for person in both})
    alone, (one,) = book(
        ("Paul Morel", ""),
    )
    assert alone.holder(held("p2@x.fr", "Paul Morel", alone=False)) == ("asked", (one.id,))


def test_another_address_of_the_same_domain_is_asked() -> None:
    asked, (one,) = book(
        ("Paul Morel", "paul.morel@x.fr"),
    )
    assert asked.holder(held("paul.morel2@x.fr", "Paul Morel")) == ("asked", (one.id,))
    assert asked.holder(held("paul.morel@y.local", "Paul Morel")) == ("name", (one.id,))


@pytest.mark.parametrize("login", ["n.perrin@x.fr", "nperrin@x.fr", "perrinn@x.fr"])
def test_an_initial_is_asked_and_never_taken(login: str) -> None:
    asked, (one,) = book(
        ("Nathalie Perrin", ""),
    )
    assert asked.holder(held(login, login)) == ("asked", (one.id,))


def test_a_shared_surname_is_nobody() -> None:
    asked, _ = book(
        ("Nathalie Perrin", ""),
    )
    assert asked.holder(held("paul.perrin@x.fr", "Paul Perrin")) == ("none", ())


@given(people_names, people_names)
def test_being_near_goes_both_ways(one: str, other: str) -> None:
    left, right = (frozenset(fold(name).split()) for name in (one, other))
    assert is_near(left, right) == is_near(right, left)


@given(st.lists(st.tuples(people_names, st.sampled_from(["", "a@x.fr", "b@x.fr"]))), people_names)
def test_only_one_person_is_ever_taken(people: list[tuple[str, str]], name: str) -> None:
    asked, known = book(*people)
    match, ids = asked.holder(held("a@x.fr", name))
    assert set(ids) <= {person.id for person in known}
    assert (len(ids) == 1) if match in ("exact", "name") else (bool(ids) == (match == "asked"))


counts = st.integers(0, 500)


@given(counts, counts, counts)
def test_a_share_is_given_only_when_it_is_honest(yes: int, no: int, unknown: int) -> None:
    share = Coverage(yes, no, unknown).share
    if share is None:
        assert no == 0
    else:
        assert 0 <= share <= 1
        assert (share == 1) == (no == 0 and unknown == 0)


SEEN_AT = datetime(2026, 11, 20, tzinfo=UTC)


@given(st.integers(0, 2000))
def test_ninety_days_without_a_sign_in_is_dormant(days: int) -> None:
    since = SEEN_AT - timedelta(days=days)
    assert is_dormant(since, None, seen_at=SEEN_AT) == (days > 90)
    assert is_dormant(None, since, seen_at=SEEN_AT) == (days > 90)
    assert is_dormant(since, since, seen_at=None) is None


def test_what_no_date_tells_is_not_dormant() -> None:
    assert is_dormant(None, None, seen_at=SEEN_AT) is None


@given(st.integers(-400, 800))
def test_an_exception_ends_within_a_year(days: int) -> None:
    today = date(2026, 11, 20)
    assert (exception_until(today + timedelta(days=days), today=today) == "") == (0 <= days <= 366)
    assert exception_until(None, today=today)
