"""Manifest: says at one moment which lists are current. Its iat is the data's freshness."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from license_verify import limits
from license_verify.lists.errors import ListMalformed
from license_verify.lists.fields import Fields, digest
from license_verify.lists.status_list import moment
from license_verify.token import cbor, cose

TYP: Final = "application/vnd.yizhao.manifest+cose"


def document_digest(document: bytes) -> bytes:
    """SHA-256 of a whole signed document, signature included."""
    return hashlib.sha256(document).digest()


def etag_of(document: bytes) -> str:
    """Strong entity tag of a signed document, with its quotes (RFC 9110 §8.8.3)."""
    return f'"{document_digest(document).hex()[:32]}"'


@dataclass(frozen=True, slots=True)
class ListEntry:
    """Which document is the current list."""

    digest: bytes
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest's content; signed online by a publication key."""

    seq: int
    """Grows by one a publication; never reused."""
    issued_at: datetime
    environment: str
    trust_version: int
    trust_digest: bytes
    lists: Mapping[str, ListEntry]
    """By the list's uri."""
    watermark: int
    """Feed number up to which the lists say everything."""
    statements_digest: bytes | None = None
    """SHA-256 of the statements file, see `bundle`."""

    def payload(self) -> bytes:
        """The content as CBOR, ready to be signed with `TYP` in the header."""
        fields: dict[str, object] = {
            "seq": self.seq,
            "iat": int(self.issued_at.timestamp()),
            "environment": self.environment,
            "trust_version": self.trust_version,
            "trust_digest": self.trust_digest,
            "lists": {
                uri: [entry.digest, int(entry.issued_at.timestamp())]
                for uri, entry in self.lists.items()
            },
            "watermark": self.watermark,
        }
        if self.statements_digest is not None:
            fields["statements_digest"] = self.statements_digest
        written = cbor.encode(fields)
        Manifest.decode(written)
        return written

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the content; nothing about its signature is known by that.

        Raises:
            CborRefused, ListMalformed, ListTooLarge: by what is wrong.
        """
        fields = Fields.read(
            payload,
            limits.MANIFEST_BYTES,
            {"seq", "iat", "environment", "trust_version", "trust_digest", "lists", "watermark"},
            {"statements_digest"},
        )
        lists = fields.by_text("lists", limits.LISTS)
        statements = "statements_digest"
        return cls(
            fields.uint("seq"),
            fields.moment("iat"),
            fields.environment(),
            fields.uint("trust_version"),
            fields.digest("trust_digest"),
            {uri: _entry(item) for uri, item in lists.items()},
            fields.uint("watermark"),
            fields.digest(statements) if statements in fields else None,
        )


def sign_manifest(content: Manifest, *, kid: bytes, sign: cose.Sign) -> bytes:
    """The manifest as a signed document; the key's use is `publication`."""
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def _entry(value: cbor.Value) -> ListEntry:
    if not isinstance(value, list) or len(value) != 2:
        raise ListMalformed("a list of the manifest is not a digest and a time")
    return ListEntry(digest(value[0], "a list of the manifest"), moment(value[1]))
