"""The claims of a token (RFC 8392), profile L1, and issuing and reading whole tokens."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, Self

from license_verify import limits
from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.token import cbor, cose
from license_verify.token.errors import ClaimsRefused
from license_verify.token.face import Face, LicenseFace, SiteFace, face_from
from license_verify.token.scan import is_host, is_loopback
from license_verify.token.usual_face import read_face

SUB, EXP, IAT, STATUS, FACE = 2, 4, 6, 65535, -65537
"""Keys of the claims map."""

BEIJING: Final = timezone(timedelta(hours=8))
_DAY: Final = 86_400
_LATEST: Final = 1 << 33
_MAP: Final = 5
"""Major type of CBOR."""
_STATUS_LIST: Final = b"\x19\xff\xff\xa1\x6bstatus_list\xa2\x63idx"
_URI: Final = b"\x63uri"
_IAT, _FACE = cbor.leaf(IAT), cbor.leaf(FACE)
_KEYS: Final = ({SUB, IAT, STATUS, FACE}, {SUB, IAT, EXP, STATUS, FACE})
# Bytes have one right order and form, so nearly all tokens begin alike; to compare them is
# quicker than to take them apart. What is not like this, right or wrong, is read item by item.
_USUAL: Final = re.compile(
    rb"""
    \xa4                                               # four claims, in bytewise order
    \x02 \x72 ([0-9A-Z]{18})                           # sub: a licence's
    \x06 \x1a ([\x01-\xff].{3})                        # iat: four bytes, in its shortest form
    \x19\xff\xff \xa1 \x6bstatus_list \xa2
    \x63idx ( [\x00-\x17] | \x18[\x18-\xff] | \x19[\x01-\xff]. | \x1a\x00[\x01-\x0f].. )
    \x63uri \x78 ([\x18-\xff][!-~]+)                    # its length in one byte, then the text
    \x3a\x00\x01\x00\x00                               # the face follows
    """,
    re.VERBOSE | re.DOTALL,
)
_SITE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_STATUS_URI: Final = re.compile(r"https?://([^/?#]{1,253})/s/(0|[1-9][0-9]{0,8})", re.ASCII)


def end_of(day: date) -> datetime:
    """The first moment behind a term's last day, in Beijing time: the value of exp."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)


def status_uri(host: str, number: int) -> str:
    """The address of status list `number` on `host`; also the list's subject."""
    return f"https://{host}/s/{number}"


@lru_cache(maxsize=1024)
def host_of_uri(uri: str) -> str | None:
    """The host of a status list's address, or None if it is not exactly such an address."""
    found = _STATUS_URI.fullmatch(uri) if len(uri) <= limits.URI_CHARACTERS else None
    if found is None or not is_host(found[1]):
        return None
    if uri.startswith("http://") and not is_loopback(found[1]):
        return None
    return found[1]


@lru_cache(maxsize=1024)
def _origin_of(uri: str) -> str:
    return uri.rpartition("/s/")[0]


