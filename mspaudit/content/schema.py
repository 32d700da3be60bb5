"""The shape of a pack of controls, and what a control may not be.

Messages are French: an MSP that rewrites its own controls reads them. The bounds on lengths are those
of the screens: a hint sits under an answer on a phone, a gap in a dashboard's column.
"""

import hashlib
import json
import re
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Kind = Literal["enterprise", "commune"]
Respondent = Literal["client", "msp"]
Scale = Literal["S3", "DT", "PC", "ON"]
ScenarioCode = Literal["mailbox", "ransomware", "data_leak", "payment_fraud", "left_access", "standstill"]
SCENARIO_CODES: tuple[ScenarioCode, ...] = get_args(ScenarioCode)

INDISPENSABLE = 5

Strength = Annotated[int, Field(ge=0, le=3)]
Question = Annotated[str, Field(min_length=10, max_length=160)]
Hint = Annotated[str, Field(min_length=2, max_length=50)]

_SENTENCE_END = re.compile(r"[.?…](?:\s|$)")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Theme(_Frozen):
    """A family of controls, shown as one chapter of the questionnaire."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    title: str = Field(min_length=3, max_length=50)
    intro: str = Field(default="", max_length=160)


class Scenario(_Frozen):
    """Something that may happen to a client, in words a client uses."""

    code: ScenarioCode
    title: str = Field(min_length=3, max_length=40)
    summary: str = Field(default="", max_length=120)


class Control(_Frozen):
    """One question, what a good answer is, and the measure that closes the gap.

    `hours` is the MSP's effort; `cost_eur` a usual one-off purchase beside it, in euros before tax.
    `proof_days` is how long a proof may be shown before it counts as expired. `minutes` is the
    respondent's time. `scenarios` always holds the six codes, 0 when the control changes nothing there.
    """

    code: str = Field(pattern=r"^[A-Z]{3}-\d{2}$")
    question: Question
    question_commune: Question | None = None
    question_enterprise: Question | None = None
    why: str = Field(min_length=20, max_length=240)
    good: str = Field(min_length=10, max_length=200)
    hint_yes: Hint
    hint_partly: Hint | None = None
    scale: Scale
    criticality: int = Field(ge=1, le=5)
    applies_to: tuple[Kind, ...] = Field(default=get_args(Kind), min_length=1)
    answered_by: tuple[Respondent, ...] = Field(min_length=1)
    scenarios: dict[ScenarioCode, Strength]
    proof: str = Field(min_length=5, max_length=120)
    proof_days: int = Field(ge=1, le=3660)
    hours: float = Field(ge=0, le=200)
    cost_eur: int = Field(default=0, ge=0)
    fix: str = Field(min_length=5, max_length=50)
    fix_detail: str = Field(min_length=20, max_length=420)
    gap: str = Field(min_length=3, max_length=45)
    references: tuple[str, ...] = ()
    express: bool = False
    insurance: bool = False
    minutes: float = Field(ge=0.5, le=2)

    @field_validator("why")
    @classmethod
    def _two_sentences(cls, why: str) -> str:
        count = len(_SENTENCE_END.findall(why))
        if count != 2:
            raise ValueError(f"deux phrases sont attendues, il y en a {count}")
        return why

    @field_validator("scenarios")
    @classmethod
    def _every_scenario(cls, given: dict[ScenarioCode, int]) -> dict[ScenarioCode, int]:
        if not any(given.values()):
            raise ValueError("au moins un scénario doit valoir 1 ou plus")
        return {code: given.get(code, 0) for code in SCENARIO_CODES}

    @model_validator(mode="after")
    def _partly_only_where_it_exists(self) -> Self:
        if self.scale == "ON" and self.hint_partly:
            raise ValueError("« hint_partly » n’a pas de sens sur une échelle oui ou non (ON)")
        return self

    @property
    def theme(self) -> str:
        """The code of its theme, which is the first part of its own."""
        return self.code.partition("-")[0]

    @property
    def weight(self) -> int:
        """Its weight in every figure: its criticality, 1 to 5."""
        return self.criticality

    @property
    def indispensable(self) -> bool:
        """Whether no other measure can make up for it."""
        return self.criticality == INDISPENSABLE

    def question_for(self, kind: Kind) -> str:
        """The question in the words of a commune or of an enterprise."""
        worded = self.question_commune if kind == "commune" else self.question_enterprise
        return worded or self.question


class Pack(_Frozen):
    """A versioned questionnaire. Controls come in the order in which they are asked."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=3, max_length=80)
    themes: tuple[Theme, ...] = Field(min_length=1)
    scenarios: tuple[Scenario, ...]
    controls: tuple[Control, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_hold_together(self) -> Self:
        codes = [control.code for control in self.controls]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"code présent deux fois : {', '.join(twice)}")
        known = {theme.code for theme in self.themes}
        homeless = [control.code for control in self.controls if control.theme not in known]
        if homeless:
            raise ValueError(f"aucun thème ne porte le début de ce code : {', '.join(homeless)}")
        if tuple(scenario.code for scenario in self.scenarios) != SCENARIO_CODES:
            raise ValueError(f"les scénarios attendus sont, dans l’ordre : {', '.join(SCENARIO_CODES)}")
        return self

    @cached_property
    def _by_code(self) -> dict[str, Control]:
        return {control.code: control for control in self.controls}

    def canonical_json(self) -> str:
        """The whole pack as one line of sorted JSON, which `Pack.model_validate_json` reads back."""
        return json.dumps(
            self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `canonical_json`, in hexadecimal: two packs with the same one ask the same things."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def control(self, code: str) -> Control:
        """The control of that code. Raises KeyError when the pack has none."""
        return self._by_code[code]

    def for_kind(self, kind: Kind) -> tuple[Control, ...]:
        """The controls that apply to a commune or to an enterprise, in the pack's order."""
        return tuple(control for control in self.controls if kind in control.applies_to)

    def express(self, kind: Kind) -> tuple[Control, ...]:
        """The ten-minute subset asked to management alone."""
        return tuple(control for control in self.for_kind(kind) if control.express)
