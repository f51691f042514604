"""Two thousand invented faces, as licences and as site codes, go through a symbol and come back."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from license_verify.token.claims import Claims, read
from license_verify.token.face import Face, LicenseFace, digest
from license_verify.token.scan import ScanText
from registry_service.issuing.capacity import version_of
from tests.symbols.faces import HOST, Invented, licences, sites
from tests.symbols.sizes import share_below

_SEED = 2026


@pytest.fixture(scope="module")
def faces() -> list[Invented]:
    return [*licences(1_500, _SEED), *sites(500, _SEED)]


def back(invented: Invented) -> Claims:
    return read(ScanText.parse(str(invented.scan())).data).claims


def test_no_field_is_lost_on_the_way_through_the_digits(faces: list[Invented]) -> None:
    for invented in faces:
        assert back(invented) == invented.claims


def test_what_a_face_has_not_in_full_its_digest_proves(faces: list[Invented]) -> None:
    shortened = 0
    for invented in faces:
        lost = list(_unproved(back(invented).face, invented.face))
        assert not lost, (invented.claims.subject, lost)
        shortened += invented.claims.face != invented.face
    assert shortened > 20  # else nothing was put to the test


def test_scopes_are_those_of_the_register(faces: list[Invented]) -> None:
    for invented in faces:
        said = back(invented).face.scope_digest
        assert said == (digest(invented.scope) if invented.scope else None)


def test_half_of_the_symbols_are_at_most_version_16_and_99_in_100_at_most_18(
    faces: list[Invented],
) -> None:
    versions = [version_of(invented.claims, HOST) or 99 for invented in faces]
    assert share_below(versions, 0.5) <= 16
    assert share_below(versions, 0.99) <= 18


def _unproved(said: Face, whole: Face) -> Iterator[str]:
    """Items of the whole face that are neither in the face that came back nor in a digest of it.

    The firm's name on a site's code may be left out: the code names the firm.
    """
    for item in fields(whole):
        full, short = getattr(whole, item.name), getattr(said, item.name)
        if full == short or item.name in ("name_digest", "address_digest"):
            continue
        if item.name == "address" and said.address_digest == digest(full):
            continue
        if item.name == "name" and _name_is_proved(said, full):
            continue
        yield item.name


def _name_is_proved(said: Face, full: str) -> bool:
    if isinstance(said, LicenseFace):
        return said.name == full[:40] and said.name_digest == digest(full)
    return said.name is None and len(full) > 40
