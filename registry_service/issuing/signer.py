"""The key ring: signs for a use, and lets nobody see a key."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify.token import cose
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.issuing.keys import HeldKey, load

_ES256: Final = ec.ECDSA(SHA256())


class KeyRing:
    """Private keys by kid, and which of them signs for each use."""

    def __init__(self, held: Iterable[HeldKey], active: Mapping[KeyUse, bytes]) -> None:
        self._held = {key.kid: key for key in held}
        self._active = dict(active)

    @classmethod
    def open(
        cls, folder: Path, active: Mapping[KeyUse, bytes], passphrase: bytes | None = None
    ) -> Self:
        """Load the folder; `active` is the database's word on which key signs for each use.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
        """
        return cls(load(folder, passphrase), active)

    @classmethod
    def open_told(
        cls, folder: Path, passphrase: bytes | None, active: Mapping[KeyUse, bytes]
    ) -> Self:
        """As `open`, for whoever learns last which key signs.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
        """
        return cls.open(folder, active, passphrase)

    def public_keys(self) -> list[tuple[bytes, KeyUse, cose.PublicKey]]:
        """Kid, use and public half of every key held."""
        return [(key.kid, key.use, key.public) for key in self._held.values()]

    def with_active(self, active: Mapping[KeyUse, bytes]) -> "KeyRing":
        """The same keys after the database's word changed."""
        return KeyRing(self._held.values(), active)

    def kid(self, use: KeyUse) -> bytes:
        """The kid that signs for `use` now.

        Raises:
            SignerUnavailable: no key is active for it.
        """
        kid = self._active.get(use)
        if kid is None:
            raise _unavailable(f"no key is active for {use.value}", use)
        return kid

    def sign(self, use: KeyUse) -> tuple[bytes, cose.Sign]:
        """The active key's kid and what signs with it.

        Raises:
            SignerUnavailable: no key is active for it, or its private half is not here.
        """
        kid = self.kid(use)
        return kid, self.signer(kid, use)

    def signer(self, kid: bytes, use: KeyUse) -> cose.Sign:
        """What signs with a certain key: 64 bytes r || s, s in the lower half.

        Raises:
            SignerUnavailable: the key is not here, or is for another use.
        """
        held = self._held.get(kid)
        if held is None or held.use is not use:
            raise _unavailable(f"key {kid.hex()} is not here for {use.value}", use)

        def sign(to_be_signed: bytes) -> bytes:
            try:
                der = held.private.sign(to_be_signed, _ES256)
            except (UnsupportedAlgorithm, ValueError) as error:
                raise _unavailable(f"key {kid.hex()} failed: {error}", use) from None
            r, s = decode_dss_signature(der)
            return cose.low_s(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

        return sign


def _unavailable(why: str, use: KeyUse) -> SignerUnavailable:
    return SignerUnavailable(
        f"{why}; nothing was signed", zh="签名密钥暂时不可用，未签发任何文件", use=use.value
    )
