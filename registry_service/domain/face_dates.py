"""Dates of a face that can't be right, told before they stand on a licence."""

from collections.abc import Collection
from datetime import date
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.entity import Face

_LAST: Final = date(2199, 12, 31)
"""The last day that a token can carry."""
_TERM: Final = ("term_start_date", "term_end_date")


def date_faults(face: Face, items: Collection[str], today: date) -> list[FieldViolation]:
    """What is wrong with the dates among `items`; others are not looked at, old ones may be odd.

    A term that is over is a fact, and is no fault.
    """
    faults = []
    if "establish_date" in items and face.establish_date and face.establish_date > today:
        faults.append(_fault("establish_date", "lies ahead", "成立日期不能晚于今天"))
    for item in _TERM:
        day = getattr(face, item)
        if item in items and day is not None and day > _LAST:
            zh = f"营业期限不能晚于 {_LAST.year} 年；没有期限的，请不要填写截止日期"
            faults.append(_fault(item, f"lies behind {_LAST}", zh))
    start, end = face.term_start_date, face.term_end_date
    if start and end and end < start and any(item in items for item in _TERM):
        zh = "营业期限的截止日期不能早于起始日期"
        faults.append(_fault("term_end_date", "lies before term_start_date", zh))
    return faults


def _fault(item: str, description: str, zh: str) -> FieldViolation:
    return FieldViolation(f"face.{item}", description, zh)
