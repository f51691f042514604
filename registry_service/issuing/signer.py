"""The key ring: signs for a use, and lets nobody see a key."""

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm

from license_verify.token import cose
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.issuing.errors import HsmUnavailable, KeyFolderRefused
from registry_service.issuing.key_places import Key, KeyPlaces


class _Held:
    """The keys at hand; one that is missed is looked for again, as another process made it."""

    def __init__(self, held: Iterable[Key], places: KeyPlaces | None) -> None:
        self._keys = {key.kid: key for key in held}
        self._places = places
        self._one_load = threading.Lock()

    def every(self) -> list[Key]:
        return list(self._keys.values())

    def find(self, kid: bytes) -> Key | None:
        if kid not in self._keys and self._places is not None:
            with self._one_load:
                if kid not in self._keys:
                    self._keys |= {key.kid: key for key in self._places.load()}
        return self._keys.get(kid)

    def create(self, use: KeyUse) -> Key:
        if self._places is None:
            raise _unavailable("no folder for new keys is known", use)
        made = self._places.create(use)
        self._keys |= {made.kid: made}
        return made


class KeyRing:
    """Private keys by kid, and which of them signs for each use."""

    def __init__(
        self,
        held: Iterable[Key],
        active: Mapping[KeyUse, bytes],
        places: KeyPlaces | None = None,
    ) -> None:
        """Hold keys.

        Args:
            held: those at hand.
            active: the database's word on which key signs for each use.
            places: where a key is looked for that is not at hand, and where new ones are made.
        """
        self._held = _Held(held, places)
        self._active = dict(active)

    @classmethod
    def open(
        cls, folder: Path, active: Mapping[KeyUse, bytes], passphrase: bytes | None = None
    ) -> Self:
        """Load a folder; as `of`.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
        """
        return cls.of(KeyPlaces(folder, passphrase), active)

    @classmethod
    def of(cls, places: KeyPlaces, active: Mapping[KeyUse, bytes]) -> Self:
        """Load what is kept there; `active` is the database's word on which key signs.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
        """
        return cls(places.load(), active, places)

    def public_keys(self) -> list[tuple[bytes, KeyUse, cose.PublicKey]]:
        """Kid, use and public half of every key held."""
        return [(key.kid, key.use, key.public) for key in self._held.every()]

    def with_active(self, active: Mapping[KeyUse, bytes]) -> "KeyRing":
        """The same keys after the database's word changed."""
        ring = KeyRing((), active)
        ring._held = self._held
        return ring

    def create(self, use: KeyUse) -> tuple[bytes, cose.PublicKey]:
        """Make a key where those of its use are kept: its kid and public half.

        Raises:
            SignerUnavailable: it could not be made.
        """
        try:
            made = self._held.create(use)
        except OSError as error:  # of the HSM or the disk
            raise _unavailable(f"no key could be made: {error}", use) from None
        return made.kid, made.public

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
        try:
            held = self._held.find(kid)
        except KeyFolderRefused as error:
            raise _unavailable(f"the folder of keys can't be read: {error}", use) from None
        if held is None or held.use is not use:
            raise _unavailable(f"key {kid.hex()} is not here for {use.value}", use)

        def sign(to_be_signed: bytes) -> bytes:
            try:
                return cose.low_s(held.sign(to_be_signed))
            except (UnsupportedAlgorithm, ValueError, HsmUnavailable) as error:
                raise _unavailable(f"key {kid.hex()} failed: {error}", use) from None

        return sign


def _unavailable(why: str, use: KeyUse) -> SignerUnavailable:
    return SignerUnavailable(
        f"{why}; nothing was signed", zh="签名密钥暂时不可用，未签发任何文件", use=use.value
    )
