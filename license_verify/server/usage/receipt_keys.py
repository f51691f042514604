"""Keys that sign receipts: a folder on this node, and the trust list's word on which one may.

A receipt that nobody can check is worse than none: only a key that the trust list names active
signs. Files are as the registry writes them, `receipt-KID.pem`, PKCS #8, for this account alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.token import cose
from license_verify.trust import Trust

_NAME: Final = re.compile(r"receipt-[0-9a-f]{16}\.pem")
_HASH: Final = ec.ECDSA(SHA256())
_log = structlog.stdlib.get_logger()


class ReceiptKeysRefused(ValueError):
    """The folder of receipt keys is open to others, or a file in it can't be read."""


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """A private key. Its repr tells the kid and nothing of the key."""

    kid: bytes
    private: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"ReceiptKey({self.kid.hex()})"

    def sign(self, said: bytes) -> bytes:
        """ECDSA over the SHA-256 of `said`: 64 bytes r || s."""
        r, s = decode_dss_signature(self.private.sign(said, _HASH))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which key signs under one trust list."""

    under: tuple[int, str]
    key: ReceiptKey | None
    trusted: TrustedKey | None


class ReceiptKeys:
    """The keys of this node; any thread asks which one signs now."""

    def __init__(self, folder: Path | None, passphrase: bytes | None = None) -> None:
        """Read the folder; none, or an empty one, gives no key.

        Raises:
            ReceiptKeysRefused: it is open to others, a file is no key on P-256, or the passphrase
                is wrong or missing.
        """
        self._folder = folder
        self._passphrase = passphrase
        self._held = self._read()
        self._chosen = _Chosen((-2, ""), None, None)  # no trust list has that version

    def signer(self, trust: Trust, now: datetime) -> ReceiptKey | None:
        """The key that signs now; None: the trust list names none of those held here."""
        under = (trust.version, trust.environment)
        chosen = self._chosen
        if chosen.under != under:
            chosen = self._chosen = self._choose(trust, under)
        if chosen.trusted is None or not chosen.trusted.may_sign_at(now):
            return None
        return chosen.key

    def _choose(self, trust: Trust, under: tuple[int, str]) -> _Chosen:
        """Look through a new list, and say in the log what comes of it.

        The folder is read again: the next key is put there while this process runs.
        """
        try:
            self._held = self._read()
        except (ReceiptKeysRefused, OSError) as error:
            _log.error("receipts.keys_unreadable", why=str(error))
        for trusted in trust.keys.values():
            active = trusted.use is Use.RECEIPT and trusted.state is KeyState.ACTIVE
            if active and trusted.kid in self._held:
                _log.info("receipts.key", kid=trusted.kid.hex(), trust_version=trust.version)
                return _Chosen(under, self._held[trusted.kid], trusted)
        if trust.manifest is not None:  # without any data there are no verdicts worth a receipt
            held = ", ".join(kid.hex() for kid in self._held) or "none"
            _log.warning("receipts.no_key", held=held, trust_version=trust.version)
        return _Chosen(under, None, None)

    def _read(self) -> dict[bytes, ReceiptKey]:
        if self._folder is None or not self._folder.is_dir():
            return {}
        paths = (path for path in sorted(self._folder.iterdir()) if _NAME.fullmatch(path.name))
        return {key.kid: key for key in (_read(path, self._passphrase) for path in paths)}


def _read(path: Path, passphrase: bytes | None) -> ReceiptKey:
    for each in (path, path.parent):
        if each.stat().st_mode & 0o077:
            raise ReceiptKeysRefused(
                f"{each} is open to others: chmod go-rwx it, and ask who read it"
            )
    try:
        private = load_pem_private_key(path.read_bytes(), passphrase)
    except (TypeError, ValueError) as error:
        raise ReceiptKeysRefused(f"{path} can't be read: {error}") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ReceiptKeysRefused(f"{path} holds no elliptic-curve key")
    return ReceiptKey(cose.kid_of(private.public_key()), private)
