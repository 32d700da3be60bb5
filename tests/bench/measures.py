"""Each figure beside its floor, the two interleaved so that a busy neighbour slows both."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from mspaudit.kernel import clock
from mspaudit.risk.compute import compute
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.bench.portfolio import more_deadlines, more_snapshots
from tests.bench.stand import VERSION, Stand, vacuum
from tests.pages import counting

ROUNDS = 25
FLOOR = "SELECT client_id, count(*), sum(points) FROM answer GROUP BY client_id"
ROWS = "SELECT count(*), sum(risk) FROM snapshot WHERE tenant_id = %s"


@dataclass(frozen=True)
class Figure:
    """One line of `var/bench.json`."""

    value: float
    unit: str
    method: str
    floor: float | None = None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        found = {"value": round(self.value, 3), "unit": self.unit, "method": self.method}
        return found if self.floor is None else found | {"floor": round(self.floor, 3)}


def measure(stand: Stand) -> dict[str, Figure]:
    """Every figure of this stand."""
    return pages(stand) | statements(stand) | deadlines(stand) | risk(stand) | policies(stand)


def pages(stand: Stand) -> dict[str, Figure]:
    """The dashboard and one saved answer, over an empty page through the same server."""
    browsers = {size: stand.browser(size) for size in stand.tenants}
    save = _saver(stand)
    asked: dict[str, Callable[[], object]] = {
        "vide": lambda: _ok(browsers[500].get("/banc-500/vide")),
        **{f"banc-{size}": _page(browser, f"/banc-{size}/") for size, browser in browsers.items()},
        "save": save,
    }
    times = interleaved(asked, ROUNDS)
    empty = times["vide"]
    _status, page = browsers[500].get("/banc-500/")
    over = (
        "p50 of {} over p50 of a signed-in page without content, same gunicorn process, {} rounds interleaved"
    )
    return {
        "floor_view_ms": Figure(empty, "ms", "p50 of a signed-in page without content"),
        "dashboard_500_ms": Figure(times["banc-500"], "ms", "p50 of the dashboard at 500 clients"),
        "dashboard_500_over_view": Figure(
            times["banc-500"] / empty, "ratio", over.format("the dashboard at 500 clients", ROUNDS), empty
        ),
        "dashboard_500_bytes": Figure(len(page.encode()), "bytes", "the same page, not compressed"),
        "dashboard_growth_5000_over_50": Figure(
            times["banc-5000"] / times["banc-50"],
            "ratio",
            "p50 at 5,000 clients over p50 at 50",
            times["banc-50"],
        ),
        "answer_save_over_view": Figure(
            times["save"] / empty, "ratio", over.format("posting one answer's form", ROUNDS), empty
        ),
    }


def statements(stand: Stand) -> dict[str, Figure]:
    """How many statements the dashboard sends."""
    client = stand.app.test_client()
    browser = stand.browser(500)
    for name, value in browser.cookies.items():
        client.set_cookie(name, value)
    client.get("/banc-500/")
    with counting(stand.app) as sent:
        client.get("/banc-500/")
    return {
        "dashboard_500_sql": Figure(len(sent), "statements", "every statement, session and context included")
    }


def deadlines(stand: Stand) -> dict[str, Figure]:
    """The list of deadlines, ten a client besides the legal calendar, over an empty page."""
    today, each = clock.today(clock.now()), 10
    for tenant in stand.tenants.values():
        more_deadlines(stand.servers.dsn("migrator"), tenant, today, each)
    browsers = {size: stand.browser(size) for size in stand.tenants}
    asked: dict[str, Callable[[], object]] = {
        "vide": lambda: _ok(browsers[500].get("/banc-500/vide")),
        **{f"{size}": _page(browser, f"/banc-{size}/echeances") for size, browser in browsers.items()},
    }
    times = interleaved(asked, ROUNDS)
    how = f"p50 of the list of deadlines ({each} a client and the legal calendar) over p50 of an empty page"
    return {
        "deadlines_500_ms": Figure(times["500"], "ms", "p50 of the list of deadlines at 500 clients"),
        "deadlines_500_over_view": Figure(times["500"] / times["vide"], "ratio", how, times["vide"]),
        "deadlines_growth_5000_over_50": Figure(
            times["5000"] / times["50"], "ratio", "p50 at 5,000 clients over p50 at 50", times["50"]
        ),
    }


def risk(stand: Stand) -> dict[str, Figure]:
    """Every client computed and written, over one bare aggregate of the same answers."""
    today, now, size = clock.today(clock.now()), clock.now(), 5000
    days = iter(range(1, 1000))

    def computed() -> None:
        with stand.app.app_context(), unit_of_work(job(stand.tenants[size])):
            compute(today=today + timedelta(days=next(days)), now=now)

    with stand.connection(size) as connection:

        def floor() -> None:
            connection.execute(FLOOR).fetchall()
            connection.commit()

        times = interleaved({"floor": floor, "risk": computed}, 11)
    vacuum(stand.servers)
    how = "5,000 clients × 67 controls, a new day's snapshots and the standings written, commit included"
    return {
        "floor_aggregate_ms": Figure(times["floor"], "ms", FLOOR + " as app, 335,000 rows"),
        "risk_ms": Figure(times["risk"], "ms", how),
        "risk_over_floor": Figure(times["risk"] / times["floor"], "ratio", how, times["floor"]),
        "risk_clients_per_s": Figure(1000 * size / times["risk"], "clients/s", how),
    }


def policies(stand: Stand) -> dict[str, Figure]:
    """A million rows read under the policies, over the same rows chosen by hand."""
    size = 5000
    rows = more_snapshots(stand.servers.dsn("migrator"), stand.tenants[size], 1_000_000)
    with stand.connection(size) as ours, stand.connection(size, "dump") as bare:
        times = interleaved(
            {
                "ours": lambda: ours.execute(ROWS, [stand.tenants[size]]).fetchone(),
                "bare": lambda: bare.execute(ROWS, [stand.tenants[size]]).fetchone(),
            },
            15,
        )
    how = (
        f"count and sum of {rows:,} rows: signed context and policies, over an explicit WHERE without policy"
    )
    return {"rls_overhead": Figure(times["ours"] / times["bare"], "ratio", how, times["bare"])}


def interleaved(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each, in milliseconds, after two rounds to warm up."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 2):
        for name, ask in asked.items():
            start = time.perf_counter()
            ask()
            if number >= 2:
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: median(found) for name, found in times.items()}


def _page(browser: Any, path: str) -> Callable[[], object]:
    return lambda: _ok(browser.get(path))


def _ok(answer: tuple[int, str], wanted: int = 200) -> str:
    status, text = answer
    if status != wanted:
        raise RuntimeError(f"{status} instead of {wanted}: {re.sub('<[^>]*>', ' ', text)[:300]}")
    return text


def _saver(stand: Stand) -> Callable[[], object]:
    """Answer the same question again and again, each time another way."""
    browser = stand.browser(500)
    path = "/banc-500/clients/client-7/questionnaire/questions/ACC-01"
    found = VERSION.search(_ok(browser.get(path)))
    state = {"version": int(found[1]) if found else 0}

    def save() -> None:
        choice = ("yes", "no")[state["version"] % 2]
        _ok(browser.post(path, choice=choice, version=str(state["version"])), 303)
        state["version"] += 1

    return save
