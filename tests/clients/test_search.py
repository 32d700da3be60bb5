"""Ctrl-K: clients and people, mine only, in two statements."""

from datetime import UTC, datetime

from mspaudit.clients import actions, people_actions, queries
from tests.cast import Cast
from tests.pages import counting

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)


def add_zoe(cast: Cast, slug: str = "valbrune") -> None:
    with cast.inside():
        people_actions.add_person(
            queries.client_or_404(slug), name="Zoé Delorme", status="agent", title="Secrétaire", now=NOW
        )


def test_accents_case_and_order_do_not_matter(cast: Cast) -> None:
    add_zoe(cast)
    with cast.inside():
        for text in ("zoe", "ZOÉ", "delorme zo", "del"):
            assert [found.name for found in queries.search(text)] == ["Zoé Delorme"]
        assert [found.slug for found in queries.search("brune")] == ["valbrune"]
        assert queries.search("") == queries.search("%") == queries.search("_") == []


def test_what_begins_with_the_word_comes_first_and_the_archived_last(cast: Cast) -> None:
    with cast.inside():
        actions.create_company(name="Grand Val", now=NOW)
        actions.archive(actions.create_company(name="Val", now=NOW), now=NOW)
        assert [found.name for found in queries.search("val")] == ["Valbrune", "Grand Val", "Val"]


def test_a_number_finds_its_client(cast: Cast) -> None:
    with cast.inside():
        actions.create_commune("26362", now=NOW)
        assert queries.search("26362")[0].name == queries.search("212 603 625")[0].name == "Valence"


def test_it_answers_links_to_htmx_a_page_to_browsers_and_json_to_scripts(cast: Cast) -> None:
    add_zoe(cast)
    browser, address = cast.signed_in("reader"), f"/{cast.tilleul.slug}/chercher?q=zoe"
    fragment = browser.get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert "Zoé Delorme" in fragment.text
    assert "<html" in browser.get(address).text
    (found,) = browser.get(address, headers={"Accept": "application/json"}).get_json()["results"]
    assert (found["name"], found["client"], found["kind"]) == ("Zoé Delorme", "Valbrune", "person")
    assert "Rien ne correspond" in browser.get(f"/{cast.tilleul.slug}/chercher?q=xyz").text


def test_a_stranger_and_a_limited_technician_find_only_their_own(cast: Cast) -> None:
    add_zoe(cast, "fontaine")
    address = f"/{cast.tilleul.slug}/chercher?q=zoe"
    assert "Zoé" in cast.signed_in("technician").get(address).text
    assert "Zoé" not in cast.signed_in("limited").get(address).text
    assert cast.signed_in("technician", cast.saule).get(address).status_code == 404
    assert (
        "Zoé" not in cast.signed_in("technician", cast.saule).get(f"/{cast.saule.slug}/chercher?q=zoe").text
    )


def test_it_asks_as_much_for_many_clients_as_for_few(cast: Cast) -> None:
    def asked() -> int:
        with counting(cast.app) as statements, cast.inside():
            queries.search("val")
        return len(statements)

    few = asked()
    with cast.inside():
        for number in range(30):
            actions.create_company(name=f"Val {number}", now=NOW)
    assert asked() == few
