"""What finds an entity: keys of its texts, and the terms under which the index has it.

Everything here is a pure function, and fast: an import calls it once for each row.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple
from zlib import crc32

from license_verify.normalise import normalise_name, normalise_person
from registry_service.domain.entity import EntityState

FEWEST_CHARACTERS: Final = 2
"""Of a key that is looked for: the index knows pairs of characters."""
SLICE_DIGITS: Final = 3
"""Every entity lies in one of 16 ** 3 slices, whatever its facts, so that each slice is a fair
sample of the register. A search reads few slices where many entities fit, and all where few do."""


class SearchField(StrEnum):
    """A text that is searched by any part of it; its value begins its terms."""

    NAME = "n"
    FORMER_NAME = "f"
    PERSON = "p"
    ADDRESS = "a"


class SearchRow(NamedTuple):
    """A row of table `entity_search`, but for the entity's number and version.

    `NamedTuple`, since a million are made in a row.
    """

    sort_key: str
    """Slice and credit code: the order of every answer."""
    name_key: str
    person_key: str
    address_key: str
    former_name_keys: list[str]
    """Distinct, in their order, without the present one."""
    terms: list[str]
    """Distinct, in their order."""


def search_row(
    uscc: str,
    state: EntityState,
    registrar: int | None,
    business_name: str,
    person: str,
    address_key: str,
    former_names: Iterable[str] = (),
) -> SearchRow:
    """What finds an entity with this code, state, registrar and face.

    Args:
        uscc: the code in force.
        state: of the entity.
        registrar: its unit; None where unclear.
        business_name: in force.
        person: in force.
        address_key: the domicile's, by `normalise_address`.
        former_names: of every version before the one in force.
    """
    name_key, person_key = normalise_name(business_name), normalise_person(person)
    former = sorted({key for key in map(normalise_name, former_names) if key} - {name_key})
    place = slice_of(uscc)
    terms = {
        state_term(state),
        unit_term(registrar),
        *map(slice_term, (place[:1], place[:2], place)),
        *pair_terms(SearchField.NAME, name_key),
        *pair_terms(SearchField.PERSON, person_key),
        *pair_terms(SearchField.ADDRESS, address_key),
    }
    if name_key:
        terms.add(exact_term(name_key))
    for key in former:
        terms.update(pair_terms(SearchField.FORMER_NAME, key))
    return SearchRow(place + uscc, name_key, person_key, address_key, former, sorted(terms))


def pair_terms(field: SearchField, key: str) -> list[str]:
    """A term for every two neighbouring characters of a key; none for a shorter one."""
    letter = field.value
    return [letter + key[at : at + 2] for at in range(len(key) - 1)]


def exact_term(name_key: str) -> str:
    """The term of a whole name in force."""
    return "e" + name_key


def state_term(state: EntityState) -> str:
    """The term of a state."""
    return "s" + state.value


def unit_term(registrar: int | None) -> str:
    """The term of a registrar; of 0 where the unit is unclear."""
    return f"u{registrar or 0}"


def slice_of(uscc: str) -> str:
    """The slice of a code: three hexadecimal digits, spread evenly over any register."""
    return f"{crc32(uscc.encode()) & 0xFFF:03x}"


def slice_term(digits: str) -> str:
    """The term of all slices that begin with these digits."""
    return "z" + digits
