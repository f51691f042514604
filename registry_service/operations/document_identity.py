"""Number and identifier 电子证照标识 of a licence version (GB/T 36904-2018, domain.md §8).

Both follow from what its token says, so they never change and need no column of their own. Copies
bear those of their version.
"""

from dataclasses import dataclass
from typing import Final

from license_verify.codes.document_id import BUSINESS_LICENSE, DocumentId
from license_verify.token.face import LicenseFace
from registry_service.domain.license import SignedDocument
from registry_service.domain.unit import UnitTree
from registry_service.issuing.intent import claims_of

_VERSIONS: Final = 999
"""As many has an identifier; those after them take a serial of their own (a restore skips some)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How a licence version is called outside this register."""

    license_number: str
    """证照编号: the credit code and the version, three digits at least."""
    document_id: str
    """电子证照标识; empty where no code of the authority that issued it is configured."""


def identity_of(document: SignedDocument, units: UnitTree) -> Identity:
    """Number and identifier of a licence version."""
    claims = claims_of(document.to_be_signed)
    if not isinstance(claims.face, LicenseFace):
        raise TypeError("a site code has no licence number")
    code, issuer = claims.uscc.text, units.code_of(claims.face.registrar)
    number = f"{code}{document.version:03}"
    if not issuer:
        return Identity(number, "")
    rounds, behind = divmod(document.version - 1, _VERSIONS)
    serial = f"{code}{rounds}" if rounds else code
    return Identity(number, str(DocumentId(BUSINESS_LICENSE, issuer, serial, 1 + behind)))
