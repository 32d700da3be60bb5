"""People from outside: nothing before the gate, ninety days at most, nothing left behind."""

from datetime import timedelta
from io import BytesIO

import pytest

from mspaudit.clients import people_actions
from mspaudit.content import departures as content
from mspaudit.departures import actions, queries
from mspaudit.departures.actions import Brief
from mspaudit.departures.models import Mission
from mspaudit.errors import DomainError
from tests.cast import Cast
from tests.departures.leavers import NOW, PDF, TODAY, by, client, someone

END = TODAY + timedelta(days=60)


def mission(**more: object) -> Mission:
    given = {
        "name": "Paul Astruc", "company": "Studio Astruc", "email": None, "purpose": "Site",
        "starts_on": TODAY, "ends_on": END, "sponsor": someone("Hélène Pons"), "now": NOW,
    }  # fmt: skip
    return actions.add_mission(client(), **(given | more))  # type: ignore[arg-type]


def passed(row: Mission) -> Mission:
    """The same past its gate."""
    needed = [clause.code for clause in content.clauses("commune") if clause.needed]
    given = Brief(needed, ["iban"], TODAY, TODAY, TODAY, "Portable Lenovo", TODAY)
    sponsor = next(p for p in queries.may_leave(client().id) if p.id == row.sponsor_id)
    actions.brief(row, given, sponsor=sponsor, today=TODAY, now=NOW)
    actions.attach_contract(row, PDF, "contrat.pdf", now=NOW)
    return row


def opened(row: Mission, *, today: object = TODAY) -> object:
    return actions.open_access(
        client(),
        row,
        account="p.astruc",
        device="",
        mfa=True,
        today=today,
        now=NOW,  # type: ignore[arg-type]
    )


def test_no_access_before_the_gate_and_the_page_says_what_is_missing(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = mission()
        with pytest.raises(DomainError, match="contrat signé et joint, charte signée, consignes données et"):
            opened(row)
        assert queries.accesses(row.id) == []
        passed(row)
        assert queries.mission_view(client(), row, today=TODAY).missing == []
        opened(row)
        assert queries.mission_view(client(), row, today=TODAY).state == "active"


def test_an_access_has_a_name_and_a_second_factor(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = passed(mission())
        for account, mfa in (("p.astruc", False), (" ", True)):
            with pytest.raises(DomainError):
                actions.open_access(client(), row, account=account, device="", mfa=mfa, today=TODAY, now=NOW)


def test_a_mission_lasts_ninety_days_and_is_renewed_from_today(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        with pytest.raises(DomainError, match="90"):
            mission(ends_on=TODAY + timedelta(days=91))
        row = mission(ends_on=TODAY + timedelta(days=90))
        later = TODAY + timedelta(days=80)
        with pytest.raises(DomainError, match="90"):
            actions.renew(row, later + timedelta(days=91), today=later, now=NOW)
        actions.renew(row, later + timedelta(days=90), today=later, now=NOW)
        assert row.ends_on == later + timedelta(days=90)
        assert [each["until"] for each in row.renewals] == [row.ends_on.isoformat()]


def test_once_over_no_access_opens(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = passed(mission())
        with pytest.raises(DomainError, match="terminée"):
            opened(row, today=END + timedelta(days=1))


def test_a_mission_without_anybody_to_answer_for_it_is_an_orphan(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = passed(mission())
        opened(row)
        sponsor = next(p for p in queries.may_leave(client().id) if p.id == row.sponsor_id)
        people_actions.mark_left(client(), sponsor, on=TODAY, now=NOW)
        assert queries.mission_view(client(), row, today=TODAY).state == "orphan"


def test_it_ends_cut_certified_and_closed_by_someone_else(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = passed(mission())
        access = opened(row)
        with pytest.raises(DomainError, match="encore ouvert"):
            actions.attach_certificate(row, PDF, "attestation.pdf", today=TODAY, now=NOW)
        actions.end_mission(row, TODAY, now=NOW)
        actions.revoke_access(row, access, today=TODAY, now=NOW)  # type: ignore[arg-type]
        with pytest.raises(DomainError, match="attestation"):
            actions.close_mission(row, now=NOW)
        actions.attach_certificate(row, PDF, "attestation.pdf", today=TODAY, now=NOW)
        with pytest.raises(DomainError, match="une autre personne"):
            actions.close_mission(row, now=NOW)
        mission_id = row.id
    with cast.inside(context=by(cast, "admin")):
        row = queries.mission_or_404(client().id, mission_id)
        actions.close_mission(row, now=NOW)
        assert queries.mission_view(client(), row, today=END).state == "closed"
        with pytest.raises(DomainError, match="close"):
            actions.renew(row, END + timedelta(days=9), today=END, now=NOW)


def test_a_file_that_is_no_paper_is_refused_with_its_reason(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = mission().id
    browser = cast.signed_in("technician")
    page = f"/{cast.tilleul.slug}/clients/valbrune/intervenants/{row}"
    answer = browser.post(page, data={"contract": (BytesIO(b"MZ\x90"), "contrat.exe")})
    assert answer.status_code == 422
    assert "n’est pas accepté" in answer.text
    assert browser.post(f"{page}/attestation", data={}).status_code == 422
    assert browser.post(f"{page}/acces", data={"account": "x", "mfa": "1"}).status_code == 422
