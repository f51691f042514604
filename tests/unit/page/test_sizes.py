"""No page is larger than what reaches a phone in the first flight, whatever it has to show."""

import random
from dataclasses import replace
from datetime import date

import pytest

from license_verify.lists.status import Status
from license_verify.token.claims import Claims, end_of
from license_verify.token.errors import DigitsTooMany
from license_verify.token.face import digest
from tests.unit.page.laid_out import LICENCE, SMALL, packed, place, record, view
from tests.unit.verify.world import FACE, SITE, SITE_CLAIMS, World, with_status

_HAN = [chr(code) for code in range(0x4E00, 0x9FA6)]


def noise(rng: random.Random, length: int) -> str:
    """Chinese text without any pattern: nothing real compresses as badly."""
    return "".join(rng.choices(_HAN, k=length))


def longest(claims: Claims, rng: random.Random) -> Claims:
    """With as long an address as a token has room for."""
    world = World()
    for length in range(130, 0, -1):
        long = replace(claims, face=replace(claims.face, address=noise(rng, length)))
        try:
            world.scan(long)
        except DigitsTooMany:
            continue
        return long
    raise AssertionError("not even one character fits")


@pytest.mark.parametrize("query", ["", "scope", "unit=11", "site=1", "firm"])
@pytest.mark.parametrize("status", [Status.VALID, Status.SUPERSEDED, Status.REVOKED])
@pytest.mark.parametrize("kind", ["licence", "site"])
def test_the_longest_face_with_hundreds_of_places_fits_the_first_flight(
    query: str, status: Status, kind: str
) -> None:
    rng = random.Random(2026)  # noqa: S311 - the same noise in every run
    live = record(
        name=noise(rng, 100),
        person=noise(rng, 100),
        capital=noise(rng, 40),
        address=noise(rng, 256),
        scope=noise(rng, 4_000),
        version=FACE.version + (status is Status.SUPERSEDED),
        premises=tuple(
            place(n, noise(rng, 256), 11 + n % 14, name=noise(rng, 100)) for n in range(1, 401)
        ),
    )
    claims = replace(LICENCE, expires_at=end_of(date(2039, 1, 1)))
    face = replace(
        FACE, name=noise(rng, 40), person=noise(rng, 20), capital=noise(rng, 10),
        term_start=date(2019, 1, 1), scope_digest=digest(live.scope), copy=12,
    )  # fmt: skip
    site = replace(SITE, name=noise(rng, 40), site_name=noise(rng, 30))
    claims = replace(claims, face=face) if kind == "licence" else replace(SITE_CLAIMS, face=site)
    claims = longest(claims, rng)
    laid_out = view(claims, live, query, with_status(status))
    assert len(packed(laid_out)) <= SMALL


def test_a_chain_of_400_like_shops_lists_dozens_at_once() -> None:
    shops = tuple(
        place(n, f"曲阜市鲁城街道样例路{n * 7}号{n % 9}-{n % 31}号商铺", 11 + n % 11)
        for n in range(1, 401)
    )
    laid_out = view(live=record(premises=shops))
    assert laid_out.premises is not None
    assert sum(len(group.places) for group in laid_out.premises.groups) > 60
    assert laid_out.premises.total == 400
    assert len(packed(laid_out)) <= SMALL
