"""Trust list: which keys sign what, on which hosts, in which environment; signed by the root."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from license_verify import limits
from license_verify.lists.errors import ListMalformed, RootUnknown
from license_verify.lists.fields import Fields
from license_verify.token import cbor, cose
from license_verify.token.errors import TokenRefused
from license_verify.token.scan import is_host

TYP: Final = "application/vnd.yizhao.trust-list+cose"
_LINK_CONTEXT: Final = "yizhao root link 1"


class Use(StrEnum):
    """What a key signs, and nothing else."""

    TOKEN = "token"  # noqa: S105 - the name of a use, not a secret
    STATUS = "status"
    PUBLICATION = "publication"
    STATEMENT = "statement"
    RECEIPT = "receipt"


class KeyState(StrEnum):
    """Life of a key."""

    NEXT = "next"
    """Published before its first signature, so that offline checkers know it in time."""
    ACTIVE = "active"
    RETIRED = "retired"
    """Signs no more; what it signed in its time stays good."""
    DISTRUSTED = "distrusted"
    """Nothing that it ever signed is good, whatever its date."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key and the span in which its signatures count: `since` <= iat < `until`."""

    kid: bytes
    key: cose.PublicKey
    use: Use
    state: KeyState
    since: datetime
    until: datetime | None = None
    alg: int = cose.ES256

    @classmethod
    def of(
        cls,
        key: cose.PublicKey,
        use: Use,
        state: KeyState,
        since: datetime,
        until: datetime | None = None,
    ) -> Self:
        """An entry for a public key, its kid computed."""
        return cls(cose.kid_of(key), key, use, state, since, until)

    def may_sign_at(self, moment: datetime) -> bool:
        """Whether a signature dated `moment` is in the key's span. Distrust is not asked here."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class TrustedHost:
    """A host on which codes may stand, from `since` until `until` (exclusive)."""

    host: str
    since: datetime
    until: datetime | None = None

    def accepted_at(self, moment: datetime) -> bool:
        """Whether the host is accepted at this moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class RootLink:
    """One change of root, signed by the old root and by the new one.

    A checker that still pins the old root follows links to the root that signs today.
    """

    old: bytes
    """Thumbprint of the old root, 32 bytes."""
    new: cose.PublicKey
    by_old: bytes
    by_new: bytes

    @staticmethod
    def signed_bytes(old: bytes, new: cose.PublicKey) -> bytes:
        """What both roots sign."""
        return cbor.encode([_LINK_CONTEXT, old, cose.public_map(new)])

    @classmethod
    def sign(
        cls, old: cose.PublicKey, new: cose.PublicKey, *, by_old: cose.Sign, by_new: cose.Sign
    ) -> Self:
        """Make the link with both roots' signatures."""
        said = cls.signed_bytes(cose.thumbprint(old), new)
        return cls(cose.thumbprint(old), new, cose.low_s(by_old(said)), cose.low_s(by_new(said)))

    def leads_from(self, root: cose.PublicKey) -> bool:
        """Whether `root` is the old one and both signatures hold."""
        said = self.signed_bytes(self.old, self.new)
        return (
            self.old == cose.thumbprint(root)
            and cose.raw_signature_fits(said, self.by_old, root)
            and cose.raw_signature_fits(said, self.by_new, self.new)
        )


