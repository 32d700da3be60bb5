import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.adapters.mailer import FolderMailer, Mail, MailDelayed, MailRefused, SmtpMailer, mailer_from

NOW = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
SENDER = "Infogérance du Lac <rapports@msp.example>"
MAIL = Mail(
    to="Mme Astruc <mairie@valbrune.example>",
    subject="Votre rapport de novembre : 3 points à décider",
    text="Bonjour,\n\nLa sauvegarde a été vérifiée.\n",
    html="<p>La sauvegarde a été vérifiée.</p>",
    message_id="<rapport-2026-11@msp.example>",
    reply_to="support@msp.example",
    headers={"List-Unsubscribe": "<https://msp.example/stop>"},
)


@dataclass
class Inbox:
    """A mail server that answers as told and remembers what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _o: list
    ) -> str:
        answer = self.answers.get("RCPT", "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, sender: str, _o: list
    ) -> str:
        envelope.mail_from = sender
        return self.answers.get("MAIL", "250 ok")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 ok")
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return self.answers.get("QUIT", "221 bye")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Starts a server for an inbox; gives its address."""
    started: list[Controller] = []

    def start(inbox: Inbox, user: str = "", **options: object) -> str:
        controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        started.append(controller)
        return f"smtp://{user}127.0.0.1:{controller.port}"

    yield start
    for controller in started:
        controller.stop()


def smtp(url: str) -> SmtpMailer:
    return SmtpMailer(url, sender=SENDER, timeout=5)


def test_a_mail_arrives_as_it_was_written(serve: Callable[..., str]) -> None:
    inbox = Inbox()
    smtp(serve(inbox)).send(MAIL, now=NOW)
    [envelope] = inbox.taken
    assert envelope.mail_from == "rapports@msp.example"
    assert envelope.rcpt_tos == ["mairie@valbrune.example"]
    message = message_from_bytes(envelope.content, policy=default)
    assert message["Subject"] == MAIL.subject
    assert message["From"] == SENDER
    assert message["Message-ID"] == MAIL.message_id
    assert message["Reply-To"] == "support@msp.example"
    assert message["List-Unsubscribe"] == "<https://msp.example/stop>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Date"].datetime == NOW
    assert message.get_body(("plain",)).get_content().splitlines() == MAIL.text.splitlines()
    assert message.get_body(("html",)).get_content().strip() == MAIL.html


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("550 5.1.1 inconnu", MailRefused), ("451 4.7.1 plus tard", MailDelayed)],
)
def test_a_refusal_is_for_ever_and_a_delay_is_not(
    serve: Callable[..., str], step: str, answer: str, verdict: type[Exception]
) -> None:
    inbox = Inbox({step: answer})
    with pytest.raises(verdict, match=answer):
        smtp(serve(inbox)).send(MAIL, now=NOW)
    assert inbox.taken == []


def test_a_mail_taken_in_charge_is_sent_whatever_follows(serve: Callable[..., str]) -> None:
    inbox = Inbox({"QUIT": "421 gone"})
    smtp(serve(inbox)).send(MAIL, now=NOW)
    assert len(inbox.taken) == 1


def test_no_server_is_a_delay() -> None:
    with pytest.raises(MailDelayed, match="ConnectionRefusedError"):
        smtp(f"smtp://127.0.0.1:{free_port()}").send(MAIL, now=NOW)


def test_a_silent_server_is_a_delay() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{silent.getsockname()[1]}", sender=SENDER, timeout=0.2)
        with pytest.raises(MailDelayed, match="timed out"):
            mailer.send(MAIL, now=NOW)


def test_a_clear_server_gets_nothing_over_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as clear:
        mailer = SmtpMailer(f"smtps://127.0.0.1:{clear.getsockname()[1]}", sender=SENDER, timeout=0.2)
        with pytest.raises(MailDelayed):
            mailer.send(MAIL, now=NOW)


def test_it_signs_in(serve: Callable[..., str]) -> None:
    seen: list[LoginPassword] = []

    def check(*exchange: object) -> AuthResult:
        seen.append(exchange[-1])
        return AuthResult(success=True)

    inbox = Inbox()
    smtp(serve(inbox, "msp:p%40ss@", authenticator=check, auth_require_tls=False)).send(MAIL, now=NOW)
    assert (seen[0].login, seen[0].password) == (b"msp", b"p@ss")
    assert len(inbox.taken) == 1


