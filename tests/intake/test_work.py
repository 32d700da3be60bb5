"""An import written by a worker: once, in parts, through a kill, and back."""

import signal
import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mspaudit.clients.models import Dirty, Person
from mspaudit.extensions import db
from mspaudit.intake import writing_actions
from mspaudit.intake.feeds import Counts
from mspaudit.journal.models import Entry
from mspaudit.runtime import runtime
from mspaudit.tenancy.scheduler import _SWEEPS
from tests.cast import Cast
from tests.intake.helpers import PEOPLE, apply, found, import_of, people, run, send, staff
from tests.intake.notebook import Notebook


@pytest.fixture
def browser(cast: Cast, notebook: Notebook) -> FlaskClient:
    return cast.signed_in("technician")


def verbs(cast: Cast) -> list[str]:
    with cast.inside():
        statement = select(Entry.verb).where(Entry.verb.startswith("intake.")).order_by(Entry.id)
        return sorted(db.session.scalars(statement))


def test_it_writes_a_file_and_says_what_it_did(cast: Cast, browser: FlaskClient) -> None:
    done = apply(cast, browser, PEOPLE)
    assert (done.state, done.done, done.total, done.counts) == ("done", 2, 2, Counts(new=2))
    assert people(cast)["Nathalie Perrin"] == ("n.perrin@valbrune.example", False)
    assert verbs(cast) == ["intake.finished", "intake.received", "intake.running", "intake.started"]
    with cast.inside():
        assert db.session.scalar(select(func.count()).select_from(Dirty)) == 1


def test_the_same_file_twice_changes_nothing(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    before = people(cast)
    assert apply(cast, browser, PEOPLE).counts == Counts(same=2)
    assert people(cast) == before


def test_it_tells_changed_and_gone(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    again = apply(cast, browser, staff("Perrin Nathalie secretariat@valbrune.example"))
    assert again.counts == Counts(changed=1, gone=1)
    assert people(cast) == {
        "Nathalie Perrin": ("secretariat@valbrune.example", False),
        "Jean Tissot": ("j.tissot@valbrune.example", True),
    }


def test_an_undone_import_leaves_everything_as_it_was(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    before = people(cast)
    address = send(
        cast, browser, staff("Perrin Nathalie secretariat@valbrune.example", "Roux Anne a@valbrune.example")
    )
    browser.post(f"{address}/lancement")
    run(cast, address)
    page = browser.get(f"{address}/annulation").text
    assert "1 élément ajouté" in page.replace("\u00a0", " ")
    assert browser.post(f"{address}/annulation").status_code == 303
    undone = run(cast, address)
    assert (undone.state, people(cast)) == ("undone", before)
    assert undone.undone_by == cast.tilleul.people["technician"].name
    assert "intake.undone" in verbs(cast)


def test_an_import_is_undone_once(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    assert browser.post(f"{address}/annulation").status_code == 422
    browser.post(f"{address}/lancement")
    run(cast, address)
    assert browser.post(f"{address}/annulation").status_code == 303
    assert browser.post(f"{address}/annulation").status_code == 422
    run(cast, address)
    run(cast, address)
    assert people(cast) == {}


def test_a_killed_worker_loses_one_part_at_most(
    cast: Cast, browser: FlaskClient, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_actions, "CHUNK", 10)
    notebook.dies_after = 3
    address = send(cast, browser, staff(*(f"Nom{n} Prenom n{n}@valbrune.example" for n in range(35))))
    browser.post(f"{address}/lancement")
    with pytest.raises(KeyboardInterrupt):
        run(cast, address)
    half = found(cast, address)
    assert (half.state, half.done, half.added, len(people(cast))) == ("running", 20, 20, 20)
    done = run(cast, address)
    assert (done.state, done.done, done.counts) == ("done", 35, Counts(new=35))
    with cast.inside():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 35


def test_a_worker_killed_by_the_system_is_finished_by_another(
    cast: Cast, browser: FlaskClient, installed: dict[str, str]
) -> None:
    address = send(cast, browser, staff(*(f"Nom{n} Prenom n{n}@valbrune.example" for n in range(35))))
    browser.post(f"{address}/lancement")
    command = [sys.executable, "-m", "tests.intake.worker", str(cast.tilleul.id), str(import_of(address))]
    dead = subprocess.run(command, env=installed, check=False, timeout=60)
    assert dead.returncode == -signal.SIGKILL
    half = found(cast, address)
    assert (half.state, half.done, len(people(cast))) == ("running", 20, 20)
    done = run(cast, address)
    assert (done.state, done.done, done.counts, len(people(cast))) == ("done", 35, Counts(new=35), 35)


def test_a_worker_that_comes_second_writes_nothing(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    browser.post(f"{address}/lancement")
    run(cast, address)
    assert run(cast, address).counts == Counts(new=2)


def test_a_stopped_import_keeps_what_is_written_and_can_be_taken_back(
    cast: Cast, browser: FlaskClient, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_actions, "CHUNK", 1)
    notebook.dies_after = 2
    address = send(cast, browser, PEOPLE)
    browser.post(f"{address}/lancement")
    with pytest.raises(KeyboardInterrupt):
        run(cast, address)
    assert browser.post(f"{address}/arret").status_code == 303
    stopped = run(cast, address)
    assert (stopped.state, stopped.done, len(people(cast))) == ("cancelled", 1, 1)
    browser.post(f"{address}/annulation")
    assert (run(cast, address).state, people(cast)) == ("undone", {})


def test_what_a_broken_file_does_not_list_is_not_declared_gone(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    torn = staff("Perrin Nathalie n.perrin@valbrune.example") + b"Tissot;Jean;j;a;b\n"
    done = apply(cast, browser, torn)
    assert (done.counts, done.refusals) == (Counts(same=1), 1)
    assert not people(cast)["Jean Tissot"][1]


def test_a_file_with_no_line_declares_nobody_gone(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    address = send(cast, browser, b"Nom;Pr\xe9nom;E-mail;Service\n;;x@valbrune.example\n=1;=2;=3;=4\n")
    browser.post(f"{address}/lancement")
    run(cast, address)
    assert not any(left for _mail, left in people(cast).values())


def test_a_file_that_vanished_fails_and_says_so(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE + b"Seul;Au;monde@valbrune.example;Mairie\n")
    browser.post(f"{address}/lancement")
    with cast.inside():
        runtime().storage.delete(found(cast, address).table_key, tenant_id=cast.tilleul.id)
    assert run(cast, address).state == "failed"
    assert "Fichier illisible" in browser.get(address).text


def test_the_sweep_finds_an_import_left_behind(cast: Cast, browser: FlaskClient) -> None:
    assert "intake.work" in {name for name, _keys, _query in _SWEEPS}
    assert import_of(send(cast, browser, PEOPLE))
