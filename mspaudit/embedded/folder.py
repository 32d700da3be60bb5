"""The folder an embedded server lives in: claimed by one instance, with its port and its secret."""

import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from mspaudit.embedded.process import wait_until
from mspaudit.kernel.french import NB

LOOPBACK = "127.0.0.1"
DYING_SECONDS = 0.5
"""How long a holder that was just killed may take to let go."""


class EmbeddedError(RuntimeError):
    """An embedded server cannot run here; the message is one French sentence for the operator."""


@contextmanager
def claim(data_dir: Path) -> Iterator[Path]:
    """Create `data_dir` if need be and hold it for this process until the block ends.

    The hold is an exclusive lock of the operating system: it goes away with the process, however it dies.
    Raises `EmbeddedError` when the folder cannot be written or when another instance holds it.
    """
    lock = data_dir / "lock"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EmbeddedError(
            f"Impossible d’écrire dans le dossier {data_dir} ({os.strerror(error.errno or 0)}){NB}: "
            "choisissez-en un autre."
        ) from error
    try:
        _lock(descriptor, data_dir)
        yield data_dir
    finally:
        os.close(descriptor)


def _lock(descriptor: int, data_dir: Path) -> None:
    if not wait_until(lambda: _locks(descriptor), DYING_SECONDS):
        holder = os.pread(descriptor, 20, 0).decode() or "inconnu"
        raise EmbeddedError(
            f"Le dossier {data_dir} est déjà utilisé par une autre instance de mspaudit "
            f"(processus {holder}){NB}: arrêtez-la ou choisissez un autre dossier."
        )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on `host:port` now. Raises `EmbeddedError` when it never could."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise EmbeddedError(
                f"Impossible d’écouter sur {host}, port {port} ({os.strerror(error.errno or 0)})."
            ) from error
    return True


def require_port(host: str, port: int) -> None:
    """Raise `EmbeddedError`, with what to do about it, unless `host:port` is free."""
    if not port_is_free(host, port):
        raise EmbeddedError(
            f"Le port {port} de {host} est déjà pris{NB}: arrêtez le programme qui l’utilise "
            "ou choisissez un autre port."
        )


def remembered_port(file: Path) -> int:
    """The loopback port written in `file`, or a new one, written there, when it is unset or taken."""
    recorded = read_port(file)
    if recorded is not None and port_is_free(LOOPBACK, recorded):
        return recorded
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    file.write_text(str(port))
    return port


def read_port(file: Path) -> int | None:
    """The port recorded in `file`, `None` when there is none to be read."""
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def remembered_secret(file: Path) -> str:
    """The secret kept in `file`, drawn at random the first time. The file is readable by its owner only."""
    if not file.exists() or not file.read_text().strip():
        write_private(file, secrets.token_hex(24) + "\n")
    return file.read_text().strip()


def wheel_file(package: str, pattern: str) -> Path:
    """A program shipped inside an installed wheel, found without importing the wheel's own code.

    Raises `EmbeddedError` when this platform's wheel does not ship it.
    """
    spec = find_spec(package)
    found = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not found:
        raise EmbeddedError(f"Le paquet {package} ne fournit pas de serveur pour cette machine.")
    return found[0]


def write_private(file: Path, text: str) -> None:
    """Write `text` to `file` in one step, readable by its owner only (0600)."""
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
