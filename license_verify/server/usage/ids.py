"""Receipt ids: UUIDv7 (RFC 9562 §5.7), whose time is the moment of the verdict."""

import os
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from uuid import UUID

BEIJING: Final = timezone(timedelta(hours=8))
_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_RANDOM_A: Final = 0xFFF << 64
_RANDOM_B: Final = (1 << 62) - 1


def receipt_id(checked_at: datetime) -> UUID:
    """A new id that begins with this moment in milliseconds; the rest is random."""
    random = int.from_bytes(os.urandom(10), "big")
    milliseconds = int(checked_at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80 | _VERSION | random & _RANDOM_A | _VARIANT | random & _RANDOM_B
    )


def day_of(id_: UUID) -> date:
    """The Beijing day of an id's moment; the rows of a receipt are filed under it.

    Raises:
        ValueError: no time that a calendar has: it is none of our ids.
    """
    if id_.version != 7:
        raise ValueError("a receipt id is a UUIDv7")
    try:
        return business_day(datetime.fromtimestamp((id_.int >> 80) / 1000, UTC))
    except (OverflowError, OSError) as error:
        raise ValueError("the id's time is in no calendar") from error


def business_day(moment: datetime) -> date:
    """The day in Beijing, where usage is counted by the day."""
    return moment.astimezone(BEIJING).date()
