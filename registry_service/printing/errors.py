"""Refusals of printing."""

from typing import ClassVar

from license_verify.refusal import Kind
from registry_service.domain.errors import RegistryError


class PrintFontMissing(RegistryError):
    """No font with Chinese characters is on this machine, or the one that is set is none."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    reason: ClassVar[str] = "PRINT_FONT_MISSING"


class PrintCharactersMissing(RegistryError):
    """The fonts on this machine lack characters that must be printed."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "PRINT_CHARACTERS_MISSING"


class NotPrintable(RegistryError):
    """Paper is printed of what is in force only."""

    kind: ClassVar[Kind] = Kind.BLOCKED
    reason: ClassVar[str] = "NOT_PRINTABLE"
