"""The journal's page: for administrators, filtered and paged, in words."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from mspaudit.journal.actions import record
from mspaudit.journal.queries import PAGE, Cursor
from mspaudit.kernel.ids import new_id
from tests.cast import Cast


def address(cast: Cast) -> str:
    return f"/{cast.tilleul.slug}/journal/"


def test_an_administrator_reads_it_in_words(cast: Cast) -> None:
    told = cast.signed_in("admin").get(address(cast)).text
    assert "Membre ajouté à l’équipe" in told
    assert "staff.added" not in told.split("<table")[1]


@pytest.mark.parametrize("who", ["technician", "limited", "reader"])
def test_a_colleague_may_not(cast: Cast, who: str) -> None:
    assert cast.signed_in(who).get(address(cast)).status_code == 403


def test_the_stranger_gets_what_is_missing(cast: Cast) -> None:
    stranger = cast.signed_in("admin", cast.saule)
    assert stranger.get(address(cast)).data == stranger.get("/personne-ici/journal/").data


def test_it_is_filtered_by_client_person_and_action(cast: Cast) -> None:
    with cast.inside() as house:
        record("client.contacted", "Appel du maire", client_id=house.clients["valbrune"])
        record("client.contacted", "Appel du gérant", client_id=house.clients["fontaine"])
    browser = cast.signed_in("admin")
    one = browser.get(f"{address(cast)}?client={cast.tilleul.clients['valbrune']}").text
    assert "Appel du maire" in one
    assert "Appel du gérant" not in one
    assert (
        "Membre ajouté" not in browser.get(f"{address(cast)}?action=client.contacted").text.split("<table")[1]
    )
    nobody = browser.get(f"{address(cast)}?personne={cast.tilleul.people['reader'].login_id}").text
    assert "Aucune entrée avec ces filtres" in nobody
    assert browser.get(f"{address(cast)}?client=x&personne=y&avant=z").status_code == 200


def test_each_entry_is_on_exactly_one_page(cast: Cast) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with cast.inside():
        for n in range(PAGE + 20):
            # Pairs share their instant: the page's end must not lose one of them.
            record("client.contacted", f"Appel n{n:03d}.", at=start + timedelta(minutes=n // 2))
    browser, seen = cast.signed_in("admin"), ""
    url: str | None = f"{address(cast)}?action=client.contacted"
    while url:
        page = browser.get(url).text
        seen += page
        found = re.search(r'ma-pager" href="([^"]*)"', page)
        url = found.group(1).replace("&amp;", "&") if found else None
    assert all(seen.count(f"Appel n{n:03d}.") == 1 for n in range(PAGE + 20))


def test_a_cursor_survives_its_journey() -> None:
    cursor = Cursor(datetime(2026, 1, 1, 8, 30, tzinfo=UTC), new_id())
    assert Cursor.parse(str(cursor)) == cursor
    assert Cursor.parse("2026-01-01T08:30:00_x") is None
