"""The words of controls, for what names them by their code."""

import re
from collections import ChainMap
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from mspaudit.checklists.models import LoadedPack
from mspaudit.checklists.packs import words
from mspaudit.content.packs import Control
from mspaudit.extensions import db

_CODE = re.compile(r"\b[A-Z]{3}-\d{2}$")


def controls() -> Mapping[str, Control]:
    """The controls of every pack this MSP loaded, by code; a later pack's words win."""
    return of_packs(db.session.scalars(select(LoadedPack.digest).order_by(LoadedPack.id)).all())


def of_packs(digests: Sequence[str]) -> Mapping[str, Control]:
    """The controls of these packs, the last one's words winning."""
    return ChainMap(*({c.code: c for c in words(digest).controls} for digest in reversed(digests)))


def named(subject: str, controls: Mapping[str, Control]) -> str:
    """A deadline's subject with the words of a control in place of its code."""
    found = _CODE.search(subject)
    control = controls.get(found[0]) if found else None
    if found is None or control is None:
        return subject
    return f"{subject[: found.start()].replace(' à renouveler', '')}{lowered(control.fix)}"


def lowered(text: str) -> str:
    """`text` as it goes on inside a sentence."""
    return text[:1].lower() + text[1:]
