"""Keys that everybody can compute: they sign the integrators' codes and protect nothing."""

import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify.token import cose

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HASH: Final = ec.ECDSA(SHA256(), deterministic_signing=True)


class PublicKeyPair:
    """A key pair made from a name; signs the same bytes the same way each time (RFC 6979)."""

    def __init__(self, name: str) -> None:
        seed = hashlib.sha256(f"yizhao integrators' key, public, protects nothing: {name}".encode())
        secret = int.from_bytes(seed.digest(), "big") % (_ORDER - 1) + 1
        self._private = ec.derive_private_key(secret, ec.SECP256R1())
        self.public = self._private.public_key()
        self.kid = cose.kid_of(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes r || s; s may be high."""
        r, s = decode_dss_signature(self._private.sign(data, _HASH))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def with_high_s(token: bytes) -> bytes:
    """The same token with the other half of its signature, which no issuer writes."""
    return token[:-32] + (_ORDER - int.from_bytes(token[-32:], "big")).to_bytes(32, "big")
