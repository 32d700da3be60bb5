"""What an MSP may change in the controls, and what it is told when it cannot."""

import os
from pathlib import Path

import pytest

from mspaudit.content.packs import PackError, base_pack, pack_for

ADDED = """
[[controls]]
code = "GOV-90"
question = "Avez-vous un classeur de secours dans le hall ?"
why = "Un classeur rouge se voit de loin. Chacun sait alors quoi faire."
good = "Le classeur est là, complet et daté."
hint_yes = "Dans le hall"
scale = "ON"
criticality = 2
answered_by = ["client"]
scenarios = { standstill = 1 }
proof = "Une photo du classeur."
proof_days = 365
hours = 1
fix = "Poser un classeur de secours"
fix_detail = "Achetez un classeur rouge. Rangez-y le plan de crise."
gap = "Pas de classeur"
minutes = 0.5
"""


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    (tmp_path / "tilleul").mkdir()
    return tmp_path


def written(tenants: Path, text: str, slug: str = "tilleul") -> Path:
    file = tenants / slug / "pack.toml"
    file.write_text(text, encoding="utf-8")
    return tenants


def refusal(tenants: Path, text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        pack_for("tilleul", written(tenants, text))
    return caught.value


def test_an_msp_without_a_file_uses_ours(tenants: Path) -> None:
    assert pack_for("tilleul", tenants) is base_pack()
    assert pack_for("inconnu", tenants) is base_pack()


def test_it_rewords_one_control_and_leaves_the_others(tenants: Path) -> None:
    pack = pack_for("tilleul", written(tenants, '[override.GOV-01]\ngap = "Sans pilote"\ncriticality = 4\n'))
    assert pack.control("GOV-01").gap == "Sans pilote"
    assert pack.control("GOV-01").weight == 4
    assert not pack.control("GOV-01").indispensable
    assert pack.control("GOV-01").question == base_pack().control("GOV-01").question
    assert pack.control("GOV-02") == base_pack().control("GOV-02")
    assert base_pack().control("GOV-01").weight == 5


def test_it_removes_controls(tenants: Path) -> None:
    pack = pack_for("tilleul", written(tenants, 'remove = ["NET-04", "GOV-02"]\n'))
    assert len(pack.controls) == len(base_pack().controls) - 2
    with pytest.raises(KeyError):
        pack.control("NET-04")


def test_it_adds_a_control_at_the_end_of_its_theme(tenants: Path) -> None:
    codes = [control.code for control in pack_for("tilleul", written(tenants, ADDED)).controls]
    assert codes.index("GOV-90") == codes.index("GOV-08") + 1


def test_it_adds_a_theme_of_its_own(tenants: Path) -> None:
    theme = '[[themes]]\ncode = "VIT"\ntitle = "Vitrines"\n'
    pack = pack_for("tilleul", written(tenants, theme + ADDED.replace("GOV-90", "VIT-01")))
    assert pack.themes[-1].title == "Vitrines"
    assert pack.controls[-1].code == "VIT-01"


def test_a_changed_pack_says_so_in_its_version_and_digest(tenants: Path) -> None:
    pack = pack_for("tilleul", written(tenants, 'remove = ["NET-04"]\n'))
    assert pack.version == f"{base_pack().version}+tilleul"
    assert pack.digest != base_pack().digest
    named = pack_for("tilleul", written(tenants, 'version = "2026.12-tilleul"\n'))
    assert named.version == "2026.12-tilleul"


def test_it_sees_a_file_that_changed(tenants: Path) -> None:
    pack_for("tilleul", written(tenants, 'remove = ["NET-04"]\n'))
    written(tenants, 'remove = ["NET-05"]\n')
    os.utime(tenants / "tilleul" / "pack.toml", ns=(1, 1))
    assert pack_for("tilleul", tenants).control("NET-04")


@pytest.mark.parametrize(
    ("text", "control", "field", "reason"),
    [
        ("[override.GOV-01]\ncriticality = 6\n", "GOV-01", "criticality", "trop grand, 5 au plus"),
        (
            '[override.GOV-01]\ncriticality = "fort"\n',
            "GOV-01",
            "criticality",
            "un nombre entier est attendu",
        ),
        (
            '[override.GOV-01]\nscale = "S4"\n',
            "GOV-01",
            "scale",
            "valeur inconnue, il faut 'S3', 'DT', 'PC' ou 'ON'",
        ),
        ('[override.GOV-01]\nquestoin = "x"\n', "GOV-01", "questoin", "champ inconnu"),
        ('[override.GOV-01]\nwhy = "Une seule phrase, sans suite."\n', "GOV-01", "why", "deux phrases"),
        (f'[override.GOV-01]\ngap = "{"a" * 46}"\n', "GOV-01", "gap", "trop long, 45 caractères au plus"),
        ('[override.GOV-01]\ncode = "GOV-02"\n', "GOV-01", "code", "le code ne se change pas"),
        ("[override.GOV-01]\nscenarios = { mailbox = 0 }\n", "GOV-01", "scenarios", "au moins un scénario"),
        ("[override.GOV-01]\nscenarios = { mailbox = 4 }\n", "GOV-01", "scenarios.mailbox", "3 au plus"),
        ("[override.GOV-01]\nanswered_by = []\n", "GOV-01", "answered_by", "la liste est vide"),
        ('[override.GOV-04]\nhint_partly = "Un peu"\n', "GOV-04", "", "n’a pas de sens"),
        ('[override]\nGOV-01 = "non"\n', "GOV-01", "", "un tableau de champs"),
        ('[override.XYZ-01]\ngap = "Rien"\n', "XYZ-01", "", "n’existe pas"),
        ('remove = ["XYZ-01"]\n', "XYZ-01", "", "n’existe pas"),
        ("remove = [{}]\n", "{}", "", "n’existe pas"),
        ('remove = "GOV-01"\n', "", "", "une liste de codes"),
        ("controls = 3\n", "", "controls", "[[controls]]"),
        ("removes = []\n", "", "removes", "clé inconnue"),
        ('[[controls]]\ncode = "GOV-90"\n', "GOV-90", "question", "champ obligatoire"),
        (ADDED.replace("GOV-90", "GOV-01"), "", "", "code présent deux fois\u00a0: GOV-01"),
        (ADDED.replace("GOV-90", "VIT-01"), "", "", "aucun thème ne porte le début de ce code\u00a0: VIT-01"),
        ("remove = [\n", "", "", "écriture TOML incorrecte"),
    ],
)
def test_it_names_the_file_the_control_and_the_field(
    tenants: Path, text: str, control: str, field: str, reason: str
) -> None:
    error = refusal(tenants, text)
    assert (error.control, error.field) == (control, field)
    assert error.file == str(tenants / "tilleul" / "pack.toml")
    assert reason in str(error)
    assert error.file in str(error)
    assert control in str(error)


def test_it_asks_for_utf_8(tenants: Path) -> None:
    (tenants / "tilleul" / "pack.toml").write_bytes("title = 'Été'".encode("latin-1"))
    with pytest.raises(PackError, match="UTF-8"):
        pack_for("tilleul", tenants)


@pytest.mark.parametrize("slug", ["", "..", "../tilleul", "a/b", "Tilleul", "-a"])
def test_it_refuses_a_slug_that_could_leave_the_folder(tenants: Path, slug: str) -> None:
    with pytest.raises(PackError):
        pack_for(slug, tenants)
