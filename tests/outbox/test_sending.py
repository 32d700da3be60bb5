"""A mail leaves once, is tried again when it could not, and is given up in the end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mspaudit.adapters.mailer import FolderMailer, Mail, MailDelayed, MailRefused
from mspaudit.extensions import db
from mspaudit.outbox import actions, queries
from mspaudit.outbox.models import OutgoingMail
from mspaudit.outbox.rules import WAITS, wait_after
from mspaudit.tenancy.context import Context
from tests.cast import Cast, House

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


class Answering:
    """A mail server that answers what it is told to, and remembers what it took."""

    def __init__(self, answer: Callable[[], None] = lambda: None) -> None:
        self.taken: list[Mail] = []
        self._answer = answer

    def send(self, mail: Mail, *, now: datetime) -> None:
        self._answer()
        self.taken.append(mail)


def delay() -> None:
    raise MailDelayed("451 plus tard")


def refuse() -> None:
    raise MailRefused("550 inconnu")


def queue(key: str = "essai", **more: object) -> UUID:
    values = {"recipient": "mairie@valbrune.example", "subject": "Bonjour", "body": "Un lien", **more}
    found = actions.queue_mail(key=key, due_at=NOW, **values)  # type: ignore[arg-type]
    assert found is not None
    return found


def stored(mail_id: UUID) -> OutgoingMail:
    found = db.session.get_one(OutgoingMail, (db.session.scalar(select(OutgoingMail.tenant_id)), mail_id))
    db.session.refresh(found)
    return found


def test_the_same_key_is_queued_once(cast: Cast) -> None:
    with cast.inside():
        queue("rapport-2026-03")
        again = actions.queue_mail(
            key="rapport-2026-03", recipient="a@b.example", subject="Encore", body="Encore"
        )
        assert again is None


def test_two_msps_may_use_the_same_key(cast: Cast) -> None:
    for house in (cast.tilleul, cast.saule):
        with cast.inside(house):
            queue("rapport-2026-03")


def test_it_is_sent_and_marked(cast: Cast) -> None:
    server = Answering()
    with cast.inside():
        mail_id = queue()
        assert actions.send(mail_id, mailer=server, now=NOW) == "sent"
        assert stored(mail_id).sent_at == NOW
        assert [mail.to for mail in server.taken] == ["mairie@valbrune.example"]


def test_it_is_not_sent_twice(cast: Cast) -> None:
    server = Answering()
    with cast.inside():
        mail_id = queue()
        actions.send(mail_id, mailer=server, now=NOW)
        assert actions.send(mail_id, mailer=server, now=NOW) == "taken"
    assert len(server.taken) == 1


def test_the_text_that_carries_a_link_is_erased_once_gone(cast: Cast) -> None:
    with cast.inside():
        mail_id = queue(secret=True, html="<p>Un lien</p>")
        actions.send(mail_id, mailer=Answering(), now=NOW)
        assert stored(mail_id).body == actions.ERASED
        assert stored(mail_id).html is None


def test_a_delay_is_tried_again_later_and_later(cast: Cast) -> None:
    with cast.inside():
        mail_id = queue(secret=True)
        assert actions.send(mail_id, mailer=Answering(delay), now=NOW) == "waiting"
        first = stored(mail_id).due_at
        assert first == NOW + timedelta(minutes=1)
        assert actions.send(mail_id, mailer=Answering(), now=NOW) == "waiting"
        actions.send(mail_id, mailer=Answering(delay), now=first)
        assert stored(mail_id).due_at == first + timedelta(minutes=5)
        assert stored(mail_id).body == "Un lien"


def test_it_keeps_its_message_id_through_every_try(cast: Cast) -> None:
    server = Answering()
    with cast.inside() as house:
        mail_id = queue("clef")
        actions.send(mail_id, mailer=Answering(delay), now=NOW)
        actions.send(mail_id, mailer=server, now=NOW + timedelta(hours=1))
        assert server.taken[0].message_id == actions.message_id(house.id, "clef", "mspaudit.invalid")


def test_a_refusal_is_final(cast: Cast) -> None:
    with cast.inside():
        mail_id = queue()
        assert actions.send(mail_id, mailer=Answering(refuse), now=NOW) == "refused"
        assert stored(mail_id).last_error == "550 inconnu"


def test_it_gives_up_after_three_days(cast: Cast) -> None:
    with cast.inside():
        mail_id, at = queue(), NOW
        for _ in range(len(WAITS) + 1):
            state = actions.send(mail_id, mailer=Answering(delay), now=at)
            at = stored(mail_id).due_at
        assert state == "refused"
        assert timedelta(days=3) < at - NOW < timedelta(days=4)


def test_what_is_due_is_found_by_the_sweep(cast: Cast) -> None:
    with cast.inside():
        mail_id = queue()
        assert queries.due(NOW) == [mail_id]
        assert queries.due(NOW - timedelta(seconds=1)) == []


def test_a_cancelled_mail_does_not_leave(cast: Cast) -> None:
    server = Answering()
    with cast.inside():
        mail_id = queue("rappel")
        actions.cancel("rappel")
        assert actions.send(mail_id, mailer=server, now=NOW) == "taken"
    assert server.taken == []


def test_the_stranger_cannot_send_it(cast: Cast) -> None:
    server = Answering()
    with cast.inside():
        mail_id = queue()
    with cast.inside(cast.saule):
        assert actions.send(mail_id, mailer=server, now=NOW) == "taken"
    assert server.taken == []


def test_a_secretary_writes_only_about_her_own_organisation(cast: Cast) -> None:
    house: House = cast.tilleul
    mine = house.clients["valbrune"]
    with cast.inside(context=Context("client", tenant_id=house.id, client_id=mine)):
        mail_id = queue()
        assert stored(mail_id).client_id == mine


def test_two_workers_do_not_send_the_same_mail(cast: Cast) -> None:
    """The second skips what the first holds, and does not wait for it."""
    with cast.inside():
        mail_id = queue()
    server = Answering()

    def second_worker() -> None:
        engine_session = db.session()
        with cast.app.app_context(), cast.inside():
            assert actions.send(mail_id, mailer=server, now=NOW) == "taken"
        assert engine_session is not None

    first = Answering(second_worker)
    with cast.inside():
        assert actions.send(mail_id, mailer=first, now=NOW) == "sent"
    assert len(first.taken) == 1
    assert server.taken == []


def test_the_worker_runs_it_by_name(cast: Cast, tmp_path: Path) -> None:
    from mspaudit.tenancy import jobs

    with cast.inside() as house:
        mail_id = queue("par-nom")
    _, run = jobs._registry["outbox.send"]
    with cast.app.app_context():
        run(tenant_id=str(house.id), mail_id=str(mail_id))
    folder = FolderMailer(cast.app.extensions["mspaudit"].settings.mail_folder, sender="a@b.example")
    assert any("mairie@valbrune.example" in mail.to for mail in folder.list())


@given(st.integers(min_value=1, max_value=200))
def test_each_wait_is_at_least_the_one_before(attempts: int) -> None:
    wait, following = wait_after(attempts), wait_after(attempts + 1)
    assert following is None or (wait is not None and wait <= following)
