"""A small issuing world for tests: keys made here, real signatures, everything invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify import Anchor, Bundle, HighestSeen, Status, Trust, TrustList
from license_verify.lists.manifest import ListEntry, Manifest, document_digest, sign_manifest
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.lists.trust_list import (
    KeyState,
    RootLink,
    TrustedHost,
    TrustedKey,
    Use,
    sign_trust_list,
)
from license_verify.token import cose
from license_verify.token.claims import Claims, StatusRef, issue, status_uri
from license_verify.token.face import LicenseFace, SiteFace, digest
from license_verify.token.scan import ScanText

HOST = "yizhao.example.cn"
USCC = "91370811MAJN000108"
URI = status_uri(HOST, 0)
T0 = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""When the world published; checkers ask a little later."""
NOW = T0 + timedelta(minutes=3)
INDEX, SITE_INDEX = 1234, 77


class Signer:
    """A private key with the two things that encoders ask for."""

    def __init__(self, secret: int | None = None) -> None:
        curve = ec.SECP256R1()
        self.private = (
            ec.generate_private_key(curve)
            if secret is None
            else ec.derive_private_key(secret, curve)
        )
        self.public = self.private.public_key()
        self.kid = cose.kid_of(self.public)

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


FACE = LicenseFace(
    version=3,
    name="济宁市试写物流有限公司",
    type_code=1130,
    person="钱试写",
    address="山东省济宁市任城区阜桥街道样例路2号（样例路口向南100米）",
    capital="壹佰万元整",
    established=date(2019, 5, 6),
    registrar=11,
    scope_digest=digest("一般项目：日用百货销售"),
    approved=date(2026, 3, 4),
    many_addresses=True,
)
SITE = SiteFace(
    version=1,
    name="济宁市试写物流有限公司",
    address="曲阜市鲁城街道样例街8号",
    registrar=11,
    supervisor=20,
    approved=date(2026, 4, 1),
    site_name="曲阜门店",
    scope_digest=digest("一般项目：日用百货销售"),
)
CLAIMS = Claims(USCC, datetime(2026, 3, 4, 2, tzinfo=UTC), None, StatusRef(INDEX, URI), FACE)
SITE_CLAIMS = Claims(
    f"{USCC}-7", datetime(2026, 4, 1, 2, tzinfo=UTC), None, StatusRef(SITE_INDEX, URI), SITE
)


@dataclass
class World:
    """Keys of every use and what they publish. Fields may be changed before `trust()`."""

    root: Signer = field(default_factory=Signer)
    token: Signer = field(default_factory=Signer)
    status: Signer = field(default_factory=Signer)
    publication: Signer = field(default_factory=Signer)
    environment: str = "production"
    published_at: datetime = T0
    seq: int = 10
    trust_version: int = 4
    token_state: KeyState = KeyState.ACTIVE
    token_until: datetime | None = None
    hosts: tuple[str, ...] = (HOST,)
    links: tuple[RootLink, ...] = ()
    statuses: Mapping[int, Status] = field(
        default_factory=lambda: {INDEX: Status.VALID, SITE_INDEX: Status.VALID}
    )
    list_life: timedelta = timedelta(days=30)
    content: TrustList | None = None
    """Publishes under this trust list instead of its own."""

    def scan(self, claims: Claims = CLAIMS, host: str = HOST) -> str:
        token = issue(claims, kid=self.token.kid, sign=self.token.sign)
        return str(ScanText.of(host, token))

    def trust_list(self) -> TrustList:
        if self.content is not None:
            return self.content
        start = datetime(2025, 1, 1, tzinfo=UTC)
        return TrustList(
            version=self.trust_version,
            environment=self.environment,
            issued_at=self.published_at - timedelta(days=1),
            keys=(
                TrustedKey.of(
                    self.token.public, Use.TOKEN, self.token_state, start, self.token_until
                ),
                TrustedKey.of(self.status.public, Use.STATUS, KeyState.ACTIVE, start),
                TrustedKey.of(self.publication.public, Use.PUBLICATION, KeyState.ACTIVE, start),
            ),
            hosts=tuple(TrustedHost(host, start) for host in self.hosts),
            root_links=self.links,
        )

    def status_list(self) -> StatusList:
        at = self.published_at
        return StatusList.of(URI, at, at + self.list_life, 300, self.statuses, 4096)

    def bundle(self) -> Bundle:
        trust = sign_trust_list(self.trust_list(), kid=self.root.kid, sign=self.root.sign)
        content = self.status_list()
        listed = sign_status_list(content, kid=self.status.kid, sign=self.status.sign)
        manifest = Manifest(
            self.seq,
            self.published_at,
            self.environment,
            self.trust_version,
            document_digest(trust),
            {URI: ListEntry(document_digest(listed), content.issued_at)},
            watermark=99,
        )
        signed = sign_manifest(manifest, kid=self.publication.kid, sign=self.publication.sign)
        return Bundle(signed, trust, {URI: listed})

    def anchor(self) -> Anchor:
        return Anchor((self.root.public,))

    def trust(self, seen: HighestSeen | None = None) -> Trust:
        return Trust.from_bundle(self.bundle(), self.anchor(), seen)


def with_status(status: Status, world: World | None = None) -> World:
    return replace(world or World(), statuses={INDEX: status, SITE_INDEX: status})
