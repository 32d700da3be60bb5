"""Answering: who wrote what, when two write at once, and what a proof changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.checklists import actions, queries
from mspaudit.checklists.actions import AnswerChanged
from mspaudit.checklists.rules import AnswerState, ChecklistError, answer_value, state_on
from mspaudit.clients.models import Client, Dirty
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.models import Entry
from tests.cast import Cast
from tests.checklists.campaigns import (
    ASTRUC,
    DELORME,
    INES,
    NOW,
    PHOTO,
    TODAY,
    answer_of,
    current,
    prove,
    say,
    start,
)


def test_an_answer_leaves_a_history_a_journal_and_a_client_to_recompute(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        client = house.clients["valbrune"]
        answer = answer_of(client, "GOV-01")
        say(answer, "no")
        say(answer, "yes", by=INES, note="Arrêté vu.")
        db.session.flush()
        lines = [(e.by_name, e.before, e.after) for e in reversed(queries.history(answer.id))]
        assert lines == [("Nadia Astruc", "sans réponse", "non"), ("Inès Carvalho", "non", "oui")]
        verbs = db.session.scalars(select(Entry.verb).where(Entry.subject_id == answer.id)).all()
        assert verbs == ["answer.saved", "answer.saved"]
        assert db.session.scalars(select(Dirty.client_id)).all() == [client]
        assert db.session.scalar(select(Client.last_contact_at).where(Client.id == client)) == NOW


def test_the_same_answer_twice_is_one_answer(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        assert say(answer, "yes", version=0)
        assert not say(answer, "yes", version=0)
        assert (answer.version, len(queries.history(answer.id))) == (1, 1)


def test_the_second_of_two_people_sees_the_first_and_chooses(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes", by=DELORME, version=0)
        with pytest.raises(AnswerChanged) as told:
            say(answer, "no", by=ASTRUC, version=0)
        assert str(told.value) == (
            "Mme\u00a0Delorme a répondu oui à 14\u00a0h\u00a032. Garder sa réponse ou la vôtre\u202f?"
        )
        assert answer.choice == "yes"
        assert say(answer, "no", by=ASTRUC, version=told.value.answer.version)


def test_nobody_is_in_conflict_with_themselves(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes", version=0)
        assert say(answer, "no", version=0)


def test_not_concerned_takes_a_reason(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        with pytest.raises(DomainError):
            say(answer, "na", na_reason="  ")
        say(answer, "na", na_reason="La mairie n’a pas de serveur.")
        assert answer.state == "declared"
        say(answer, "yes")
        assert answer.na_reason is None


def test_not_knowing_is_an_answer_to_verify(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-04"), "unknown")
        say(answer_of(house.clients["valbrune"], "GOV-01"), "unknown")
        db.session.flush()
        assert [item.control.code for item in queries.to_verify()] == ["GOV-01", "GOV-04"]
        assert queries.waiting_counts() == (2, 0)


def test_a_date_is_asked_and_then_ages(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-02")
        for impossible in (None, TODAY + timedelta(days=1)):
            with pytest.raises(ChecklistError):
                say(answer, "yes", done_on=impossible)
        say(answer, "yes", done_on=date(2026, 1, 1))
        assert answer.points == 2
        worth = [
            answer_value("DT", "yes", done_on=answer.done_on, today=date(year, 11, 20))
            for year in (2026, 2027, 2028)
        ]
        assert worth == [3, 1.5, 0]


@pytest.mark.parametrize(
    ("scale_code", "choice"), [("GOV-04", "partly"), ("GOV-02", "partly"), ("GOV-01", "x")]
)
def test_a_choice_that_is_not_offered_is_refused(cast: Cast, scale_code: str, choice: str) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], scale_code)
        with pytest.raises(ValueError):
            say(answer, choice)
        assert answer.version == 0


def test_a_proof_is_shown_then_verified_then_expires(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        proof = prove(answer, days=30)
        assert (answer.state, answer.proof_until) == ("evidenced", TODAY + timedelta(days=30))
        actions.verify_evidence(proof, now=NOW, today=TODAY, by=INES)
        assert answer.state == "verified"
        late = TODAY + timedelta(days=31)
        assert state_on(answer.state, proof_until=answer.proof_until, today=late) is AnswerState.EXPIRED


def test_another_answer_is_not_what_was_verified(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        actions.verify_evidence(prove(answer), now=NOW, today=TODAY, by=INES)
        say(answer, "partly", now=NOW + timedelta(hours=1))
        assert answer.state == "evidenced"
        say(answer, "no", now=NOW + timedelta(hours=2))
        assert (answer.state, answer.proof_until) == ("declared", None)


def test_a_note_leaves_a_verified_proof_verified(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        actions.verify_evidence(prove(answer), now=NOW, today=TODAY, by=INES)
        say(answer, "yes", note="Arrêté du 3 mars.", now=NOW + timedelta(hours=1))
        assert answer.state == "verified"


def test_a_refused_proof_says_why_and_no_longer_counts(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        proof = prove(answer)
        with pytest.raises(DomainError):
            actions.refuse_evidence(proof, " ", now=NOW, today=TODAY, by=INES)
        actions.refuse_evidence(proof, "La date n’est pas lisible.", now=NOW, today=TODAY, by=INES)
        assert (answer.state, proof.refused_reason) == ("declared", "La date n’est pas lisible.")


def test_a_removed_proof_comes_back(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        proof = prove(answer)
        actions.remove_evidence(proof, now=NOW, today=TODAY, by=ASTRUC)
        assert answer.state == "declared"
        actions.restore_evidence(proof, now=NOW, today=TODAY, by=ASTRUC)
        assert answer.state == "evidenced"


def test_only_the_msp_verifies_and_removes_what_it_verified(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        proof = prove(answer)
        with pytest.raises(DomainError):
            actions.verify_evidence(proof, now=NOW, today=TODAY, by=ASTRUC)
        actions.verify_evidence(proof, now=NOW, today=TODAY, by=INES)
        with pytest.raises(DomainError):
            actions.remove_evidence(proof, now=NOW, today=TODAY, by=ASTRUC)


def test_the_same_file_is_attached_once(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        assert prove(answer, name="photo.png") is prove(answer, name="autre.png")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "vide.pdf", "Ce fichier est vide."),
        (b"MZ\x90\x00" + bytes(64), "outil.exe", "Ce type de fichier n’est pas accepté."),
        (PHOTO, "contrat.pdf", "contient une image PNG"),
        (PHOTO + bytes(20 * 1024 * 1024), "photo.png", "la limite est 20\u00a0Mo. Une photo suffit."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(
    cast: Cast, data: bytes, name: str, said: str
) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        with pytest.raises(UploadRefused, match=said):
            prove(answer, data, name)


def test_a_file_name_is_kept_readable(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        proof = prove(answer, name="photo\u202egnp.\n" + "x" * 300 + ".png")
        assert "\u202e" not in proof.filename
        assert len(proof.filename) <= 120


def test_proofs_are_verified_in_bulk_within_one_client(cast: Cast) -> None:
    start(cast)
    start(cast, "fontaine")
    with cast.inside() as house:
        ids = []
        for slug in ("valbrune", "fontaine"):
            answer = answer_of(house.clients[slug], "GOV-01")
            say(answer, "yes")
            ids.append(prove(answer).id)
        assert queries.waiting_counts() == (0, 2)
        count = actions.verify_in_bulk(house.clients["valbrune"], ids, now=NOW, today=TODAY)
        assert count == 1
        assert [item.client.slug for item in queries.evidence_waiting()] == ["fontaine"]


def test_a_closed_campaign_takes_no_answer(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        actions.close_assessment(current(house.clients["valbrune"]), now=NOW)
        with pytest.raises(DomainError, match="clos depuis"):
            say(answer, "yes")
