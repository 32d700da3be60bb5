"""A delegated question: a link that shows and saves only the questions sent."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from mspaudit.checklists import actions, queries
from mspaudit.checklists.actions.delegations import MOST_A_DAY
from mspaudit.checklists.models import Delegation, Evidence
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy.context import Context
from tests.cast import Cast, House
from tests.checklists.campaigns import DELORME, PHOTO, answer_of, current, prove, say, start
from tests.pages import checked, sound

CODES = ("GOV-05", "ACC-04")


def link(mail: OutgoingMail) -> str:
    found = re.search(r"/question/\S+", mail.body)
    assert found is not None
    return found[0]


def send(cast: Cast, house: House | None = None, codes: tuple[str, ...] = CODES) -> str:
    """Send questions to Paul and return the path of his link."""
    start(cast, house=house, now=clock.now())
    with cast.inside(house) as home:
        client = home.clients["valbrune"]
        ids = [answer_of(client, code).id for code in codes]
        actions.delegate(current(client), ids, name="Paul Mercier", email="paul@exemple.fr", now=clock.now())
        return link(db.session.scalars(select(OutgoingMail)).one())


@pytest.fixture
def paul(cast: Cast) -> FlaskClient:
    return cast.nobody()


def test_the_link_opens_the_questions_sent_without_an_account(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    page = checked(paul.get(path))
    assert "Bonjour Paul Mercier" in page
    assert checked(paul.get(f"{path}/GOV-05"))


def test_it_saves_the_questions_sent_and_thanks(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    page = paul.post(f"{path}/GOV-05", data={"choice": "yes", "version": "0"})
    assert page.location.endswith("/ACC-04")
    answer = paul.post(
        f"{path}/ACC-04", data={"choice": "unknown", "version": "0"}, headers={"Accept": "application/json"}
    )
    assert answer.json["saved"].startswith("Enregistré à")
    assert "Merci." in checked(paul.get(path))
    with cast.inside() as house:
        client = house.clients["valbrune"]
        saved = answer_of(client, "GOV-05")
        assert (saved.choice, saved.by_kind, saved.by_name) == ("yes", "client", "Paul Mercier")
        [sent] = queries.delegations(current(client).id)
        assert sent.state(clock.now()) == "répondu"


@pytest.mark.parametrize("code", ["GOV-01", "AUT-01", "XXX-99"])
def test_no_other_question_is_shown_or_saved(cast: Cast, paul: FlaskClient, code: str) -> None:
    path = send(cast)
    assert paul.get(f"{path}/{code}").status_code == 404
    assert paul.post(f"{path}/{code}", data={"choice": "yes", "version": "0"}).status_code == 404
    with cast.inside() as house:
        if code != "XXX-99":
            assert answer_of(house.clients["valbrune"], code).choice is None


def test_the_link_opens_nothing_else(cast: Cast, paul: FlaskClient) -> None:
    paul.get(send(cast))
    for path in ("espace/valbrune/", "clients/valbrune/questionnaire"):
        assert paul.get(f"/{cast.tilleul.slug}/{path}").status_code == 303


def test_revoked_expired_and_unknown_links_answer_alike(cast: Cast, paul: FlaskClient) -> None:
    revoked, expired, archived = send(cast), send(cast, cast.saule), "/question/" + "x" * 43
    with cast.inside() as house:
        delegation = db.session.scalars(select(Delegation)).one()
        actions.revoke(delegation, now=clock.now())
        assert db.session.scalars(select(OutgoingMail.state)).one() == "cancelled"
        assert house.slug
    with cast.inside(cast.saule):
        db.session.scalars(select(Delegation)).one().expires_at = clock.now() - timedelta(minutes=1)
    answers = [
        paul.open(f"{path}{code}", method=method)
        for path in (revoked, expired, archived, "/question/" + "y" * 5000)
        for code in ("", "/GOV-05")
        for method in ("GET", "POST")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_a_closed_campaign_or_an_archived_client_closes_its_links(cast: Cast, paul: FlaskClient) -> None:
    closed, archived = send(cast), send(cast, cast.saule)
    with cast.inside() as house:
        actions.close_assessment(current(house.clients["valbrune"]), now=clock.now())
    with cast.inside(cast.saule):
        db.session.scalars(select(Client).where(Client.slug == "valbrune")).one().archived_at = clock.now()
    assert {paul.get(path).status_code for path in (closed, archived)} == {404}


def test_the_same_answer_from_elsewhere_is_shown_and_may_be_replaced(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-05"), "yes", by=DELORME)
    page = paul.post(f"{path}/GOV-05", data={"choice": "no", "version": "0"})
    assert page.status_code == 409
    assert "a répondu oui" in sound(page.text)
    assert paul.post(f"{path}/GOV-05", data={"choice": "no", "version": "1"}).status_code == 303


def test_it_is_sent_from_the_space_and_shown_there(cast: Cast) -> None:
    start(cast, now=clock.now())
    secretary = cast.signed_in("secretary")
    base = f"/{cast.tilleul.slug}/espace/valbrune/"
    who = {"name": "Paul Mercier", "email": "Paul@Exemple.fr"}
    assert secretary.post(f"{base}questions/GOV-05/demander", data=who).status_code == 303
    assert "Paul Mercier" in checked(secretary.get(base))
    assert "Demandé à Paul Mercier" in checked(secretary.get(f"{base}questions/GOV-05"))
    with cast.inside():
        delegation = db.session.scalars(select(Delegation)).one()
        assert delegation.email == "paul@exemple.fr"
    other = cast.signed_in("manager")
    assert other.post(f"{base}demandes/{delegation.id}/annulation").status_code == 404
    assert secretary.post(f"{base}demandes/{delegation.id}/annulation").status_code == 303
    assert "ne s’ouvre plus" in checked(secretary.get(base))
    assert "Paul Mercier" not in checked(secretary.get(base))


@pytest.mark.parametrize("who", [{"name": "", "email": "p@exemple.fr"}, {"name": "Paul", "email": "paul@"}])
def test_an_incomplete_address_is_told_and_kept(cast: Cast, who: dict[str, str]) -> None:
    start(cast, now=clock.now())
    page = cast.signed_in("secretary").post(
        f"/{cast.tilleul.slug}/espace/valbrune/questions/GOV-05/demander", data=who
    )
    assert page.status_code == 422
    assert who["email"] in sound(page.text)


def test_a_question_of_another_campaign_cannot_be_sent(cast: Cast) -> None:
    start(cast)
    start(cast, "fontaine")
    with cast.inside() as house:
        foreign = answer_of(house.clients["fontaine"], "GOV-01").id
        with pytest.raises(LookupError):
            actions.delegate(
                current(house.clients["valbrune"]), [foreign], name="P", email="p@e.fr", now=clock.now()
            )


def test_links_are_not_sent_by_the_hundred(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        client = house.clients["valbrune"]
        one = [answer_of(client, "GOV-01").id]
        for number in range(MOST_A_DAY):
            actions.delegate(current(client), one, name="P", email=f"p{number}@e.fr", now=clock.now())
        db.session.flush()
        with pytest.raises(DomainError, match="Reprenez demain"):
            actions.delegate(current(client), one, name="P", email="encore@e.fr", now=clock.now())


def photo(name: str = "photo.png", data: bytes = PHOTO) -> dict[str, object]:
    return {"proof": (BytesIO(data), name)}


def test_they_may_attach_a_photo_and_see_only_their_own(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    with cast.inside() as house:
        prove(answer_of(house.clients["valbrune"], "GOV-05"), PHOTO + b"x", "secret-de-la-mairie.png")
    paul.post(f"{path}/GOV-05", data={"choice": "yes", "version": "0"})
    assert paul.post(f"{path}/GOV-05/preuves", data=photo("contrat.png")).status_code == 303
    page = checked(paul.get(f"{path}/GOV-05"))
    assert "contrat.png" in page
    assert "secret-de-la-mairie" not in page
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-05")
        sent = next(proof for proof in answer.proofs if proof.filename == "contrat.png")
        assert (sent.uploaded_by, sent.by_kind) == ("Paul Mercier", "client")
        assert sent.delegation_id is not None
        assert answer.state == "evidenced"


def test_a_file_that_is_not_a_proof_is_refused_in_place(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    for data in (photo("x.png", b"MZ\x90\x00"), photo("x.png", b""), {}):
        refused = paul.post(f"{path}/GOV-05/preuves", data=data)
        assert refused.status_code == 422
        assert 'role="alert"' in sound(refused.text)


def test_five_files_a_question_are_enough(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    statuses = [
        paul.post(f"{path}/GOV-05/preuves", data=photo(data=PHOTO + bytes([n]))).status_code for n in range(6)
    ]
    assert statuses == [303] * 5 + [422]


def test_no_file_goes_elsewhere_than_to_the_questions_sent(cast: Cast, paul: FlaskClient) -> None:
    path = send(cast)
    send(cast, cast.saule)
    assert paul.post(f"{path}/GOV-01/preuves", data=photo()).status_code == 404
    assert paul.post(f"/question/{'x' * 43}/GOV-05/preuves", data=photo()).status_code == 404
    for house in (cast.tilleul, cast.saule):
        with cast.inside(house):
            assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0


@pytest.mark.parametrize("how", ["revoked", "expired", "closed"])
def test_a_dead_link_takes_no_file(cast: Cast, paul: FlaskClient, how: str) -> None:
    path = send(cast)
    with cast.inside() as house:
        found = db.session.scalars(select(Delegation)).one()
        if how == "revoked":
            actions.revoke(found, now=clock.now())
        elif how == "expired":
            found.expires_at = clock.now() - timedelta(seconds=1)
        else:
            actions.close_assessment(current(house.clients["valbrune"]), now=clock.now())
    answer = paul.post(f"{path}/GOV-05/preuves", data=photo())
    assert answer.status_code in (404, 422)
    with cast.inside():
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_the_database_keeps_a_guest_to_their_client(cast: Cast) -> None:
    send(cast)
    start(cast, "fontaine", now=clock.now())
    with cast.inside() as house:
        foreign = answer_of(house.clients["fontaine"], "GOV-05").id
        home, away = house.clients["valbrune"], house.clients["fontaine"]
    row = {
        "tenant": cast.tilleul.id, "id": uuid4(), "client": away, "answer": foreign,
    }  # fmt: skip
    statement = text(
        "INSERT INTO evidence (tenant_id, id, client_id, answer_id, filename, mime, size, storage_key,"
        " valid_until, uploaded_by, by_kind) VALUES (:tenant, :id, :client, :answer, 'x', 'x', 1, 'x',"
        " now(), 'x', 'client')"
    )
    guest = Context("guest", tenant_id=cast.tilleul.id, client_id=home, actor="Paul")
    with pytest.raises(ProgrammingError, match="row-level security"), cast.inside(context=guest):
        db.session.execute(statement, row)
