"""The mailbox of reports, fetched from a real IMAP server, and what a bad night does to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from mspaudit.adapters.mailbox import Address, MailboxUnreachable, opened
from mspaudit.backups import jobs, receiving
from mspaudit.runtime import Runtime
from tests.backups.helpers import events, follow
from tests.backups.imap_server import Folder, named, serving
from tests.backups.test_mails import FAILED, SUCCESS
from tests.cast import Cast

Fetch = Callable[[str], None]


@pytest.fixture
def fetch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Fetch the mailbox at an address, as the worker does."""

    def run(url: str) -> None:
        with cast.app.app_context():
            runtime: Runtime = cast.app.extensions["mspaudit"]
            settings = runtime.settings.model_copy(update={"imap_url": SecretStr(url)})
            monkeypatch.setattr(
                jobs,
                "runtime",
                lambda: Runtime(settings, runtime.context_key, runtime.redis, runtime.storage),
            )
            jobs.fetch()

    return run


def to(token: str, raw: bytes) -> bytes:
    return named(f"Delivered-To: sauvegardes+{token}@msp.example\n".encode() + raw, str(uuid4()))


def test_what_is_new_is_heard_and_marked(cast: Cast, fetch: Fetch) -> None:
    job, token = follow(cast)
    folder = Folder({1: to(token, FAILED), 2: to(token, SUCCESS), 3: b"Subject: pub\n\nachetez"})
    with serving(folder) as url:
        fetch(url)
        assert [e.kind for e in events(cast, job)] == ["fail", "success"]
        assert folder.seen == {1, 2, 3}
        fetch(url)
    assert len(events(cast, job)) == 2


def test_it_counts_from_its_arrival_in_the_mailbox(cast: Cast, fetch: Fetch) -> None:
    job, token = follow(cast)
    with serving(Folder({1: to(token, SUCCESS)})) as url:
        fetch(url)
    arrived = datetime(2026, 11, 20, 22, 45, tzinfo=UTC)
    assert events(cast, job)[0].at == min(arrived, datetime.now(UTC))


def test_a_connection_cut_in_the_middle_loses_and_repeats_nothing(cast: Cast, fetch: Fetch) -> None:
    job, token = follow(cast)
    folder = Folder({n: to(token, SUCCESS) for n in range(1, 5)}, cut_after=2)
    with serving(folder) as url:
        fetch(url)
        assert folder.seen == {1, 2}
        folder.cut_after = None
        fetch(url)
    assert folder.seen == {1, 2, 3, 4}
    assert len(events(cast, job)) == 4


def test_a_mail_is_not_marked_until_it_is_on_disk(
    cast: Cast, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, token = follow(cast)
    folder = Folder({1: to(token, SUCCESS)})

    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError("", {}, psycopg.OperationalError())

    with serving(folder) as url:
        with monkeypatch.context() as broken:
            broken.setattr(receiving, "receive", away)
            with pytest.raises(OperationalError):
                fetch(url)
        assert folder.seen == set()
        fetch(url)
    assert len(events(cast, job)) == 1


def test_a_mail_too_heavy_is_left_there(cast: Cast, fetch: Fetch) -> None:
    job, token = follow(cast)
    folder = Folder({1: to(token, SUCCESS)}, said_size=60_000_000)
    with serving(folder) as url:
        fetch(url)
    assert (events(cast, job), folder.seen) == ([], {1})
    assert not [c for c in folder.commands if "BODY.PEEK" in c]


def test_a_mailbox_that_does_not_open_is_said_and_tried_again(cast: Cast, fetch: Fetch) -> None:
    fetch("imap://nobody:secret@127.0.0.1:1")
    with serving(Folder()) as url:
        fetch(url.replace("secret", "faux"))
        fetch(url + "/Absent")


def test_an_address_is_read_with_its_folder_and_its_password() -> None:
    found = Address.parse("imaps://bo%40x.fr:p%3Aw@mail.example/INBOX.Rapports")
    assert (found.host, found.port, found.tls) == ("mail.example", 993, True)
    assert (found.user, found.password, found.folder) == ("bo@x.fr", "p:w", "INBOX.Rapports")
    for wrong in ("http://x", "imap://", "imaps://host"):
        with pytest.raises(ValueError, match="mailbox"):
            Address.parse(wrong)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with (
        serving(Folder()) as url,
        pytest.raises(MailboxUnreachable),
        opened(Address.parse(url.replace("rapports", "x"))),
    ):
        raise AssertionError("it opened")
