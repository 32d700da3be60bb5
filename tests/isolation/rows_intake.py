"""The import desk's rows: a file that can be read, whose lines name their house."""

from typing import Any

KEPT = {"surname": "Nom", "given_name": "Prénom", "department": "Service"}

MEANINGFUL: dict[tuple[str, str], str] = {
    ("intake", "kind"): "names a kind of file",
    ("intake", "storage_key"): "names a stored file",
}
VALUES: dict[tuple[str, str], Any] = {
    ("intake", "kind"): "staff_list",
    ("intake", "headers"): list(KEPT.values()),
    ("intake", "columns"): KEPT,
    ("intake", "routes"): {},
    ("intake", "total"): 1,
    ("intake", "storage_key"): lambda filled, client: filled.stored(
        f"Nom;Prénom;Service\n{filled.client_mark(client)};Anne;Mairie\n".encode()
    ),
}
