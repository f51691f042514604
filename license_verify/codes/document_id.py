"""Electronic document identifier 电子证照标识 (GB/T 36904-2018)."""

import re
from dataclasses import dataclass
from typing import Final, Self

from license_verify.refusal import Kind, Refusal

ROOT: Final = "1.2.156.3005.2"
BUSINESS_LICENSE: Final = "11100000MB0143028R001"
"""Type code of the business licence 营业执照 in the national directory."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PART: Final = re.compile(r"[0-9A-Z]{1,64}", re.ASCII)
_VERSION: Final = re.compile(r"[0-9]{3}", re.ASCII)


class InvalidDocumentId(Refusal):
    """Not of the identifier's form, or the check character does not fit."""

    kind = Kind.INVALID
    reason = "DOCUMENT_ID_INVALID"


def check_character(text: str) -> str:
    """Compute ISO 7064 MOD 37,36 over digits and upper-case letters, no dots.

    Raises:
        InvalidDocumentId: another character.
    """
    product = 36
    for character in text:
        value = _ALPHABET.find(character)
        if value < 0:
            raise InvalidDocumentId("a document identifier is digits and upper-case letters")
        product = ((product + value) % 36 or 36) * 2 % 37
    return _ALPHABET[(37 - product) % 36]


@dataclass(frozen=True, slots=True)
class DocumentId:
    """Root, type, issuer, serial, version and a check character, joined by dots.

    A check that fails on somebody else's identifier is worth a warning at most: one of four
    published samples fails it. `parse` is strict; what we issue always fits.
    """

    type_code: str
    issuer: str
    serial: str
    version: int
    """1 to 999, printed with three digits."""

    def __post_init__(self) -> None:
        parts = (self.type_code, self.issuer, self.serial)
        if not all(_PART.fullmatch(part) for part in parts) or not 1 <= self.version <= 999:
            raise InvalidDocumentId(
                "type, issuer and serial are 1 to 64 digits or upper-case letters, "
                "the version is 1 to 999"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the dotted form with its root.

        Raises:
            InvalidDocumentId: another root, number of parts, or check character.
        """
        parts = text[len(ROOT) + 1 :].split(".") if text.startswith(ROOT + ".") else []
        if len(parts) != 5 or not _VERSION.fullmatch(parts[3]):
            raise InvalidDocumentId(
                f"a document identifier is {ROOT}.<type>.<issuer>.<serial>.<version>.<check>",
                zh="电子证照标识格式不正确",
            )
        read = cls(parts[0], parts[1], parts[2], int(parts[3]))
        if read.check != parts[4]:
            raise InvalidDocumentId(
                "the check character of the document identifier does not fit",
                zh="电子证照标识校验不通过",
            )
        return read

    @property
    def check(self) -> str:
        """The last character, over all parts without dots or root."""
        return check_character(f"{self.type_code}{self.issuer}{self.serial}{self.version:03}")

    def __str__(self) -> str:
        body = f"{self.type_code}.{self.issuer}.{self.serial}.{self.version:03}"
        return f"{ROOT}.{body}.{self.check}"
