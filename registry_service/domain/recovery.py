"""Recovery: from where numbers go on after a restore from a backup (ADR 0009).

Each recovery begins an epoch, and everything that is numbered goes on at a place that belongs to
that epoch alone. The number of a manifest tells its epoch, so a bundle is all that a later recovery
must have of an earlier one, even if the backup is older than both.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from license_verify.lists.status import Status, worse

_SEQ_BITS: Final = 32
"""Manifests of an epoch: more than one a second for a century."""
NUMBERS: Final = 10_000
"""Numbers below one entity, of one kind, in one epoch: 一照多址 knows of some hundred shops."""
SEQUENCE: Final = 10_000_000
"""Receipts and other numbers of the whole city in one epoch."""
LISTS: Final = 64
"""Status lists of 2^20 entries in one epoch."""
_TRUST: Final = 1_000
_FEED: Final = 1_000_000
"""What may have been issued after the last bundle that anybody kept."""
_SPARE: Final = 1_000
"""Numbers that one entity may have got after that bundle."""


def epoch_of(seq: int) -> int:
    """The epoch in which a manifest was published; 0 before the first recovery."""
    return seq >> _SEQ_BITS


def first_seq(epoch: int) -> int:
    """The number after which an epoch's manifests begin."""
    return epoch << _SEQ_BITS


@dataclass(frozen=True, slots=True)
class Used:
    """The highest numbers that the restored database and the bundle know of."""

    epoch: int
    """Of database, bundle and what was published from this host."""
    number: int
    """Below an entity."""
    sequence: int
    list_no: int
    trust_version: int
    feed_no: int
    lost_events: int
    """Between database and bundle; no entity got more numbers meanwhile."""


@dataclass(frozen=True, slots=True)
class Jump:
    """From where each kind of number goes on."""

    epoch: int
    seq: int
    """The first manifest bears the next one."""
    number: int
    sequence: int
    """The next value of a sequence is above it."""
    list_no: int
    trust_version: int
    feed_no: int
    """The next event bears the next one."""


def jump_past(used: Used) -> Jump:
    """The next epoch whose places are all above what was used, or may have been."""
    lost = used.lost_events + _SPARE
    epoch = used.epoch + 1
    while (
        epoch * NUMBERS <= used.number + lost
        or epoch * SEQUENCE <= used.sequence + lost
        or epoch * LISTS <= used.list_no + 1
    ):
        epoch += 1
    return Jump(
        epoch=epoch,
        seq=first_seq(epoch),
        number=epoch * NUMBERS + 1,
        sequence=epoch * SEQUENCE,
        list_no=epoch * LISTS,
        trust_version=used.trust_version + _TRUST,
        feed_no=used.feed_no + _FEED,
    )


@dataclass(frozen=True, slots=True)
class Recovery:
    """One recovery, as its table keeps it."""

    recovered_at: datetime
    manifest_digest: bytes
    """SHA-256 of the manifest of the bundle that it was read from."""
    published_seq: int
    database_seq: int
    feed_before: int
    """The last feed number of the restored database."""
    jump: Jump


@dataclass(frozen=True, slots=True)
class RecoveryItem:
    """A document that the restored database knows in another state than it was published in."""

    entity_no: int
    number: int
    code: str
    """Of the entity, in force."""
    business_name: str
    registrar: int | None
    document: str
    """Resource name below the entity, as `licenses/3`."""
    published: Status
    restored: Status
    recovered_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    """Staff number; empty while it is open, and where the system did it."""
    reason: str = ""
    """Why it was closed without the act being repeated."""

    @property
    def open(self) -> bool:
        """Whether what was done to it has still to be entered again."""
        return self.closed_at is None


def floor_of(published: Status, restored: Status) -> Status | None:
    """What a document must not read better than; None where it reads as bad by itself.

    An intent reads INVALID until the next start signs it; then its floor counts.
    """
    if published in (Status.VALID, Status.INVALID):
        return None
    if restored is Status.INVALID or worse(restored, published) is not restored:
        return published
    return None


def is_repeated(published: Status, restored: Status, now: Status) -> bool:
    """Whether the register says again what was published, or worse where that was the worse.

    Args:
        published: before the restore.
        restored: what the restored database said.
        now: what entity and document say, without any floor; an intent, INVALID, says nothing yet.
    """
    if now is Status.INVALID:
        return False
    if floor_of(published, restored) is None:
        return now is published
    return worse(now, published) is now
