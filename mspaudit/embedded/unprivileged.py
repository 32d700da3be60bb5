"""Who a server runs as. PostgreSQL refuses to be root, and neither server needs to be."""

import os
import pwd
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mspaudit.embedded.folder import EmbeddedError
from mspaudit.embedded.process import launch
from mspaudit.kernel.french import NB


@dataclass(frozen=True)
class RunAs:
    """`identity` is what the tether is told; `owner` is whose files the server reads, `None` for ours."""

    identity: str
    owner: tuple[int, int] | None = None

    def give(self, path: Path) -> None:
        """Make `path`, and what a folder holds, belong to the server. Does nothing when it already does."""
        if self.owner is None or not path.exists() or path.stat().st_uid == self.owner[0]:
            return
        for child in path.rglob("*"):
            os.chown(child, *self.owner, follow_symlinks=False)
        os.chown(path, *self.owner)


def run_as(paths: Iterable[Path]) -> RunAs:
    """How this process should run a server that reaches `paths`.

    An ordinary user runs it as itself. Root runs it as `nobody`; where a parent folder is closed to
    others (a clone under /root, a private temporary folder) as root in a user namespace, where the
    server has no privilege and sees itself as `nobody`. Raises `EmbeddedError` when neither can be.
    """
    if os.geteuid() != 0:
        return RunAs("self")
    closed = _closed_to_others(paths)
    if closed is None:
        nobody = pwd.getpwnam("nobody")
        return RunAs(f"{nobody.pw_uid}:{nobody.pw_gid}", (nobody.pw_uid, nobody.pw_gid))
    if _namespaces_allowed():
        return RunAs("namespace", (0, 0))
    raise EmbeddedError(
        f"PostgreSQL refuse de tourner en root et l’utilisateur « nobody » ne peut pas "
        f"traverser {closed}{NB}: lancez mspaudit en simple utilisateur, "
        f"ou ouvrez le passage avec chmod o+x {closed}."
    )


def _closed_to_others(paths: Iterable[Path]) -> Path | None:
    for path in paths:
        for folder in reversed(path.resolve().parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                return folder
    return None


def _namespaces_allowed() -> bool:
    """Whether the kernel lets us make a user namespace; containers often do not. Tried, not guessed."""
    return sys.platform == "linux" and launch(["true"], identity="namespace").wait() == 0
