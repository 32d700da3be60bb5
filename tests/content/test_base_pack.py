"""The controls we ship: complete, correctly typed, and short enough for a phone."""

from collections import Counter
from collections.abc import Iterator

import pytest

from mspaudit.content.packs import SCENARIO_CODES, Control, Pack, base_pack
from mspaudit.kernel.french import FINE, typo

EXPRESS = {
    "GOV-01", "GOV-05", "CRI-06", "AUT-01", "ACC-03",
    "ACC-09", "BCK-04", "ACC-05", "CRI-01", "CRI-05",
}  # fmt: skip
CONTROLS_BY_THEME = {
    "GOV": 8, "INV": 4, "ACC": 11, "AUT": 6, "BCK": 6, "END": 6,
    "MSG": 5, "NET": 5, "DAT": 6, "AWA": 3, "CRI": 7,
}  # fmt: skip
JARGON = ("MFA", "DMIA", "PDMA", "RPO", "RTO", "VLAN", "RMM", "MSP", "VPN", "conformité", "remédiation")

every_control = pytest.mark.parametrize("control", base_pack().controls, ids=lambda control: control.code)


def texts(model: Control) -> Iterator[tuple[str, str]]:
    for field, value in model:
        if isinstance(value, str):
            yield field, value
        elif field == "references":
            yield from ((field, label) for label in value)


def questions(control: Control) -> set[str]:
    return {control.question_for("commune"), control.question_for("enterprise"), control.question}


def test_it_holds_sixty_seven_controls_in_eleven_themes() -> None:
    pack = base_pack()
    assert Counter(control.theme for control in pack.controls) == CONTROLS_BY_THEME
    assert [theme.code for theme in pack.themes] == list(CONTROLS_BY_THEME)
    assert len(pack.controls) == 67


def test_it_asks_controls_theme_by_theme_and_in_order() -> None:
    order = [theme.code for theme in base_pack().themes]
    asked = [(order.index(control.theme), control.code) for control in base_pack().controls]
    assert asked == sorted(asked)


def test_it_asks_ten_questions_in_the_express_audit() -> None:
    for kind in ("commune", "enterprise"):
        assert {control.code for control in base_pack().express(kind)} == EXPRESS


def test_the_express_audit_takes_about_ten_minutes() -> None:
    assert 8 <= sum(control.minutes for control in base_pack().express("commune")) <= 13


def test_it_leaves_out_what_does_not_concern_a_kind_of_client() -> None:
    communes = {control.code for control in base_pack().for_kind("commune")}
    enterprises = {control.code for control in base_pack().for_kind("enterprise")}
    assert enterprises - communes == {"GOV-07"}
    assert communes - enterprises == {"GOV-08", "ACC-11", "DAT-05"}


def test_a_commune_has_twenty_four_indispensables() -> None:
    assert sum(control.indispensable for control in base_pack().for_kind("commune")) == 24


def test_no_two_controls_share_a_title_or_a_gap() -> None:
    controls = base_pack().controls
    for field in ("question", "why", "good", "fix", "gap"):
        assert len({getattr(control, field) for control in controls}) == len(controls)


def test_every_scenario_is_held_back_by_a_strong_measure() -> None:
    for code in SCENARIO_CODES:
        assert any(control.scenarios[code] == 3 for control in base_pack().controls)


@every_control
def test_a_control_matters_to_at_least_one_scenario(control: Control) -> None:
    assert tuple(control.scenarios) == SCENARIO_CODES
    assert max(control.scenarios.values()) > 0


@every_control
def test_a_control_is_printed_in_french_typography(control: Control) -> None:
    for field, text in texts(control):
        assert "'" not in text, field
        assert "!" not in text, field
        assert text == typo(text), field


@every_control
def test_a_question_is_a_question(control: Control) -> None:
    for question in questions(control):
        assert question.endswith(FINE + "?")
        assert question.count("?") == 1
        assert question[0].isupper()


@every_control
def test_a_question_speaks_without_jargon(control: Control) -> None:
    for text in (*questions(control), control.why, control.hint_yes, control.hint_partly or ""):
        assert not [word for word in JARGON if word in text]


@every_control
def test_a_title_has_no_final_stop_and_a_sentence_has_one(control: Control) -> None:
    for title in (control.fix, control.gap, control.hint_yes, control.hint_partly or ""):
        assert not title.endswith(".")
    for sentence in (control.why, control.good, control.proof, control.fix_detail):
        assert sentence.endswith(".")


@every_control
def test_a_partial_answer_is_explained_wherever_it_can_be_given(control: Control) -> None:
    assert (control.hint_partly is None) == (control.scale == "ON")


@every_control
def test_a_fix_is_explained_in_two_or_three_sentences(control: Control) -> None:
    assert control.fix_detail.count(". ") in (1, 2)


@every_control
def test_recyf_is_a_reference_and_never_an_obligation(control: Control) -> None:
    assert not any(
        "ReCyF" in text or "NIS" in text for field, text in texts(control) if field != "references"
    )


def test_themes_and_scenarios_are_printed_in_french_typography() -> None:
    pack = base_pack()
    for text in (
        pack.title,
        *(text for theme in pack.themes for text in (theme.title, theme.intro)),
        *(text for scenario in pack.scenarios for text in (scenario.title, scenario.summary)),
    ):
        assert text == typo(text)
        assert "'" not in text


def test_a_pinned_pack_reads_back_the_same() -> None:
    pinned = Pack.model_validate_json(base_pack().canonical_json())
    assert pinned == base_pack()
    assert pinned.digest == base_pack().digest
    assert len(pinned.digest) == 64


def test_it_is_read_once() -> None:
    assert base_pack() is base_pack()


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        base_pack().control("GOV-99")
