"""Reading input field by field, keeping every fault to tell them all at once."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from license_verify import limits
from license_verify.codes.entity_type import UnknownEntityType, by_label, find
from license_verify.codes.registration_number import RegistrationNumber
from license_verify.codes.uscc import Uscc
from license_verify.refusal import FieldViolation, Refusal
from license_verify.text import UnfitText, clean
from registry_service.domain.address import Address, address_of
from registry_service.domain.capital import Capital
from registry_service.domain.entity import Face
from registry_service.domain.errors import InvalidRequest

_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))"
    r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2999, 12, 31)


class Reader:
    """Reads one request or row; `finish` refuses it if any field was wrong."""

    def __init__(self) -> None:
        self.faults: list[FieldViolation] = []

    def fault(self, field: str, description: str, zh: str) -> None:
        """Keep a fault."""
        self.faults.append(FieldViolation(field, description, zh))

    def finish(self) -> None:
        """Stop here if any field was wrong.

        Raises:
            InvalidRequest: it names every wrong field.
        """
        if self.faults:
            raise InvalidRequest(*self.faults)

    def text(self, field: str, value: str, limit: int, *, required: bool = False) -> str:
        """A text that people will read; empty where absent and not required."""
        if not value or value.isspace():
            if required:
                self.fault(field, "is required", f"{field} 不能为空")
            return ""
        try:
            return clean(value, limit)
        except UnfitText as error:
            self.fault(field, str(error), error.zh)
            return ""

    def uscc(self, field: str, value: str) -> str:
        """A credit code whose check character fits."""
        try:
            return Uscc.parse(value.strip()).text
        except Refusal as error:
            self.fault(field, str(error), error.zh)
            return ""

    def registration_number(self, field: str, value: str) -> str:
        """A 15-digit 注册号 whose check digit fits."""
        try:
            return RegistrationNumber.parse(value.strip()).text
        except Refusal as error:
            self.fault(field, str(error), error.zh)
            return ""

    def day(self, field: str, value: str) -> date | None:
        """A date as files write it; None where absent."""
        if not value or value.isspace():
            return None
        read = _day(value)
        if read is None:
            self.fault(field, "is not a date like 2023-05-04", "日期格式有误，应如 2023-05-04")
            return None
        return self.day_in_range(field, read)

    def day_in_range(self, field: str, value: date | None) -> date | None:
        """A date that a register can hold."""
        if value is not None and not _EARLIEST <= value <= _LATEST:
            self.fault(field, "lies outside 1900 to 2999", "日期超出合理范围")
            return None
        return value

    def type_code(self, field: str, value: int) -> int:
        """A type code of the table; 0 for not told."""
        if value and find(value) is None:
            self.fault(field, f"{value} is not in the table of types", "主体类型代码不在表内")
            return 0
        return value

    def capital(self, field: str, value: str) -> Capital | None:
        """Capital as printed; None where absent."""
        if not value or value.isspace():
            return None
        try:
            return Capital.parse(value)
        except UnfitText as error:
            self.fault(field, str(error), error.zh)
            return None

    def address(self, field: str, value: str, **known: int | str | float | None) -> Address:
        """An address, placed by its text unless `known` says more."""
        text = self.text(field, value, limits.ADDRESS_CHARACTERS, required=True)
        return address_of(text, **known)

    def face(self, values: Mapping[str, str], address: Address, type_code: int) -> Face:
        """A face from its texts; dates are read as in files."""
        name, person = values.get("business_name", ""), values.get("person", "")
        return Face(
            business_name=self.text("business_name", name, limits.NAME_CHARACTERS),
            type_code=self.type_code("type_code", type_code),
            person=self.text("person", person, limits.PERSON_CHARACTERS),
            address=address,
            capital=self.capital("capital", values.get("capital", "")),
            establish_date=self.day("establish_date", values.get("establish_date", "")),
            scope=self.text("scope", values.get("scope", ""), limits.SCOPE_CHARACTERS),
            term_start_date=self.day("term_start_date", values.get("term_start_date", "")),
            term_end_date=self.day("term_end_date", values.get("term_end_date", "")),
            organization_form=self.text(
                "organization_form", values.get("organization_form", ""), limits.FORM_CHARACTERS
            ),
        )


@lru_cache(maxsize=32_768)  # a file tells few days, and each of them often
def _day(value: str) -> date | None:
    """The day that a text tells; None if it tells none."""
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def type_code_of(label: str) -> int:
    """The code of a printed 类型, or of a code in text; 0 where the table does not know it."""
    if re.fullmatch(r"\d{4}", label, re.ASCII):
        return int(label) if find(int(label)) else 0
    try:
        return by_label(label).code
    except UnknownEntityType:
        return 0
