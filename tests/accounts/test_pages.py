"""The pages of accounts: for the technician who works on them, and for nobody else."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from mspaudit.accounts import facts
from mspaudit.accounts.models import Account, AccountException
from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.journal.models import Entry
from mspaudit.kernel import clock
from tests.accounts import furnished
from tests.accounts.files import bring, rows, user
from tests.cast import Cast
from tests.pages import counting, loose_signs, whole

MORE = [user(f"Agent{i} Nom{i}") for i in range(70)]


def furnish(cast: Cast, *more: dict[str, str]) -> None:
    furnished.furnish(cast, clock.now(), *more)


def at(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/clients/valbrune/comptes{path}"


def one(cast: Cast, name: str) -> UUID:
    with cast.inside():
        return db.session.scalars(select(Account.id).where(Account.name == name)).one()


def test_the_page_tells_who_has_no_second_factor(cast: Cast) -> None:
    furnish(cast)
    page = whole(cast.signed_in("reader").get(at(cast)))
    assert "sur 5\u00a0comptes de personnes" in page
    assert "1 avec un second facteur, 2 sans, 2 sans réponse" in page
    assert not loose_signs(page)
    for name in ("Jean-Marc Tissot", "Paul Morel", "Karim Haddad", "Inès Leroy"):
        assert name in page
    assert ">Nathalie Perrin</bdi></a>" not in page


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("sans-second-facteur", {"Jean-Marc Tissot", "Paul Morel"}),
        ("administrateurs", {"Nathalie Perrin", "Jean-Marc Tissot"}),
        ("dormants", {"Karim Haddad"}),
        ("sans-titulaire", {"Karim Haddad"}),
        ("partages", {"Accueil"}),
        ("invites", {"Lea Roux"}),
        ("exceptions", set()),
    ],
)
def test_each_list_holds_what_its_name_says(cast: Cast, view: str, names: set[str]) -> None:
    furnish(cast)
    page = whole(cast.signed_in("technician").get(at(cast, f"?vue={view}")))
    known = ("Nathalie Perrin", "Jean-Marc Tissot", "Paul Morel", "Karim Haddad", "Accueil", "Lea Roux")
    assert {name for name in known if f"<bdi>{name}</bdi></a>" in page} == names


def test_a_client_without_accounts_is_told_what_to_do(cast: Cast) -> None:
    page = whole(cast.signed_in("technician").get(at(cast)))
    assert "Importer un export" in page
    assert "Importer un export" in whole(cast.signed_in("technician").get(at(cast, "/rapprochement")))


def test_a_long_list_is_cut_in_pages_and_asks_no_more_statements(cast: Cast) -> None:
    furnish(cast)
    browser = cast.signed_in("technician")
    with counting(cast.app) as few:
        whole(browser.get(at(cast, "?vue=tous")))
    furnish(cast, *MORE)
    with counting(cast.app) as many:
        page = whole(browser.get(at(cast, "?vue=tous")))
    assert len(many) == len(few) <= 9
    assert "1 à 50 sur 77" in page
    assert "Suivants" in page
    assert "51 à 77 sur 77" in whole(browser.get(at(cast, "?vue=tous&page=2")))
    assert "Agent12 Nom12" in whole(browser.get(at(cast, "?vue=tous&q=nom12")))


def test_the_crossing_asks_no_more_statements_for_more_accounts(cast: Cast) -> None:
    furnish(cast)
    browser = cast.signed_in("technician")
    with counting(cast.app) as few:
        whole(browser.get(at(cast, "/rapprochement")))
    furnish(cast, *MORE)
    with counting(cast.app) as many:
        whole(browser.get(at(cast, "/rapprochement")))
    assert len(many) == len(few) <= 16


def test_the_crossing_shows_who_left_and_who_is_in_doubt(cast: Cast) -> None:
    furnish(cast)
    page = whole(cast.signed_in("technician").get(at(cast, "/rapprochement")))
    leavers, _, rest = page.partition("Comptes que personne ne tient")
    assert "Paul Morel" in leavers
    assert "Suivre le départ" in leavers
    orphans, _, doubtful = rest.partition("Titulaires à confirmer")
    assert "Karim Haddad" in orphans
    assert "Inès Leroy" in doubtful
    assert not loose_signs(page)


def test_a_doubtful_holder_is_confirmed_and_stays(cast: Cast) -> None:
    furnish(cast)
    account = one(cast, "Inès Leroy")
    with cast.inside():
        ines = db.session.scalars(select(Person.id).where(Person.name == "Ines Leroy")).one()
    answer = cast.signed_in("technician").post(
        at(cast, f"/{account}/titulaire"), data={"person_id": ines, "rapprochement": "1"}
    )
    assert answer.location.endswith("/rapprochement")
    furnish(cast)
    with cast.inside():
        row = db.session.scalars(select(Account).where(Account.id == account)).one()
        assert (row.person_id, row.match) == (ines, "confirmed")
        assert "account.matched" in db.session.scalars(select(Entry.verb)).all()


def test_a_refused_holder_is_not_proposed_again(cast: Cast) -> None:
    furnish(cast)
    account = one(cast, "Inès Leroy")
    cast.signed_in("technician").post(at(cast, f"/{account}/titulaire"), data={"person_id": ""})
    furnish(cast)
    with cast.inside():
        assert db.session.scalars(select(Account.match).where(Account.id == account)).one() == "refused"


def test_a_kind_is_corrected_on_its_page(cast: Cast) -> None:
    furnish(cast)
    account = one(cast, "Accueil")
    browser = cast.signed_in("technician")
    assert browser.post(at(cast, f"/{account}/nature"), data={"kind": "martian"}).status_code == 422
    assert browser.post(at(cast, f"/{account}/nature"), data={"kind": "service"}).status_code == 303
    assert "corrigée à la main" in whole(browser.get(at(cast, f"/{account}")))


def test_an_exception_leaves_the_figures_until_its_end(cast: Cast) -> None:
    furnish(cast)
    account, today = one(cast, "Paul Morel"), clock.today(clock.now())
    browser, url = cast.signed_in("technician"), at(cast, f"/{one(cast, 'Paul Morel')}/exceptions")
    said = {"reason": "Clé commandée", "owner": "Nathalie Perrin"}
    for wrong in ("", (today - timedelta(days=1)).isoformat(), (today + timedelta(days=800)).isoformat()):
        refused = browser.post(url, data={**said, "until": wrong})
        assert refused.status_code == 422
        assert "Clé commandée" in refused.text
    until = (today + timedelta(days=30)).isoformat()
    assert browser.post(url, data={**said, "until": until}).status_code == 303
    assert "1 sans, 2 sans réponse" in whole(browser.get(at(cast)))
    assert "Paul Morel" in whole(browser.get(at(cast, "?vue=exceptions")))
    with cast.inside():
        exception = db.session.scalars(select(AccountException.id)).one()
    browser.post(at(cast, f"/{account}/exceptions/{exception}/fin"))
    assert "2 sans, 2 sans réponse" in whole(browser.get(at(cast)))


def test_a_review_is_noted_and_measured(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    refused = browser.post(at(cast, "/rapprochement/revue"))
    assert refused.status_code == 422
    assert "deux listes" in refused.text
    furnish(cast)
    assert browser.post(at(cast, "/rapprochement/revue")).status_code == 303
    assert "7\u00a0comptes comparés" in whole(browser.get(at(cast, "/rapprochement")))
    with cast.inside():
        mine = facts.FACTS.where(facts.FACTS.selected_columns.tenant_id == cast.tilleul.id)
        assert "ACC-02" in {row.code for row in db.session.execute(mine)}


def test_the_portfolio_ranks_the_least_covered_first(cast: Cast) -> None:
    furnish(cast)
    with cast.inside():
        bring("google_users", cast.tilleul.clients["fontaine"], rows(user("Claire Fontaine", mfa="oui")))
    page = whole(cast.signed_in("reader").get(f"/{cast.tilleul.slug}/comptes"))
    assert page.index("Valbrune</bdi>") < page.index("Fontaine</bdi>")
    limited = whole(cast.signed_in("limited").get(f"/{cast.tilleul.slug}/comptes"))
    assert "Valbrune</bdi>" in limited
    assert "Fontaine</bdi>" not in limited


def test_a_stranger_and_a_client_find_nothing(cast: Cast) -> None:
    furnish(cast)
    paths = [
        at(cast),
        at(cast, "/rapprochement"),
        at(cast, f"/{one(cast, 'Accueil')}"),
        f"/{cast.tilleul.slug}/comptes",
    ]
    for browser in (
        cast.signed_in("technician", cast.saule),
        cast.signed_in("secretary"),
        cast.signed_in("decider"),
    ):
        assert {browser.get(path).status_code for path in paths} == {404}


def test_a_reader_reads_and_changes_nothing(cast: Cast) -> None:
    furnish(cast)
    browser, account = cast.signed_in("reader"), one(cast, "Accueil")
    assert "Enregistrer la nature" not in whole(browser.get(at(cast, f"/{account}")))
    assert browser.post(at(cast, f"/{account}/nature"), data={"kind": "service"}).status_code == 403


def test_the_search_of_every_page_finds_accounts(cast: Cast) -> None:
    furnish(cast)
    browser, address = cast.signed_in("reader"), f"/{cast.tilleul.slug}/chercher?q=haddad"
    page = whole(browser.get(address))
    assert f"/comptes/{one(cast, 'Karim Haddad')}" in page
    fragment = browser.get(address, headers={"HX-Request": "true"}).text
    assert "<h2>Comptes</h2>" in fragment
    (found,) = browser.get(address, headers={"Accept": "application/json"}).get_json()["results"]
    assert (found["kind"], found["client"]) == ("account", "Valbrune")
    assert "Haddad" not in cast.signed_in("technician", cast.saule).get(
        f"/{cast.saule.slug}/chercher?q=haddad"
    ).text.replace("q=haddad", "")
