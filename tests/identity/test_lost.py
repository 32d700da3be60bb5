"""Ways back in: a forgotten code, lost second factors; and what nobody can do with them to someone else."""

from collections.abc import Callable, Iterator

import psycopg
import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.adapters.mailer import FolderMailer
from mspaudit.extensions import db
from mspaudit.identity import actions, door, jobs
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy.context import NOBODY
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast, House, Member
from tests.identity.conftest import PASSWORD, ask_link, first_factor, session_events
from tests.pages import checked, sound
from tests.servers import Servers

GivePin = Callable[[str, str], None]
Equip = Callable[[str], str]
OLD, NEW = "835914", "702846"
FORGOTTEN = "/connexion/code-oublie"


@pytest.fixture
def superuser(servers: Servers) -> Iterator[psycopg.Connection]:
    url = servers.postgres.url("mspaudit").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def secretary(cast: Cast, with_pin: GivePin) -> Member:
    with_pin("secretary", OLD)
    return cast.tilleul.people["secretary"]


def by_link(cast: Cast, person: Member) -> FlaskClient:
    """A browser where the person opened a link, and whose code is asked next."""
    browser = cast.nobody()
    link = ask_link(cast, browser, person.email)
    assert browser.post(link or "").location == "/connexion/confirmation"
    return browser


def told(cast: Cast, superuser: psycopg.Connection, person: Member) -> list[str]:
    """Every mail about a new code that the person has received, once the worker served what waits."""
    rows = superuser.execute(
        "SELECT id FROM pin_reset WHERE told_at IS NULL AND closed_at IS NULL"
    ).fetchall()
    with cast.app.app_context():
        for (reset_id,) in rows:
            jobs.tell_reset(reset_id=str(reset_id))
    folder = FolderMailer(cast.app.extensions["mspaudit"].settings.mail_folder, sender="a@b.example")
    mails = [mail for mail in folder.list() if person.email in mail.to and "code" in mail.subject]
    return [mail.text for mail in mails]


def requests_of(person: Member, superuser: psycopg.Connection) -> int:
    """How many times a new code was asked for in the person's name."""
    query = "SELECT count(*) FROM pin_reset WHERE login_id = %s"
    return superuser.execute(query, (person.login_id,)).fetchone()[0]


def a_day_passes(superuser: psycopg.Connection, days: int = 1) -> None:
    shift = f"{days} days 1 second"
    superuser.execute(
        "UPDATE pin_reset SET ready_at = ready_at - %s::interval, expires_at = expires_at - %s::interval",
        (shift, shift),
    )


def choose(browser: FlaskClient, pin: str = NEW) -> str:
    answer = browser.post(f"{FORGOTTEN}/nouveau", data={"pin": pin, "again": pin})
    assert answer.status_code == 303, answer.text
    return answer.location


def serves_elsewhere_too(cast: Cast, person: Member, *, staff: bool = False) -> None:
    """The person also serves the other MSP."""
    with cast.inside(cast.saule) as house:
        if staff:
            actions.add_staff(login_id=person.login_id, name="x", email=person.email, role="reader")
            return
        actions.add_client_member(
            client_id=house.clients["fontaine"],
            login_id=person.login_id,
            name="x",
            email=person.email,
            role="respondent",
        )


