"""Status list: IETF Token Status List (draft 21) as a CWT, 4 bits an entry."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from license_verify import limits
from license_verify.lists.errors import ListMalformed, ListTooLarge
from license_verify.lists.status import Status
from license_verify.token import cbor, cose
from license_verify.token.claims import host_of_uri

TYP: Final = "application/statuslist+cwt"
BITS: Final = 4
_SUB, _EXP, _IAT, _TTL, _STATUS_LIST = 2, 4, 6, 65534, 65533
_KEYS: Final = frozenset({_SUB, _EXP, _IAT, _TTL, _STATUS_LIST})
_STATUS: Final = {status.value: status for status in Status}
_SHARE_BYTES: Final = 16 * 1024
"""Entries that are compressed by themselves, so that a change of one leaves the other shares as
they were, byte for byte, and a delta carries about 2.5 KiB of a list of 70 (`lists.delta`)."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """One list. Entries beyond the stored bytes read INVALID: they were never issued."""

    uri: str
    """Own address and subject, `https://HOST/s/N`."""
    issued_at: datetime
    expires_at: datetime
    ttl: int
    """Seconds after which a copy should be fetched again."""
    entries: bytes
    """Two entries a byte, the lower index in the lower four bits."""

    @classmethod
    def of(
        cls,
        uri: str,
        issued_at: datetime,
        expires_at: datetime,
        ttl: int,
        statuses: Mapping[int, Status],
        size: int,
    ) -> Self:
        """A list of `size` entries; those not in `statuses` are INVALID.

        Raises:
            ListTooLarge: more entries than a list may have, or an index beyond `size`.
        """
        if not 0 <= size <= limits.STATUS_ENTRIES or any(not 0 <= i < size for i in statuses):
            raise ListTooLarge(f"a list has at most {limits.STATUS_ENTRIES} entries", size=size)
        packed = bytearray([Status.INVALID << 4 | Status.INVALID]) * ((size + 1) // 2)
        for index, status in statuses.items():
            shift = 4 * (index & 1)
            packed[index >> 1] = packed[index >> 1] & (0xF0 >> shift) | status << shift
        return cls(uri, issued_at, expires_at, ttl, bytes(packed))

    def status(self, index: int) -> Status | None:
        """The entry at `index`; None if its four bits are no status that we know."""
        if not 0 <= index < 2 * len(self.entries):
            return Status.INVALID
        return _STATUS.get(self.entries[index >> 1] >> 4 * (index & 1) & 0xF)

    def payload(self) -> bytes:
        """The claims as CBOR, ready to be signed with `TYP` in the header.

        Raises:
            ListMalformed, ListTooLarge: what it says breaks the format.
        """
        written = cbor.encode(
            {
                _SUB: self.uri,
                _EXP: int(self.expires_at.timestamp()),
                _IAT: int(self.issued_at.timestamp()),
                _TTL: self.ttl,
                _STATUS_LIST: {"bits": BITS, "lst": _deflate(self.entries)},
            }
        )
        StatusList.decode(written)
        return written

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the claims of a list.

        Raises:
            CborRefused: not deterministic CBOR.
            ListMalformed: a claim is missing, unknown, of the wrong type or out of range.
            ListTooLarge: it would inflate beyond a list's entries.
        """
        claims = cbor.decode(payload, limits.LIST_DOCUMENT_BYTES)
        if not isinstance(claims, dict) or claims.keys() != _KEYS:
            raise ListMalformed("the status list's claims are not sub, exp, iat, ttl and the list")
        uri, ttl = claims[_SUB], claims[_TTL]
        if not isinstance(uri, str) or host_of_uri(uri) is None:
            raise ListMalformed("the status list's subject is not https://HOST/s/N")
        if type(ttl) is not int or not 0 < ttl < 1 << 32:
            raise ListMalformed("the status list's ttl is not a number of seconds", uri=uri)
        packed = claims[_STATUS_LIST]
        if not isinstance(packed, dict) or packed.keys() != {"bits", "lst"}:
            raise ListMalformed("the status list is not exactly bits and lst", uri=uri)
        if packed["bits"] is True or packed["bits"] != BITS:
            raise ListMalformed(f"the status list has not {BITS} bits an entry", uri=uri)
        return cls(
            uri, moment(claims[_IAT]), moment(claims[_EXP]), ttl, _inflate(packed["lst"], uri)
        )


def sign_status_list(content: StatusList, *, kid: bytes, sign: cose.Sign) -> bytes:
    """The list as a signed document; the key's use is `status`."""
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def moment(value: cbor.Value) -> datetime:
    """A time from seconds since 1970.

    Raises:
        ListMalformed: not such a number.
    """
    if type(value) is not int or not 0 <= value < 1 << 33:
        raise ListMalformed("a time is not in seconds since 1970")
    return datetime.fromtimestamp(value, UTC)


def _deflate(entries: bytes) -> bytes:
    """Entries as one zlib stream, in shares.

    Nearly every byte is of two VALID entries, the others are strewn by chance: runs and letter
    frequencies are all there is to find, and looking for more took 1,000 times as long for 5 %.
    """
    deflater = zlib.compressobj(9, strategy=zlib.Z_RLE)
    shares = []
    for at in range(0, len(entries), _SHARE_BYTES):
        shares.append(deflater.compress(entries[at : at + _SHARE_BYTES]))
        shares.append(deflater.flush(zlib.Z_FULL_FLUSH))
    return b"".join((*shares, deflater.flush()))


def _inflate(packed: cbor.Value, uri: str) -> bytes:
    if not isinstance(packed, bytes):
        raise ListMalformed("the status list's lst is not bytes", uri=uri)
    inflater = zlib.decompressobj()
    try:
        entries = inflater.decompress(packed, limits.STATUS_LIST_BYTES + 1)
    except zlib.error:
        raise ListMalformed("the status list's lst is not zlib data", uri=uri) from None
    if len(entries) > limits.STATUS_LIST_BYTES:
        raise ListTooLarge(
            f"the status list inflates beyond {limits.STATUS_LIST_BYTES} bytes", uri=uri
        )
    if not inflater.eof or inflater.unused_data:
        raise ListMalformed("the status list's lst is cut off or followed by something", uri=uri)
    return entries
