"""Reading packs of controls: ours, then what an MSP changes in `tenants/<slug>/pack.toml`.

An MSP's file may hold `version`, `title`, `remove` (codes), `[override.GOV-01]` (any field but the
code), `[[themes]]` and `[[controls]]` (added at the end of their theme).
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mspaudit.content.schema import SCENARIO_CODES, Control, Kind, Pack, Scenario, Theme

__all__ = [
    "SCENARIO_CODES",
    "Control",
    "Kind",
    "Pack",
    "PackError",
    "Scenario",
    "Theme",
    "base_pack",
    "pack_for",
    "read_pack",
]

_BASE = Path(__file__).parent / "packs" / "socle"
_TENANT_KEYS = {"version", "title", "remove", "override", "themes", "controls"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_FRENCH = {
    "missing": "champ obligatoire, absent",
    "extra_forbidden": "champ inconnu",
    "frozen_field": "champ non modifiable",
    "string_type": "un texte est attendu",
    "string_too_short": "trop court, {min_length} caractères au moins",
    "string_too_long": "trop long, {max_length} caractères au plus",
    "string_pattern_mismatch": "forme inattendue, le modèle est {pattern}",
    "literal_error": "valeur inconnue, il faut {expected}",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "float_type": "un nombre est attendu",
    "float_parsing": "un nombre est attendu",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "greater_than_equal": "trop petit, {ge} au moins",
    "less_than_equal": "trop grand, {le} au plus",
    "tuple_type": "une liste entre crochets est attendue",
    "dict_type": "un tableau { code = nombre } est attendu",
    "too_short": "la liste est vide",
}


class PackError(ValueError):
    """A pack that cannot be used. Its text is French and names the file, the control and the field."""

    def __init__(self, file: Path | str, reason: str, *, control: str = "", field: str = "") -> None:
        self.file, self.control, self.field, self.reason = str(file), control, field, reason
        where = ", ".join(filter(None, (self.file, control, field and f"champ « {field} »")))
        super().__init__(f"{where} : {reason}.")


@cache
def base_pack() -> Pack:
    """The pack shipped with the product. Raises PackError when its files are damaged."""
    return read_pack(_BASE)


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`: `pack.toml`, then one `<theme>.toml` a theme. Raises PackError."""
    head = folder / "pack.toml"
    raw = _toml(head)
    codes = [str(theme.get("code", "")) for theme in _tables(head, raw, "themes")]
    raw["controls"] = [
        _control(folder / f"{code.lower()}.toml", table)
        for code in codes
        for table in _tables(folder / f"{code.lower()}.toml", None, "controls")
    ]
    return _pack(head, raw)


def pack_for(slug: str, tenants_dir: Path) -> Pack:
    """The pack of the MSP `slug`: the base one, changed by its `pack.toml` when there is such a file.

    Raises PackError on an unusable file, and on a slug that is not one.
    """
    if not _SLUG.fullmatch(slug):
        raise PackError(tenants_dir, f"« {slug} » n’est pas un nom d’infogérant")
    file = tenants_dir / slug / "pack.toml"
    return _merged(slug, file, file.stat().st_mtime_ns) if file.is_file() else base_pack()


@lru_cache(maxsize=256)
def _merged(slug: str, file: Path, _changed_at: int) -> Pack:
    base, raw = base_pack(), _toml(file)
    for key in raw.keys() - _TENANT_KEYS:
        raise PackError(file, "clé inconnue", field=key)
    removed, overrides = raw.get("remove", []), raw.get("override", {})
    if not isinstance(removed, list) or not isinstance(overrides, dict):
        raise PackError(file, "« remove » est une liste de codes, « override » des tableaux par code")
    known = {control.code for control in base.controls}
    for code in (*removed, *overrides):
        if str(code) not in known:
            raise PackError(file, "ce contrôle n’existe pas dans le socle", control=str(code))
    kept = [
        _overridden(file, control, overrides.get(control.code))
        for control in base.controls
        if control.code not in removed
    ]
    added = [_control(file, table) for table in _tables(file, raw, "controls")]
    themes = [theme.model_dump() for theme in base.themes] + _tables(file, raw, "themes")
    return _pack(
        file,
        base.model_dump(include={"name", "title", "scenarios"})
        | {"version": f"{base.version}+{slug}"}
        | {key: raw[key] for key in ("version", "title") if key in raw}
        | {"themes": themes, "controls": _in_theme_order(themes, kept + added)},
    )


def _in_theme_order(themes: list[dict[str, Any]], controls: list[Control]) -> list[Control]:
    rank = {str(theme.get("code")): position for position, theme in enumerate(themes)}
    return sorted(controls, key=lambda control: rank.get(control.theme, len(rank)))


def _overridden(file: Path, control: Control, changes: object) -> Control:
    if changes is None:
        return control
    if not isinstance(changes, dict):
        raise PackError(file, "un tableau de champs est attendu", control=control.code)
    if "code" in changes:
        raise PackError(file, "le code ne se change pas", control=control.code, field="code")
    return _control(file, control.model_dump() | changes)


def _control(file: Path, table: Mapping[str, Any]) -> Control:
    try:
        return Control.model_validate(table)
    except ValidationError as error:
        reason, field = _first(error)
        raise PackError(file, reason, control=str(table.get("code", "sans code")), field=field) from None


def _pack(file: Path, raw: Mapping[str, Any]) -> Pack:
    try:
        return Pack.model_validate(raw)
    except ValidationError as error:
        reason, field = _first(error)
        raise PackError(file, reason, field=field) from None


def _first(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "value_error":
        return str(first["ctx"]["error"]), field
    words = _FRENCH.get(first["type"], "valeur refusée")
    for name, value in first.get("ctx", {}).items():
        words = words.replace(f"{{{name}}}", str(value).replace(" or ", " ou "))
    return words, field


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackError(file, "fichier introuvable") from None
    except UnicodeDecodeError:
        raise PackError(file, "fichier à enregistrer en UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(file, f"écriture TOML incorrecte ({error})") from None


def _tables(file: Path, raw: Mapping[str, Any] | None, key: str) -> list[dict[str, Any]]:
    found = (_toml(file) if raw is None else raw).get(key, [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise PackError(file, f"« {key} » s’écrit en blocs [[{key}]]", field=key)
    return found
