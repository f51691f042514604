"""Transcript of a ceremony: what the root was shown and signed, when, and who was there.

It holds the trust list that came of it, so that whoever pins the root before a change of root can
check it too; and it is signed by the root that signed that list.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from license_verify import limits
from license_verify.lists import trust_list
from license_verify.lists.errors import ListMalformed, ListNotSigned
from license_verify.lists.fields import Fields
from license_verify.lists.trust_list import TrustList, open_trust_list
from license_verify.token import cbor, cose

TYP: Final = "application/vnd.yizhao.ceremony-transcript+cose"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What happened."""

    environment: str
    practice: bool
    """Done with throw-away keys: it touched no register."""
    begun_at: datetime
    ended_at: datetime
    people: tuple[str, ...]
    """Who was there, as they gave their names."""
    shown: tuple[str, ...]
    """Line by line what they were shown before the root signed."""
    draft_digest: bytes
    """SHA-256 of the draft as it was brought."""
    trust_list: bytes
    """What the root signed."""

    def payload(self) -> bytes:
        """The content as CBOR, ready to be signed by the root with `TYP` in the header."""
        written = cbor.encode(
            {
                "environment": self.environment,
                "practice": self.practice,
                "begun": int(self.begun_at.timestamp()),
                "iat": int(self.ended_at.timestamp()),
                "people": list(self.people),
                "shown": list(self.shown),
                "draft_digest": self.draft_digest,
                "trust_list": self.trust_list,
            }
        )
        Transcript.decode(written)
        return written

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the content; nothing about its signature is known by that.

        Raises:
            CborRefused, ListMalformed, ListTooLarge: by what is wrong.
        """
        fields = Fields.read(
            payload,
            limits.TRANSCRIPT_BYTES,
            {
                "environment",
                "practice",
                "begun",
                "iat",
                "people",
                "shown",
                "draft_digest",
                "trust_list",
            },
        )
        practice = fields["practice"]
        if not isinstance(practice, bool):
            raise ListMalformed("practice is not true or false")
        return cls(
            fields.environment(),
            practice,
            fields.moment("begun"),
            fields.moment("iat"),
            _texts(fields, "people"),
            _texts(fields, "shown"),
            fields.digest("draft_digest"),
            fields.bytes("trust_list"),
        )

    @property
    def list_digest(self) -> bytes:
        """SHA-256 of the trust list, signature included, as manifests name it."""
        return hashlib.sha256(self.trust_list).digest()


def sign_transcript(content: Transcript, *, kid: bytes, sign: cose.Sign) -> bytes:
    """The transcript as a document signed by the root."""
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def open_transcript(data: bytes, roots: tuple[cose.PublicKey, ...]) -> tuple[Transcript, TrustList]:
    """Read a transcript that was signed by the root that signed its trust list.

    Args:
        data: the signed transcript.
        roots: the pinned ones; the list's own links lead on from there.

    Raises:
        RootUnknown: the list leads back to none of the roots.
        ListNotSigned: another key than the list's signed the transcript.
        ListMalformed, TokenRefused: it is no transcript.
    """
    document = cose.decode(data, max_bytes=limits.TRANSCRIPT_BYTES, typ=TYP)
    content = Transcript.decode(document.payload)
    listed = open_trust_list(content.trust_list, roots)
    signer = cose.decode(
        content.trust_list, max_bytes=limits.TRUST_LIST_BYTES, typ=trust_list.TYP
    ).kid
    known = (*roots, *(link.new for link in listed.root_links))
    root = next(root for root in known if cose.kid_of(root) == signer)
    if document.kid != signer or not cose.signature_fits(document, root, cose.ES256):
        raise ListNotSigned(
            "the transcript is not signed by the root that signed its trust list",
            zh="签署记录不是由签署该信任列表的根密钥签名",
            kid=document.kid.hex(),
        )
    return content, listed


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    items = fields.items(key, limits.TRANSCRIPT_LINES)
    texts = tuple(item for item in items if isinstance(item, str))
    if len(texts) != len(items):
        raise ListMalformed(f"{key} holds something else than texts")
    return texts
