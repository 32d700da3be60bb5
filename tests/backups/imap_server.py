"""A mailbox on a real socket: the few verbs of IMAP that fetching needs, and the faults it must survive."""

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

USER, PASSWORD = "rapports", "secret"
DATE = b'"20-Nov-2026 23:45:00 +0100"'


@dataclass
class Folder:
    """What the server holds. ``cut_after``: the connection is cut at that many fetched bodies."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    cut_after: int | None = None
    said_size: int | None = None


class _Session(socketserver.StreamRequestHandler):
    folder: Folder
    bodies = 0

    def handle(self) -> None:
        """Greet, then answer until the client leaves."""
        self._say(b"* OK ready")
        while line := self.rfile.readline().strip().decode():
            tag, _, rest = line.partition(" ")
            self.folder.commands.append(rest)
            if not self._answer(tag.encode(), rest):
                return

    def _answer(self, tag: bytes, line: str) -> bool:
        verb = line.upper()
        if verb.startswith("CAPABILITY"):
            self._say(b"* CAPABILITY IMAP4rev1")
        elif verb.startswith("LOGIN"):
            if line.split(maxsplit=1)[1].replace('"', "") != f"{USER} {PASSWORD}":
                self._say(tag + b" NO wrong password")
                return True
        elif verb.startswith("SELECT"):
            if '"INBOX"' not in line:
                self._say(tag + b" NO no such folder")
                return True
            self._say(b"* %d EXISTS" % len(self.folder.mails))
        elif verb.startswith("UID SEARCH"):
            unseen = sorted(set(self.folder.mails) - self.folder.seen)
            self._say(b"* SEARCH " + " ".join(map(str, unseen)).encode())
        elif verb.startswith("UID FETCH"):
            if not self._fetch(line):
                return False
        elif verb.startswith("UID STORE"):
            self.folder.seen.add(int(line.split()[2]))
        elif verb.startswith("LOGOUT"):
            self._say(b"* BYE")
        self._say(tag + b" OK done")
        return not verb.startswith("LOGOUT")

    def _fetch(self, line: str) -> bool:
        uid = int(line.split()[2])
        mail = self.folder.mails[uid]
        if "BODY.PEEK" in line:
            if self.folder.cut_after is not None and self.bodies >= self.folder.cut_after:
                return False
            self.bodies += 1
            self.wfile.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uid, len(mail), mail))
        else:
            size = self.folder.said_size or len(mail)
            self._say(b"* 1 FETCH (UID %d RFC822.SIZE %d INTERNALDATE %b)" % (uid, size, DATE))
        return True

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def serving(folder: Folder) -> Iterator[str]:
    """The address of a server of ``folder``."""
    session = type("Session", (_Session,), {"folder": folder})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"imap://{USER}:{PASSWORD}@127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def named(raw: bytes, name: str) -> bytes:
    """The same mail under another name."""
    return re.sub(rb"Message-ID: <[^>]*>", f"Message-ID: <{name}>".encode(), raw)
