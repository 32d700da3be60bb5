"""The rows of crisis plans: places, lines and services that the product knows."""

from typing import Any

MEANINGFUL: dict[tuple[str, str], str] = {
    ("crisis_cell_member", "role"): "names a place of the team",
    ("crisis_contact", "code"): "names a line of the directory",
    ("fallback_sheet", "service"): "names a sheet of the catalogue",
    ("crisis_exercise", "scenario"): "names a scenario of the catalogue",
}

VALUES: dict[tuple[str, str], Any] = {
    ("crisis_cell_member", "role"): "decide",
    ("crisis_contact", "code"): "insurer",
    ("fallback_sheet", "service"): "paie",
    ("crisis_exercise", "scenario"): "ransom",
    ("crisis_exercise", "lessons"): lambda filled, client: [filled.client_mark(client)],
    ("crisis_plan", "places"): lambda filled, client: [filled.client_mark(client)],
}
