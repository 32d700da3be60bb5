import os
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from mspaudit.embedded.folder import EmbeddedError
from mspaudit.embedded.process import wait_until
from mspaudit.embedded.valkey import EmbeddedValkey

from .helpers import Script, is_gone, kill

HOLD = """
import signal, sys
from pathlib import Path
import redis
from mspaudit.embedded.valkey import EmbeddedValkey

if sys.argv[2] == "orphan":
    EmbeddedValkey.stop_steps = ((signal.SIGCONT, 0.0),)
server = EmbeddedValkey(Path(sys.argv[1]))
server.start()
redis.Redis.from_url(server.url).set("word", "gardé")
print(server.pid_file.read_text().strip(), flush=True)
signal.pause()
"""


def word(server: EmbeddedValkey) -> str:
    return redis.Redis.from_url(server.url).get("word").decode()


def test_it_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "with space" / 'and "quote"')
    with server:
        assert server.running
        redis.Redis.from_url(server.url).set("word", "gardé")
        port = server.port
    assert not server.running
    with server:
        assert word(server) == "gardé"
        assert server.port == port


def test_it_writes_every_second_and_never_evicts(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        settings = redis.Redis.from_url(server.url).config_get("*")
    assert (settings["appendonly"], settings["appendfsync"]) == ("yes", "everysec")
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["bind"] == "127.0.0.1"


def test_it_refuses_a_stranger(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        for password in (None, "guess"):
            stranger = redis.Redis(port=server.port, password=password, retry=Retry(NoBackoff(), 0))
            with pytest.raises(redis.AuthenticationError):
                stranger.ping()
        assert redis.Redis.from_url(server.url).ping()


def test_its_password_is_in_private_files_and_not_on_its_command_line(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        for name in ("password", "valkey.conf"):
            assert (server.data_dir / name).stat().st_mode & 0o777 == 0o600
        pid = server.pid_file.read_text().strip()
        assert server.password not in Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.parametrize("fate", ["tethered", "orphan"])
def test_it_recovers_when_its_starter_is_killed(
    tmp_path: Path, script: Script, left_behind: list[int], fate: str
) -> None:
    holder = script(HOLD, tmp_path / "valkey", fate)
    pid = int(holder.stdout.readline())
    left_behind.append(pid)
    kill(holder.pid)
    if fate == "tethered":
        assert wait_until(lambda: is_gone(pid), 10)
    with EmbeddedValkey(tmp_path / "valkey") as server:
        assert is_gone(pid)
        assert word(server) == "gardé"


def test_it_recovers_when_everything_is_killed(tmp_path: Path, script: Script) -> None:
    holder = script(HOLD, tmp_path / "valkey", "tethered")
    kill(int(holder.stdout.readline()))
    kill(holder.pid)
    with EmbeddedValkey(tmp_path / "valkey") as server:
        assert word(server) == "gardé"


def test_it_runs_unprivileged_from_a_folder_open_to_others(open_folder: Path) -> None:
    with EmbeddedValkey(open_folder / "valkey") as server:
        pid = server.pid_file.read_text().strip()
        assert Path(f"/proc/{pid}").stat().st_uid != 0 or os.geteuid() != 0


def test_two_run_side_by_side(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "a") as a, EmbeddedValkey(tmp_path / "b") as b:
        redis.Redis.from_url(a.url).set("word", "a")
        assert redis.Redis.from_url(b.url).get("word") is None


def test_two_on_one_folder_give_one_clear_sentence(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey"), pytest.raises(EmbeddedError, match="déjà utilisé"):
        EmbeddedValkey(tmp_path / "valkey").start()


def test_it_says_why_it_does_not_start(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "valkey")
    with server:
        redis.Redis.from_url(server.url).set("word", "gardé")
    manifest = next(server.data_dir.rglob("*.manifest"))
    manifest.write_text("not a manifest\n")
    with pytest.raises(EmbeddedError, match="Valkey n’a pas démarré"):
        server.start()
