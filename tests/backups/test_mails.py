"""Report mails on standard input, to the job they are about or to the page where they wait."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.backups import cli, receiving
from mspaudit.backups.models import BackupJob, BackupMail
from mspaudit.extensions import db
from mspaudit.runtime import runtime
from tests.backups.helpers import events, follow, job_of
from tests.cast import Cast, House
from tests.pages import whole

MAILS = Path(__file__).parent / "mails"
FAILED = (MAILS / "hyper_backup_failed.eml").read_bytes()
SUCCESS = (MAILS / "veeam_success.eml").read_bytes()
WAITING = "/sauvegardes/courriels"


def take(cast: Cast, raw: bytes, *to: str, msp: str = "") -> int:
    with cast.app.app_context():
        return cli.mail_in(io.BytesIO(raw), recipients=to, msp=msp)


def mails(cast: Cast, house: House | None = None) -> list[BackupMail]:
    with cast.inside(house):
        return list(db.session.scalars(select(BackupMail).order_by(BackupMail.received_at)))


@pytest.fixture
def sender(cast: Cast) -> str:
    """A sender of this test's own: senders are looked for in every MSP."""
    return f"nas@{cast.tilleul.slug}.example"


def sent_by(raw: bytes, sender: str, **more: str) -> bytes:
    lines = [line for line in raw.split(b"\n") if not line.lower().startswith(b"from:")]
    if "name" in more:
        lines = [line for line in lines if not line.lower().startswith(b"message-id:")]
        lines.insert(0, f"Message-ID: <{more['name']}@{sender}>".encode())
    return b"\n".join([f"From: {sender}".encode(), *lines])


def test_the_secret_address_leads_to_its_job(cast: Cast) -> None:
    job, token = follow(cast)
    assert take(cast, FAILED, f"sauvegardes+{token}@msp.example") == os.EX_OK
    (event,) = events(cast, job)
    (mail,) = mails(cast)
    assert (event.kind, event.source, event.mail_id) == ("fail", "mail", mail.id)
    assert "destination injoignable" in event.body
    assert (mail.trusted, mail.verdict, mail.job_id) == (True, "fail", job)
    assert job_of(cast, job).last_result == "fail"
    with cast.inside():
        assert runtime().storage.get(mail.storage_key, tenant_id=cast.tilleul.id) == FAILED


def test_it_is_found_in_the_headers_when_no_envelope_is_given(cast: Cast) -> None:
    job, token = follow(cast)
    raw = f"Delivered-To: sauvegardes+{token}@msp.example\n".encode() + SUCCESS
    assert take(cast, raw) == os.EX_OK
    assert [e.kind for e in events(cast, job)] == ["success"]


def test_the_envelope_outranks_what_the_headers_say(cast: Cast) -> None:
    one, token = follow(cast, name="Une")
    two, other = follow(cast, name="Deux")
    raw = f"Delivered-To: sauvegardes+{token}@msp.example\n".encode() + SUCCESS
    take(cast, raw, f"sauvegardes+{other}@msp.example")
    assert (len(events(cast, one)), len(events(cast, two))) == (0, 1)


def test_the_sender_and_the_words_lead_to_the_job(cast: Cast, sender: str) -> None:
    follow(cast, name="École", mail_from=[sender], mail_words=["NAS-ECOLE"])
    job, _token = follow(cast, name="Mairie", mail_from=[sender], mail_words=["NAS-MAIRIE"])
    assert take(cast, sent_by(FAILED, sender)) == os.EX_OK
    assert [e.kind for e in events(cast, job)] == ["fail"]
    assert not mails(cast)[0].trusted


def test_a_whole_domain_may_be_expected(cast: Cast, sender: str) -> None:
    job, _token = follow(cast, mail_from=["@" + sender.partition("@")[2]], mail_words=["NAS-MAIRIE"])
    take(cast, sent_by(FAILED, sender))
    assert len(events(cast, job)) == 1


def test_the_same_mail_is_heard_once(cast: Cast) -> None:
    job, token = follow(cast)
    for _ in range(3):
        assert take(cast, SUCCESS, f"sauvegardes+{token}@msp.example") == os.EX_OK
    assert len(events(cast, job)) == len(mails(cast)) == 1


