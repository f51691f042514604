"""Verdicts laid out as pages, from a world made here."""

import gzip
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from starlette.requests import Request

from license_verify import Trust, Verdict, verify
from license_verify.lists.status import Status
from license_verify.record import PublicPremises, PublicRecord
from license_verify.server.page.part import Part
from license_verify.server.page.render import Pages
from license_verify.server.page.view import View, view_of
from license_verify.token.claims import Claims
from license_verify.token.face import digest
from tests.unit.verify.world import CLAIMS, FACE, NOW, USCC, World

SCOPE: Final = "一般项目：日用百货销售"
LICENCE: Final = replace(CLAIMS, face=replace(FACE, scope_digest=digest(SCOPE)))
SMALL: Final = 14 * 1024
"""Octets that reach a phone in the first flight: ten segments of 1,460."""


def place(number: int, address: str = "", unit: int = 20, **other: object) -> PublicPremises:
    fields: dict[str, object] = {
        "number": number,
        "address": address or f"曲阜市鲁城街道样例街{number}号",
        "unit": unit,
        "state": "FILED",
        "since": date(2026, 4, 1),
        "name": f"第{number}门店",
    }
    return PublicPremises(**(fields | other))  # type: ignore[arg-type] # fields of a place


def record(**other: object) -> PublicRecord:
    fields: dict[str, object] = {
        "uscc": USCC,
        "name": FACE.name,
        "person": FACE.person,
        "address": FACE.address,
        "scope": SCOPE,
        "status": Status.VALID,
        "version": FACE.version,
        "version_since": date(2026, 3, 4),
        "answered_at": NOW - timedelta(seconds=1),
        "type_code": FACE.type_code,
        "capital": FACE.capital,
        "registrar": 11,
        "premises": (place(3), place(7), place(9, "邹城市钢山街道样例大道66号", 21)),
    }
    return PublicRecord(**(fields | other))  # type: ignore[arg-type] # fields of a record


def checked(
    claims: Claims = LICENCE, live: PublicRecord | None = None, world: World | None = None
) -> Verdict:
    world = world or World()
    return verify(world.scan(claims), world.trust(), NOW, live=live)


def view(
    claims: Claims = LICENCE,
    live: PublicRecord | None = None,
    query: str = "",
    world: World | None = None,
) -> View:
    return view_of(checked(claims, live, world), live, Part.of(query.encode()))


def html(view: View) -> str:
    return bytes(_PAGES.verdict(_request(""), view).body).decode()


def packed(view: View) -> bytes:
    """The body as a phone gets it."""
    body = bytes(_PAGES.verdict(_request("gzip, deflate, br"), view).body)
    assert gzip.decompress(body).decode() == html(view)
    return body


def page(
    claims: Claims = LICENCE,
    live: PublicRecord | None = None,
    query: str = "",
    world: World | None = None,
) -> str:
    return html(view(claims, live, query, world))


def without_data() -> str:
    """What a node that never heard of its registry says."""
    return html(view_of(verify(World().scan(LICENCE), Trust.missing(), NOW), None))


_PAGES: Final = Pages(test_system=False)


def _request(encoding: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-encoding", encoding.encode())]})
