"""The table as a spreadsheet."""

from collections.abc import Iterable, Iterator

from mspaudit.adapters.sheets import Cell
from mspaudit.clients.models import Client
from mspaudit.kernel.clock import local
from mspaudit.portfolio.board import scenario_titles
from mspaudit.risk.models import Standing
from mspaudit.risk.rounding import level, rounded_split
from mspaudit.risk.terms import Split
from mspaudit.web.charts import LEVELS

HEADERS = (
    "Client", "Type", "SIREN", "Habitants", "Effectif", "Risque", "Niveau", "dont ce qui manque",
    "dont à prouver", "Évolution sur 90 jours", "Posture", "Certitude (%)", "Réponses contredites",
    "Réponses inconnues", "Scénario le plus exposé", "Exposition", "Échéance", "Dernier jour utile",
    "Dernier contact", "Calculé le",
)  # fmt: skip
KINDS = {"commune": "commune", "enterprise": "entreprise"}


def rows(found: Iterable[tuple[Client, Standing | None]]) -> Iterator[list[Cell]]:
    """One line a client; figures with one decimal, the parts adding up to the risk."""
    titles = scenario_titles()
    for client, standing in found:
        contact = local(client.last_contact_at).date() if client.last_contact_at else None
        known: list[Cell] = [
            client.name, KINDS[client.kind], client.siren, client.population, client.headcount,
        ]  # fmt: skip
        yield (
            known
            + (_figures(standing, titles) if standing else [None] * 13)
            + [
                contact,
                local(standing.computed_at).replace(tzinfo=None) if standing else None,
            ]
        )


def _figures(row: Standing, titles: list[str]) -> list[Cell]:
    split = rounded_split(Split(row.missing, row.unproven), 1)
    return [
        split.total, LEVELS[level(row.risk) - 1], split.missing, split.unproven, round(row.delta, 1),
        round(row.posture, 1), round(row.certainty, 1), row.contradicted, row.unknown,
        titles[row.worst - 1], round(row.worst_exposure, 1), row.deadline, row.act_by,
    ]  # fmt: skip
