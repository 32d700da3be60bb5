"""Over the portfolio: answers disproved by a measurement, answers nobody knew, proofs nobody looked at."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from flask import render_template, request, url_for

from mspaudit.checklists import queries
from mspaudit.checklists.queries import ToClarify
from mspaudit.checklists.views import blueprint, context
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today


class Tab(NamedTuple):
    """One kind of thing to clear up: `key` in the address, its words, and how to read a page of it."""

    key: str
    title: str
    empty: str
    read: Callable[[int, date], Sequence[ToClarify]]


TABS = (
    Tab(
        "",
        "Réponses contredites",
        "Aucune réponse contredite. Quand une mesure ne dit pas comme le client, la question vient ici.",
        lambda page, day: queries.contradicted(today=day, page=page),
    ),
    Tab(
        "inconnues",
        "Je ne sais pas",
        "Aucune réponse inconnue. Quand un client répond « je ne sais pas », la question vient ici.",
        lambda page, _day: queries.to_verify(page=page),
    ),
    Tab(
        "preuves",
        "Preuves à vérifier",
        "Aucune preuve n’attend. Les prochaines arriveront des espaces de vos clients.",
        lambda page, _day: queries.evidence_waiting(page=page),
    ),
)


@blueprint.get("/a-eclaircir")
def clarify() -> str:
    """One tab of three, the first unless the address says otherwise."""
    now = the_time()
    tab = next((tab for tab in TABS if tab.key == request.args.get("quoi", "")), TABS[0])
    page = max(request.args.get("page", 1, type=int), 1)
    counts = (queries.contradicted_count(today=today(now)), *queries.waiting_counts())
    return render_template(
        "checklists/clarify.html",
        tabs=[_link(each, each is tab, count) for each, count in zip(TABS, counts, strict=True)],
        tab=tab,
        total=counts[TABS.index(tab)],
        items=tab.read(page, today(now)),
        page=page,
        size=queries.PAGE,
        now=now,
        today=today(now),
        **context(),
    )


def _link(tab: Tab, current: bool, count: int) -> tuple[str, str, bool, int]:
    return tab.title, url_for("checklists.clarify", quoi=tab.key or None), current, count
