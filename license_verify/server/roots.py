"""Pinned root keys from a PEM file."""

import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from license_verify.token.cose import PublicKey

_BLOCK: Final = re.compile(
    rb"-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----"
)


class RootsUnreadable(ValueError):
    """The file of pinned roots holds no usable key."""


def read_roots(path: Path) -> tuple[PublicKey, ...]:
    """Read every public key of a PEM file.

    Raises:
        RootsUnreadable: no key, or one that is not on P-256.
        OSError: the file can't be read.
    """
    keys: list[PublicKey] = []
    for block in _BLOCK.findall(path.read_bytes()):
        try:
            key = load_pem_public_key(block)
        except ValueError:
            raise RootsUnreadable(f"{path}: a public key is damaged") from None
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise RootsUnreadable(f"{path}: a root key is on P-256, another was found")
        keys.append(key)
    if not keys:
        raise RootsUnreadable(f"{path}: holds no BEGIN PUBLIC KEY block")
    return tuple(keys)
