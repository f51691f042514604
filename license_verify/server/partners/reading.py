"""What requests of PartnerService say, checked field by field."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from google.type import date_pb2

from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.refusal import FieldViolation, InvalidRequest
from license_verify.server.convert import InvalidDate, date_of, policy_of
from license_verify.server.partners.partner import CLAIMS, USUAL, Grant, Partner, Quota
from license_verify.text import UnfitText, clean
from yizhao.verify.v1 import partner_pb2 as pb
from yizhao.verify.v1 import partner_service_pb2 as service_pb

TITLE: Final = 100
REASON: Final = 400
CODES: Final = 1000
"""In one request."""
_NAMED: Final = 10
"""Wrong ones at most that a refusal names; the headers of an answer hold no thousand."""
_SHOWN: Final = 32
"""Characters of each."""
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_PURPOSE: Final = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_SHAPES: Final = {
    "partners": _ID,
    "grants": _PURPOSE,
    "certificates": _FINGERPRINT,
    "acts": _NUMBER,
}
_MOST: Final = {
    "calls_per_second": 100_000,
    "burst": 100_000,
    "calls_at_once": 1_000,
    "checks_per_day": 10**12,
}


def invalid(field: str, said: str, zh: str) -> InvalidRequest:
    """One field that is wrong."""
    return InvalidRequest(FieldViolation(field, said, zh))


def split(name: str, pattern: str, field: str = "name") -> list[str]:
    """The variable parts of a name such as `partners/*/grants/*`.

    Raises:
        InvalidRequest: the name has another shape.
    """
    found, wanted = name.split("/"), pattern.split("/")
    fits = len(found) == len(wanted) and all(
        _SHAPES[before].fullmatch(given) if expected == "*" else given == expected
        for given, expected, before in zip(found, wanted, ["", *wanted], strict=False)
    )
    if not fits:
        zh = f"资源名称格式应为 {pattern}"
        raise invalid(field, f"is not of the form {pattern}", zh)
    return found[1::2]


def partner_id(name: str, field: str = "name") -> str:
    """The id in `partners/{partner}`.

    Raises:
        InvalidRequest: the name has another shape.
    """
    return split(name, "partners/*", field)[0]


def new_id(text: str) -> str:
    """The id of a partner to be enrolled.

    Raises:
        InvalidRequest: it has other characters.
    """
    if _ID.fullmatch(text) is None:
        said = "is not lower-case letters, digits and -, 63 at most"
        raise invalid("partner_id", said, "标识只能用小写字母、数字和 -，最长 63 位")
    return text


def text(field: str, given: str, most: int, *, required: bool = True) -> str:
    """A clean text; empty only where it is not required.

    Raises:
        InvalidRequest: it is missing, too long, or has invisible characters.
    """
    if not given and not required:
        return ""
    try:
        return clean(given, most)
    except UnfitText as error:
        raise invalid(field, str(error), error.zh) from None


def quota(given: pb.PartnerQuota, usual: Quota = USUAL) -> Quota:
    """A quota; what is 0 is as usual.

    Raises:
        InvalidRequest: a number is negative or beyond all measure.
    """
    wrong = []
    for field, most in _MOST.items():
        if not 0 <= getattr(given, field) <= most:
            said = f"is not between 0 and {most}"
            wrong.append(FieldViolation(f"quota.{field}", said, f"应在 0 至 {most} 之间"))
    if wrong:
        raise InvalidRequest(*wrong)
    return Quota(
        given.calls_per_second or usual.calls_per_second,
        given.burst or usual.burst,
        given.calls_at_once or usual.calls_at_once,
        given.checks_per_day or usual.checks_per_day,
    )


def grant(given: pb.Grant, today: date) -> Grant:
    """A grant that shall be.

    Raises:
        UnknownPurpose: the table of purposes does not hold it.
        InvalidRequest: items, claims or dates are wrong.
    """
    if not given.purpose:
        raise invalid("grant.purpose", "is required", "请填写用途")
    policy = policy_of(given.purpose)
    _among("grant.items", given.items, policy.items)
    _among("grant.claims", given.claims, CLAIMS)
    first = _day("grant.from_date", given.from_date) or today
    last = _day("grant.until_date", given.until_date)
    if last is not None and last < max(first, today):
        raise invalid(
            "grant.until_date",
            "lies before its first day, or in the past",
            "截止日期早于起始日期或已过",
        )
    return Grant(policy.purpose, frozenset(given.items), frozenset(given.claims), first, last)


def codes(given: Iterable[str]) -> list[str]:
    """Credit codes, each once.

    Raises:
        InvalidRequest: there are none or too many, or some are misprinted; the first are named.
    """
    listed = dict.fromkeys(given)
    if not 0 < len(listed) <= CODES:
        raise invalid("usccs", f"are not 1 to {CODES} codes", f"一次须为 1 至 {CODES} 个代码")
    wrong = []
    for code in listed:
        try:
            Uscc.parse(code)
        except InvalidUscc as error:
            said, zh = f"{code[:_SHOWN]!r} is none: {error}", f"“{code[:_SHOWN]}”：{error.zh}"
            wrong.append(FieldViolation("usccs", said, zh))
    if wrong:
        raise InvalidRequest(*wrong[:_NAMED])
    return list(listed)


def _among(field: str, given: Iterable[str], known: frozenset[str]) -> None:
    strange = [repr(each[:_SHOWN]) for each in sorted(set(given) - known)[:_NAMED]]
    if strange:
        fit = sorted(known)
        said = f"has {', '.join(strange)}; there may be {', '.join(fit)}"
        raise invalid(field, said, f"不能有 {'、'.join(strange)}，可选 {'、'.join(fit)}")


def _day(field: str, given: date_pb2.Date) -> date | None:
    if not (given.year or given.month or given.day):
        return None
    try:
        return date_of(given, field)
    except InvalidDate as error:
        raise InvalidRequest(*error.fields) from None


def fingerprint_after(after: list[str | int]) -> bytes:
    """Where a page of certificates begins, from its token; empty on the first page.

    Raises:
        InvalidRequest: the token is not of our making.
    """
    told = str(after[0]) if after else ""
    if told and _FINGERPRINT.fullmatch(told) is None:
        raise invalid("page_token", "is not of this query", "翻页标记与查询条件不符")
    return bytes.fromhex(told)


def changed(request: service_pb.UpdatePartnerRequest, before: Partner) -> tuple[str, Quota]:
    """Title and quota that a partner shall have: those of the mask from the request.

    Raises:
        InvalidRequest: the mask is empty or names something else, or a value is wrong.
    """
    paths = set(request.update_mask.paths)
    known = {"title", "quota", *(f"quota.{field}" for field in _MOST)}
    if not paths or paths - known:
        said = f"does not name fields among {', '.join(sorted(known))}"
        raise invalid("update_mask", said, "更新字段有误")
    title, now = before.title, before.quota
    if "title" in paths:
        title = text("partner.title", request.partner.title, TITLE)
    asked = quota(request.partner.quota)
    if "quota" in paths:
        return title, asked
    named = {field: getattr(asked, field) for field in _MOST if f"quota.{field}" in paths}
    return title, replace(now, **named)
