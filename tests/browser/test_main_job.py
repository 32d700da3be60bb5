"""The main job, end to end: a secretary answers on her phone, a worker recomputes, the dashboard moves."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from mspaudit.config import Settings
from mspaudit.kernel import clock
from mspaudit.risk.actions import recompute
from mspaudit.tenancy import jobs
from tests.browser.conftest import PHONE, Devices
from tests.cast import Cast
from tests.checklists.campaigns import start

pytestmark = pytest.mark.browser
SOON_MS = 5_000


@pytest.fixture
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker of the queue that computes risk."""
    env = os.environ | {
        "MSPAUDIT_DATA": str(settings.data),
        "MSPAUDIT_DATABASE_URL": settings.database_url or "",
        "MSPAUDIT_REDIS_URL": settings.redis_url or "",
        "MSPAUDIT_SECRET_KEY": settings.secret_key.get_secret_value(),
        "MSPAUDIT_CONTEXT_KEY": settings.context_key.get_secret_value(),
    }
    process = subprocess.Popen([sys.executable, "-m", "mspaudit", "worker", "risk"], env=env)
    yield process
    process.terminate()
    process.wait(30)


def test_an_answer_on_a_phone_moves_the_dashboard_without_a_reload(
    cast: Cast, device: Devices, worker: subprocess.Popen[bytes]
) -> None:
    house = cast.tilleul
    start(cast, now=clock.now())
    with cast.inside():
        # Other tests leave wake-ups that nobody serves: this worker must not wait behind them.
        jobs.queue("risk").empty()
        recompute(today=clock.today(clock.now()), now=clock.now())
    dashboard = device(cast, "technician").new_page()
    dashboard.goto(f"/{house.slug}/")
    row = dashboard.get_by_role("row").filter(has_text="Valbrune")
    expect(row).to_contain_text("100 sur 100")

    phone = device(cast, "secretary", **PHONE).new_page()
    phone.goto(f"/{house.slug}/espace/valbrune/questions/ACC-03")
    phone.get_by_text("Oui", exact=True).first.click()
    expect(phone.get_by_role("status").filter(has_text="Enregistré à")).to_be_visible()

    # A worker that is only starting is the one thing that may take longer than an answer.
    expect(row).not_to_contain_text("100 sur 100", timeout=SOON_MS + 15_000)
    answered_once = row.text_content() or ""
    phone.goto(f"/{house.slug}/espace/valbrune/questions/CRI-05")
    phone.get_by_text("Oui", exact=True).first.click()
    expect(row).not_to_have_text(answered_once, timeout=SOON_MS)
