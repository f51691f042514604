"""What a caller claims about a licence, and the answers: never more than was claimed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from license_verify import limits
from license_verify.record import PublicRecord
from license_verify.spelling import (
    address_spellings,
    find_address,
    name_key,
    name_spellings,
    person_key,
)
from license_verify.text import clean
from license_verify.token.face import Face, LicenseFace, digest


class Answer(StrEnum):
    """The answer to one claimed value."""

    MATCH = "MATCH"
    DIFFERS = "DIFFERS"
    NOT_COMPARED = "NOT_COMPARED"
    """Nothing was claimed, or there was nothing to compare it with."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Values that a caller was told and wants compared. None: not claimed."""

    name: str | None = None
    person: str | None = None
    address: str | None = None

    def cleaned(self) -> "Claimed":
        """The same with clean texts.

        Raises:
            UnfitText: a value is blank, too long or has invisible characters.
        """
        return Claimed(
            _cleaned("name", self.name, limits.NAME_CHARACTERS),
            _cleaned("person", self.person, limits.PERSON_CHARACTERS),
            _cleaned("address", self.address, limits.ADDRESS_CHARACTERS),
        )


def _cleaned(field: str, value: str | None, longest: int) -> str | None:
    return None if value is None else clean(value, longest, f"claims.{field}")


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer for each value."""

    name: Answer = Answer.NOT_COMPARED
    person: Answer = Answer.NOT_COMPARED
    address: Answer = Answer.NOT_COMPARED


NOTHING_COMPARED: Final = Answers()


def compare(claimed: Claimed, face: Face | None, record: PublicRecord | None) -> Answers:
    """Compare with the signed face first, and with the live record where the face is silent."""
    return Answers(
        _name(claimed.name, face, record),
        _person(claimed.person, face, record),
        _address(claimed.address, face, record),
    )


def address_fits(claimed: str, address: str | None, address_digest: bytes | None) -> Answer:
    """Compare an address with a signed one, or with its digest.

    A digest knows one spelling only: the likely ones are tried, and another is not compared
    rather than wrong.
    """
    if address is not None:
        return _answer(find_address(claimed, (address,)) is not None)
    if address_digest is not None and _one_fits(address_spellings(claimed), address_digest):
        return Answer.MATCH
    return Answer.NOT_COMPARED


def _one_fits(spellings: Iterable[str], whole: bytes) -> bool:
    return any(digest(spelling) == whole for spelling in spellings)


def _answer(equal: bool) -> Answer:
    return Answer.MATCH if equal else Answer.DIFFERS


def _name(claimed: str | None, face: Face | None, record: PublicRecord | None) -> Answer:
    if claimed is None:
        return Answer.NOT_COMPARED
    key = name_key(claimed)
    if face is not None and face.name is not None:
        whole = face.name_digest if isinstance(face, LicenseFace) else None
        if whole is None:
            return _answer(key == name_key(face.name))
        if _one_fits(name_spellings(claimed), whole):
            return Answer.MATCH
        # The printed part tells a wrong name; a right one in another spelling it cannot.
        if not key.startswith(name_key(face.name)):
            return Answer.DIFFERS
    if record is not None and record.name is not None:
        return _answer(key == name_key(record.name))
    return Answer.NOT_COMPARED


def _person(claimed: str | None, face: Face | None, record: PublicRecord | None) -> Answer:
    if claimed is None:
        return Answer.NOT_COMPARED
    if isinstance(face, LicenseFace):
        return _answer(person_key(claimed) == person_key(face.person))
    if record is not None:
        return _answer(person_key(claimed) == person_key(record.person))
    return Answer.NOT_COMPARED


def _address(claimed: str | None, face: Face | None, record: PublicRecord | None) -> Answer:
    """MATCH if it is the face's address, the domicile, or a filed place of the live record."""
    if claimed is None:
        return Answer.NOT_COMPARED
    signed = Answer.NOT_COMPARED
    if face is not None:
        signed = address_fits(claimed, face.address, face.address_digest)
    if signed is Answer.MATCH or record is None:
        return signed
    places = [place.address for place in record.premises if place.live]
    return _answer(find_address(claimed, (record.address, *places)) is not None)
