"""Documents in a folder: one file a content, named by its SHA-256, written whole or not at all."""

import hashlib
import os
import secrets
from pathlib import Path

from registry_service.domain.errors import DigestDiffers, DocumentsUnavailable


class DocumentFolder:
    """A `DocumentStore`. Several processes may share the folder, one for backup may read it."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched before the first content."""
        self._folder = folder

    def put(self, content: bytes) -> bytes:
        """See `DocumentStore`. A damaged file of the same content is mended by it."""
        digest = hashlib.sha256(content).digest()
        path = self._path(digest)
        try:
            if not (path.exists() and path.read_bytes() == content):
                self._write(path, content)
        except OSError as error:
            raise _unavailable(error) from None
        return digest

    def get(self, sha256: bytes) -> bytes | None:
        """See `DocumentStore`."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(error) from None
        if hashlib.sha256(content).digest() != sha256:
            raise DigestDiffers(
                "the content kept under that digest was changed",
                zh="留存的材料与登记的摘要不一致，可能已损坏或被改动，请联系系统运维员",
                sha256=sha256.hex(),
            )
        return content

    def holds(self, sha256: bytes) -> bool:
        """See `DocumentStore`."""
        return self._path(sha256).is_file()

    def _path(self, sha256: bytes) -> Path:
        name = sha256.hex()
        return self._folder / name[:2] / name

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside, flush, rename; readers see the old or the whole new file."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        for folder in (path.parent, self._folder, self._folder.parent):
            _flush_names(folder)


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable(error: OSError) -> DocumentsUnavailable:
    return DocumentsUnavailable(
        "the folder of documents can't be used; nothing was kept, try again",
        zh="材料库暂时无法使用，材料未收存，请稍后重试",
        cause=type(error).__name__,
    )
