"""What an official looks for, what that asks of the index, and why an entity was found."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from license_verify.normalise import normalise_address, normalise_name, normalise_person
from license_verify.refusal import FieldViolation
from registry_service.domain.entity import EntityState, Face
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.search import FEWEST_CHARACTERS, SearchField, exact_term, pair_terms

_NUMBER: Final = re.compile(r"(?=.*[0-9]{4})[0-9A-Z./-]{8,128}", re.ASCII)
_CODE: Final = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{18}", re.ASCII)

_FEW_PAIRS: Final = 3


class Fact(StrEnum):
    """What of an entity a criterion fits."""

    CODE = "code"
    FORMER_CODE = "former_code"
    LICENSE_NUMBER = "license_number"
    BUSINESS_NAME = "business_name"
    FORMER_NAME = "former_name"
    PERSON = "person"
    ADDRESS = "address"


_FACTS: Final = {
    SearchField.NAME: Fact.BUSINESS_NAME,
    SearchField.FORMER_NAME: Fact.FORMER_NAME,
    SearchField.PERSON: Fact.PERSON,
    SearchField.ADDRESS: Fact.ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Match:
    """A fact of an entity that fits a criterion."""

    fact: Fact
    value: str
    """As it is or was written."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an official gave; what is left empty asks for nothing."""

    text: str = ""
    """Whatever they typed."""
    code: str = ""
    license_number: str = ""
    business_name: str = ""
    whole_name: bool = False
    """`business_name` is the whole name."""
    person: str = ""
    address: str = ""
    registrars: tuple[int, ...] = ()
    """One of these units; 0 is the unclear one."""
    states: tuple[EntityState, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no criterion is given."""
        texts = (self.text, self.code, self.license_number, self.business_name, self.person)
        return not any((*texts, self.address, self.registrars, self.states))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that a text of the entity contains, or is."""

    field: SearchField
    key: str
    """At least `FEWEST_CHARACTERS` long, unless it is the whole text."""
    whole: bool = False

    @property
    def terms(self) -> list[str]:
        """What every entity that fits is indexed under, and few others are."""
        if self.whole and self.field is SearchField.NAME:
            return [exact_term(self.key)]
        pairs = pair_terms(self.field, self.key)
        # Every character of a long key is in one of these: pairs that overlap tell little more.
        return pairs if len(pairs) <= _FEW_PAIRS else [*pairs[:-1:2], pairs[-1]]

    def fits(self, key: str) -> bool:
        """Whether a text with that key fits."""
        return self.key == key if self.whole else self.key in key


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What an entity must be to be found; what is left empty asks for nothing."""

    texts: tuple[tuple[Wanted, ...], ...] = ()
    """Of each group, one suffices."""
    registrars: tuple[int, ...] = ()
    """One of these; 0 is the unclear one."""
    states: tuple[EntityState, ...] = ()
    """One of these."""
    entities: tuple[int, ...] | None = None
    """One of these, by own number; None for any."""

    def ways(self) -> Iterator[tuple[Wanted, ...]]:
        """Each way to fit every group; one that asks for nothing if there is no group."""
        return product(*self.texts)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that fits, and its place in the order of all answers."""

    entity_no: int
    sort_key: str


def as_number(text: str) -> str:
    """A code or number as it is kept: half width, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def looks_like_number(number: str) -> bool:
    """Whether this may be the code of an entity or the number of a licence, and no name."""
    return _NUMBER.fullmatch(number) is not None


def require_code(number: str) -> None:
    """Stop at what can be the code of nobody.

    Raises:
        InvalidRequest: neither 18 nor 15 characters.
    """
    if not _CODE.fullmatch(number):
        zh = "代码应为18位统一社会信用代码或15位注册号；只记得一部分时请改用名称检索"
        raise InvalidRequest(FieldViolation("code", "has neither 18 nor 15 characters", zh))


def wanted_texts(criteria: Criteria) -> tuple[tuple[Wanted, ...], ...]:
    """What the texts of the criteria ask for.

    Raises:
        InvalidRequest: a text has fewer than two characters that count.
    """
    faults: list[FieldViolation] = []
    groups: list[tuple[Wanted, ...]] = []
    if criteria.text:
        name = _key("text", normalise_name(criteria.text), faults)
        others = (
            Wanted(SearchField.PERSON, normalise_person(criteria.text)),
            Wanted(SearchField.ADDRESS, normalise_address(criteria.text)),
        )
        fitting = tuple(each for each in others if len(each.key) >= FEWEST_CHARACTERS)
        groups.append((*_names(name, whole=False), *fitting))
    if criteria.business_name:
        name = normalise_name(criteria.business_name)
        if not criteria.whole_name:
            _key("business_name", name, faults)
        groups.append(_names(name, whole=criteria.whole_name))
    if criteria.person:
        key = _key("person", normalise_person(criteria.person), faults)
        groups.append((Wanted(SearchField.PERSON, key),))
    if criteria.address:
        key = _key("address", normalise_address(criteria.address), faults)
        groups.append((Wanted(SearchField.ADDRESS, key),))
    if faults:
        raise InvalidRequest(*faults)
    return tuple(groups)


def _names(key: str, *, whole: bool) -> tuple[Wanted, ...]:
    return (
        Wanted(SearchField.NAME, key, whole),
        Wanted(SearchField.FORMER_NAME, key, whole),
    )


def _key(field: str, key: str, faults: list[FieldViolation]) -> str:
    if len(key) < FEWEST_CHARACTERS:
        zh = f"至少输入 {FEWEST_CHARACTERS} 个字"
        if field == "address":
            zh += "，省、市名称之外的部分才作为检索内容"
        faults.append(FieldViolation(field, "needs two characters or more", zh))
    return key


def text_matches(
    texts: Iterable[tuple[Wanted, ...]], face: Face, former_names: Iterable[str]
) -> tuple[Match, ...]:
    """Which texts of an entity fit, each once.

    Args:
        texts: what was looked for.
        face: in force.
        former_names: of the versions before, the latest first.
    """
    name = normalise_name(face.business_name)
    keys = [
        (SearchField.NAME, name, face.business_name),
        (SearchField.PERSON, normalise_person(face.person), face.person),
        (SearchField.ADDRESS, face.address.normalised, face.address.text),
    ]
    formerly = ((normalise_name(old), old) for old in former_names)
    keys += [(SearchField.FORMER_NAME, key, old) for key, old in formerly if key != name]
    found = [
        Match(_FACTS[field], text)
        for group in texts
        for field, key, text in keys
        if any(wanted.field is field and wanted.fits(key) for wanted in group)
    ]
    return tuple(dict.fromkeys(found))
