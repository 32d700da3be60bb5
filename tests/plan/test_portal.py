"""The client decides, in its own space; its respondents read, and its MSP cannot decide in its place."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.outbox.models import OutgoingMail
from mspaudit.plan import actions, queries
from mspaudit.plan.actions import Said
from mspaudit.plan.models import DecisionEvent
from tests.cast import Cast
from tests.pages import checked, counting, loose_signs, whole
from tests.plan.advised import NOW, RECEIVED, TODAY, as_client, as_staff, client, decided, found, sent


def space(cast: Cast, page: str = "") -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/decisions{page}"


def kinds(cast: Cast) -> list[str]:
    with cast.inside():
        return [line.kind for line in queries.register(client().id)]


def test_a_decider_decides_in_two_clicks_with_the_cost_shown(cast: Cast) -> None:
    advice = sent(cast)
    browser = cast.signed_in("decider")
    home = checked(browser.get(f"/{cast.tilleul.slug}/espace/valbrune/"))
    assert "1 décision vous attend" in home.replace("\u00a0", " ")
    text = whole(browser.get(space(cast)))
    assert loose_signs(text) == []
    text = whole(browser.get(space(cast, f"/{advice}")))
    assert loose_signs(text) == []
    assert "408" in text  # 340 € before tax: a commune reads what it pays.
    answer = browser.post(space(cast, f"/{advice}/decision"), data={"verdict": "accepted", "option": "1"})
    assert answer.status_code == 303
    assert "Acceptée" in whole(browser.get(answer.location))
    with cast.inside():
        found_advice = queries.one_advice(client().id, advice)
        assert found_advice.decision is not None
        assert (found_advice.decision.option, found_advice.decision.channel) == (1, "portal")
        assert found_advice.decision.decider == cast.tilleul.people["decider"].name
        (item,) = queries.actions(client().id)
        assert item.status == "decided"
    assert kinds(cast) == ["sent", "opened", "accepted"]
    assert (
        "attend" not in checked(browser.get(f"/{cast.tilleul.slug}/espace/valbrune/")).split("<main")[1][:300]
    )


def test_the_receipt_bears_the_seal_of_the_line(cast: Cast) -> None:
    advice = sent(cast)
    decision = decided(cast, advice)
    with cast.inside():
        mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)).all()
        bodies = {mail.key.split(":")[0]: mail.body for mail in mails}
        line = db.session.scalars(select(DecisionEvent).where(DecisionEvent.seq == decision.seq)).one()
    assert set(bodies) == {"advice", "decision"}
    assert line.hash.hex() in bodies["decision"]
    assert f"/decisions/{advice}" in bodies["advice"]


def test_reading_is_noted_once_and_only_of_who_decides(cast: Cast) -> None:
    advice = sent(cast)
    page = space(cast, f"/{advice}")
    text = whole(cast.signed_in("secretary").get(page))
    assert loose_signs(text) == []
    assert "Accepter" not in text
    assert kinds(cast) == ["sent"]
    for _again in range(2):
        checked(cast.signed_in("decider").get(page))
    assert kinds(cast) == ["sent", "opened"]


def test_a_respondent_reads_and_decides_nothing(cast: Cast) -> None:
    advice = sent(cast)
    secretary = cast.signed_in("secretary")
    checked(secretary.get(space(cast)))
    answer = secretary.post(space(cast, f"/{advice}/decision"), data={"verdict": "accepted"})
    assert answer.status_code == 403
    with cast.inside(context=as_client(cast, "secretary")), pytest.raises(DomainError):
        actions.decide(found(advice), Said("accepted"), now=NOW, today=TODAY)


@pytest.mark.parametrize("who", ["technician", "admin"])
def test_the_msp_cannot_decide_in_their_place(cast: Cast, who: str) -> None:
    advice = sent(cast)
    browser = cast.signed_in(who)
    answer = browser.post(space(cast, f"/{advice}/decision"), data={"verdict": "accepted"})
    assert answer.status_code == 404
    with cast.inside(context=as_staff(cast, who)), pytest.raises(DomainError):
        actions.decide(found(advice), Said("accepted"), now=NOW, today=TODAY)
    with cast.inside(context=as_staff(cast)):
        (item,) = queries.actions(client().id)
        with pytest.raises(DomainError, match="pas encore décidé"):
            actions.move(item, "done", now=NOW, today=TODAY)


def test_refusing_and_postponing_say_why(cast: Cast) -> None:
    advice = sent(cast)
    browser, page = cast.signed_in("decider"), space(cast, f"/{advice}/decision")
    for form in (
        {"verdict": "refused", "reason": " "},
        {"verdict": "postponed", "reason": "Après le budget"},
        {"verdict": "postponed", "reason": "Après le budget", "until": "2020-01-01"},
        {"verdict": "peut-être"},
    ):
        assert browser.post(page, data=form).status_code == 422
    kept = browser.post(page, data={"verdict": "postponed", "reason": "Après le budget", "until": "hier"})
    assert "Après le budget" in kept.text
    assert (
        browser.post(page, data={"verdict": "refused", "reason": "Trop cher cette année"}).status_code == 303
    )
    text = whole(browser.get(space(cast)))
    assert "Risque accepté, à revoir" in text
    with cast.inside():
        assert found(advice).review_on is not None
        (item,) = queries.actions(client().id)
        assert item.status == "refused"


def test_a_mind_may_change_and_the_register_keeps_both(cast: Cast) -> None:
    advice = sent(cast)
    decided(cast, advice, "refused", reason="Trop cher cette année")
    decided(cast, advice)
    assert kinds(cast) == ["sent", "refused", "accepted"]
    with cast.inside():
        assert [each.verdict for each in queries.decisions(advice)] == ["accepted", "refused"]
        (item,) = queries.actions(client().id)
        actions.move(item, "in_progress", now=NOW, today=TODAY)
    with cast.inside(context=as_client(cast)), pytest.raises(DomainError, match="commencé"):
        actions.decide(found(advice), Said("refused", reason="Finalement non"), now=NOW, today=TODAY)


def test_a_decision_noted_by_the_msp_is_marked_and_may_be_contested(cast: Cast) -> None:
    advice = sent(cast)
    with cast.inside(context=as_staff(cast)):
        decision = actions.override(found(advice), Said("accepted"), RECEIVED, now=NOW, today=TODAY).id
    decider, page = cast.signed_in("decider"), space(cast, f"/{advice}")
    text = whole(decider.get(page))
    assert loose_signs(text) == []
    assert "Notée par" in text
    assert "Contester" in text
    assert decider.get(f"{page}/{decision}/document").data == RECEIVED.data
    contest = f"{page}/{decision}/contestation"
    assert cast.signed_in("secretary").post(contest, data={"contest": "Non"}).status_code == 403
    assert decider.post(contest, data={"contest": ""}).status_code == 422
    assert decider.post(contest, data={"contest": "Nous n’avons rien voté."}).status_code == 303
    assert decider.post(contest, data={"contest": "Encore une fois"}).status_code == 422
    with cast.inside():
        mails = [mail.key for mail in db.session.scalars(select(OutgoingMail))]
        assert any(key.startswith("override:") for key in mails)
        assert found(advice).waiting
        (item,) = queries.actions(client().id)
        assert item.status == "proposed"
    assert kinds(cast) == ["sent", "accepted", "contested"]
    staff = checked(
        cast.signed_in("technician").get(f"/{cast.tilleul.slug}/clients/valbrune/registre/{advice}")
    )
    assert "Contestée" in staff
    decided(cast, advice, "refused", reason="Le conseil a dit non")
    assert "Contestée" in whole(decider.get(page))


@pytest.mark.parametrize("page", ["", "/{advice}", "/registre.csv", "/registre.pdf", "/ancrage.txt"])
def test_no_stranger_reads_it(cast: Cast, page: str) -> None:
    advice = sent(cast)
    path = space(cast, page.format(advice=advice))
    assert cast.signed_in("secretary").get(path).status_code == 200
    for who, house in (("manager", None), ("decider", cast.saule), ("admin", None)):
        assert cast.signed_in(who, house).get(path).status_code == 404
    assert cast.nobody().get(path).status_code == 303


def test_what_is_another_clients_is_not_found(cast: Cast) -> None:
    theirs = sent(cast, "Leur mesure", "fontaine")
    decider = cast.signed_in("decider")
    assert decider.get(space(cast, f"/{theirs}")).status_code == 404
    assert decider.post(space(cast, f"/{theirs}/decision"), data={"verdict": "accepted"}).status_code == 404


def test_the_list_costs_the_same_whatever_it_holds(cast: Cast) -> None:
    browser = cast.signed_in("decider")
    decided(cast, sent(cast, "Zéro"))
    with counting(cast.app) as few:
        checked(browser.get(space(cast)))
    for mark in ("Un", "Deux", "Trois"):
        decided(cast, sent(cast, mark), "postponed", reason="Plus tard", until=TODAY + timedelta(days=90))
        sent(cast, f"{mark} bis")
    with counting(cast.app) as many:
        checked(browser.get(space(cast)))
    assert len(many) <= len(few)
