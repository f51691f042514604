"""COSE_Sign1 (RFC 9052) with ES256, one form only; kids and token ids."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify.token import cbor
from license_verify.token.errors import AlgorithmRefused, CoseRefused, HighS

Sign: TypeAlias = Callable[[bytes], bytes]
"""ToBeSigned bytes to 64 bytes r || s. The key stays with whoever made the function."""

PublicKey: TypeAlias = ec.EllipticCurvePublicKey

ES256: Final = -7
ESP256: Final = -9
"""ES256 by its fully specified name (RFC 9864); accepted, not issued."""
ALGORITHMS: Final = frozenset({ES256, ESP256})

TAG: Final = 18
KID_BYTES: Final = 8
_ALG, _KID, _TYP = 1, 4, 16
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ZERO, _ORDER_BYTES, _HALF_BYTES = (n.to_bytes(32, "big") for n in (0, _ORDER, _ORDER // 2))
_HASHED: Final = ec.ECDSA(Prehashed(SHA256()))
# What `assemble` makes of a token's header and payload. To compare bytes is quicker than to take
# them apart; what is not like this, right or wrong, is read item by item.
_USUAL: Final = re.compile(
    rb"""
    \xd2\x84 \x4d (\xa2\x01[\x26\x28]\x04\x48.{8})  # tag, array of four, header of alg and kid
    \xa0 (?: \x58 ([\x18-\xff]) | \x59 ([\x01-\xff].) )  # nothing unprotected; payload's length
    (.*) \x58\x40 (.{64})
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sign1:
    """A COSE_Sign1 taken apart; nothing about its signature is known yet."""

    protected: bytes
    alg: int
    kid: bytes
    typ: str | None
    payload: bytes
    signature: bytes
    """64 bytes r || s, s in the lower half."""
    token_id: bytes = field(init=False)
    """SHA-256 of the Sig_structure: one id however often a face is signed again. It is also what
    the signature is checked over, so it is made once, whatever this was made of."""

    def __post_init__(self) -> None:
        """Hash what was signed."""
        object.__setattr__(self, "token_id", hashlib.sha256(self.signed_bytes).digest())

    @property
    def signed_bytes(self) -> bytes:
        """The Sig_structure, which is what was signed."""
        return sig_structure(self.protected, self.payload)


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """ToBeSigned of RFC 9052 §4.4 without external data."""
    # ["Signature1", protected, h'', payload]; written out, as each check builds one.
    return b"".join(
        (b"\x84\x6aSignature1", _bytes_head(protected), protected, b"\x40", _bytes_head(payload),
         payload)
    )  # fmt: skip


def _bytes_head(data: bytes) -> bytes:
    size = len(data)
    if size < 24:
        return bytes((0x40 + size,))
    if size < 1 << 8:
        return bytes((0x58, size))
    if size < 1 << 16:
        return b"\x59" + size.to_bytes(2, "big")
    return b"\x5a" + size.to_bytes(4, "big")


# Of a key's tokens, and of its lists, it is always the same.
@lru_cache(maxsize=256)
def protected_header(kid: bytes, typ: str | None = None, alg: int = ES256) -> bytes:
    """The protected header: exactly alg and kid, and `typ` for everything but a token."""
    header: dict[int, int | bytes | str] = {_ALG: alg, _KID: kid}
    if typ is not None:
        header[_TYP] = typ
    return cbor.encode(header)


