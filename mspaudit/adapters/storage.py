"""Where files are kept: a local folder, an S3 bucket or memory, all behind the same three verbs.

A file is found by its tenant and its SHA-256, so storing it twice stores it once.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

SHA256 = re.compile(r"[0-9a-f]{64}")


class NotStoredError(LookupError):
    """No such file for this tenant. Says the same of another tenant's file as of none at all."""


@dataclass(frozen=True)
class Storage:
    """Keys are `<tenant_id>/<sha256[:2]>/<sha256>`; every verb names the tenant it works for."""

    _store: ObjectStore

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`s3://bucket/prefix`, `memory:`, `file:///absolute/folder`, or the path of a folder.

        S3 credentials, region and endpoint come from the usual `AWS_*` variables. A folder is made if
        need be, closed to other users. Raises `ValueError` for any other kind of address.
        """
        parts = urlsplit(url)
        if parts.scheme == "s3":
            return cls(S3Store.from_url(url))
        if parts.scheme == "memory":
            return cls(MemoryStore())
        if parts.scheme not in ("", "file") or parts.netloc:
            raise ValueError(f"storage address of an unknown kind: {parts.scheme}://{parts.hostname or ''}")
        folder = Path(unquote(parts.path)).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder))

    def put(self, tenant_id: UUID, name_sha256: str, data: bytes) -> str:
        """Store `data` and return its key. `name_sha256`: 64 hexadecimal digits, else `ValueError`."""
        if not SHA256.fullmatch(name_sha256):
            raise ValueError("a file is stored under the hexadecimal SHA-256 of its content")
        key = f"{tenant_id}/{name_sha256[:2]}/{name_sha256}"
        self._store.put(key, data)
        return key

    def get(self, key: str, *, tenant_id: UUID) -> bytes:
        """The bytes stored under `key`. Raises `NotStoredError`, for another tenant's key too."""
        self._check(key, tenant_id)
        try:
            return bytes(self._store.get(key).bytes())
        except FileNotFoundError:
            raise NotStoredError(key) from None

    def delete(self, key: str, *, tenant_id: UUID) -> None:
        """Remove the file; one that is already gone is fine. Raises `NotStoredError` for another's key."""
        self._check(key, tenant_id)
        try:
            self._store.delete(key)
        except FileNotFoundError:
            return

    @staticmethod
    def _check(key: str, tenant_id: UUID) -> None:
        """Rebuilt rather than compared by prefix, so that no `..` or second slash gets through."""
        name = key.rpartition("/")[2]
        if not SHA256.fullmatch(name) or key != f"{tenant_id}/{name[:2]}/{name}":
            raise NotStoredError(key)
