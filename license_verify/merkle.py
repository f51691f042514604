"""Merkle trees of SHA-256 as RFC 9162 §2.1 builds them: the root, and paths that lead to it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
Path: TypeAlias = tuple[bytes, ...]
"""Hashes beside the way from a leaf up to the root, the lowest first (RFC 9162 §2.1.3)."""


# The first byte of what is hashed tells leaf and node apart, so that no node passes for an entry.
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def grow(entries: Sequence[bytes]) -> tuple[bytes, list[Path]]:
    """The root over entries, one at least, and the path of each."""
    levels = [[sha256(_LEAF + entry).digest() for entry in entries]]
    while len(below := levels[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        above = [sha256(_NODE + left + right).digest() for left, right in pairs]
        # A last node without a neighbour stands one level higher as it is: RFC 9162 cuts a tree
        # at the largest power of two, which comes to the same.
        levels.append(above + below[len(above) * 2 :])
    paths: list[Path] = [()]
    for level in reversed(levels[:-1]):
        paths = [
            (level[at ^ 1], *paths[at >> 1]) if at ^ 1 < len(level) else paths[at >> 1]
            for at in range(len(level))
        ]
    return levels[-1][0], paths


def root_over(entry: bytes, size: int, index: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from an entry (RFC 9162 §2.1.3.2).

    None: a tree of that size has no such leaf, or its path is longer or shorter.
    """
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, sha256(_LEAF + entry).digest()
    for beside in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = sha256(_NODE + beside + found).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = sha256(_NODE + found + beside).digest()
        at, last = at >> 1, last >> 1
    return found if last == 0 else None
