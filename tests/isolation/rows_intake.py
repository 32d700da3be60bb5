"""The import desk's rows: a file that can be read, whose lines name their house."""

from typing import Any

from mspaudit.adapters.tables import to_bytes
from mspaudit.intake.recognise import open_table

KEPT = {"surname": "Nom", "given_name": "Prénom", "department": "Service"}


def _file(mark: str) -> bytes:
    return f"Nom;Prénom;Service\n{mark};Anne;Mairie\n".encode()


MEANINGFUL: dict[tuple[str, str], str] = {
    ("intake", "kind"): "names a kind of file",
    ("intake", "storage_key"): "names a stored file",
    ("intake", "table_key"): "names a stored file",
}
VALUES: dict[tuple[str, str], Any] = {
    ("intake", "kind"): "staff_list",
    ("intake", "headers"): list(KEPT.values()),
    ("intake", "columns"): KEPT,
    ("intake", "routes"): {},
    ("intake", "total"): 1,
    ("intake", "storage_key"): lambda filled, client: filled.stored(_file(filled.client_mark(client))),
    ("intake", "table_key"): lambda filled, client: filled.stored(
        to_bytes(open_table(_file(filled.client_mark(client)), "personnel.csv"))
    ),
}
