"""The recogniser as a script calls it: exactly the keys it was promised, and one sentence when it cannot."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.intake.conftest import BARE
from tests.intake.test_kinds import EXPORTS, SAMPLES


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mspaudit", "import", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=60)


@pytest.mark.parametrize("name", ["entra_users.csv", "personnel.csv", "active_directory_users.csv"])
def test_it_says_what_a_file_is_with_no_database(name: str) -> None:
    done = run("recognise", str(SAMPLES / name), "--json", env=BARE)
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(said) == ["kind", "encoding", "delimiter", "rows", "columns", "refused"]
    assert said["kind"] == EXPORTS[name][0]
    assert all(list(refusal) == ["line", "why"] for refusal in said["refused"])


def test_it_tells_the_line_of_a_formula() -> None:
    said = json.loads(run("recognise", str(SAMPLES / "entra_users.csv"), "--json", env=BARE).stdout)
    assert said["rows"] == 15
    assert {refusal["line"] for refusal in said["refused"]} == {16}
    assert "formule" in said["refused"][0]["why"]


def test_an_unknown_kind_is_null(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b\n1;2\n")
    done = run("recognise", str(tmp_path / "x.csv"), "--json", env=BARE)
    assert (done.returncode, json.loads(done.stdout)["kind"], json.loads(done.stdout)["columns"]) == (
        0,
        None,
        {},
    )


@pytest.mark.parametrize("content", [None, b"", bytes(range(256)) * 4])
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)
    done = run("recognise", str(path), env=BARE)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    as_json = run("recognise", str(path), "--json", env=BARE)
    assert (as_json.returncode, list(json.loads(as_json.stdout))) == (2, ["error"])


def test_people_read_it_too() -> None:
    done = run("recognise", str(SAMPLES / "contrats.csv"), env=BARE)
    assert done.stdout.startswith("Contrats et licences")
    assert "ends_on ← Échéance" in done.stdout


def test_it_applies_a_file_to_a_client_once(cast: Cast, installed: dict[str, str]) -> None:
    where = ("--msp", cast.tilleul.slug, "--client", "valbrune", "--json")
    file = str(SAMPLES / "personnel.csv")
    tried = json.loads(run("apply", file, *where, "--dry-run", env=installed).stdout)
    assert (tried["kind"], tried["dry_run"], tried["counts"]["new"]) == ("staff_list", True, 11)
    done = json.loads(run("apply", file, *where, env=installed).stdout)
    assert (done["state"], done["counts"]["new"], done["refused"]) == ("done", 11, [])
    again = json.loads(run("apply", file, *where, env=installed).stdout)
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["gone"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("msp", "client", "file"),
    [
        ("nulle-part", "valbrune", "personnel.csv"),
        ("", "inconnu", "personnel.csv"),
        ("", "valbrune", "x.csv"),
    ],
)
def test_what_it_cannot_apply_is_one_sentence(
    cast: Cast, installed: dict[str, str], msp: str, client: str, file: str
) -> None:
    where = ("--msp", msp or cast.tilleul.slug, "--client", client)
    done = run("apply", str(SAMPLES / file), *where, env=installed)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    as_json = run("apply", str(SAMPLES / file), *where, "--json", env=installed)
    assert list(json.loads(as_json.stdout)) == ["error"]
