import os
import socket
from pathlib import Path

import pytest

from mspaudit.embedded.folder import (
    EmbeddedError,
    claim,
    port_is_free,
    remembered_port,
    remembered_secret,
    require_port,
    wheel_file,
)

from .helpers import Script, kill

HOLD = """
import signal, sys
from pathlib import Path
from mspaudit.embedded.folder import claim
with claim(Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


def test_it_makes_the_folder_and_its_parents(tmp_path: Path) -> None:
    with claim(tmp_path / "var" / "demo") as folder:
        assert folder.is_dir()


def test_a_second_claim_names_who_holds_the_folder(tmp_path: Path) -> None:
    sentence = rf"déjà utilisé .*processus {os.getpid()}\).*choisissez un autre dossier"
    with claim(tmp_path), pytest.raises(EmbeddedError, match=sentence), claim(tmp_path):
        pass
    with claim(tmp_path):
        pass


def test_a_killed_holder_lets_go(tmp_path: Path, script: Script) -> None:
    holder = script(HOLD, tmp_path)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(EmbeddedError, match=f"processus {holder.pid}"), claim(tmp_path):
        pass
    kill(holder.pid)
    with claim(tmp_path):
        pass


def test_an_unwritable_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "var"):
        with pytest.raises(EmbeddedError, match="Impossible d’écrire dans le dossier"), claim(folder):
            pass


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not port_is_free("127.0.0.1", port)
        with pytest.raises(EmbeddedError, match=f"Le port {port} de 127.0.0.1 est déjà pris"):
            require_port("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)


def test_an_address_that_is_not_this_machine_s_is_refused() -> None:
    with pytest.raises(EmbeddedError, match=r"Impossible d’écouter sur 192\.0\.2\.1"):
        port_is_free("192.0.2.1", 8000)


def test_a_port_is_remembered_until_it_is_taken(tmp_path: Path) -> None:
    first = remembered_port(tmp_path / "port")
    assert remembered_port(tmp_path / "port") == first
    with socket.create_server(("127.0.0.1", first)):
        assert remembered_port(tmp_path / "port") != first


def test_a_port_file_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("?")
    assert remembered_port(tmp_path / "port") > 1024


def test_a_secret_is_drawn_once_and_private(tmp_path: Path) -> None:
    secret = remembered_secret(tmp_path / "a")
    assert remembered_secret(tmp_path / "a") == secret
    assert remembered_secret(tmp_path / "b") != secret
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_wheel_without_the_program_is_one_clear_sentence() -> None:
    with pytest.raises(EmbeddedError, match="redis ne fournit pas de serveur"):
        wheel_file("redis", "bin/server")
