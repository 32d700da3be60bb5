"""The page of a group: it works on any phone, keeps nothing of whoever tells, and loses nothing."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from mspaudit.extensions import limiter
from mspaudit.fieldwork import actions
from tests.cast import Cast
from tests.fieldwork.campaigns import opened, prepared, stored, typed
from tests.pages import counting, loose_signs, sound

JSON = {"Accept": "application/json"}


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return cast.nobody()


def test_a_group_reads_the_promise_and_tells(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    page = phone.get(f"/t/{tokens['Accueil']}")
    text = sound(page.text)
    assert "Dites-nous ce qui se fait vraiment." in text
    assert not loose_signs(text)
    answer = phone.post(f"/t/{tokens['Accueil']}", data=typed())
    assert "Merci" in sound(answer.text)
    (report,) = stored(cast)
    assert (report.moment, report.data, report.shared_credential) == (
        "à l’ouverture",
        ["people", "money"],
        True,
    )


def test_no_cookie_is_set_and_no_other_site_learns_the_address(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    address = f"/t/{tokens['Accueil']}"
    answers = [phone.get(address), phone.post(address, data=typed()), phone.post(address, data={})]
    answers.append(phone.post(address, data=typed(), headers=JSON))
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


def test_it_works_with_the_protection_of_forms_on(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    cast.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = phone.post(f"/t/{tokens['Accueil']}", data=typed(), headers=JSON)
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = False
    assert answer.json == {"saved": True}


def test_a_report_sent_twice_is_written_once(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    given = typed()
    for _ in range(3):
        assert phone.post(f"/t/{tokens['Accueil']}", data=given, headers=JSON).status_code == 200
    (report,) = stored(cast)
    assert report.id == UUID(given["id"])


def test_an_identifier_that_carries_a_clock_is_not_kept(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    clocked = "019358a1-7c00-7abc-8def-0123456789ab"
    phone.post(f"/t/{tokens['Accueil']}", data=typed(id=clocked), headers=JSON)
    (report,) = stored(cast)
    assert report.id != UUID(clocked)
    assert report.id.version == 4


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, phone: FlaskClient
) -> None:
    _, tokens = opened(cast)
    answer = phone.post(f"/t/{tokens['Accueil']}", data=typed(reason_code="", tool="le carnet bleu"))
    assert answer.status_code == 422
    text = sound(answer.text)
    assert "Choisissez une raison" in text
    assert "le carnet bleu" in text
    assert not stored(cast)


def test_a_name_is_shown_before_it_is_sent(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    given = typed(reason="parce que madame Delorme le demande")
    answer = phone.post(f"/t/{tokens['Accueil']}", data=given)
    assert answer.status_code == 422
    assert "Votre texte semble citer quelqu’un" in answer.text
    assert "Delorme" in answer.text
    assert not stored(cast)
    assert phone.post(f"/t/{tokens['Accueil']}", data=given | {"seen": "1"}).status_code == 200
    assert len(stored(cast)) == 1


def test_nothing_opens_before_the_promise(cast: Cast, phone: FlaskClient) -> None:
    with cast.inside():
        campaign = prepared(cast)
        group = actions.add_group(campaign, name="Accueil", headcount=8, now=campaign.created_at)
        from mspaudit.fieldwork.tokens import token

        secret = token(group.id)
    assert phone.get(f"/t/{secret}").status_code == 404
    assert phone.post(f"/t/{secret}", data=typed()).status_code == 404


def test_a_closed_campaign_takes_nothing_more(cast: Cast, phone: FlaskClient) -> None:
    campaign, tokens = opened(cast)
    staff = cast.signed_in("technician")
    of = f"/{cast.tilleul.slug}/clients/valbrune/terrain/{campaign.id}"
    assert staff.post(f"{of}/cloture").status_code == 303
    assert phone.post(f"/t/{tokens['Accueil']}", data=typed(), headers=JSON).status_code == 410
    assert "La collecte est terminée" in phone.get(f"/t/{tokens['Accueil']}").text
    assert not stored(cast)


@pytest.mark.parametrize("token", ["inconnu", "x" * 60, "8f14e45f-ceea-467f-a0f5-1c2d3e4f5a6b"])
def test_an_address_that_is_nobodys_does_not_exist(cast: Cast, phone: FlaskClient, token: str) -> None:
    assert phone.get(f"/t/{token}").status_code == 404
    assert phone.post(f"/t/{token}", data=typed()).status_code == 404


def test_calls_are_counted_by_link_and_never_by_address(cast: Cast) -> None:
    _, tokens = opened(cast)
    limiter.enabled = True
    try:
        for _ in range(250):
            assert cast.nobody().get(f"/t/{tokens['Accueil']}").status_code == 200
    finally:
        limiter.enabled = False


def test_a_page_asks_few_questions_of_the_database(cast: Cast, phone: FlaskClient) -> None:
    _, tokens = opened(cast)
    with counting(cast.app) as statements:
        phone.post(f"/t/{tokens['Accueil']}", data=typed(), headers=JSON)
    assert len(statements) <= 8, statements
