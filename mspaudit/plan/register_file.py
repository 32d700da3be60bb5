"""A client's register as a file, and its verification by anyone, without this application's database.

Each line is sealed by ``SHA-256(message)``; ``message`` holds the seal of the line before, so that a line
changed, removed or slipped in breaks every seal after it. Lines removed from the end break nothing: an
anchor, noted elsewhere on a day, tells how many lines there were and which seal the last one bore.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from mspaudit.adapters.sheets import Cell, to_csv
from mspaudit.kernel.french import euros_of_cents, plural, typo

KINDS: Mapping[str, str] = {
    "sent": "Envoyée",
    "opened": "Lue",
    "accepted": "Acceptée",
    "refused": "Refusée",
    "postponed": "Reportée",
    "withdrawn": "Retirée",
    "contested": "Décision contestée",
}
READ = ("Date", "Acte", "Recommandation", "Titre", "Montant unique HT", "Montant annuel HT", "Par", "Qualité",
        "Voie", "Motif", "Jusqu’au")  # fmt: skip
SEALED = ("Ligne", "Prestataire", "Client", "Identifiant de la recommandation", "Fait à", "Écrit à", "Nature",
          "Acteur", "Connexion", "Contenu", "Empreinte précédente", "Empreinte")  # fmt: skip
HEADERS = ("Ligne", *READ, *SEALED[1:])
ANCHOR_TITLE = "mspaudit ancrage 1"
NONE = "-"


@dataclass(frozen=True)
class Line:
    """One line of a register, every field as text, as its seal covers it. ``payload``: JSON."""

    seq: int
    tenant_id: str
    client_id: str
    recommendation_id: str
    at: str
    recorded_at: str
    kind: str
    actor_kind: str
    login_id: str
    payload: str
    prev_hash: str
    hash: str

    @property
    def told(self) -> dict[str, Any]:
        """The content, read."""
        found: dict[str, Any] = json.loads(self.payload)
        return found


class Anchor(NamedTuple):
    """How far a client's register went on a day, and the seal of its last line."""

    day: str
    client_id: str
    seq: int
    hash: str


class Unreadable(ValueError):
    """The file is not one of these; the message is French."""


@dataclass(frozen=True)
class Verdict:
    """What a verification found. ``line``: the first line that does not hold; None when all do."""

    whole: bool
    said: str
    line: int | None = None


def instant(moment: datetime) -> str:
    """An instant as seals write it: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def message(line: Line) -> str:
    """What the seal of a line covers: its fields one under the other, the content last."""
    return "\n".join(
        (
            line.prev_hash, str(line.seq), line.tenant_id, line.client_id, line.recommendation_id or NONE,
            line.at, line.recorded_at, line.kind, line.actor_kind, line.login_id or NONE, line.payload,
        )
    )  # fmt: skip


def seal(line: Line) -> str:
    """The SHA-256 of ``message``, in hexadecimal."""
    return sha256(message(line).encode()).hexdigest()


def readable(line: Line) -> dict[str, str]:
    """What a line says, for people: made of its sealed content alone."""
    told = line.told
    at = datetime.fromisoformat(line.at).astimezone(UTC)
    once, yearly = told.get("once_cents"), told.get("yearly_cents")
    words = (
        at.strftime("%d/%m/%Y %H:%M UTC"),
        KINDS.get(line.kind, line.kind),
        str(told.get("number", "")),
        str(told.get("title", "")),
        "" if once is None else euros_of_cents(once),
        "" if yearly is None else euros_of_cents(yearly),
        str(told.get("by", "")),
        str(told.get("by_title", "")),
        _channel(told),
        str(told.get("reason", "")),
        str(told.get("until") or ""),
    )
    return dict(zip(READ, words, strict=True))


def _channel(told: Mapping[str, Any]) -> str:
    if told.get("channel") == "override":
        return typo(f"Notée par {told.get('recorded_by', '')} : {told.get('how', '')}")
    return "Espace du client" if told.get("channel") == "portal" else ""


def to_file(lines: Iterable[Line]) -> bytes:
    """The register as CSV: what people read, then what the seals cover."""
    return to_csv(HEADERS, (_cells(line) for line in lines))


def _cells(line: Line) -> list[Cell]:
    sealed = (
        line.tenant_id, line.client_id, line.recommendation_id, line.at, line.recorded_at, line.kind,
        line.actor_kind, line.login_id, line.payload, line.prev_hash, line.hash,
    )  # fmt: skip
    return [line.seq, *readable(line).values(), *sealed]


def from_file(data: bytes) -> list[tuple[Line, dict[str, str]]]:
    """The lines of an exported register, each with what its readable columns say. Raises Unreadable."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        raise Unreadable("Ce fichier n’est pas un registre exporté en CSV.") from None
    if not rows or tuple(rows[0]) != HEADERS:
        raise Unreadable("Ce fichier n’a pas les colonnes d’un registre exporté.")
    return [_line(number, row) for number, row in enumerate(rows[1:], start=2) if row]


