"""Where private keys are kept: a folder, and an HSM for the uses that are said to live there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import structlog

from license_verify.token import cose
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.issuing import keys
from registry_service.issuing.errors import HsmLibraryMissing, HsmUnavailable
from registry_service.issuing.hsm import Hsm, HsmSettings

_log = structlog.stdlib.get_logger()


class Key(Protocol):
    """A private key, wherever it is."""

    @property
    def kid(self) -> bytes:
        """First 8 bytes of its thumbprint."""

    @property
    def use(self) -> KeyUse:
        """What it signs."""

    @property
    def public(self) -> cose.PublicKey:
        """The public half."""

    def sign(self, said: bytes) -> bytes:
        """ECDSA over the SHA-256 of `said`: 64 bytes r || s."""


@dataclass(frozen=True)
class KeyPlaces:
    """Where they are; may be sent to another process."""

    folder: Path
    passphrase: bytes | None = field(default=None, repr=False)
    hsm_settings: HsmSettings | None = None

    def load(self) -> list[Key]:
        """Every key at hand. An HSM that does not answer is told of in the log, and left out.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
            HsmLibraryMissing: an HSM is set up that no program here can ask.
        """
        held: list[Key] = list(keys.load(self.folder, self.passphrase))
        if self._hsm is not None:
            try:
                held += self._hsm.held()
            except HsmLibraryMissing:
                raise  # it will not come back by itself
            except HsmUnavailable as error:
                _log.warning("keys.hsm_away", why=str(error))
        return held

    def create(self, use: KeyUse) -> Key:
        """Make a key where those of its use live.

        Raises:
            HsmUnavailable: the HSM did not make it.
            OSError: it could not be written.
        """
        if self._hsm is not None and use in self._hsm.settings.uses:
            return self._hsm.create(use)
        return keys.create(self.folder, use, self.passphrase)

    def create_missing(self, uses: Iterable[KeyUse] = FIRST_USES) -> list[Key]:
        """Make a key for each use that has none, and write `root.pub.pem`; every key there is.

        Raises:
            KeyFolderRefused: the folder can't be trusted or read.
            HsmUnavailable: the HSM did not answer: what is in it is not known.
        """
        held: list[Key] = list(keys.create_missing(self.folder, self.passphrase, ()))
        if self._hsm is not None:
            held += self._hsm.held()
        there = {key.use for key in held}
        held += [self.create(use) for use in uses if use not in there]
        keys.write_roots(self.folder, [key.public for key in held if key.use is KeyUse.ROOT])
        return held

    @cached_property
    def _hsm(self) -> Hsm | None:
        return None if self.hsm_settings is None else Hsm(self.hsm_settings)
