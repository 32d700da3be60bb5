"""The pages of backups, as the technician, the reader, the secretary and the stranger open them."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.backups.models import BackupCoverage, BackupEvent, BackupJob, RestoreTest
from mspaudit.extensions import db
from tests.backups.helpers import events, follow, job_of
from tests.cast import Cast
from tests.pages import checked, counting, whole

FORM = {
    "name": "SRV-FICHIERS Daily",
    "tool": "Veeam",
    "destination": "Dépôt du siège",
    "covers": ["files", "servers"],
    "every": "1",
    "unit": "working",
    "grace_hours": "8",
    "off_site": "1",
    "immutable": "",
    "retention_days": "30",
    "mail_from": "veeam@mairie.example",
    "mail_words": "SRV-FICHIERS Daily",
}
URL = re.compile(r"http://[^/\s]+(/ping/[0-9a-f-]{36})")


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    return cast.signed_in("technician")


def here(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/clients/valbrune/sauvegardes{path}"


def test_a_job_is_followed_and_its_address_told_once(cast: Cast, technician: FlaskClient) -> None:
    page = technician.post(here(cast, "/nouvelle"), data=FORM)
    text = whole(page)
    found = set(URL.findall(text))
    assert len(found) == 1
    assert "borgmatic" in text
    assert "Invoke-RestMethod" in text
    assert cast.nobody().get(found.pop()).data == b"OK"
    listed = whole(technician.get(here(cast)))
    assert "SRV-FICHIERS Daily" in listed
    assert "/ping/" not in listed


def test_a_job_keeps_what_was_told(cast: Cast, technician: FlaskClient) -> None:
    technician.post(here(cast, "/nouvelle"), data=FORM)
    with cast.inside():
        job = db.session.scalars(select(BackupJob)).one()
    assert (job.period_hours, job.grace_hours, job.working_days) == (24, 8, True)
    assert (job.off_site, job.immutable, job.retention_days) == (True, None, 30)
    assert (job.mail_from, job.mail_words) == (["veeam@mairie.example"], ["SRV-FICHIERS Daily"])
    form = checked(technician.get(here(cast, f"/{job.id}/modifier")))
    assert 'value="SRV-FICHIERS Daily"' in form
    answer = technician.post(here(cast, f"/{job.id}/modifier"), data=FORM | {"every": "6", "unit": "hours"})
    assert answer.status_code == 303
    assert job_of(cast, job.id).period_hours == 6


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "Ce champ est nécessaire"),
        ("every", "0", "au moins 1"),
        ("every", "un", "nombre entier"),
        ("grace_hours", "", "Ce champ est nécessaire"),
        ("grace_hours", "900", "trente jours"),
        ("retention_days", "beaucoup", "nombre entier"),
        ("mail_from", "nas", "n’est pas une adresse"),
        ("every", "40", "En jours ouvrés"),
    ],
)
def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(
    cast: Cast, technician: FlaskClient, field: str, text: str, said: str
) -> None:
    page = technician.post(here(cast, "/nouvelle"), data=FORM | {field: text})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Dépôt du siège"' in page.text
    with cast.inside():
        assert db.session.scalars(select(BackupJob)).all() == []


def test_two_jobs_of_a_client_have_two_names(cast: Cast, technician: FlaskClient) -> None:
    assert technician.post(here(cast, "/nouvelle"), data=FORM).status_code == 200
    again = technician.post(here(cast, "/nouvelle"), data=FORM)
    assert again.status_code == 422
    assert "s’appelle déjà" in again.text


def test_each_state_has_a_word_and_what_is_red_comes_first(cast: Cast, technician: FlaskClient) -> None:
    now = datetime.now(UTC)
    follow(cast, name="Bonne")
    late, _ = follow(cast, name="Muette", now=now - timedelta(days=9))
    failed, token = follow(cast, name="Ratée")
    assert late != failed
    cast.nobody().get(f"/ping/{token}/fail")
    text = whole(technician.get(here(cast)))
    assert "2 sur 3" in text
    assert text.index("Ratée") < text.index("Muette") < text.index("Bonne")
    for word in ("en échec", "jamais reçu", "en attente du premier signal"):
        assert word in text
    assert "Trente derniers jours" in text
    portfolio = whole(technician.get(f"/{cast.tilleul.slug}/sauvegardes"))
    assert portfolio.index("Ratée") < portfolio.index("Muette") < portfolio.index("Bonne")
    red = checked(technician.get(f"/{cast.tilleul.slug}/sauvegardes?voir=rouge"))
    assert "Bonne" not in red


def test_the_pages_ask_as_many_questions_however_many_jobs(cast: Cast, technician: FlaskClient) -> None:
    pages = (here(cast), f"/{cast.tilleul.slug}/sauvegardes")
    follow(cast, name="Une")
    few = []
    for page in pages:
        with counting(cast.app) as sent:
            technician.get(page)
        few.append(len(sent))
    for number in range(12):
        follow(cast, name=f"Tâche {number}")
    for page, before in zip(pages, few, strict=True):
        with counting(cast.app) as sent:
            assert "Tâche 11" in checked(technician.get(page))
        assert len(sent) == before


def test_the_portfolio_turns_its_pages(cast: Cast, technician: FlaskClient) -> None:
    for number in range(52):
        follow(cast, name=f"Tâche {number:02}")
    page = f"/{cast.tilleul.slug}/sauvegardes"
    assert "Tâche 51" not in checked(technician.get(page))
    assert "Tâche 51" in checked(technician.get(f"{page}?page=2"))
    for odd in ("0", "-1", "x", "99", "٣"):
        assert technician.get(f"{page}?page={odd}").status_code == 200


def test_a_pause_has_a_reason_and_an_end(cast: Cast, technician: FlaskClient) -> None:
    job, token = follow(cast)
    cast.nobody().get(f"/ping/{token}/fail")
    until = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    path = here(cast, f"/{job}/pause")
    for wrong in (
        {"until": until, "reason": ""},
        {"until": "2020-01-01", "reason": "Travaux"},
        {"until": ""},
    ):
        assert technician.post(path, data=wrong).status_code == 422
    assert technician.post(path, data={"until": until, "reason": "Serveur en réparation"}).status_code == 303
    page = whole(technician.get(here(cast, f"/{job}")))
    assert "en pause" in page
    assert "Serveur en réparation" in page
    assert technician.post(here(cast, f"/{job}/reprise")).status_code == 303
    assert "en échec" in technician.get(here(cast, f"/{job}")).text


def test_an_archived_job_comes_back(cast: Cast, technician: FlaskClient) -> None:
    job, token = follow(cast)
    assert technician.post(here(cast, f"/{job}/archive")).status_code == 303
    page = whole(technician.get(here(cast)))
    assert "Tâches archivées" in page
    assert cast.nobody().get(f"/ping/{token}").data == b"OK"
    whole(technician.get(here(cast, f"/{job}")))
    assert technician.post(here(cast, f"/{job}/retablissement")).status_code == 303
    assert "Tâches archivées" not in technician.get(here(cast)).text


def test_a_failure_is_taken_in_charge(cast: Cast, technician: FlaskClient) -> None:
    job, token = follow(cast)
    cast.nobody().post(f"/ping/{token}/fail", data=b"disque <plein>")
    (failed,) = events(cast, job)
    page = whole(technician.get(here(cast, f"/{job}")))
    assert "disque &lt;plein&gt;" in page
    path = here(cast, f"/{job}/echecs/{failed.id}/lecture")
    assert technician.post(path, data={"note": "Disque changé lundi"}).status_code == 303
    assert "Disque changé lundi" in technician.get(here(cast, f"/{job}")).text
    cast.nobody().get(f"/ping/{token}")
    path = here(cast, f"/{job}/echecs/{events(cast, job)[-1].id}/lecture")
    assert technician.post(path).status_code == 422


def test_what_someone_saw_in_the_tool_counts(cast: Cast, technician: FlaskClient) -> None:
    job, _token = follow(cast)
    path = here(cast, f"/{job}/passages")
    assert technician.post(path, data={"kind": "start"}).status_code == 422
    assert technician.post(path, data={"kind": "warning", "note": "2 fichiers ouverts"}).status_code == 303
    assert (job_of(cast, job).last_result, events(cast, job)[0].source) == ("warning", "manual")
    assert "avec réserve" in whole(technician.get(here(cast, f"/{job}")))


def test_someone_says_whether_everything_is_covered(cast: Cast, technician: FlaskClient) -> None:
    path = here(cast, "/perimetre")
    assert technician.post(path, data={}).status_code == 422
    assert technician.post(path, data={"complete": "0"}).status_code == 422
    assert technician.post(path, data={"complete": "0", "missing": "La paie"}).status_code == 303
    assert "La paie" in whole(technician.get(here(cast)))
    technician.post(path, data={"complete": "1"})
    with cast.inside():
        assert db.session.scalars(select(BackupCoverage)).one().complete


def test_a_restoration_is_planned_then_told_with_its_report(cast: Cast, technician: FlaskClient) -> None:
    job, _token = follow(cast)
    whole(technician.get(here(cast, "/restaurations/nouvelle")))
    wrong = {"what": "", "planned_on": "32/13/2026"}
    assert technician.post(here(cast, "/restaurations/nouvelle"), data=wrong).status_code == 422
    plan = {"what": "Dossier de l’état civil", "planned_on": "2026-12-01", "job_id": str(job)}
    assert technician.post(here(cast, "/restaurations/nouvelle"), data=plan).status_code == 303
    with cast.inside():
        test = db.session.scalars(select(RestoreTest)).one()
    path = here(cast, f"/restaurations/{test.id}")
    whole(technician.get(path))
    told = {"done_on": "2026-11-20", "result": "ok", "minutes": "42", "by_name": "Inès", "note": "Relu."}
    report = {"report": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "pv.pdf")}
    for odd in ({"done_on": "2090-01-01"}, {"result": "bof"}, {"minutes": "0"}, {"by_name": " "}):
        assert technician.post(path, data=told | odd).status_code == 422
    wrong_file = {"report": (BytesIO(b"MZ"), "pv.exe")}
    assert technician.post(path, data=told | wrong_file).status_code == 422
    assert technician.post(path, data=told | report).status_code == 303
    page = whole(technician.get(here(cast)))
    assert "Tout a été restauré" in page
    assert "42\u00a0min" in page
    file = technician.get(f"{path}/rapport")
    assert (file.data, file.mimetype) == (b"%PDF-1.4\n%%EOF\n", "application/pdf")
    assert "attachment" in file.headers["Content-Disposition"]


def test_a_restoration_taken_off_the_list_comes_back(cast: Cast, technician: FlaskClient) -> None:
    plan = {"what": "La paie", "planned_on": "2026-12-01"}
    technician.post(here(cast, "/restaurations/nouvelle"), data=plan)
    with cast.inside():
        test = db.session.scalars(select(RestoreTest)).one()
    path = here(cast, f"/restaurations/{test.id}")
    assert technician.post(f"{path}/annulation").status_code == 303
    assert (
        technician.post(path, data={"done_on": "2026-11-20", "result": "ok", "by_name": "x"}).status_code
        == 422
    )
    assert technician.post(f"{path}/retablissement").status_code == 303
    assert "La paie" in technician.get(here(cast)).text


def test_the_reader_reads_and_changes_nothing(cast: Cast) -> None:
    job, _token = follow(cast)
    reader = cast.signed_in("reader")
    for path in ("", f"/{job}"):
        text = whole(reader.get(here(cast, path)))
        assert '<form method="post" action="/' + cast.tilleul.slug not in text
    assert reader.get(here(cast, "/nouvelle")).status_code == 403
    assert reader.post(here(cast, f"/{job}/archive")).status_code == 403


def test_the_clients_people_read_one_calm_page(cast: Cast) -> None:
    follow(cast, name="NAS", now=datetime.now(UTC) - timedelta(days=9))
    page = f"/{cast.tilleul.slug}/espace/valbrune/sauvegardes"
    text = whole(cast.signed_in("secretary").get(page))
    assert "jamais reçu" in text
    assert "vous n’avez rien à faire" in text
    assert cast.signed_in("manager").get(page).status_code == 404
    fontaine = f"/{cast.tilleul.slug}/espace/fontaine/sauvegardes"
    assert "NAS" not in whole(cast.signed_in("manager").get(fontaine))


def test_the_stranger_finds_nothing(cast: Cast) -> None:
    job, token = follow(cast)
    cast.nobody().get(f"/ping/{token}/fail")
    (failed,) = events(cast, job)
    stranger, limited = cast.signed_in("technician", cast.saule), cast.signed_in("limited")
    for path in ("", "/nouvelle", f"/{job}", f"/{job}/modifier", "/restaurations/nouvelle"):
        assert stranger.get(here(cast, path)).status_code == 404
    for path in ("archive", "pause", "adresse", "passages", f"echecs/{failed.id}/lecture"):
        assert stranger.post(here(cast, f"/{job}/{path}")).status_code == 404
    other, _ = follow(cast, client="fontaine")
    assert limited.get(here(cast, f"/{other}")).status_code == 404
    assert limited.get(f"/{cast.tilleul.slug}/clients/fontaine/sauvegardes").status_code == 404
    assert "Fontaine" not in limited.get(f"/{cast.tilleul.slug}/sauvegardes").text


def test_a_job_of_another_client_is_not_of_this_one(cast: Cast, technician: FlaskClient) -> None:
    other, token = follow(cast, client="fontaine")
    cast.nobody().get(f"/ping/{token}/fail")
    (failed,) = events(cast, other)
    mine, _ = follow(cast)
    assert technician.get(here(cast, f"/{other}")).status_code == 404
    assert technician.post(here(cast, f"/{mine}/echecs/{failed.id}/lecture")).status_code == 404
    with cast.inside():
        found: BackupEvent = db.session.scalars(select(BackupEvent)).one()
        assert found.seen_at is None


def test_a_unit_of_another_client_is_refused(cast: Cast, technician: FlaskClient) -> None:
    page = technician.post(here(cast, "/nouvelle"), data=FORM | {"unit_id": str(UUID(int=1))})
    assert page.status_code == 422
    assert "Ce service n’existe plus" in page.text
