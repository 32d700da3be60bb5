import hashlib
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.adapters.storage import NotStoredError, Storage

OURS, THEIRS = uuid4(), uuid4()
DATA = b"une preuve"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(params=["memory", "path", "file"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    folder = tmp_path / "des fichiers é"
    return Storage.from_url(
        {"memory": "memory:", "path": str(folder), "file": folder.as_uri()}[request.param]
    )


def test_it_gives_back_what_it_was_given(storage: Storage) -> None:
    key = storage.put(OURS, NAME, DATA)
    assert key == f"{OURS}/{NAME[:2]}/{NAME}"
    assert storage.get(key, tenant_id=OURS) == DATA


def test_storing_twice_stores_once(storage: Storage) -> None:
    assert storage.put(OURS, NAME, DATA) == storage.put(OURS, NAME, DATA)
    assert storage.get(storage.put(OURS, NAME, DATA), tenant_id=OURS) == DATA


def test_it_refuses_a_stranger_as_if_there_were_nothing(storage: Storage) -> None:
    key = storage.put(OURS, NAME, DATA)
    missing = key.replace(str(OURS), str(THEIRS))
    said = []
    for attempt in (key, missing):
        with pytest.raises(NotStoredError) as refused:
            storage.get(attempt, tenant_id=THEIRS)
        said.append(str(refused.value).replace(attempt, ""))
    assert said[0] == said[1]


def test_a_stranger_deletes_nothing(storage: Storage) -> None:
    key = storage.put(OURS, NAME, DATA)
    with pytest.raises(NotStoredError):
        storage.delete(key, tenant_id=THEIRS)
    assert storage.get(key, tenant_id=OURS) == DATA


def test_deleting_twice_is_deleting(storage: Storage) -> None:
    key = storage.put(OURS, NAME, DATA)
    storage.delete(key, tenant_id=OURS)
    storage.delete(key, tenant_id=OURS)
    with pytest.raises(NotStoredError):
        storage.get(key, tenant_id=OURS)


@pytest.mark.parametrize(
    "key",
    [
        f"{OURS}/../{THEIRS}/{NAME[:2]}/{NAME}",
        f"{OURS}/{NAME}",
        f"/{OURS}/{NAME[:2]}/{NAME}",
        f"{OURS}//{NAME[:2]}/{NAME}",
        f"{OURS}/{NAME[:2]}/{NAME}\n",
        f"{OURS}/{NAME[:2]}/../{NAME[:2]}/{NAME}",
        str(OURS).upper() + f"/{NAME[:2]}/{NAME}",
        "../../etc/passwd",
        "",
    ],
)
def test_a_crafted_key_leads_nowhere(storage: Storage, key: str) -> None:
    storage.put(THEIRS, NAME, DATA)
    with pytest.raises(NotStoredError):
        storage.get(key, tenant_id=OURS)


@given(key=st.text(), tenant=st.uuids())
def test_no_key_but_one_s_own_is_ever_looked_up(key: str, tenant: UUID) -> None:
    with pytest.raises(NotStoredError):
        Storage.from_url("memory:").get(key, tenant_id=tenant)


@pytest.mark.parametrize("name", ["", "facture.pdf", NAME.upper(), NAME[:-1], "../" + NAME])
def test_a_file_is_stored_under_a_digest_only(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        storage.put(OURS, name, DATA)


def test_a_bucket_is_reached_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "fr-par")
    assert "preuves" in repr(Storage.from_url("s3://preuves/prod"))


@pytest.mark.parametrize("url", ["ftp://user:secret@host/x", "https://exemple.fr/x", "file://host/x"])
def test_an_address_of_another_kind_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ValueError, match="unknown kind") as refused:
        Storage.from_url(url)
    assert "secret" not in str(refused.value)


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    Storage.from_url(str(tmp_path / "files"))
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