def _line(number: int, row: Sequence[str]) -> tuple[Line, dict[str, str]]:
    if len(row) != len(HEADERS) or not row[0].isdigit():
        raise Unreadable(typo(f"Ligne {number} du fichier : elle n’a pas les colonnes d’un registre."))
    said = dict(zip(READ, row[1 : len(READ) + 1], strict=True))
    return Line(int(row[0]), *row[len(READ) + 1 :]), said


def verify(data: bytes, anchors: Sequence[Anchor] | None = None) -> Verdict:
    """Whether an exported register is whole, and which line is the first that is not.

    Args:
        anchors: noted elsewhere; without them, lines removed from the end do not show.

    Raises:
        Unreadable: the file is not an exported register.
    """
    lines = from_file(data)
    broken = first_broken(lines)
    if broken is not None:
        return broken
    registered = [line for line, _said in lines]
    if anchors is not None:
        return against(registered, anchors)
    count = plural(len(registered), "ligne intacte", "lignes intactes")
    return Verdict(True, typo(f"{count}. Sans ancrage, des lignes retirées de la fin ne se voient pas."))


def first_broken(lines: Sequence[tuple[Line, Mapping[str, str]]]) -> Verdict | None:
    """The first line that does not hold; None when the chain is whole."""
    previous = ""
    for expected, (line, said) in enumerate(lines, start=1):
        fault = _fault(line, said, expected, previous, lines[0][0])
        if fault:
            return Verdict(False, typo(f"Ligne {expected} : {fault}."), expected)
        previous = line.hash
    return None


def _fault(line: Line, said: Mapping[str, str], expected: int, previous: str, first: Line) -> str:
    if line.seq != expected:
        return f"elle porte le numéro {line.seq}. Une ligne a été retirée, ajoutée ou déplacée"
    if (line.tenant_id, line.client_id) != (first.tenant_id, first.client_id):
        return "elle vient d’un autre registre"
    if line.prev_hash != previous:
        return "elle ne suit pas la ligne d’avant"
    if seal(line) != line.hash:
        return "son contenu a été modifié, son empreinte ne lui correspond plus"
    wrong = [name for name, text in readable(line).items() if said and said[name] not in (text, f"'{text}")]
    return f"la colonne « {wrong[0]} » ne dit pas ce que dit le contenu scellé" if wrong else ""


def against(lines: Sequence[Line], anchors: Sequence[Anchor]) -> Verdict:
    """A whole chain compared with what was noted of it elsewhere."""
    client = lines[0].client_id if lines else ""
    mine = [anchor for anchor in anchors if anchor.client_id == client]
    if not mine:
        return Verdict(False, "Ce fichier d’ancrage ne dit rien de ce registre.")
    for anchor in sorted(mine, key=lambda each: each.seq):
        if anchor.seq > len(lines):
            gone = plural(anchor.seq - len(lines), "ligne a été retirée", "lignes ont été retirées")
            said = f"Le registre s’arrête à la ligne {len(lines)}, l’ancrage du {_day(anchor)} en atteste "
            return Verdict(False, typo(f"{said}{anchor.seq} : {gone} de la fin."), len(lines) + 1)
        if lines[anchor.seq - 1].hash != anchor.hash:
            said = f"Ligne {anchor.seq} : son empreinte n’est pas celle de l’ancrage du {_day(anchor)}. "
            return Verdict(False, typo(f"{said}Le registre a été réécrit."), anchor.seq)
    last = max(mine, key=lambda each: each.seq)
    count = plural(len(lines), "ligne intacte", "lignes intactes")
    return Verdict(True, typo(f"{count}, conformes à l’ancrage du {_day(last)} (ligne {last.seq})."))


def _day(anchor: Anchor) -> str:
    return date.fromisoformat(anchor.day).strftime("%d/%m/%Y")


def anchors_text(tenant: str, anchors: Iterable[Anchor], previous: str = "") -> str:
    """Anchors as text, one a line: day, client, number of the last line, its seal.

    Args:
        previous: the SHA-256 of the file of the time before, so that one file vouches for all.
    """
    head = [ANCHOR_TITLE, f"prestataire {tenant}", f"précédent {previous or NONE}"]
    return "\n".join([*head, *(f"{a.day} {a.client_id} {a.seq} {a.hash}" for a in anchors)]) + "\n"


def read_anchors(text: str) -> list[Anchor]:
    """The anchors of such a text. Raises Unreadable."""
    rows = text.splitlines()
    if not rows or rows[0].strip() != ANCHOR_TITLE:
        raise Unreadable("Ce fichier n’est pas un ancrage.")
    try:
        found = [Anchor(d, c, int(s), h) for d, c, s, h in (row.split() for row in rows[3:] if row.strip())]
        for anchor in found:
            date.fromisoformat(anchor.day)
    except ValueError:
        raise Unreadable("Une ligne de ce fichier d’ancrage ne se lit pas.") from None
    return found
