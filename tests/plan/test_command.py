"""The documented command: anyone checks a register, without a database."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from mspaudit.cli import cli
from mspaudit.plan import actions, queries, register_file
from tests.cast import Cast
from tests.plan.advised import NOW, TODAY, client, decided, sent


@pytest.fixture
def files(cast: Cast, tmp_path: Path) -> tuple[str, str]:
    """A register of three lines and its anchor."""
    decided(cast, sent(cast, "Second facteur"), "refused", reason="Pas cette année")
    sent(cast, "Sauvegarde")
    with cast.inside():
        actions.anchor(day=TODAY, now=NOW)
        register, anchor = tmp_path / "registre.csv", tmp_path / "ancrage.txt"
        register.write_bytes(register_file.to_file(queries.register(client().id)))
        anchor.write_text(
            register_file.anchors_text(str(cast.tilleul.id), queries.anchors(client().id)), "utf-8"
        )
    return str(register), str(anchor)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["register", "verify", *arguments])
    return result.exit_code, result.output


def test_a_whole_register_answers_zero(files: tuple[str, str]) -> None:
    register, anchor = files
    assert run(register)[0] == 0
    code, said = run(register, "--anchor", anchor)
    assert code == 0
    assert "conformes à l’ancrage du 20/11/2026" in said


def test_a_changed_one_answers_one_and_says_which_line(files: tuple[str, str]) -> None:
    register = Path(files[0])
    register.write_bytes(register.read_bytes().replace(b"Pas cette ann", b"Oui cette ann"))
    code, said = run(str(register))
    assert code == 1
    assert said.startswith("Ligne 2")


def test_a_shortened_one_answers_one_against_its_anchor(files: tuple[str, str]) -> None:
    register = Path(files[0])
    register.write_bytes(b"".join(register.read_bytes().splitlines(keepends=True)[:-1]))
    assert run(str(register))[0] == 0
    code, said = run(str(register), "--anchor", files[1])
    assert code == 1
    assert "retirée" in said


def test_what_is_no_register_is_said_to_be_none(tmp_path: Path) -> None:
    other = tmp_path / "autre.csv"
    other.write_text("a;b\n1;2\n", "utf-8")
    assert run(str(other))[0] not in (0, 1)