def test_a_mail_of_nobody_is_sent_back(cast: Cast) -> None:
    assert take(cast, sent_by(SUCCESS, "spam@nobody.example")) == os.EX_NOUSER
    assert take(cast, SUCCESS, msp="inconnu-ici") == os.EX_NOUSER
    assert mails(cast) == []


def test_an_empty_or_enormous_mail_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert take(cast, b"  \n") == os.EX_DATAERR
    monkeypatch.setattr(cli, "BIGGEST", 10)
    assert take(cast, SUCCESS, msp=cast.tilleul.slug) == os.EX_DATAERR


def test_another_msps_mailbox_does_not_feed_our_jobs(cast: Cast, sender: str) -> None:
    job, _token = follow(cast, mail_from=[sender])
    assert take(cast, sent_by(SUCCESS, sender), msp=cast.saule.slug) == os.EX_OK
    assert events(cast, job) == []
    assert len(mails(cast, cast.saule)) == 1


def test_what_no_job_expects_waits_and_is_tied_once_for_all(cast: Cast, sender: str) -> None:
    job, _token = follow(cast)
    technician = cast.signed_in("technician")
    page = f"/{cast.tilleul.slug}{WAITING}"
    assert "Rien à rattacher" in whole(technician.get(page))
    raw = sent_by(FAILED, sender, name="1")
    assert take(cast, raw, f"sauvegardes+{cast.tilleul.slug}@msp.example") == os.EX_OK
    (mail,) = mails(cast)
    text = whole(technician.get(page))
    assert "Échec de la sauvegarde de NAS-MAIRIE" in text
    assert "expéditeur non vérifié" in text
    assert technician.get(f"{page}/{mail.id}").data == raw
    path = f"{page}/{mail.id}/rattachement"
    assert technician.post(path, data={}).status_code == 422
    tied = technician.post(path, data={"job_id": str(job), "mail_words": "NAS-MAIRIE"})
    assert tied.status_code == 303
    assert [e.kind for e in events(cast, job)] == ["fail"]
    assert (job_of(cast, job).mail_from, job_of(cast, job).mail_words) == ([sender], ["NAS-MAIRIE"])
    shown = whole(technician.get(tied.location.partition("#")[0]))
    assert "reçu par courriel, expéditeur non vérifié" in shown
    take(cast, sent_by(FAILED, sender, name="2"), f"sauvegardes+{cast.tilleul.slug}@msp.example")
    assert len(events(cast, job)) == 2
    assert technician.post(path, data={"job_id": str(job)}).status_code == 422


def test_a_mail_set_aside_comes_back(cast: Cast) -> None:
    take(cast, sent_by(SUCCESS, "x@y.example"), msp=cast.tilleul.slug)
    (mail,) = mails(cast)
    technician, page = cast.signed_in("technician"), f"/{cast.tilleul.slug}{WAITING}"
    answer = technician.post(f"{page}/{mail.id}/ecart")
    assert "Remettre dans la liste" in whole(technician.get(answer.location))
    assert "Rien à rattacher" in technician.get(page).text
    technician.post(f"{page}/{mail.id}/retour")
    assert "SRV-FICHIERS" in technician.get(page).text


def test_a_waiting_mail_is_for_those_who_serve_every_client(cast: Cast) -> None:
    take(cast, sent_by(SUCCESS, "x@y.example"), msp=cast.tilleul.slug)
    (mail,) = mails(cast)
    page = f"/{cast.tilleul.slug}{WAITING}"
    assert "SRV-FICHIERS" not in cast.signed_in("limited").get(page).text
    for who in (cast.signed_in("limited"), cast.signed_in("technician", cast.saule)):
        assert who.get(f"{page}/{mail.id}").status_code == 404
        assert who.post(f"{page}/{mail.id}/ecart").status_code == 404