@dataclass(frozen=True, slots=True)
class StatusRef:
    """Where a token's status stands: entry `index` of the list at `uri`."""

    index: int
    uri: str

    @property
    def host(self) -> str:
        """The host of the list; a token is good on this host alone."""
        return host_of_uri(self.uri) or ""

    @property
    def origin(self) -> str:
        """Scheme and host of the list; a scan text must begin with just these."""
        return _origin_of(self.uri)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. A site's subject is its firm's code, a dash and the site number."""

    subject: str
    issued_at: datetime
    expires_at: datetime | None
    """Exclusive; only where the licence has a term."""
    status: StatusRef
    face: Face

    @property
    def uscc(self) -> Uscc:
        """The firm's credit code."""
        return Uscc(self.subject[:18])

    @property
    def site(self) -> int | None:
        """The site number, None for a licence."""
        return int(self.subject[19:]) if isinstance(self.face, SiteFace) else None

    def encode(self) -> bytes:
        """The claims map as CBOR.

        Raises:
            ClaimsRefused: a value that no token may carry.
        """
        if self.issued_at.tzinfo is None or (self.expires_at and self.expires_at.tzinfo is None):
            raise ClaimsRefused("a token's times have a zone")
        issued, index, uri = int(self.issued_at.timestamp()), self.status.index, self.status.uri
        _moment(issued)
        _require_status(index, uri)
        # Written out: a city's licences are written one by one.
        written = [cbor.leaf(SUB), cbor.leaf(_subject(self.subject, self.face))]
        if self.expires_at is not None:
            expires = int(self.expires_at.timestamp())
            _end(expires, self.face)
            written += (cbor.leaf(EXP), cbor.leaf(expires))
        written += (
            _IAT, cbor.leaf(issued), _STATUS_LIST, cbor.leaf(index), _URI, cbor.leaf(uri), _FACE,
            self.face.encode(),
        )  # fmt: skip
        return cbor.head(_MAP, 4 if self.expires_at is None else 5) + b"".join(written)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read a token's payload.

        Raises:
            CborRefused: not deterministic CBOR.
            ClaimsRefused: a claim is missing, unknown, of the wrong type or out of range.
        """
        usual = _USUAL.match(payload)
        uri = _sized_uri(usual[4]) if usual else None
        if usual and uri:
            subject, issued, index, _ = usual.groups()
            face = read_face(payload, usual.end())
            at = datetime.fromtimestamp(int.from_bytes(issued, "big"), UTC)
            # A number below 24 is its own first byte.
            status = StatusRef(int.from_bytes(index[1:] or index, "big"), uri)
            return cls(_subject(subject.decode(), face), at, None, status, face)
        fields = cbor.decode(payload, limits.TOKEN_BYTES)
        if not isinstance(fields, dict) or fields.keys() not in _KEYS:
            raise ClaimsRefused("the claims are not exactly those of this profile", zh="声明项不符")
        face = face_from(fields[FACE])
        return cls(
            subject=_subject(fields[SUB], face),
            issued_at=_moment(fields[IAT]),
            expires_at=_end(fields[EXP], face) if EXP in fields else None,
            status=_status(fields[STATUS]),
            face=face,
        )


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; its signature is not checked yet."""

    sign1: cose.Sign1
    claims: Claims


def issue(claims: Claims, *, kid: bytes, sign: cose.Sign) -> bytes:
    """Sign claims as a token.

    Raises:
        ClaimsRefused, CoseRefused: what is to be signed breaks the profile.
    """
    return cose.encode(claims.encode(), kid=kid, sign=sign)


def read(data: bytes) -> Token:
    """Take a token apart.

    Raises:
        TokenRefused: not a token of this profile, by its subclasses.
    """
    document = cose.decode(data, max_bytes=limits.TOKEN_BYTES)
    return Token(document, Claims.decode(document.payload))


@lru_cache(maxsize=1024)
def _sized_uri(written: bytes) -> str | None:
    """The address behind its one byte of length; None if the length or the address is wrong."""
    uri = written[1:].decode("ascii")
    return uri if len(uri) == written[0] and host_of_uri(uri) is not None else None


def _subject(value: cbor.Value, face: Face) -> str:
    if not isinstance(value, str):
        raise ClaimsRefused("the subject is not a text", zh="主体标识错误")
    try:
        Uscc.parse(value[:18])
    except InvalidUscc as error:
        raise ClaimsRefused(f"the subject is no credit code: {error}", zh=error.zh) from None
    number = value[18:]
    if isinstance(face, LicenseFace):
        fits = not number
    else:
        fits = number[:1] == "-" and _SITE_NUMBER.fullmatch(number[1:]) is not None
    if not fits:
        raise ClaimsRefused("a site alone has a number behind its code", zh="主体标识错误")
    return value


def _moment(value: cbor.Value) -> datetime:
    if type(value) is not int or not 0 <= value < _LATEST:
        raise ClaimsRefused("a time is not in seconds since 1970")
    return datetime.fromtimestamp(value, UTC)


def _end(value: cbor.Value, face: Face) -> datetime:
    moment = _moment(value)
    if (int(moment.timestamp()) + 8 * 3600) % _DAY:
        raise ClaimsRefused("exp is not the end of a day in Beijing time")
    if isinstance(face, SiteFace):
        raise ClaimsRefused("a site has no term of its own")
    return moment


def _status(value: cbor.Value) -> StatusRef:
    entry = value.get("status_list") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(entry, dict) or entry.keys() != {"idx", "uri"}:
        raise ClaimsRefused("the status is not exactly idx and uri")
    return _require_status(entry["idx"], entry["uri"])


def _require_status(index: cbor.Value, uri: cbor.Value) -> StatusRef:
    if type(index) is not int or not 0 <= index < limits.STATUS_ENTRIES:
        raise ClaimsRefused("the status index is beyond a list's entries")
    if not isinstance(uri, str) or host_of_uri(uri) is None:
        raise ClaimsRefused("the status uri is not https://HOST/s/N")
    return StatusRef(index, uri)
