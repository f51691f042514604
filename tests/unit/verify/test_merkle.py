"""Merkle trees of RFC 9162, against its own recursive definition and known roots."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.merkle import grow, root_over

# Entries and roots of the certificate transparency project's own tests; RFC 6962 hashes alike.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = (1, 2, 3, 4, 5, 7, 31, 32, 33, 64, 100, 1000)


def by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, as it stands there."""
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    cut = 1
    while cut * 2 < len(entries):
        cut *= 2
    return sha256(b"\x01" + by_definition(entries[:cut]) + by_definition(entries[cut:])).digest()


def of_size(size: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots_come_out(size: int) -> None:
    assert grow(ENTRIES[:size])[0].hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", SIZES)
def test_root_and_paths_are_those_of_the_definition(size: int) -> None:
    entries = of_size(size)
    root, paths = grow(entries)
    assert root == by_definition(entries)
    for index, (entry, path) in enumerate(zip(entries, paths, strict=True)):
        assert root_over(entry, size, index, path) == root


@given(st.integers(1, 70), st.data())
def test_no_other_place_or_entry_leads_to_the_root(size: int, data: st.DataObject) -> None:
    entries = of_size(size)
    root, paths = grow(entries)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    path = paths[index]
    if other != index:
        assert root_over(entries[index], size, other, path) != root
    assert root_over(b"another", size, index, path) != root
    assert root_over(entries[index], size, index, (*path, root)) is None
    if path:
        assert root_over(entries[index], size, index, path[:-1]) is None
        node = root_over(entries[index], 1, 0, ())
        assert node is not None
        assert root_over(node, size, index, path) != root


def test_one_entry_is_its_own_root() -> None:
    root, paths = grow([b"alone"])
    assert (root, paths) == (sha256(b"\x00alone").digest(), [()])
    assert root_over(b"alone", 1, 0, ()) == root
    assert root_over(b"alone", 1, 1, ()) is None
    assert root_over(b"alone", 0, 0, ()) is None