def test_a_forgotten_code_is_chosen_again_after_a_day(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    browser = by_link(cast, secretary)
    assert FORGOTTEN in checked(browser.get("/connexion/confirmation"))
    assert "24 heures" in checked(browser.get(FORGOTTEN))
    assert browser.post(FORGOTTEN).status_code == 303
    assert "C’est demandé" in checked(browser.get(FORGOTTEN))
    assert choose(browser) == FORGOTTEN  # too early: the page says when
    (mail,) = told(cast, superuser, secretary)
    assert "Vous avez demandé" in mail
    a_day_passes(superuser)
    later = by_link(cast, secretary)
    assert "Choisir un nouveau code" in checked(later.get(FORGOTTEN))
    assert sound(later.post(f"{FORGOTTEN}/nouveau", data={"pin": "111111", "again": "1"}).text)
    assert choose(later) == "/mes-espaces"
    assert later.get("/mes-espaces").status_code == 303
    assert session_events(cast, secretary)[:3] == ["signed_in", "pin_set", "pin_reset_asked"]
    again = by_link(cast, secretary)
    for code, status in ((OLD, 422), (NEW, 303)):
        proof = {"factor": "pin", "code": code}
        assert again.post("/connexion/confirmation", data=proof).status_code == status


def test_choosing_a_new_code_ends_every_other_session(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    elsewhere = cast.signed_in("secretary")
    by_link(cast, secretary).post(FORGOTTEN)
    a_day_passes(superuser)
    choose(by_link(cast, secretary))
    assert "/connexion" in elsewhere.get("/mes-espaces").location


def test_asking_twice_neither_hurries_nor_writes_again(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    browser = by_link(cast, secretary)
    for _ in range(3):
        browser.post(FORGOTTEN)
    assert len(told(cast, superuser, secretary)) == 1
    assert requests_of(secretary, superuser) == 1


def test_the_mail_cancels_and_reading_it_does_not(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    by_link(cast, secretary).post(FORGOTTEN)
    (mail,) = told(cast, superuser, secretary)
    link = mail.split("http://localhost")[-1].split()[0]
    anyone = cast.nobody()
    assert "Garder votre code" in checked(anyone.get(link))
    a_day_passes(superuser)
    assert "Choisir un nouveau code" in by_link(cast, secretary).get(FORGOTTEN).text
    assert "La demande est annulée" in checked(anyone.post(link))
    assert "plus rien à annuler" in checked(anyone.post(link))
    assert "plus rien à annuler" in checked(anyone.post("/code-oublie/n-importe-quoi"))
    assert "24 heures" in by_link(cast, secretary).get(FORGOTTEN).text


def test_coming_in_with_the_code_cancels_what_was_asked(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    by_link(cast, secretary).post(FORGOTTEN)
    browser = by_link(cast, secretary)
    browser.post("/connexion/confirmation", data={"factor": "pin", "code": OLD})
    a_day_passes(superuser)
    assert choose(by_link(cast, secretary)) == FORGOTTEN
    assert "pin_reset_cancelled" in session_events(cast, secretary)


def test_a_week_later_it_is_too_late(cast: Cast, secretary: Member, superuser: psycopg.Connection) -> None:
    by_link(cast, secretary).post(FORGOTTEN)
    a_day_passes(superuser, days=8)
    browser = by_link(cast, secretary)
    assert choose(browser) == FORGOTTEN
    assert "24 heures" in browser.get(FORGOTTEN).text


def test_only_someone_halfway_in_by_a_link_sees_it(cast: Cast, secretary: Member, equipped: Equip) -> None:
    assert cast.nobody().get(FORGOTTEN).location.startswith("/connexion")
    assert cast.signed_in("secretary").get(FORGOTTEN).location == "/mon-compte"
    equipped("technician")
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["technician"])
    assert browser.get(FORGOTTEN).location.startswith("/connexion/confirmation")
    assert browser.post(FORGOTTEN).location.startswith("/connexion/confirmation")


def reset_url(house: House, member: Member) -> str:
    return f"/{house.slug}/clients/valbrune/acces/{member.id}/code"


def test_a_technician_has_a_code_chosen_again_at_once(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    technician = cast.signed_in("limited")
    sheet = checked(technician.get(f"/{cast.tilleul.slug}/clients/valbrune/fiche"))
    assert reset_url(cast.tilleul, secretary) in sheet
    assert technician.post(reset_url(cast.tilleul, secretary)).status_code == 303
    (mail,) = told(cast, superuser, secretary)
    assert "dès maintenant" in mail
    assert choose(by_link(cast, secretary)) == "/mes-espaces"
    journal = checked(cast.signed_in("admin").get(f"/{cast.tilleul.slug}/journal/"))
    assert "Code personnel réinitialisé" in journal


def test_it_brings_forward_what_the_person_asked(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    by_link(cast, secretary).post(FORGOTTEN)
    told(cast, superuser, secretary)
    cast.signed_in("technician").post(reset_url(cast.tilleul, secretary))
    assert any("dès maintenant" in mail for mail in told(cast, superuser, secretary))
    assert choose(by_link(cast, secretary)) == "/mes-espaces"


def test_who_serves_another_msp_waits_and_this_one_is_told_no_different(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    technician = cast.signed_in("technician")
    fiche = f"/{cast.tilleul.slug}/clients/valbrune/fiche"

    def said() -> str:
        technician.post(reset_url(cast.tilleul, secretary))
        return technician.get(fiche).text.split("C’est demandé")[1][:200]

    alone = said()
    superuser.execute("DELETE FROM pin_reset WHERE login_id = %s", (secretary.login_id,))
    serves_elsewhere_too(cast, secretary)
    assert said() == alone
    assert any("à partir du" in mail for mail in told(cast, superuser, secretary))
    browser = by_link(cast, secretary)
    assert choose(browser) == FORGOTTEN
    a_day_passes(superuser)
    assert choose(by_link(cast, secretary)) == "/mes-espaces"


def test_a_member_of_staff_anywhere_is_never_let_in_by_a_code(
    cast: Cast, secretary: Member, superuser: psycopg.Connection
) -> None:
    serves_elsewhere_too(cast, secretary, staff=True)
    cast.signed_in("technician").post(reset_url(cast.tilleul, secretary))
    assert requests_of(secretary, superuser) == 0


def test_nobody_else_resets_a_code(cast: Cast, secretary: Member, superuser: psycopg.Connection) -> None:
    url = reset_url(cast.tilleul, secretary)
    assert cast.signed_in("technician", cast.saule).post(url).status_code == 404
    assert cast.signed_in("secretary").post(url).status_code == 404
    assert cast.signed_in("reader").post(url).status_code == 403
    manager = cast.tilleul.people["manager"]
    assert cast.signed_in("technician").post(reset_url(cast.tilleul, manager)).status_code == 404
    assert requests_of(secretary, superuser) == 0


def factors_url(house: House, member: Member) -> str:
    return f"/{house.slug}/equipe/{member.id}/second-controle"


def test_an_administrator_gives_a_colleague_a_way_back(cast: Cast, equipped: Equip) -> None:
    equipped("technician")
    colleague = cast.tilleul.people["technician"]
    open_session = cast.signed_in("technician")
    admin = cast.signed_in("admin")
    assert "Réinitialiser" in checked(admin.get(f"/{cast.tilleul.slug}/equipe/{colleague.id}"))
    assert admin.post(factors_url(cast.tilleul, colleague)).status_code == 303
    assert "/connexion" in open_session.get(f"/{cast.tilleul.slug}/").location
    browser = cast.nobody()
    first_factor(browser, colleague, PASSWORD)
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    assert "factors_reset" in session_events(cast, colleague)
    assert "Second contrôle d’un membre" in checked(admin.get(f"/{cast.tilleul.slug}/journal/"))
    with cast.inside():
        (mail,) = db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == colleague.email))
        assert "mot de passe" in mail.body


def test_the_old_factor_opens_nothing_any_more(cast: Cast, equipped: Equip) -> None:
    secret = equipped("technician")
    cast.signed_in("admin").post(factors_url(cast.tilleul, cast.tilleul.people["technician"]))
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["technician"])
    code = {"factor": "totp", "code": pyotp.TOTP(secret).now()}
    assert browser.post("/connexion/confirmation", data=code).location == "/connexion/choisir"


def test_it_is_refused_where_it_is_not_this_msp_s_alone(
    cast: Cast, equipped: Equip, superuser: psycopg.Connection
) -> None:
    equipped("technician")
    colleague = cast.tilleul.people["technician"]
    serves_elsewhere_too(cast, colleague, staff=True)
    admin = cast.signed_in("admin")
    for member in (colleague, cast.tilleul.people["admin"]):
        refused = admin.post(factors_url(cast.tilleul, member))
        assert refused.status_code == 422
        assert "plateforme" in sound(refused.text) or member is not colleague
        assert cast.saule.slug not in refused.text
    kept = superuser.execute(
        "SELECT totp_secret IS NOT NULL FROM login WHERE id = %s", (colleague.login_id,)
    ).fetchone()
    assert kept == (True,)


def test_only_an_administrator_of_the_msp_resets_factors(cast: Cast, equipped: Equip) -> None:
    equipped("reader")
    url = factors_url(cast.tilleul, cast.tilleul.people["reader"])
    assert cast.signed_in("admin", cast.saule).post(url).status_code == 404
    assert cast.signed_in("technician").post(url).status_code == 403
    foreign = factors_url(cast.tilleul, cast.saule.people["reader"])
    assert cast.signed_in("admin").post(foreign).status_code == 404
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["reader"])
    assert "application" in checked(browser.get("/connexion/confirmation"))


def platform(cast: Cast, superuser: psycopg.Connection) -> FlaskClient:
    """A browser of someone of the platform."""
    with cast.app.app_context(), unit_of_work(NOBODY):
        login_id = door.ensure_login("plateforme@mspaudit.example")
    superuser.execute("UPDATE login SET platform = true WHERE id = %s", (login_id,))
    cast.tilleul.people["platform"] = Member("x", "plateforme@mspaudit.example", login_id, login_id)
    return cast.signed_in("platform")


def test_the_platform_helps_a_lone_administrator_and_the_msp_reads_why(
    cast: Cast, equipped: Equip, superuser: psycopg.Connection
) -> None:
    equipped("admin")
    admin, staff = cast.tilleul.people["admin"], platform(cast, superuser)
    form = {"reset_slug": cast.tilleul.slug, "reset_email": admin.email, "reset_reason": "Rappelée au siège"}
    for wrong in ({"reset_reason": " "}, {"reset_slug": cast.saule.slug}, {"reset_email": "x@y.example"}):
        refused = staff.post("/plateforme/second-controle", data=form | wrong)
        assert refused.status_code == 422
        assert "Rappelée" in sound(refused.text) or "reset_reason" in wrong
    assert staff.post("/plateforme/second-controle", data=form).status_code == 303
    browser = cast.nobody()
    first_factor(browser, admin)
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    journal = checked(cast.signed_in("admin").get(f"/{cast.tilleul.slug}/journal/"))
    assert "Second contrôle d’un membre" in journal
    assert "La plateforme" in journal
    assert "Rappelée au siège" in journal


def test_nobody_but_the_platform_may(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    admin = cast.tilleul.people["admin"]
    form = {"reset_slug": cast.tilleul.slug, "reset_email": admin.email, "reset_reason": "x"}
    for who in ("admin", "technician", "secretary"):
        answer = cast.signed_in(who).post("/plateforme/second-controle", data=form)
        assert answer.status_code == 404
