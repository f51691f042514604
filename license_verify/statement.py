"""Premises statement 经营场所清单: all filed places of one entity, as one signed document.

A face has room for one address; the places of a firm with many (一照多址) stand in a statement.
It is the whole list at one moment, so a place that is not on it was not filed then. It belongs to
one version of the face, has a version of its own that is never given twice, and an entry in the
status lists like a licence: that entry, and no age, says whether a later list took its place
(`statement_check`).
"""

import re
from dataclasses import InitVar, dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from license_verify import limits
from license_verify.codes.uscc import Uscc
from license_verify.lists.errors import ListTooLarge
from license_verify.lists.fields import Fields
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.refusal import Refusal
from license_verify.spelling import find_address
from license_verify.statement_errors import (
    StatementForged,
    StatementKeyDistrusted,
    StatementKeyNotInItsTime,
    StatementKeyUnknown,
    StatementKeyWrongUse,
    StatementMalformed,
    StatementTooLarge,
    StatementWithoutTrust,
)
from license_verify.text import fault
from license_verify.token import cbor, cose
from license_verify.token.claims import StatusRef, host_of_uri
from license_verify.token.errors import CborTooLarge, TokenRefused
from license_verify.trust import Trust

TYP: Final = "application/vnd.yizhao.statement+cose"
_FORMAT: Final = 1
_UINT32: Final = (1 << 32) - 1
_KEYS: Final = frozenset(
    {"format", "uscc", "version", "face_version", "registrar", "iat", "status_idx", "status_uri",
     "premises"}
)  # fmt: skip
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SEAL: Final = object()