def test_our_wrong_password_condemns_no_mail(serve: Callable[..., str]) -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    url = serve(Inbox(), "msp:wrong@", authenticator=refuse, auth_require_tls=False)
    with pytest.raises(MailDelayed, match="535"):
        smtp(url).send(MAIL, now=NOW)


@pytest.mark.parametrize("url", ["http://host", "smtp://", "host:25"])
def test_an_address_that_is_not_a_mail_server_s_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://host"):
        smtp(url)


@pytest.mark.parametrize(
    "change",
    [
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"to": "a@b.example, c@d.example"},
        {"to": "groupe: a@b.example, c@d.example;"},
        {"to": "personne"},
        {"to": ""},
        {"to": "élu@b.example"},
        {"subject": "Bonjour\nBcc: c@d.example"},
        {"message_id": "<a@b>\r\nX: y"},
        {"reply_to": "a@b.example\nX: y"},
        {"headers": {"X-Suivi": "a\r\nBcc: c@d.example"}},
        {"headers": {"bcc": "c@d.example"}},
        {"headers": {"To": "c@d.example"}},
    ],
)
def test_nothing_slips_into_a_header(serve: Callable[..., str], tmp_path: Path, change: dict) -> None:
    inbox = Inbox()
    mail = Mail(**{**MAIL.__dict__, **change})
    for mailer in (smtp(serve(inbox)), FolderMailer(tmp_path, sender=SENDER)):
        with pytest.raises(MailRefused):
            mailer.send(mail, now=NOW)
    assert inbox.taken == []
    assert list(tmp_path.iterdir()) == []


@given(subject=st.text(), to_name=st.text(max_size=30))
def test_any_text_makes_one_recipient_or_is_refused(subject: str, to_name: str) -> None:
    mail = Mail(to=f"{to_name} <a@b.example>", subject=subject, text="x", message_id="<a@b>")
    try:
        message = mail.message(sender=SENDER, now=NOW)
    except ValueError:
        return
    again = message_from_bytes(bytes(message), policy=default)
    assert [address.addr_spec for address in again["To"].addresses] == ["a@b.example"]
    assert {"Bcc", "Cc"}.isdisjoint(again.keys())


def test_an_accented_domain_is_sent_in_ascii() -> None:
    mail = Mail(to="mairie@forêt.example", subject="s", text="t", message_id="<a@b>")
    assert mail.message(sender=SENDER, now=NOW)["To"].addresses[0].domain == "xn--fort-ipa.example"


def test_the_folder_shows_what_was_sent_the_latest_first(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", sender=SENDER)
    assert mailer.list() == []
    mailer.send(MAIL, now=NOW)
    mailer.send(
        Mail(to="b@c.example", subject="Après", text="…", message_id="<2@x>"), now=NOW.replace(hour=15)
    )
    latest, first = mailer.list()
    assert (latest.subject, first.subject) == ("Après", MAIL.subject)
    assert first.to == MAIL.to
    assert (first.text, first.html.strip(), first.sent_at) == (MAIL.text, MAIL.html, NOW)
    assert mailer.read(first.name) == first
    assert all(file.suffix == ".eml" for file in (tmp_path / "mail").iterdir())


def test_the_same_mail_at_the_same_instant_is_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path, sender=SENDER)
    mailer.send(MAIL, now=NOW)
    mailer.send(MAIL, now=NOW)
    assert len(mailer.list()) == 1


@pytest.mark.parametrize("name", ["../secret.eml", "absent.eml", "", "/etc/passwd", "..eml/../secret.eml"])
def test_the_folder_reads_nothing_outside_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_bytes(bytes(MAIL.message(sender=SENDER, now=NOW)))
    with pytest.raises(KeyError):
        FolderMailer(tmp_path / "mail", sender=SENDER).read(name)


@dataclass(frozen=True)
class Settings:
    smtp_url: str | None
    mail_folder: Path
    mail_from: str = SENDER


def test_the_settings_choose_the_mailer(tmp_path: Path) -> None:
    assert isinstance(mailer_from(Settings(None, tmp_path)), FolderMailer)
    assert isinstance(mailer_from(Settings("smtp://127.0.0.1", tmp_path)), SmtpMailer)