def encode(payload: bytes, *, kid: bytes, sign: Sign, typ: str | None = None) -> bytes:
    """Sign a payload.

    Args:
        payload: what the document says, already encoded.
        kid: 8 bytes, `kid_of` the signing key.
        sign: signs the Sig_structure; its s may be high, it is normalised here.
        typ: the document's type, None for a token.

    Raises:
        CoseRefused: the kid or the signature has not the right size.
    """
    if len(kid) != KID_BYTES:
        raise CoseRefused(f"a kid has {KID_BYTES} bytes")
    protected = protected_header(kid, typ)
    return assemble(protected, payload, sign(sig_structure(protected, payload)))


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Put a stored intent and its signature (64 bytes, any s) together."""
    # 18([protected, {}, payload, signature]); written out, as `sig_structure` is.
    return b"".join(
        (b"\xd2\x84", _bytes_head(protected), protected, b"\xa0", _bytes_head(payload), payload,
         b"\x58\x40", low_s(signature))
    )  # fmt: skip


def decode(data: bytes, *, max_bytes: int, typ: str | None = None) -> Sign1:
    """Take a COSE_Sign1 apart, refusing every form but the one that `encode` writes.

    Args:
        data: the bytes, not yet trusted.
        max_bytes: refused unread if longer.
        typ: the `typ` that must stand in the protected header; None for none at all.

    Raises:
        CborRefused: the CBOR is not deterministic or too large.
        CoseRefused: not exactly the headers, types and sizes; HighS, AlgorithmRefused likewise.
    """
    usual = _USUAL.fullmatch(data) if typ is None and len(data) <= max_bytes else None
    if usual is not None:
        protected, short, long, payload, signature = usual.groups()
        if len(payload) == int.from_bytes(short or long, "big"):
            _refuse_odd(signature)
            return Sign1(protected, *_headers(protected, None), None, payload, signature)
    return _decode_any(data, max_bytes, typ)


def _decode_any(data: bytes, max_bytes: int, typ: str | None) -> Sign1:
    outer = cbor.decode(data, max_bytes, tag=TAG)
    if not isinstance(outer, list) or len(outer) != 4:
        raise CoseRefused("a COSE_Sign1 is an array of four", zh="签名封装格式错误")
    protected, unprotected, payload, signature = outer
    if not (isinstance(protected, bytes) and isinstance(payload, bytes)) or unprotected != {}:
        raise CoseRefused("headers and payload are not where they belong", zh="签名封装格式错误")
    if not isinstance(signature, bytes) or len(signature) != 64:
        raise CoseRefused("the signature is not 64 bytes", zh="签名长度错误")
    _refuse_odd(signature)
    alg, kid = _headers(protected, typ)
    return Sign1(protected, alg, kid, typ, payload, signature)


def _refuse_odd(signature: bytes) -> None:
    # Big-endian numbers of one length compare as their bytes do.
    r, s = signature[:32], signature[32:]
    if not (_ZERO < r < _ORDER_BYTES and _ZERO < s < _ORDER_BYTES):
        raise CoseRefused("the signature is out of range", zh="签名数值错误")
    if s > _HALF_BYTES:
        raise HighS("the signature has a high s", zh="签名形式不合规范")


# The header is the same for every token of a key.
@lru_cache(maxsize=256)
def _headers(protected: bytes, typ: str | None) -> tuple[int, bytes]:
    header = cbor.decode(protected, 256)
    expected = {_ALG, _KID} if typ is None else {_ALG, _KID, _TYP}
    if not isinstance(header, dict) or header.keys() != expected or header.get(_TYP) != typ:
        raise CoseRefused(
            f"the protected header is not exactly alg, kid{', typ ' + typ if typ else ''}",
            zh="签名头部不符，不是此类文件",
        )
    alg, kid = header[_ALG], header[_KID]
    if type(alg) is not int or alg not in ALGORITHMS:
        raise AlgorithmRefused("the algorithm is not ES256", zh="签名算法不被接受")
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise CoseRefused(f"the kid is not {KID_BYTES} bytes", zh="密钥标识错误")
    return alg, kid


def _split(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def low_s(signature: bytes) -> bytes:
    """The same signature with s in the lower half.

    Raises:
        CoseRefused: not 64 bytes.
    """
    if len(signature) != 64:
        raise CoseRefused("a signature is 64 bytes r || s")
    if signature[32:] <= _HALF_BYTES:
        return signature
    r, s = _split(signature)
    return r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")


def signature_fits(document: Sign1, key: PublicKey, alg: int) -> bool:
    """Whether `key`, pinned to `alg`, signed the document.

    The document's own algorithm must be the same suite: ES256 and ESP256 are one.
    """
    if alg not in ALGORITHMS or document.alg not in ALGORITHMS:
        return False
    return _fits(document.token_id, document.signature, key)


def raw_signature_fits(signed: bytes, signature: bytes, key: PublicKey) -> bool:
    """Whether `key` made this signature of 64 bytes, its s in the lower half, over `signed`."""
    return _fits(hashlib.sha256(signed).digest(), signature, key)


def _fits(hashed: bytes, signature: bytes, key: PublicKey) -> bool:
    if len(signature) != 64 or signature[32:] > _HALF_BYTES:
        return False
    try:
        key.verify(der(signature), hashed, _HASHED)
    except InvalidSignature:
        return False
    return True


def der(signature: bytes) -> bytes:
    """The SEQUENCE of r and s that `cryptography` takes; written out, as each check builds one."""
    r, s = signature[:32].lstrip(b"\0"), signature[32:].lstrip(b"\0")
    if r[:1] > b"\x7f" or not r:
        r = b"\0" + r
    if s[:1] > b"\x7f" or not s:
        s = b"\0" + s
    return b"\x30%c\x02%c%b\x02%c%b" % (len(r) + len(s) + 4, len(r), r, len(s), s)


def public_map(key: PublicKey) -> dict[int, cbor.Value]:
    """The COSE_Key map of a P-256 key: kty, crv, x, y and no more (RFC 9679 §4.2).

    Raises:
        CoseRefused: a key on another curve.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise CoseRefused(f"a key is on P-256, not {key.curve.name}")
    point = key.public_numbers()
    return {1: 2, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}


def public_key(fields: cbor.Value) -> PublicKey:
    """The key of a COSE_Key map.

    Raises:
        CoseRefused: not exactly the four members, or not a point of P-256.
    """
    if not isinstance(fields, dict) or fields.keys() != {1, -1, -2, -3}:
        raise CoseRefused("a key is exactly kty, crv, x and y")
    x, y = fields[-2], fields[-3]
    if fields[1] != 2 or fields[-1] is True or fields[-1] != 1:
        raise CoseRefused("a key is an EC2 key on P-256")
    if not (isinstance(x, bytes) and isinstance(y, bytes) and len(x) == len(y) == 32):
        raise CoseRefused("a coordinate is 32 bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
    except ValueError:
        raise CoseRefused("the key is not a point of P-256") from None


def thumbprint(key: PublicKey) -> bytes:
    """COSE Key Thumbprint with SHA-256, 32 bytes (RFC 9679)."""
    return hashlib.sha256(cbor.encode(public_map(key))).digest()


def kid_of(key: PublicKey) -> bytes:
    """The key's id: the first 8 bytes of its thumbprint."""
    return thumbprint(key)[:KID_BYTES]
