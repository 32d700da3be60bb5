"""Machines and contracts over the portfolio, and a decider's own contracts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from mspaudit.extensions import db
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.inventory.helpers import machine, term

DAY = clock.today(clock.now())


def furnish(cast: Cast, count: int = 1) -> None:
    with cast.inside() as house:
        for number in range(count):
            for slug in ("valbrune", "fontaine"):
                machine(house.clients[slug], f"PC-{slug}-{count}-{number}", "Windows 10 Pro", "22H2")
        client = house.clients["fontaine"]
        machine(client, f"INCONNU-{count}")
        ends = DAY + timedelta(days=100)
        for number in range(count):
            term(
                client,
                f"Copieurs {count}-{number}",
                ends_on=ends,
                notice_days=90,
                tacit=True,
                yearly_cents=120000,
            )
        term(house.clients["valbrune"], f"commune-{count}.fr", "domain", ends_on=DAY + timedelta(days=5))


def test_one_system_shows_all_its_clients(cast: Cast) -> None:
    furnish(cast)
    browser, url = cast.signed_in("reader"), f"/{cast.tilleul.slug}/inventaire"
    page = browser.get(url).text
    assert page.index("Windows 10") < page.index("Système inconnu")
    clients = browser.get(f"{url}?produit=windows-10").text
    assert "Valbrune" in clients
    assert "PC-fontaine-1-0" in clients
    assert "vue le 21\u00a0nov." in clients
    assert "INCONNU-1" in browser.get(f"{url}?produit=inconnu").text
    assert browser.get(f"{url}?produit=amiga").status_code == 404


def test_contracts_of_all_clients_come_by_their_last_useful_day(cast: Cast) -> None:
    furnish(cast)
    browser, url = cast.signed_in("reader"), f"/{cast.tilleul.slug}/contrats"
    page = browser.get(url).text
    assert page.index("commune-1.fr") < page.index("Copieurs 1-0")
    assert "1\u202f200\u00a0€ par an" in page
    assert "1\u00a0lettre n’arrive pas d’ici 30\u00a0jours" in page
    only = browser.get(f"{url}?genre=domain").text
    assert "commune-1.fr" in only
    assert "Copieurs 1-0" not in only


def test_a_technician_of_some_clients_sees_theirs_only(cast: Cast) -> None:
    furnish(cast)
    browser, base = cast.signed_in("limited"), f"/{cast.tilleul.slug}"
    assert "Copieurs" not in browser.get(f"{base}/contrats").text
    assert "Fontaine" not in browser.get(f"{base}/inventaire?produit=windows-10").text


@pytest.mark.parametrize("path", ["inventaire", "contrats", "inventaire?produit=windows-10"])
def test_a_stranger_finds_nothing(cast: Cast, path: str) -> None:
    furnish(cast)
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.get(f"/{cast.tilleul.slug}/{path}").status_code == 404
    page = stranger.get(f"/{cast.saule.slug}/{path}")
    assert page.status_code == 200
    assert "PC-valbrune-1-0" not in page.text


def test_a_decider_reads_their_own_contracts(cast: Cast) -> None:
    furnish(cast)
    manager, url = cast.signed_in("manager"), f"/{cast.tilleul.slug}/espace/fontaine"
    page = manager.get(f"{url}/contrats").text
    assert "Copieurs 1-0" in page
    assert "1\u202f200\u00a0€ HT par an" in page
    assert "Vos contrats" in manager.get(f"{url}/").text
    assert manager.get(f"/{cast.tilleul.slug}/espace/valbrune/contrats").status_code == 404
    secretary = cast.signed_in("secretary")
    assert secretary.get(f"/{cast.tilleul.slug}/espace/valbrune/contrats").status_code == 403


@pytest.mark.parametrize("path", ["inventaire", "contrats", "inventaire?produit=windows-10"])
def test_statements_do_not_grow_with_the_portfolio(cast: Cast, path: str) -> None:
    furnish(cast)
    browser, url = cast.signed_in("technician"), f"/{cast.tilleul.slug}/{path}"
    browser.get(url)

    def count() -> int:
        seen: list[str] = []
        with cast.app.app_context():
            engine = db.engine

        def listen(*args: Any) -> None:
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert browser.get(url).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    before = count()
    furnish(cast, 30)
    assert count() == before
