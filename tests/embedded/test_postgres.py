import os
import socket
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from mspaudit.embedded.folder import EmbeddedError
from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.process import wait_until

from .helpers import Script, is_gone, kill

HOLD = """
import signal, sys
from pathlib import Path
import psycopg
from mspaudit.embedded.postgres import EmbeddedPostgres

class Left(EmbeddedPostgres):
    pass

if sys.argv[2] == "orphan":
    Left.stop_steps = ((signal.SIGCONT, 0.0),)
server = Left(Path(sys.argv[1]))
server.start()
with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
    connection.execute("CREATE TABLE kept (word text)")
    connection.execute("INSERT INTO kept VALUES ('gardé')")
    print(server.pid_file.read_text().split()[0], flush=True)
    signal.pause()
"""


def connect(server: EmbeddedPostgres) -> psycopg.Connection:
    return psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True)


def one(server: EmbeddedPostgres, query: str) -> object:
    with connect(server) as connection:
        return connection.execute(query).fetchone()[0]


def test_it_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg")
    with server:
        assert server.running
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'gardé' AS word")
        port = server.port
    assert not server.running
    with server:
        assert one(server, "SELECT word FROM kept") == "gardé"
        assert server.port == port


def test_it_speaks_utf8_in_utc_and_syncs_to_disk(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg") as server:
        assert one(server, "SHOW server_encoding") == "UTF8"
        assert one(server, "SHOW TimeZone") == "UTC"
        assert one(server, "SHOW fsync") == "on"
        assert one(server, "SELECT upper('é') = 'É'") is True
        assert one(server, "SHOW listen_addresses") == "127.0.0.1"


def test_it_forgoes_durability_only_when_asked(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert one(server, f"SHOW {setting}") == "off"


def test_it_refuses_a_stranger(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as server:
        right = make_url(server.url()).set(drivername="postgresql")
        for wrong in (right.set(password="guess"), right._replace(password=None)):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(wrong.render_as_string(hide_password=False))
        assert psycopg.connect(right.render_as_string(hide_password=False)).info.user == "postgres"


def test_its_password_is_for_its_owner_only(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    with server:
        assert len(server.password) >= 32
    assert (server.data_dir / "password").stat().st_mode & 0o777 == 0o600


def test_it_has_no_address_before_its_first_start(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg")
    assert not server.running
    with pytest.raises(EmbeddedError, match="jamais démarré"):
        server.url()


def test_another_user_s_address_never_carries_the_superuser_s_password(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as server:
        assert make_url(server.url("app", "app")).password is None
        assert make_url(server.url("app", "app", "p@ss/word")).password == "p@ss/word"


@pytest.mark.parametrize("fate", ["tethered", "orphan"])
def test_it_recovers_when_its_starter_is_killed(
    tmp_path: Path, script: Script, left_behind: list[int], fate: str
) -> None:
    holder = script(HOLD, tmp_path / "pg", fate)
    pid = int(holder.stdout.readline())
    left_behind.append(pid)
    kill(holder.pid)
    if fate == "tethered":
        assert wait_until(lambda: is_gone(pid), 10)
    with EmbeddedPostgres(tmp_path / "pg") as server:
        assert is_gone(pid)
        assert one(server, "SELECT word FROM kept") == "gardé"


def test_it_recovers_when_everything_is_killed(tmp_path: Path, script: Script) -> None:
    holder = script(HOLD, tmp_path / "pg", "tethered")
    pid = int(holder.stdout.readline())
    kill(pid)
    kill(holder.pid)
    with EmbeddedPostgres(tmp_path / "pg") as server:
        assert one(server, "SELECT word FROM kept") == "gardé"


def test_it_ends_nobody_whose_number_is_written_in_a_stale_file(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    with server:
        lines = server.pid_file.read_text().splitlines()
    server.pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    with server:
        assert server.running
        assert not is_gone(os.getppid())


def test_two_run_side_by_side(tmp_path: Path) -> None:
    one_side, other_side = (EmbeddedPostgres(tmp_path / name, durable=False) for name in "ab")
    with one_side as a, other_side as b:
        assert a.port != b.port
        assert one(a, "SHOW data_directory") != one(b, "SHOW data_directory")


def test_two_on_one_folder_give_one_clear_sentence(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as first:
        with pytest.raises(EmbeddedError, match=f"déjà utilisé par une autre instance.*{os.getpid()}"):
            EmbeddedPostgres(tmp_path / "pg").start()
        assert first.running


def test_it_moves_when_its_port_was_taken(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    with server:
        before = server.port
    with socket.create_server(("127.0.0.1", before)), server:
        assert server.port != before
        assert one(server, "SELECT 1") == 1


def test_a_killed_initdb_starts_afresh(tmp_path: Path) -> None:
    partial = tmp_path / "pg" / "cluster.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path / "pg", durable=False) as server:
        assert server.running


def test_it_says_why_it_does_not_start(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    with server:
        pass
    (server.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedError, match=r"PostgreSQL n’a pas démarré.*version 12"):
        server.start()
    with pytest.raises(EmbeddedError, match="PostgreSQL n’a pas démarré"):
        server.start()


def test_it_runs_from_a_folder_open_to_others(open_folder: Path, script: Script) -> None:
    holder = script(HOLD, open_folder / "pg", "tethered")
    pid = int(holder.stdout.readline())
    if os.geteuid() == 0:
        assert Path(f"/proc/{pid}").stat().st_uid != 0
    kill(holder.pid)
    assert wait_until(lambda: is_gone(pid), 10)
    with EmbeddedPostgres(open_folder / "pg") as server:
        assert one(server, "SELECT word FROM kept") == "gardé"


def test_it_stops_with_clients_still_connected(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    server.start()
    idle = connect(server)
    server.stop()
    assert not server.running
    with pytest.raises(psycopg.OperationalError):
        idle.execute("SELECT 1")