@dataclass(frozen=True, slots=True)
class TrustList:
    """The list's content. `root_links` holds past changes and an announced next root."""

    version: int
    """Grows by publication and never goes back."""
    environment: str
    """`production`, `test` or another lower-case word."""
    issued_at: datetime
    keys: tuple[TrustedKey, ...]
    hosts: tuple[TrustedHost, ...]
    root_links: tuple[RootLink, ...] = ()

    def payload(self) -> bytes:
        """The content as CBOR, ready to be signed by the root with `TYP` in the header."""
        written = cbor.encode(
            {
                "version": self.version,
                "environment": self.environment,
                "iat": int(self.issued_at.timestamp()),
                "keys": [_key_map(entry) for entry in self.keys],
                "hosts": [
                    {"host": entry.host, "from": _seconds(entry.since), **_until(entry.until)}
                    for entry in self.hosts
                ],
                "root_links": [
                    [link.old, cose.public_map(link.new), link.by_old, link.by_new]
                    for link in self.root_links
                ],
            }
        )
        TrustList.decode(written)
        return written

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the content; nothing about its signature is known by that.

        Raises:
            CborRefused, CoseRefused, ListMalformed: by what is wrong.
        """
        fields = Fields.read(
            payload,
            limits.TRUST_LIST_BYTES,
            {"version", "environment", "iat", "keys", "hosts", "root_links"},
        )
        keys = tuple(_key(entry) for entry in fields.items("keys", limits.TRUST_KEYS))
        if len({key.kid for key in keys}) != len(keys):
            raise ListMalformed("the trust list has two keys of one kid")
        return cls(
            fields.uint("version"),
            fields.environment(),
            fields.moment("iat"),
            keys,
            tuple(_host(entry) for entry in fields.items("hosts", limits.TRUST_HOSTS)),
            tuple(_link(entry) for entry in fields.items("root_links", limits.ROOT_LINKS)),
        )


def sign_trust_list(content: TrustList, *, kid: bytes, sign: cose.Sign) -> bytes:
    """The list as a document signed by the root."""
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def open_trust_list(data: bytes, roots: tuple[cose.PublicKey, ...]) -> TrustList:
    """Read a trust list that a pinned root signed, or one that links lead to from there.

    Raises:
        RootUnknown: no such root signed it.
        ListMalformed, TokenRefused: it is not a trust list.
    """
    document = cose.decode(data, max_bytes=limits.TRUST_LIST_BYTES, typ=TYP)
    content = TrustList.decode(document.payload)
    known = list(roots)
    for link in content.root_links:
        if any(link.leads_from(root) for root in known):
            known.append(link.new)
    for root in known:
        kid = cose.kid_of(root)
        if kid == document.kid and cose.signature_fits(document, root, cose.ES256):
            return content
    raise RootUnknown(
        "the trust list is not signed by a root that this checker pins",
        zh="信任列表不是由本机信任的根密钥签发",
        kid=document.kid.hex(),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _until(moment: datetime | None) -> dict[str, int]:
    return {} if moment is None else {"until": _seconds(moment)}


def _key_map(entry: TrustedKey) -> dict[str, object]:
    return {
        "kid": entry.kid,
        "key": cose.public_map(entry.key),
        "use": entry.use.value,
        "alg": entry.alg,
        "state": entry.state.value,
        "from": _seconds(entry.since),
        **_until(entry.until),
    }


def _key(value: cbor.Value) -> TrustedKey:
    fields = Fields.of(value, {"kid", "key", "use", "alg", "state", "from"}, {"until"})
    try:
        key = cose.public_key(fields["key"])
    except TokenRefused as error:
        raise ListMalformed(f"a key of the trust list is none: {error}") from None
    alg = fields["alg"]
    if type(alg) is not int or alg not in cose.ALGORITHMS:
        raise ListMalformed("a key of the trust list is for an unknown algorithm")
    if fields["kid"] != cose.kid_of(key):
        raise ListMalformed("a kid of the trust list is not its key's")
    use, state = fields.text("use"), fields.text("state")
    if use not in set(Use) or state not in set(KeyState):
        raise ListMalformed("a key of the trust list has an unknown use or state")
    return TrustedKey(
        cose.kid_of(key),
        key,
        Use(use),
        KeyState(state),
        fields.moment("from"),
        fields.optional_moment("until"),
        alg,
    )


def _host(value: cbor.Value) -> TrustedHost:
    fields = Fields.of(value, {"host", "from"}, {"until"})
    host = fields.text("host")
    if not is_host(host):
        raise ListMalformed("a host of the trust list is not a lower-case host name")
    return TrustedHost(host, fields.moment("from"), fields.optional_moment("until"))


def _link(value: cbor.Value) -> RootLink:
    if not isinstance(value, list) or len(value) != 4:
        raise ListMalformed("a root link is an array of four")
    old, new, by_old, by_new = value
    if not (isinstance(old, bytes) and isinstance(by_old, bytes) and isinstance(by_new, bytes)):
        raise ListMalformed("a root link is a thumbprint, a key and two signatures")
    if (len(old), len(by_old), len(by_new)) != (32, 64, 64):
        raise ListMalformed("a part of a root link has the wrong size")
    return RootLink(old, cose.public_key(new), by_old, by_new)
