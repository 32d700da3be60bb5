"""The register of advice: what was sent and decided, in a chain that shows whatever happens to it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from mspaudit.extensions import db
from mspaudit.plan import actions, queries, register_file
from mspaudit.plan.actions import Said
from mspaudit.plan.register_file import HEADERS, Line
from mspaudit.plan.writing import write
from mspaudit.runtime import runtime
from tests.cast import Cast
from tests.plan.advised import NOW, RECEIVED, TODAY, as_client, as_staff, client, decided, found, sent
from tests.servers import Servers


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Valbrune's register: three recommendations, one read, one accepted, one refused, one overridden."""
    ids = [sent(cast, title) for title in ("Second facteur", "- Sauvegarde ; hors site", "Départs")]
    with cast.inside(context=as_client(cast)):
        actions.open_advice(found(ids[0]), now=NOW)
    decided(cast, ids[0])
    decided(cast, ids[1], "refused", reason="Pas cette année")
    with cast.inside(context=as_staff(cast)):
        actions.override(found(ids[2]), Said("accepted"), RECEIVED, now=NOW, today=TODAY)
    return cast


def lines(cast: Cast) -> list[Line]:
    with cast.inside():
        return queries.register(client().id)


def exported(cast: Cast) -> bytes:
    return register_file.to_file(lines(cast))


def test_an_untouched_register_is_whole(lived: Cast) -> None:
    kinds = [line.kind for line in lines(lived)]
    assert kinds == ["sent", "sent", "sent", "opened", "accepted", "refused", "accepted"]
    assert [line.seq for line in lines(lived)] == list(range(1, 8))
    verdict = register_file.verify(exported(lived))
    assert verdict.whole
    assert "7 lignes intactes" in verdict.said.replace("\u00a0", " ")


def test_the_database_says_who_wrote_whatever_the_application_says(lived: Cast) -> None:
    written = lines(lived)
    assert [line.actor_kind for line in written] == ["msp"] * 3 + ["client"] * 3 + ["msp"]
    assert written[4].login_id == str(lived.tilleul.people["decider"].login_id)
    assert written[6].told["channel"] == "override"
    assert written[6].told["recorded_by"] == lived.tilleul.people["technician"].name


@pytest.mark.parametrize("column", range(len(HEADERS)), ids=HEADERS)
@pytest.mark.parametrize("number", [1, 5, 7])
def test_every_change_of_every_cell_of_a_file_shows(lived: Cast, column: int, number: int) -> None:
    rows = list(csv.reader(io.StringIO(exported(lived).decode("utf-8-sig"), newline=""), delimiter=";"))
    before = rows[number][column]
    rows[number][column] = str(int(before) + 1) if column == 0 else _changed(before)
    verdict = register_file.verify(_written(rows))
    assert not verdict.whole
    assert verdict.line in (number, number + 1)
    assert verdict.said.startswith("Ligne")


def _changed(cell: str) -> str:
    return cell[:-1] + ("0" if cell[-1:] != "0" else "1") if cell else "x"


def test_lines_exchanged_removed_or_slipped_in_show(lived: Cast) -> None:
    rows = list(csv.reader(io.StringIO(exported(lived).decode("utf-8-sig"), newline=""), delimiter=";"))
    swapped = [*rows[:3], rows[4], rows[3], *rows[5:]]
    removed = [*rows[:3], *rows[4:]]
    doubled = [*rows[:4], rows[3], *rows[4:]]
    for changed, line in ((swapped, 3), (removed, 3), (doubled, 4), (rows[:1] + rows[2:], 1)):
        verdict = register_file.verify(_written(changed))
        assert (verdict.whole, verdict.line) == (False, line)


