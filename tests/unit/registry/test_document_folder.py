"""Documents in a folder: kept once, whole, and rechecked when they are read."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_service.documents.folder import DocumentFolder
from registry_service.domain.errors import DigestDiffers, DocumentsUnavailable

CONTENT = "申报承诺书".encode()
DIGEST = hashlib.sha256(CONTENT).digest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_comes_back(folder: Path, content: bytes) -> None:
    documents = DocumentFolder(folder)
    digest = documents.put(content)
    assert digest == hashlib.sha256(content).digest()
    assert documents.holds(digest)
    assert documents.get(digest) == content


def test_the_same_content_is_kept_once(folder: Path) -> None:
    documents = DocumentFolder(folder)
    assert documents.put(CONTENT) == documents.put(CONTENT) == DIGEST
    assert len(files(folder)) == 1


def test_what_was_never_kept_is_elsewhere(folder: Path) -> None:
    documents = DocumentFolder(folder)
    assert not documents.holds(DIGEST)
    assert documents.get(DIGEST) is None
    assert not folder.exists()


def test_a_content_that_was_tampered_with_is_refused_and_mended_by_its_original(
    folder: Path,
) -> None:
    documents = DocumentFolder(folder)
    documents.put(CONTENT)
    (path,) = files(folder)
    path.write_bytes(CONTENT + b"!")
    with pytest.raises(DigestDiffers) as refusal:
        documents.get(DIGEST)
    assert refusal.value.metadata["sha256"] == DIGEST.hex()
    documents.put(CONTENT)
    assert documents.get(DIGEST) == CONTENT


def test_nobody_else_on_the_machine_reads_documents(folder: Path) -> None:
    DocumentFolder(folder).put(CONTENT)
    (path,) = files(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_can_not_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file in the way")
    with pytest.raises(DocumentsUnavailable):
        DocumentFolder(tmp_path / "documents").put(CONTENT)
