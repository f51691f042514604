"""Licences about to be signed, many at a time: how they are kept until then, and signing them."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from license_verify.token import cose
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.license_draft import Draft, Signed

_HEAD: Final = struct.Struct(">QQIIIH")
CHECKED_EVERY: Final = 64
"""One signature in so many is verified at once (ADR 0015); fsck verifies every one."""


def pack(drafts: Iterable[Draft]) -> bytes:
    """Write drafts one behind the other."""
    return b"".join(
        _HEAD.pack(
            draft.entity_no,
            draft.revision,
            draft.facts_version,
            draft.list_no,
            draft.index,
            len(draft.payload),
        )
        + draft.payload
        for draft in drafts
    )


def unpack(packed: bytes) -> Iterator[Draft]:
    """Read drafts as `pack` wrote them."""
    at = 0
    while at < len(packed):
        entity_no, revision, version, list_no, index, size = _HEAD.unpack_from(packed, at)
        at += _HEAD.size
        yield Draft(entity_no, revision, version, list_no, index, packed[at : at + size])
        at += size


def sign_all(
    drafts: Iterable[Draft], kid: bytes, sign: cose.Sign, public: cose.PublicKey
) -> list[Signed]:
    """Sign drafts with a key; the first, and then one in `CHECKED_EVERY`, is verified.

    Raises:
        SignerUnavailable: the key is away, or what it signed does not verify; nothing of these may
            be stored.
    """
    protected, signed = cose.protected_header(kid), list[Signed]()
    for place, draft in enumerate(drafts):
        said = cose.sig_structure(protected, draft.payload)
        token = cose.assemble(protected, draft.payload, sign(said))
        if place % CHECKED_EVERY == 0 and not cose.raw_signature_fits(said, token[-64:], public):
            raise SignerUnavailable(
                f"what key {kid.hex()} signed does not verify; nothing was issued",
                zh="签名自检未通过，未签发",
            )
        signed.append(Signed(draft, said, token))
    return signed
