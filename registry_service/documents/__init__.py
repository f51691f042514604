"""Where the contents of documents are kept: one small interface, a folder by default."""

from typing import Protocol


class DocumentStore(Protocol):
    """Contents by their SHA-256; what is kept is never changed and never given up."""

    def put(self, content: bytes) -> bytes:
        """Keep a content, durably before this returns; its digest, 32 bytes.

        Raises:
            DocumentsUnavailable: nothing was kept.
        """

    def get(self, sha256: bytes) -> bytes | None:
        """The content with that digest, rechecked; None if it is kept elsewhere.

        Raises:
            DigestDiffers: what is kept was changed behind the registry's back.
            DocumentsUnavailable: it can't be read now.
        """

    def holds(self, sha256: bytes) -> bool:
        """Whether a content with that digest is kept here."""
