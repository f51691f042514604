"""The 15-digit registration number 注册号 that licences carried before the credit code."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from license_verify.refusal import Kind, Refusal

_SHAPE: Final = re.compile(r"[0-9]{15}", re.ASCII)


class InvalidRegistrationNumber(Refusal):
    """Not 15 digits, or the check digit does not fit."""

    kind = Kind.INVALID
    reason = "REGISTRATION_NUMBER_INVALID"


class Origin(Enum):
    """Which series a number came from, told by its seventh digit."""

    DOMESTIC = "domestic"
    FOREIGN = "foreign"
    HOUSEHOLD = "household"


def check_digit(body: str) -> str:
    """Compute the 15th digit from the first 14 by ISO 7064 MOD 11,10.

    Raises:
        InvalidRegistrationNumber: not 14 digits.
    """
    if not re.fullmatch(r"[0-9]{14}", body, re.ASCII):
        raise InvalidRegistrationNumber("a registration number has 14 digits before its check")
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """Region 6, sequence 8, check 1. Made only by `parse`."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 15 ASCII digits, no separators.

        Raises:
            InvalidRegistrationNumber: wrong length, other characters, or wrong check digit.
        """
        if not _SHAPE.fullmatch(text):
            raise InvalidRegistrationNumber(
                "a registration number is 15 digits", zh="注册号应为15位数字"
            )
        if check_digit(text[:14]) != text[14]:
            raise InvalidRegistrationNumber(
                "the check digit of the registration number does not fit",
                zh="注册号校验不通过",
            )
        return cls(text)

    @property
    def region(self) -> str:
        """Six digits: where it was registered, in GB/T 2260 of that day."""
        return self.text[:6]

    @property
    def origin(self) -> Origin:
        """First sequence digit: 0-3 domestic, 4-5 foreign, 6-9 household."""
        first = int(self.text[6])
        if first <= 3:
            return Origin.DOMESTIC
        return Origin.FOREIGN if first <= 5 else Origin.HOUSEHOLD

    def __str__(self) -> str:
        return self.text
