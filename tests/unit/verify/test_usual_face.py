"""A face read by one look is the face read item by item, and so is every refusal."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from license_verify import limits
from license_verify.refusal import Refusal
from license_verify.token import cbor
from license_verify.token.face import Face, LicenseFace, face_from
from license_verify.token.usual_face import read_face
from tests.unit.verify.world import FACE, SITE_CLAIMS

texts = st.text("济宁市曲阜邹城（）()路号0123456789ABCé \u200b\n", min_size=1, max_size=64)
days = st.dates(date(1900, 1, 1), date(2200, 1, 1))
faces = st.builds(
    replace,
    st.just(FACE),
    version=st.sampled_from([0, 1, 23, 24, 255, 256, 65_535, 65_536, 1 << 31]),
    name=texts,
    person=texts,
    address=texts,
    capital=st.none() | texts,
    type_code=st.sampled_from([999, 1000, 1130, 9999, 10_000]),
    established=days,
    approved=days,
    registrar=st.integers(0, 70_000),
    many_addresses=st.booleans(),
    copy=st.none() | st.sampled_from([0, 1, 23, 24, 9_999, 10_000]),
    form=st.none() | st.just("个人经营"),
)


def by_items(data: bytes) -> Face | str:
    try:
        return face_from(cbor.decode(data, limits.TOKEN_BYTES))
    except Refusal as error:
        return error.reason


def at_one_look(data: bytes) -> Face | str:
    try:
        return read_face(data, 0)
    except Refusal as error:
        return error.reason


def written(face: LicenseFace) -> bytes:
    """The map as it would be written if nothing were checked."""
    items: dict[Any, Any] = {0: 1}
    keys = {
        "version": 1, "name": 2, "type_code": 3, "person": 4, "address": 5, "capital": 6,
        "established": 7, "registrar": 8, "scope_digest": 9, "many_addresses": 10,
        "approved": 11, "form": 12, "copy": 21,
    }  # fmt: skip
    for name, key in keys.items():
        value = getattr(face, name)
        if isinstance(value, date):
            value = value.toordinal() - date(1970, 1, 1).toordinal()
        if value is not None and value is not False:
            items[key] = value
    return cbor.encode(items)


@given(faces)
def test_it_is_read_as_by_items(face: LicenseFace) -> None:
    data = written(face)
    assert at_one_look(data) == by_items(data)


@given(faces, st.data())
def test_spoilt_it_is_refused_as_by_items(face: LicenseFace, data: st.DataObject) -> None:
    spoilt = bytearray(written(face))
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    assert at_one_look(bytes(spoilt)) == by_items(bytes(spoilt))


def test_a_licence_and_a_site_are_read_where_they_begin() -> None:
    for face in (FACE, SITE_CLAIMS.face):
        assert read_face(b"before" + face.encode(), len(b"before")) == face