def test_a_mail_is_downloaded_by_those_of_its_client(cast: Cast) -> None:
    _job, token = follow(cast)
    take(cast, SUCCESS, f"sauvegardes+{token}@msp.example")
    (mail,) = mails(cast)
    path = f"/{cast.tilleul.slug}/clients/{{}}/sauvegardes/courriels/{mail.id}"
    found = cast.signed_in("technician").get(path.format("valbrune"))
    assert (found.data, found.mimetype) == (SUCCESS, "message/rfc822")
    assert "attachment" in found.headers["Content-Disposition"]
    assert cast.signed_in("technician").get(path.format("fontaine")).status_code == 404
    assert cast.signed_in("technician", cast.saule).get(path.format("valbrune")).status_code == 404


def test_an_older_mail_does_not_undo_a_newer_result(cast: Cast) -> None:
    job, token = follow(cast)
    cast.nobody().get(f"/ping/{token}")
    now = datetime.now(UTC)
    with cast.app.app_context():
        receiving.receive(FAILED, now=now, recipients=(f"s+{token}@x.example",), at=now - timedelta(hours=3))
    assert job_of(cast, job).last_result == "success"
    assert [e.kind for e in events(cast, job)] == ["fail", "success"]


def test_the_arrival_told_by_a_mailbox_is_never_in_the_future(cast: Cast) -> None:
    job, token = follow(cast)
    now = datetime.now(UTC)
    with cast.app.app_context():
        to = (f"s+{token}@x.example",)
        receiving.receive(SUCCESS, now=now, recipients=to, at=now + timedelta(days=300))
    assert events(cast, job)[0].at == now


def test_the_oldest_job_that_expects_a_sender_keeps_it(cast: Cast, sender: str) -> None:
    """Another MSP cannot take a sender's mails by expecting them too."""
    job, _token = follow(cast, mail_from=[sender], mail_words=["NAS-MAIRIE"])
    follow(cast, cast.saule, mail_from=[sender], mail_words=["NAS-MAIRIE"])
    take(cast, sent_by(FAILED, sender))
    assert len(events(cast, job)) == 1
    assert mails(cast, cast.saule) == []


COMMAND = [sys.executable, "-m", "mspaudit", "mail-in"]


def environment(cast: Cast, **more: str) -> dict[str, str]:
    with cast.app.app_context():
        settings = runtime().settings
    return os.environ | {
        "MSPAUDIT_DATA": str(settings.data),
        "MSPAUDIT_DATABASE_URL": str(settings.database_url),
        "MSPAUDIT_REDIS_URL": str(settings.redis_url),
        "MSPAUDIT_SECRET_KEY": settings.secret_key.get_secret_value(),
        "MSPAUDIT_CONTEXT_KEY": settings.context_key.get_secret_value(),
        **more,
    }


def test_a_mail_server_pipes_it_to_the_command(cast: Cast) -> None:
    job, token = follow(cast)
    command = [*COMMAND, "--to", f"sauvegardes+{token}@msp.example"]
    done = subprocess.run(command, input=FAILED, env=environment(cast), timeout=60, check=False)
    assert done.returncode == os.EX_OK
    assert [e.kind for e in events(cast, job)] == ["fail"]


def test_the_server_keeps_the_mail_while_the_database_is_away(cast: Cast) -> None:
    away = environment(cast, MSPAUDIT_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert (
        subprocess.run(COMMAND, input=FAILED, env=away, timeout=60, check=False).returncode == os.EX_TEMPFAIL
    )
    broken = environment(cast, MSPAUDIT_CONTEXT_KEY="court")
    assert (
        subprocess.run(COMMAND, input=FAILED, env=broken, timeout=60, check=False).returncode
        == os.EX_TEMPFAIL
    )


def test_the_page_of_a_job_shows_its_mails(cast: Cast) -> None:
    job, token = follow(cast)
    take(cast, SUCCESS, f"sauvegardes+{token}@msp.example")
    technician: FlaskClient = cast.signed_in("technician")
    text = whole(technician.get(f"/{cast.tilleul.slug}/clients/valbrune/sauvegardes/{job}"))
    assert "reçu par courriel" in text
    assert "non vérifié" not in text
    with cast.inside():
        assert db.session.scalars(select(BackupJob)).one().last_ok_at is not None
