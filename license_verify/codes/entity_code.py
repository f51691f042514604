"""The code of a business: a credit code, or a registration number 注册号 of earlier times."""

from typing import Final

from license_verify.codes.registration_number import RegistrationNumber
from license_verify.codes.uscc import Uscc

_NUMBER_DIGITS: Final = 15


def parse(code: str) -> Uscc | RegistrationNumber:
    """Read either; their lengths tell them apart.

    Raises:
        InvalidUscc, InvalidRegistrationNumber: it is neither.
    """
    return RegistrationNumber.parse(code) if len(code) == _NUMBER_DIGITS else Uscc.parse(code)
