"""Receipt ids: UUIDv7 (RFC 9562 §5.7), whose time is the moment of the verdict."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from license_verify.token.claims import BEIJING

_FIXED: Final = 0x7 << 76 | 0b10 << 62
"""Version and variant."""
_RANDOM: Final = 0xFFF << 64 | (1 << 62) - 1
_RANDOM_BYTES: Final = 10
MILLISECOND_BIT: Final = 80
"""Where an id counts the milliseconds since 1970."""


def receipt_id(checked_at: datetime) -> UUID:
    """A new id that begins with this moment in milliseconds; the rest is random."""
    (made,) = receipt_ids([checked_at.timestamp()])
    return UUID(int=made)


def receipt_ids(moments: Sequence[float]) -> list[int]:
    """New ids, as the numbers that they are, of moments in seconds since 1970."""
    random = memoryview(os.urandom(_RANDOM_BYTES * len(moments)))
    return [
        int(moment * 1000) << MILLISECOND_BIT
        | int.from_bytes(random[at : at + _RANDOM_BYTES], "big") & _RANDOM
        | _FIXED
        for moment, at in zip(moments, range(0, len(random), _RANDOM_BYTES), strict=True)
    ]


def text_of(id_: int) -> str:
    """An id as a UUID is written; quicker than by way of one."""
    text = f"{id_:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def day_of(id_: UUID) -> date:
    """The Beijing day of an id's moment; the rows of a receipt are filed under it.

    Raises:
        ValueError: no time that a calendar has: it is none of our ids.
    """
    if id_.version != 7:
        raise ValueError("a receipt id is a UUIDv7")
    try:
        return business_day(datetime.fromtimestamp((id_.int >> MILLISECOND_BIT) / 1000, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError("the id's time is in no calendar") from error


def business_day(moment: datetime) -> date:
    """The day in Beijing, where usage is counted by the day."""
    return moment.astimezone(BEIJING).date()