class PlaceState(StrEnum):
    """Where a place on a statement stands; ended ones are on none."""

    LIVE = "live"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlace:
    """One filed place of business, as a statement lists it."""

    number: int
    """Site number, unique within the entity; it stands in the site's own code."""
    title: str | None
    """门店名称; None where none was filed."""
    address: str
    unit: int
    """Own id of the supervising unit."""
    filed: date
    """备案日期."""
    state: PlaceState = PlaceState.LIVE

    def _row(self) -> list[object]:
        filed = self.filed.isoformat()
        return [self.number, self.title, self.address, self.unit, filed, self.state.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The content."""

    uscc: str
    version: int
    """The statement's own, from 1; never given twice within the entity."""
    face_version: int
    """Version of the face of the licence that it belongs to."""
    registrar: int
    """Own id of the unit that registers the entity."""
    issued_at: datetime
    """Whole seconds."""
    status: StatusRef
    """Its entry in the status lists."""
    premises: tuple[StatedPlace, ...]
    """All of them, by number; at most `limits.STATEMENT_PREMISES`."""

    def place_at(self, address: str) -> StatedPlace | None:
        """The place with that address, in whatever spelling; None if the list has none."""
        found = find_address(address, [one.address for one in self.premises])
        return None if found is None else self.premises[found]

    def payload(self) -> bytes:
        """The content as CBOR, ready to be signed with `TYP` in the header.

        Raises:
            StatementMalformed, StatementTooLarge: what it says breaks the format.
        """
        if self.issued_at.tzinfo is None:
            raise _malformed("its time has no zone")
        written = cbor.encode(
            {
                "format": _FORMAT,
                "uscc": self.uscc,
                "version": self.version,
                "face_version": self.face_version,
                "registrar": self.registrar,
                "iat": int(self.issued_at.timestamp()),
                "status_idx": self.status.index,
                "status_uri": self.status.uri,
                "premises": [place._row() for place in self.premises],
            }
        )
        Statement.decode(written)
        return written

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the content; nothing about its signature is known by that.

        Raises:
            StatementMalformed, StatementTooLarge: not a statement's content.
        """
        try:
            return cls._read(Fields.read(payload, limits.STATEMENT_BYTES, _KEYS))
        except (CborTooLarge, ListTooLarge) as error:
            raise _too_large(str(error)) from None
        except (StatementMalformed, StatementTooLarge):
            raise
        except (Refusal, ValueError) as error:
            raise _malformed(f"the content is no statement's: {error}") from None

    @classmethod
    def _read(cls, fields: Fields) -> Self:
        if fields.uint("format") != _FORMAT:
            raise _malformed("it is of a format that this version cannot read")
        places = [_place(item) for item in fields.items("premises", limits.STATEMENT_PREMISES)]
        numbers = [place.number for place in places]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            raise _malformed("its places are not in the order of their numbers, each once")
        return cls(
            uscc=Uscc.parse(fields.text("uscc")).text,
            version=_number(fields["version"], "version"),
            face_version=_number(fields["face_version"], "face_version"),
            registrar=_number(fields["registrar"], "registrar"),
            issued_at=fields.moment("iat"),
            status=_status(fields),
            premises=tuple(places),
        )


@dataclass(frozen=True, slots=True)
class OpenedStatement:
    """A statement whose signature holds. Only `open_statement` makes one."""

    content: Statement
    trust_version: int
    """Of the trust list that it was opened with."""
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        if _seal is not _SEAL:
            raise TypeError("only open_statement makes this")


def sign_statement(content: Statement, *, kid: bytes, sign: cose.Sign) -> bytes:
    """The statement as a signed document; the key's use is `statement`.

    Raises:
        StatementMalformed, StatementTooLarge: what it says breaks the format.
    """
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def open_statement(data: bytes, trust: Trust) -> OpenedStatement:
    """Read a statement and check its signature, however old it is.

    That it is genuine does not say that it still holds: `statement_check.check_statement` does.

    Raises:
        StatementRefused: by its subclasses; not a statement, or not signed by a statement key of
            the trust list in its time.
    """
    document, content = read_statement(data)
    if trust.manifest is None or trust.environment != trust.expected_environment:
        raise StatementWithoutTrust(
            "there is no trust list of the expected environment to check the statement with",
            zh="本机没有可用于核验经营场所清单的信任列表",
        )
    key = _trusted_key(document.kid, content.issued_at, trust)
    if not cose.signature_fits(document, key.key, key.alg):
        raise StatementForged(
            "the statement's signature does not hold: it was altered or forged",
            zh="经营场所清单签名不符，系伪造或被改动",
        )
    return OpenedStatement(content, trust.version, _SEAL)


def read_statement(data: bytes) -> tuple[cose.Sign1, Statement]:
    """Take a statement apart; its signature is not checked.

    Raises:
        StatementMalformed, StatementTooLarge: not a statement.
    """
    try:
        document = cose.decode(data, max_bytes=limits.STATEMENT_BYTES, typ=TYP)
    except CborTooLarge as error:
        raise _too_large(str(error)) from None
    except TokenRefused as error:
        raise _malformed(f"it is no signed statement: {error}") from None
    return document, Statement.decode(document.payload)


def _trusted_key(kid: bytes, issued_at: datetime, trust: Trust) -> TrustedKey:
    key = trust.keys.get(kid)
    if key is None:
        raise StatementKeyUnknown(
            f"no key of the trust list is {kid.hex()}, which signed the statement",
            zh="经营场所清单不是由受信任的密钥签发",
            kid=kid.hex(),
        )
    if key.use is not Use.STATEMENT:
        raise StatementKeyWrongUse(
            f"key {kid.hex()} signs {key.use.value}, not statements",
            zh="签名密钥不是经营场所清单的签发密钥",
            kid=kid.hex(),
            use=key.use.value,
        )
    if key.state is KeyState.DISTRUSTED:
        raise StatementKeyDistrusted(
            f"key {kid.hex()} is distrusted, and so is all that it signed",
            zh="签发密钥已不被信任，其签发的经营场所清单失效",
            kid=kid.hex(),
        )
    if not key.may_sign_at(issued_at):
        raise StatementKeyNotInItsTime(
            f"the statement is dated outside the time in which key {kid.hex()} signs",
            zh="经营场所清单的签发日期不在签名密钥的有效期内",
            kid=kid.hex(),
        )
    return key


def _malformed(why: str) -> StatementMalformed:
    return StatementMalformed(f"the statement is refused: {why}", zh="经营场所清单不符合格式")


def _too_large(why: str) -> StatementTooLarge:
    return StatementTooLarge(f"the statement is refused: {why}", zh="经营场所清单超出容量上限")


def _number(value: cbor.Value, what: str) -> int:
    if type(value) is not int or not 1 <= value <= _UINT32:
        raise _malformed(f"{what} is not a number from 1 to {_UINT32}")
    return value


def _status(fields: Fields) -> StatusRef:
    index, uri = fields.uint("status_idx"), fields.text("status_uri")
    if index >= limits.STATUS_ENTRIES:
        raise _malformed("status_idx is beyond a list's entries")
    if host_of_uri(uri) is None:
        raise _malformed("status_uri is not https://HOST/s/N")
    return StatusRef(index, uri)


def _place(item: cbor.Value) -> StatedPlace:
    if not isinstance(item, list) or len(item) != 6:
        raise _malformed("a place is not number, title, address, unit, day and state")
    number, title, address, unit, filed, state = item
    number = _number(number, "the number of a place")
    at = f"place {number}: "
    return StatedPlace(
        number=number,
        title=None if title is None else _text(title, limits.NAME_CHARACTERS, at + "its title"),
        address=_text(address, limits.ADDRESS_CHARACTERS, at + "its address"),
        unit=_number(unit, at + "its unit"),
        filed=_filed(filed, at),
        state=_state(state, at),
    )


def _text(value: cbor.Value, longest: int, what: str) -> str:
    if not isinstance(value, str):
        raise _malformed(f"{what} is not a text")
    problem = fault(value, longest)
    if problem is not None:
        raise _malformed(f"{what} {problem}")
    return value


def _filed(value: cbor.Value, at: str) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _malformed(at + "its day of filing is not written as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _malformed(at + "its day of filing is none of the calendar") from None


def _state(value: cbor.Value, at: str) -> PlaceState:
    for state in PlaceState:
        if value == state.value:
            return state
    raise _malformed(at + "its state is neither live nor suspended")
