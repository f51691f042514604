"""Merkle trees of SHA-256 as RFC 9162 §2.1 builds them: the root, and paths that lead to it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, TypeAlias

HASH_BYTES: Final = 32
Path: TypeAlias = tuple[bytes, ...]
"""Hashes beside the way from a leaf up to the root, the lowest first (RFC 9162 §2.1.3)."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf; its first byte is never a node's, so no node can be shown as an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node above two."""
    return sha256(b"\x01" + left + right).digest()


def grow(entries: Sequence[bytes]) -> tuple[bytes, list[Path]]:
    """The root over entries, one at least, and the path of each."""
    levels = [[leaf_hash(entry) for entry in entries]]
    while len(below := levels[-1]) > 1:
        above = [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
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
    at, last, found = index, size - 1, leaf_hash(entry)
    for beside in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None