def _written(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def test_a_truncated_end_shows_only_against_an_anchor(lived: Cast) -> None:
    with lived.inside():
        digest = actions.anchor(day=TODAY, now=NOW)
        anchors = queries.anchors(client().id)
        key = f"{lived.tilleul.id}/{(digest or '')[:2]}/{digest}"
        kept = runtime().storage.get(key, tenant_id=lived.tilleul.id).decode()
    assert [anchor.seq for anchor in anchors] == [7]
    assert register_file.verify(exported(lived), anchors).whole
    short = register_file.to_file(lines(lived)[:5])
    assert register_file.verify(short).whole
    verdict = register_file.verify(short, register_file.read_anchors(kept))
    assert (verdict.whole, verdict.line) == (False, 6)
    assert "2" in verdict.said
    assert "retirées" in verdict.said


def test_a_chain_rewritten_whole_shows_against_an_anchor(lived: Cast) -> None:
    with lived.inside():
        actions.anchor(day=TODAY, now=NOW)
        anchors = queries.anchors(client().id)
    forged, previous = [], ""
    for line in lines(lived):
        told = line.payload.replace("Pas cette année", "Oui, tout de suite")
        changed = replace(line, payload=told, prev_hash=previous)
        forged.append(replace(changed, hash=register_file.seal(changed)))
        previous = forged[-1].hash
    assert register_file.verify(register_file.to_file(forged)).whole
    verdict = register_file.verify(register_file.to_file(forged), anchors)
    assert (verdict.whole, verdict.line) == (False, 7)
    assert "réécrit" in verdict.said


def test_anchors_are_noted_once_a_day_and_only_when_something_grew(lived: Cast) -> None:
    with lived.inside():
        first = actions.anchor(day=TODAY, now=NOW)
        assert actions.anchor(day=TODAY, now=NOW) is None
        assert actions.anchor(day=TODAY + timedelta(days=1), now=NOW) is None
    sent(lived, "Annuaire de crise")
    with lived.inside():
        second = actions.anchor(day=TODAY + timedelta(days=2), now=NOW + timedelta(days=2))
        assert second
        assert second != first
        key = f"{lived.tilleul.id}/{second[:2]}/{second}"
        kept = runtime().storage.get(key, tenant_id=lived.tilleul.id).decode()
    assert f"précédent {first}" in kept


def test_another_clients_anchor_says_nothing(lived: Cast) -> None:
    sent(lived, "Second facteur", "fontaine")
    with lived.inside():
        actions.anchor(day=TODAY, now=NOW)
        others = queries.anchors(client("fontaine").id)
    assert not register_file.verify(exported(lived), others).whole


def test_what_is_no_register_is_refused_in_french() -> None:
    for data in (b"", b"a;b\r\n1;2\r\n", b"\xff\xfe\x00"):
        with pytest.raises(register_file.Unreadable):
            register_file.verify(data)
    with pytest.raises(register_file.Unreadable):
        register_file.read_anchors("bonjour")


@pytest.fixture
def superuser(servers: Servers, lived: Cast) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the database, behind the product's back."""
    with psycopg.connect(
        servers.postgres.url("mspaudit").replace("+psycopg", ""), autocommit=True
    ) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


EDITS = {
    "payload": "payload || jsonb_build_object('reason', 'autre')",
    "kind": "'postponed'",
    "at": "at - interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "actor_kind": "'door'",
    "login_id": "gen_random_uuid()",
    "recommendation_id": "gen_random_uuid()",
    "prev_hash": "sha256(prev_hash)",
    "hash": "sha256(hash)",
    "seq": "seq + 100",
}


@pytest.mark.parametrize("column", EDITS)
def test_what_an_owner_of_the_database_edits_shows(
    lived: Cast, superuser: psycopg.Connection[Any], column: str
) -> None:
    statement = sql.SQL(
        "UPDATE decision_event SET {} = " + EDITS[column] + " WHERE client_id = %s AND seq = 6"
    )
    done = superuser.execute(statement.format(sql.Identifier(column)), [lived.tilleul.clients["valbrune"]])
    assert done.rowcount == 1
    verdict = register_file.verify(exported(lived))
    assert not verdict.whole
    assert verdict.line in (6, 7)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decision_event SET kind = 'sent'", "DELETE FROM decision_event", "TRUNCATE decision_event",
     "DELETE FROM decision", "DELETE FROM recommendation", "UPDATE register_anchor SET seq = 0"],
)  # fmt: skip
def test_the_application_cannot_rewrite_it(lived: Cast, statement: str) -> None:
    with lived.inside(context=as_staff(lived)):
        with pytest.raises(ProgrammingError) as refused:
            db.session.execute(text(statement))
        db.session.rollback()
    assert isinstance(refused.value.orig, errors.InsufficientPrivilege)


@pytest.mark.parametrize("who", ["technician", "limited"])
def test_the_database_refuses_a_decision_in_the_clients_place(lived: Cast, who: str) -> None:
    advice = sent(lived, "Coffre de mots de passe")
    with lived.inside(context=as_staff(lived, who)):
        write(found(advice), "accepted", {"channel": "portal"}, now=NOW)
        with pytest.raises(ProgrammingError, match="only the client decides"):
            db.session.flush()
        db.session.rollback()


def test_two_writers_follow_one_another(lived: Cast) -> None:
    sent(lived, "Un")
    sent(lived, "Deux", "fontaine")
    sent(lived, "Trois")
    assert [line.seq for line in lines(lived)] == list(range(1, 10))
    assert register_file.verify(exported(lived)).whole
