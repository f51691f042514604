"""Signing keys by their public halves: what each signs and where it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.token import cose


class KeyUse(StrEnum):
    """What a key signs, and nothing else. The root signs trust lists and stands in none."""

    ROOT = "root"
    TOKEN = "token"  # noqa: S105 - a use, not a secret
    STATUS = "status"
    PUBLICATION = "publication"
    STATEMENT = "statement"
    RECEIPT = "receipt"


FIRST_USES: Final = (
    KeyUse.ROOT,
    KeyUse.TOKEN,
    KeyUse.STATUS,
    KeyUse.PUBLICATION,
    KeyUse.STATEMENT,
    KeyUse.RECEIPT,
)
"""Keys that a register needs from its first day; that of receipts is carried to the verifiers."""

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""By so much at most do the clocks of hosts that sign differ; as `license_verify.policy` allows."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of this registry, as its table knows it."""

    kid: bytes
    use: KeyUse
    key: cose.PublicKey
    state: KeyState
    created_at: datetime
    activated_at: datetime | None = None
    retired_at: datetime | None = None

    def trusted(self) -> TrustedKey:
        """Its entry in the trust list. The root has none: checkers pin it.

        Its span begins with its announcement and not with its activation, so that what it signs on
        a host whose clock is behind counts too.
        """
        return TrustedKey(
            self.kid, self.key, Use(self.use.value), self.state, self.created_at, self.retired_at
        )
