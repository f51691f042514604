"""Refusals of issuing that no fact of the register explains."""

from typing import ClassVar

from license_verify.refusal import Kind
from registry_service.domain.errors import RegistryError


class FaceTooLong(RegistryError):
    """Even shortened, the face does not fit the largest symbol (version 22 at level M)."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "FACE_TOO_LONG"


class SymbolUnreadable(RegistryError):
    """No mask gave a picture that both decoders read; nothing left the house."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "SYMBOL_UNREADABLE"


class KeyFolderRefused(ValueError):
    """The key folder is open to others, or a file in it is no key of ours.

    An operator's error at start-up, so no refusal of a request.
    """


class KeyFolderMissing(KeyFolderRefused):
    """There is no such folder."""


class KeyFolderOpen(KeyFolderRefused):
    """Others than its owner may read the folder, or a key in it."""


class KeyUnreadable(KeyFolderRefused):
    """A key does not open: the passphrase is wrong or missing, or the file is damaged."""


class KeyUnencrypted(KeyFolderRefused):
    """A key lies open in its file, though keys are to be encrypted here."""


class HsmUnavailable(OSError):
    """The HSM did not do what it was asked, or not in time."""


class HsmLibraryMissing(HsmUnavailable):
    """No HSM can be asked: what speaks PKCS #11 is not installed."""
