"""Reading what the field tells, from a phone or from paper: the same fields, the same limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from mspaudit.content import fieldwork as content
from mspaudit.fieldwork import naming
from mspaudit.kernel.text import one_line, plain

LONGEST_LINE, LONGEST_TEXT = 200, 1000
TEXTS = ("moment", "tool", "accessors", "reason", "suggestion")
NEEDED = {
    "moment": "Dites en quelques mots à quel moment de la journée cela arrive.",
    "tool": "Dites avec quoi : un logiciel, un carnet, un téléphone…",
    "reason_code": "Choisissez une raison : c’est elle qui fait avancer les choses.",
}


@dataclass(frozen=True)
class Told:
    """One report as typed. ``errors``: one French message a field; ``id``: drawn by the device."""

    id: UUID
    moment: str = ""
    tool: str = ""
    data: list[str] = field(default_factory=list)
    sharing: str = "none"
    accessors: str = ""
    external_access: bool = False
    shared_credential: bool = False
    open_to_all: bool = False
    frequency: int = 1
    reason_code: str = ""
    reason: str = ""
    suggestion: str = ""
    seen: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    def named(self, people: Iterable[str] = ()) -> list[str]:
        """The words that seem to name someone, unless the reader has said that they do not."""
        return [] if self.seen else naming.named((getattr(self, name) for name in TEXTS), people)


def read(sent: MultiDict[str, str]) -> Told:
    """A form, within its limits; what is not offered is taken as not said."""
    code = sent.get("reason_code", "")
    told = Told(
        id=_identifier(sent.get("id", "")),
        moment=one_line(sent.get("moment", ""), LONGEST_LINE),
        tool=one_line(sent.get("tool", ""), LONGEST_LINE),
        data=[kind for kind in content.DATA_KINDS if kind in sent.getlist("data")],
        sharing=sent.get("sharing", "") if sent.get("sharing", "") in content.SHARING else "none",
        accessors=one_line(sent.get("accessors", ""), LONGEST_LINE),
        external_access="external_access" in sent,
        shared_credential="shared_credential" in sent,
        open_to_all="open_to_all" in sent,
        frequency=int(sent.get("frequency", "1")) if sent.get("frequency") in content.FREQUENCIES else 1,
        reason_code=code if code in content.REASONS else "",
        reason=plain(sent.get("reason", ""), LONGEST_TEXT),
        suggestion=plain(sent.get("suggestion", ""), LONGEST_TEXT),
        seen="seen" in sent,
    )
    told.errors.update({name: said for name, said in NEEDED.items() if not getattr(told, name)})
    return told


def blank() -> Told:
    """A form before anything is typed, with its identifier."""
    return Told(id=uuid4())


def _identifier(text: str) -> UUID:
    """The device's identifier; a new one for anything but a random UUID, which alone tells nothing."""
    try:
        found = UUID(text)
    except ValueError:
        return uuid4()
    return found if found.version == 4 else uuid4()
