"""What accounts prove or disprove: counts and dates, never a name."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from mspaudit.accounts import actions, facts
from mspaudit.accounts.models import Account
from mspaudit.clients.models import Person
from mspaudit.clients.queries import client_or_404
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.risk import actions as risk
from mspaudit.risk import queries as figures
from tests.accounts.files import NOW, TODAY, agent, bring, rows, user
from tests.cast import Cast
from tests.checklists.campaigns import start

NAMES = ("Nathalie Perrin", "Jean-Marc Tissot", "Paul Morel", "Karim Haddad")


def measured(cast: Cast, today: date = TODAY) -> dict[str, Any]:
    mine = facts.FACTS.where(facts.FACTS.selected_columns.tenant_id == cast.tilleul.id)
    found = {row.code: row for row in db.session.execute(mine, {"today": today})}
    assert not [d for row in found.values() for d in NAMES if d in row.detail]
    return found


def report(*states: str, admins: str = "nnnn") -> list[dict[str, str]]:
    return [
        {
            **user(name),
            "mfa": {"y": "oui", "n": "non", "?": ""}[mfa],
            "admin": {"y": "oui", "n": "non"}[admin],
        }
        for name, mfa, admin in zip(NAMES, states, admins, strict=False)
    ]


def bring_users(client: UUID, *states: str, admins: str = "nnnn", now: datetime = NOW) -> None:
    bring("google_users", client, rows(*report(*states, admins=admins)), now=now)


@pytest.mark.parametrize(
    ("states", "value"),
    [("yyyy", 1.0), ("yyny", 0.75), ("nnnn", 0.0), ("yn?y", 0.5), ("yyy?", None), ("????", None)],
)
def test_second_factors_are_measured_once_they_can_be(cast: Cast, states: str, value: float | None) -> None:
    with cast.inside():
        bring_users(cast.tilleul.clients["valbrune"], *states)
        found = measured(cast).get("AUT-01")
        assert (None if found is None else found.value) == value


def test_the_detail_counts_and_dates(cast: Cast) -> None:
    with cast.inside():
        bring_users(cast.tilleul.clients["valbrune"], *"yn?y", admins="yynn")
        found = measured(cast)
        said = "2 comptes sur 4 comptes humains ont un second facteur, 1 sans réponse"
        assert found["AUT-01"].detail == f"{said}, export Google Workspace du 20/11/2026"
        assert found["AUT-01"].observed_at == NOW
        assert found["AUT-03"].value == 0.5


def test_an_export_that_cannot_say_gives_no_row(cast: Cast) -> None:
    with cast.inside():
        bring("entra_users", cast.tilleul.clients["valbrune"], rows(*map(user, NAMES)))
        assert measured(cast) == {}


def test_an_active_directory_says_nothing_of_mailboxes(cast: Cast) -> None:
    with cast.inside():
        lines = [{**line, "login": line["upn"]} for line in report(*"nnnn", admins="ynnn")]
        bring("ad_users", cast.tilleul.clients["valbrune"], rows(*lines))
        assert set(measured(cast)) == {"AUT-03"}


def test_shared_mailboxes_and_services_are_not_people_without_a_second_factor(cast: Cast) -> None:
    with cast.inside():
        shared = [{**user(n), "mfa": "non", "admin": "non"} for n in ("Accueil", "svc-sauvegarde")]
        bring("google_users", cast.tilleul.clients["valbrune"], rows(*report(*"yy"), *shared))
        assert measured(cast)["AUT-01"].value == 1.0


def test_an_exception_in_force_is_left_out_and_told(cast: Cast) -> None:
    with cast.inside():
        bring_users(cast.tilleul.clients["valbrune"], *"yyyn")
        account = db.session.scalars(select(Account).where(Account.mfa == "no")).one()
        until = TODAY + timedelta(days=10)
        actions.except_account(
            account, reason="Clé commandée", owner="Inès", until=until, today=TODAY, now=NOW
        )
        db.session.flush()
        found = measured(cast)["AUT-01"]
        assert found.value == 1.0
        assert "3 comptes sur 3 comptes humains" in found.detail
        assert "1 exception à part" in found.detail
        assert measured(cast, until)["AUT-01"].value == 1.0
        assert measured(cast, until + timedelta(days=1))["AUT-01"].value == 0.75


def leave(name: str, on: date) -> None:
    db.session.scalars(select(Person).where(Person.name == name)).one().left_on = on
    db.session.flush()


def test_a_leaver_still_on_disproves_only_in_an_export_made_since(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("staff_list", client, rows(*(agent(n, email=user(n)["upn"]) for n in NAMES)))
        bring_users(client, *"yyyy")
        leave("Paul Morel", TODAY)
        later = TODAY + timedelta(days=3)
        assert "ACC-03" not in measured(cast, later)
        bring_users(client, *"yyyy", now=NOW + timedelta(days=2))
        found = measured(cast, later)["ACC-03"]
        assert (found.value, found.observed_at) == (0.0, NOW + timedelta(days=2))
        said = "1 compte encore actif pour 1 personne partie, export Google Workspace du 22/11/2026"
        assert found.detail == said


def test_a_review_measures_that_the_lists_were_compared(cast: Cast) -> None:
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring("staff_list", client, rows(*map(agent, NAMES)))
        bring_users(client, *"yyyy")
        assert "ACC-02" not in measured(cast)
        actions.review(client_or_404("valbrune"), today=TODAY, now=NOW)
        db.session.flush()
        found = measured(cast)["ACC-02"]
        assert found.value == 1.0
        assert found.detail == "4 comptes comparés à la liste du personnel le 20/11/2026, aucun écart ouvert"
        assert measured(cast, TODAY + timedelta(days=400))["ACC-02"].value == 0.5
        assert measured(cast, TODAY - timedelta(days=1)).get("ACC-02") is None


def test_a_fact_reaches_the_figures_and_contradicts_a_yes(cast: Cast) -> None:
    now = clock.now()
    today = clock.today(now)
    start(cast)
    with cast.inside():
        client = cast.tilleul.clients["valbrune"]
        bring_users(client, *"ynnn", now=now)
        risk.recompute(today=today, now=now)
        picture = figures.picture(client, today=today)
        assert picture is not None
        detail = next(d for d in picture.details if d.control.code == "AUT-01")
        assert detail.line.v == 0.25
