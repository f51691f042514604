"""Resource names (AIP-122)."""

import re

from license_verify.refusal import FieldViolation
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.queue import NOBODY

_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_RUN = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_KID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{18}", re.ASCII)
_STAFF = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
_RECEIPT = re.compile(r"YZ\d{2,6}-\d{8}-\d{6,12}", re.ASCII)


def split(name: str, pattern: str, field: str = "name") -> list[str]:
    """The variable parts of a name such as `entities/*/filings/*`.

    A part after `entities` must look like a code, one after `applications` like a receipt number,
    one after `keys` like a kid, any other like a number from 1; nothing else gets further.

    Raises:
        InvalidRequest: the name has another shape.
    """
    found, wanted = name.split("/"), pattern.split("/")
    parts: list[str] = []
    fits = len(found) == len(wanted)
    for given, expected, before in zip(found, wanted, ["", *wanted], strict=False):
        if expected == "*":
            fits = fits and _shape(before).fullmatch(given) is not None
            parts.append(given)
        else:
            fits = fits and given == expected
    if not fits:
        raise InvalidRequest(
            FieldViolation(field, f"is not of the form {pattern}", f"资源名称格式应为 {pattern}")
        )
    return parts


def _shape(collection: str) -> re.Pattern[str]:
    shapes = {
        "entities": _CODE,
        "applications": _RECEIPT,
        "importRuns": _RUN,
        "keyActs": _RUN,
        "keys": _KID,
    }
    return shapes.get(collection, _NUMBER)


def code(name: str, field: str = "name") -> str:
    """The code in `entities/{code}`."""
    return split(name, "entities/*", field)[0]


def unit_number(name: str, field: str) -> int:
    """The number in `units/{unit}`."""
    return int(split(name, "units/*", field)[0])


def staff_number(name: str, field: str) -> str:
    """The number in `staff/{staff}`; empty for nobody.

    Raises:
        InvalidRequest: the name has another shape.
    """
    if not name:
        return ""
    number = name.removeprefix("staff/")
    if number == name or _STAFF.fullmatch(number) is None:
        raise InvalidRequest(
            FieldViolation(field, "is not staff/ and a number", "工号格式应为 staff/工号")
        )
    return number


def staff_asked(name: str, field: str) -> str | None:
    """The number in `staff/{staff}`, `-` in `staff/-` for nobody; None where anybody will do.

    Raises:
        InvalidRequest: the name has another shape.
    """
    return NOBODY if name == f"staff/{NOBODY}" else staff_number(name, field) or None


def staff_name(number: str) -> str:
    """`staff/{staff}`, empty for nobody."""
    return f"staff/{number}" if number else ""


def unit_name(number: int | None) -> str:
    """`units/{unit}`, empty for unit unclear."""
    return "" if number is None else f"units/{number}"
