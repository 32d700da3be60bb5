"""Nobody is shut out: axe finds nothing, and no page scrolls sideways on a phone."""

import pytest

from mspaudit.kernel import clock
from mspaudit.risk.actions import recompute
from mspaudit.web.build_assets import MODULES
from tests.accounts import furnished as accounts
from tests.backups import furnished as backups
from tests.browser.conftest import Devices
from tests.cast import Cast
from tests.checklists.campaigns import pilot_without_mandate, proof_of, start
from tests.crisis import furnished as crisis
from tests.crisis import incidents_furnished as incidents
from tests.departures import furnished as departures
from tests.fieldwork import furnished as fieldwork
from tests.inventory import furnished as inventory
from tests.notices import furnished as notices
from tests.plan import furnished as plan

pytestmark = pytest.mark.browser

PEOPLE = ("secretary", "decider", "technician", "admin")
SPACE = ["", "questions/GOV-01", "questions/GOV-02", "questions/GOV-01/demander", "fin"]
SHEETS = ["clients/valbrune/questionnaire", "clients/fontaine/questionnaire", "a-eclaircir"]
SHEETS += ["clients/valbrune/questionnaire/questions/GOV-01", "a-eclaircir?quoi=preuves"]
SHEETS += ["a-eclaircir?quoi=inconnues"]
SHEETS += ["", "failles", "portefeuille/pourquoi/risque", "clients/valbrune/", "clients/valbrune/risque"]
SHEETS += ["clients/valbrune/risque?figure=certitude", "clients/valbrune/fiche", "clients/nouveau"]
PAGES = [("secretary", f"espace/valbrune/{path}") for path in SPACE]
PAGES += [("technician", path) for path in SHEETS]
AXE = "async () => (await axe.run()).violations.map((v) => [v.id, ...v.nodes.map((node) => node.html)])"


def _inhabit(cast: Cast) -> list[tuple[str, str]]:
    """A campaign, a proof, and the figures that the portfolio shows; every page there is to see then."""
    start(cast)
    proof_of(cast, "GOV-01")
    with cast.inside() as house:
        # The sheet disproves that « oui »: its pages show both.
        pilot_without_mandate(house.clients["valbrune"])
    with cast.inside():
        recompute(today=clock.today(clock.now()), now=clock.now())
    rooms = (accounts, backups, crisis, departures, fieldwork, incidents, inventory, notices, plan)
    return PAGES + [page for room in rooms for page in room.furnish(cast, clock.now())]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(cast: Cast, device: Devices, scheme: str) -> None:
    pages = _inhabit(cast)
    axe = (MODULES / "axe-core" / "axe.min.js").read_text() + "; 0"
    people = {
        who: device(cast, who, color_scheme=scheme, reduced_motion="reduce").new_page() for who in PEOPLE
    }
    found = {}
    for who, path in pages:
        page = people[who]
        page.goto(f"/{cast.tilleul.slug}/{path}")
        page.evaluate(axe)
        found[path] = page.evaluate(AXE)
    assert {path: seen for path, seen in found.items() if seen} == {}


def test_no_page_scrolls_sideways_on_a_phone(cast: Cast, device: Devices) -> None:
    pages = _inhabit(cast)
    narrow = {"viewport": {"width": 360, "height": 740}}
    people = {who: device(cast, who, **narrow).new_page() for who in PEOPLE}
    widths = {}
    for who, path in pages:
        people[who].goto(f"/{cast.tilleul.slug}/{path}")
        widths[path] = people[who].evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > 360} == {}
