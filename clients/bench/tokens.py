"""Distinct valid tokens, and the published data that they are good under; all invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from license_verify import Anchor, Bundle, Status, Trust, TrustList
from license_verify.codes.uscc import check_character
from license_verify.lists.manifest import ListEntry, Manifest, document_digest, sign_manifest
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.lists.trust_list import KeyState, TrustedHost, TrustedKey, Use, sign_trust_list
from license_verify.token import cose
from license_verify.token.claims import Claims, StatusRef, issue, status_uri
from license_verify.token.face import LicenseFace, digest
from license_verify.token.scan import ScanText

NOW: Final = datetime(2026, 11, 2, 1, tzinfo=UTC)
_LIST_ENTRIES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when the tokens are good."""

    host: str = "bench.yizhao.example"
    environment: str = "production"
    now: datetime = NOW

    @property
    def uri(self) -> str:
        """Of the status list."""
        return status_uri(self.host, 0)


class Key:
    """A key made for this run."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.public = self._private.public_key()
        self.kid = cose.kid_of(self.public)

    @property
    def pem(self) -> bytes:
        """The private key, not encrypted."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """64 bytes r || s over `data`."""
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class Material:
    """What a measurement of verification works on."""

    scans: tuple[str, ...]
    """Scan texts of distinct, valid tokens."""
    trust: Trust
    bundle: Bundle
    """What `trust` was made of."""
    root: cose.PublicKey
    """To be pinned."""
    public: cose.PublicKey
    kid: bytes
    """The one key that signed them."""
    receipts: "Key"
    """Signs receipts."""


def make(count: int, setting: Setting = Setting()) -> Material:
    """Sign `count` licences of usual length and publish them as valid.

    Raises:
        ValueError: more than one status list holds.
    """
    if not 0 < count <= _LIST_ENTRIES:
        raise ValueError(f"from 1 to {_LIST_ENTRIES} tokens")
    now, uri, environment = setting.now, setting.uri, setting.environment
    start = now - timedelta(days=600)
    root, token, status, publication, receipts = Key(), Key(), Key(), Key(), Key()
    scans = tuple(_scan(number, token, setting) for number in range(count))
    signers = (
        (token, Use.TOKEN),
        (status, Use.STATUS),
        (publication, Use.PUBLICATION),
        (receipts, Use.RECEIPT),
    )
    keys = tuple(TrustedKey.of(key.public, use, KeyState.ACTIVE, start) for key, use in signers)
    content = TrustList(1, environment, now, keys, (TrustedHost(setting.host, start),))
    trust = sign_trust_list(content, kid=root.kid, sign=root.sign)
    entries = dict.fromkeys(range(count), Status.VALID)
    listed = sign_status_list(
        StatusList.of(uri, now, now + timedelta(days=30), 300, entries, _LIST_ENTRIES),
        kid=status.kid,
        sign=status.sign,
    )
    lists = {uri: ListEntry(document_digest(listed), now)}
    manifest = Manifest(1, now, environment, 1, document_digest(trust), lists, watermark=count)
    signed = sign_manifest(manifest, kid=publication.kid, sign=publication.sign)
    bundle = Bundle(signed, trust, {uri: listed})
    believed = Trust.from_bundle(bundle, Anchor((root.public,), environment))
    return Material(scans, believed, bundle, root.public, token.public, token.kid, receipts)


def _scan(number: int, key: Key, setting: Setting) -> str:
    body = f"91370811MA{number:07d}"
    face = LicenseFace(
        version=1,
        name=f"济宁市试测第{number}物流有限公司",
        type_code=1130,
        person="钱试测",
        address=f"山东省济宁市任城区阜桥街道样例路{number}号（样例路口向南100米）",
        capital="壹佰万元整",
        established=date(2019, 5, 6),
        registrar=11,
        scope_digest=digest(f"一般项目：日用百货销售；第{number}项"),
        approved=date(2026, 3, 4),
        many_addresses=True,
    )
    subject = body + check_character(body)
    issued = setting.now - timedelta(days=30)
    claims = Claims(subject, issued, None, StatusRef(number, setting.uri), face)
    return str(ScanText.of(setting.host, issue(claims, kid=key.kid, sign=key.sign)))
