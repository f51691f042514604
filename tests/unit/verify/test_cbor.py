"""The strict reader against cbor2 and against every form that it must refuse."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.token import cbor
from license_verify.token.errors import CborRefused, CborTooLarge

keys = st.integers(-(1 << 64), (1 << 64) - 1) | st.text(max_size=30)
leaves = keys | st.binary(max_size=300) | st.booleans() | st.none()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
).filter(lambda value: _depth(value) <= 8)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@given(values)
def test_what_is_written_is_read_back_by_us_and_by_cbor2(value: object) -> None:
    data = cbor.encode(value)
    assert cbor.decode(data, 1 << 20) == value
    assert cbor2.loads(data) == value


@given(st.binary(max_size=60))
def test_any_bytes_that_are_read_are_the_only_form_of_their_value(data: bytes) -> None:
    try:
        value = cbor.decode(data, 60)
    except CborRefused:
        return
    assert cbor.encode(value) == data


def test_keys_are_in_bytewise_order_not_length_first() -> None:
    assert cbor.encode({-1: 0, 100: 0}) == bytes.fromhex("a2186400 2000".replace(" ", ""))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1801",  # 1 in two bytes
        "190001",
        "1a00000001",
        "1b0000000000000001",
        "5801ff",  # length in two bytes
        "9f01ff",  # indefinite array
        "bf0102ff",
        "5f4101ff",
        "7f6161ff",
        "1c",  # reserved
        "a201020103",  # duplicate key
        "a202000100",  # keys out of order
        "a1800 0".replace(" ", ""),  # array as key
        "a1f500",  # true as key
        "f90000",  # half float
        "fb3ff0000000000000",
        "f7",  # undefined
        "f820",
        "e0",
        "ff",
        "c101",  # tag 1
        "c24101",  # big number
        "d81c01",  # shared reference
        "62c328",  # not UTF-8
        "63eda080",  # a surrogate
        "6261",  # cut off
        "8201",
        "a101",
        "0000",  # something behind
        "9bffffffffffffffff",  # claims 2^64 members
        "5bffffffffffffffff",
        "bbffffffffffffffff",
    ],
)
def test_every_other_form_is_refused(data: str) -> None:
    with pytest.raises(CborRefused):
        cbor.decode(bytes.fromhex(data), 100)


def test_a_tag_must_stand_where_it_is_wanted_and_nowhere_else() -> None:
    assert cbor.decode(b"\xd2\x80", 9, tag=18) == []
    for data in (b"\x80", b"\xd3\x80", b"\xd2\xd2\x80", b"\xd8\x12\x80"):
        with pytest.raises(CborRefused):
            cbor.decode(data, 9, tag=18)


def test_deep_nesting_is_refused_before_it_hurts() -> None:
    with pytest.raises(CborTooLarge):
        cbor.decode(b"\x81" * 100_000, 1 << 20)
    with pytest.raises(CborTooLarge):
        cbor.decode(b"\xa1\x00" * 100_000, 1 << 20)


def test_size_is_looked_at_before_anything_is_read() -> None:
    with pytest.raises(CborTooLarge):
        cbor.decode(b"\xff" * 101, 100)


@pytest.mark.parametrize("value", [1.5, {1.5: 0}, {b"k": 0}, object(), 1 << 64, {True: 1}])
def test_what_the_profile_lacks_cannot_be_written(value: object) -> None:
    with pytest.raises(CborRefused):
        cbor.encode(value)
