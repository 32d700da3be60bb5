"""Seeing someone off: the list, the four eyes, the record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mspaudit.accounts.models import Account, Directory
from mspaudit.clients import people_actions
from mspaudit.clients import queries as clients
from mspaudit.departures import actions, documents, jobs, queries
from mspaudit.departures.models import Departure
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.models import Entry
from mspaudit.tenancy.context import Context
from tests.cast import Cast
from tests.departures.leavers import (
    NOW,
    TODAY,
    announced,
    by,
    client,
    found,
    leaving,
    secret,
    settle_all,
    someone,
)

LATER = NOW + timedelta(days=3)


def verbs() -> list[str]:
    return list(db.session.scalars(select(Entry.verb).order_by(Entry.at)))


def test_a_departure_has_its_list_at_once(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        departure = leaving(someone())
        items = queries.items(departure.id)
        assert {item.task for item in items} >= {"vpn", "rmm", "mailbox_block", "equipment", "lists"}
        assert all(item.due_on == TODAY for item in items if item.cuts)
        assert departure.verify_by == date(2026, 11, 23)
        assert queries.view(departure, today=TODAY).state == "leaving"
        assert "departure.announced" in verbs()


def test_a_conflict_cuts_today_whatever_day_was_given(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        assert leaving(someone(), on=TODAY + timedelta(days=30), kind="conflict").leaves_on == TODAY


def test_nobody_leaves_twice(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()
        leaving(person)
        with pytest.raises(DomainError, match="déjà en cours"):
            leaving(person)


def test_someone_of_another_client_cannot_be_seen_off_from_here(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")), pytest.raises(DomainError):
        leaving(someone(slug="fontaine"))


def test_the_list_names_the_accounts_secrets_and_portals_of_the_person(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()
        directory = Directory(client_id=client().id, source="entra", imported_at=NOW)
        db.session.add(directory)
        db.session.flush()
        for key, enabled in (("zoe@valbrune.example", True), ("zoe-old@valbrune.example", False)):
            db.session.add(
                Account(
                    client_id=client().id,
                    directory_id=directory.id,
                    key=key,
                    upn=key,
                    enabled=enabled,
                    person_id=person.id,
                    match="exact",
                )
            )
        bank, wifi = secret("Banque", "critical", person), secret("Wi-Fi du bureau", "other", person)
        portal = actions.hold(
            client(), code="chorus-pro", title="", used=True, person=person, deputy=None,
            certificate_until=None, reviewed_on=TODAY, now=NOW,
        )  # fmt: skip
        items = {item.about_id: item for item in queries.items(leaving(person).id) if item.about_id}
        accounts = [item.title for item in items.values() if item.task == "accounts"]
        assert accounts == ["Couper le compte «\u00a0zoe@valbrune.example, Microsoft 365\u00a0»"]
        assert items[bank.id].due_on == TODAY
        assert items[wifi.id].due_on == TODAY + timedelta(days=2)
        assert items[wifi.id].act_by == TODAY, "the Sunday after is brought to the Friday"
        assert "Chorus Pro" in items[portal.id].title


def test_what_is_learnt_later_joins_the_list_once(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        departure = found(departure_id)
        assert actions.prepare(departure, now=NOW) == 0
        person = clients.person_or_404(client().id, departure.person_id)
        secret("Alarme", "other", person)
        assert actions.prepare(departure, now=NOW) == 1
        assert actions.prepare(departure, now=NOW) == 0


def test_rotating_a_secret_settles_it_in_the_departure_and_undoing_gives_it_back(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()
        kept = secret("Banque", "critical", person)
        departure = leaving(person)
        (item,) = [i for i in queries.items(departure.id) if i.about_id == kept.id]
        actions.rotate_secret(kept, on=TODAY - timedelta(days=1), today=TODAY, now=NOW)
        assert item.state == "todo", "what changed before the announcement counts for nothing"
        actions.rotate_secret(kept, on=TODAY, today=TODAY, now=NOW)
        assert item.state == "done"
        actions.reopen_item(departure, item, now=NOW)
        assert kept.rotated_on == TODAY - timedelta(days=1)
        actions.settle_item(departure, item, now=NOW)
        assert kept.rotated_on == TODAY


def test_replacing_a_holder_settles_their_line(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person, next_one = someone(), someone("Nora Pons")
        held = {"code": "actes", "title": "", "used": True, "deputy": None, "reviewed_on": TODAY, "now": NOW}
        line = actions.hold(client(), person=person, certificate_until=None, **held)  # type: ignore[arg-type]
        departure = leaving(person)
        (item,) = [i for i in queries.items(departure.id) if i.about_id == line.id]
        assert item.cuts
        actions.hold(client(), person=next_one, certificate_until=None, **held)  # type: ignore[arg-type]
        assert item.state == "done"


def test_two_different_people_verify_and_close(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        settle_all(found(departure_id))
        with pytest.raises(DomainError, match="Une autre personne"):
            actions.verify(found(departure_id), now=NOW)
    with cast.inside(context=by(cast, "admin")):
        departure = found(departure_id)
        assert queries.view(departure, today=TODAY).state == "disabled"
        with pytest.raises(DomainError, match="pas encore été vérifiée"):
            actions.close(departure, now=LATER)
        actions.verify(departure, now=LATER)
        assert clients.person_or_404(client().id, departure.person_id).left_on == TODAY
    with cast.inside(context=by(cast, "admin")):
        actions.close(found(departure_id), now=LATER)
    with cast.inside():
        departure = found(departure_id)
        assert departure.closed_by == cast.tilleul.people["admin"].name
        assert queries.view(departure, today=TODAY).state == "closed"
        assert {"departure.verified", "departure.closed", "person.left"} <= set(verbs())


def test_who_did_the_last_line_cannot_close_over_it(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        settle_all(found(departure_id), only_cuts=True)
    with cast.inside(context=by(cast, "admin")):
        departure = found(departure_id)
        actions.verify(departure, now=LATER)
        settle_all(departure, now=LATER)
        with pytest.raises(DomainError, match="Vous avez fait vous-même"):
            actions.close(departure, now=LATER)
    with cast.inside(context=by(cast, "technician")):
        actions.close(found(departure_id), now=LATER)


def test_a_worker_closes_nothing(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside():
        settle_all(found(departure_id))
        with pytest.raises(DomainError, match="Seule une personne"):
            actions.verify(found(departure_id), now=LATER)


def test_taking_back_a_cut_takes_back_its_verification(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        settle_all(found(departure_id), only_cuts=True)
    with cast.inside(context=by(cast, "admin")):
        departure = found(departure_id)
        actions.verify(departure, now=LATER)
        item = next(i for i in queries.items(departure_id) if i.cuts)
        actions.reopen_item(departure, item, now=LATER)
        assert (departure.cut_at, departure.verified_at) == (None, None)
        assert item.checked_at is None


def test_a_closed_departure_is_sealed(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        settle_all(found(departure_id))
    with cast.inside(context=by(cast, "admin")):
        actions.verify(found(departure_id), now=LATER)
        actions.close(found(departure_id), now=LATER)
    with cast.inside(context=by(cast, "technician")):
        departure = found(departure_id)
        assert departure.record is not None
        assert documents.fingerprint(departure.record) == departure.record_hash
        assert departure.record["person"] == "Zoé Delorme"
        with pytest.raises(DomainError, match="clos"):
            actions.reopen_item(departure, queries.items(departure_id)[0], now=LATER)
    page = f"/{cast.tilleul.slug}/clients/valbrune/departs/{departure_id}/fiche.pdf"
    browser = cast.signed_in("technician")
    assert browser.get(page).data == browser.get(page).data, "the same record gives the same bytes"


def test_a_mistake_is_cancelled_with_a_reason(cast: Cast) -> None:
    departure_id = announced(cast)
    with cast.inside(context=by(cast, "technician")):
        departure = found(departure_id)
        with pytest.raises(DomainError, match="pourquoi"):
            actions.cancel(departure, " ", now=NOW)
        actions.cancel(departure, "Elle reste", now=NOW)
        person = clients.person_or_404(client().id, departure.person_id)
        assert person.left_on is None
        leaving(person)


def test_moving_the_day_moves_every_date(cast: Cast) -> None:
    departure_id = announced(cast)
    later = date(2027, 1, 31)
    with cast.inside(context=by(cast, "technician")):
        departure = found(departure_id)
        actions.reschedule(departure, later, now=NOW)
        due = {item.task: item.due_on for item in queries.items(departure_id)}
        assert due["vpn"] == later
        assert due["mailbox_close"] == date(2027, 2, 28)
        assert departure.verify_by == date(2027, 2, 1)
        settle_all(departure, only_cuts=True)
        with pytest.raises(DomainError, match="déjà coupés"):
            actions.reschedule(departure, TODAY, now=NOW)


def test_the_secretary_announces_and_a_worker_makes_the_list(cast: Cast) -> None:
    browser, page = cast.signed_in("secretary"), f"/{cast.tilleul.slug}/espace/valbrune/departs"
    form = {"name": "Paul Astruc", "kind": "leave", "leaves_on": "2026-12-31", "note": "Relève : Nora"}
    assert browser.post(page, data=form).status_code == 303
    assert "Paul Astruc" in browser.get(page).text
    with cast.inside():
        (row,) = queries.departures(client().id, today=TODAY)
        assert row.departure.announced_by == cast.tilleul.people["secretary"].name
        assert row.total == 0
        departure_id = row.departure.id
    ids = {"tenant_id": str(cast.tilleul.id), "departure_id": str(departure_id)}
    for _twice in range(2):
        with cast.app.app_context():
            jobs.prepare(**ids)
    with cast.inside():
        (row,) = queries.departures(client().id, today=TODAY)
        tasks = [item.task for item in queries.items(departure_id)]
        assert len(tasks) == len(set(tasks)) > 10


def test_the_portal_is_for_the_clients_own_people(cast: Cast) -> None:
    page = f"/{cast.tilleul.slug}/espace/valbrune/departs"
    for who, house in (("secretary", cast.saule), ("manager", None), ("technician", None)):
        assert cast.signed_in(who, house).get(page).status_code == 404
    answer = cast.signed_in("secretary").post(page, data={"leaves_on": "2026-12-31", "note": "Relève"})
    assert answer.status_code == 422
    assert "écrivez son nom" in answer.text
    assert "Relève" in answer.text


def test_the_client_never_sees_the_list(cast: Cast) -> None:
    announced(cast)
    context = cast.tilleul.people["secretary"]
    inside = Context(
        "client", cast.tilleul.id, client_id=cast.tilleul.clients["valbrune"], member_id=context.id,
        login_id=context.login_id, actor=context.name, role="respondent",
    )  # fmt: skip
    with cast.inside(context=inside):
        (departure,) = db.session.scalars(select(Departure)).all()
        assert queries.items(departure.id) == []


def test_someone_already_gone_is_seen_off_from_the_account_they_left(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()
        people_actions.mark_left(client(), person, on=TODAY - timedelta(days=40), now=NOW)
        person_id = person.id
    page = f"/{cast.tilleul.slug}/clients/valbrune/departs/nouveau"
    browser = cast.signed_in("technician")
    assert f'value="{person_id}" selected' in browser.get(f"{page}?person={person_id}").text
    assert str(person_id) not in browser.get(page).text
    form = {"person_id": str(person_id), "kind": "leave", "leaves_on": "2026-11-30"}
    assert browser.post(page, data=form).status_code == 303
    with cast.inside(context=by(cast, "technician")):
        (row,) = queries.departures(client().id, today=TODAY)
        assert row.departure.leaves_on == TODAY - timedelta(days=40), "the day they left stays"
        with pytest.raises(DomainError, match="déjà notée partie"):
            actions.reschedule(row.departure, TODAY, now=NOW)
