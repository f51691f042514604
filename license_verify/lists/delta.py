"""Delta: what makes a newer bundle of one that the reader has, document by document.

It is only a carrier, as the bundle is: what it makes must be, to the byte, what the newer manifest
names, and is then believed or refused as if it had come whole. Who cannot apply it fetches the
whole. A document that changed is given as parts: bytes, and stretches of the older document, so
that applying needs no compression and no knowledge of what the document is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, Self, TypeAlias

from license_verify import limits
from license_verify.lists.bundle import Bundle
from license_verify.lists.errors import DeltaUnfit, ListMalformed, ListTooLarge
from license_verify.lists.fields import Fields
from license_verify.lists.manifest import document_digest
from license_verify.token import cbor

_FORMAT: Final = 1
_BORDER: Final = b"\x00\x00\xff\xff"
"""What a full flush of deflate ends with: between two shares of a status list."""
_PIECES: Final = 512
"""A document of more pieces is not compared piece by piece; a list of ours has 33."""

Part: TypeAlias = bytes | tuple[int, int]
"""Bytes, or a stretch of the older document: from and until (exclusive)."""
Patch: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The parts of a newer bundle that an older one lacks. Made by `between` or `decode`."""

    base: bytes
    """SHA-256 of the older bundle's manifest."""
    manifest: bytes
    trust: bytes | None
    """None: as it was."""
    lists: Mapping[str, Patch | None]
    """Those that changed, by uri; None: it is gone."""
    statements: Mapping[str, Patch | None] = field(default_factory=dict)
    """Those that changed, by subject."""

    @classmethod
    def between(cls, before: Bundle, after: Bundle) -> Self:
        """What makes `after` of `before`."""
        return cls(
            document_digest(before.manifest),
            after.manifest,
            None if after.trust == before.trust else after.trust,
            _patches(before.lists, after.lists),
            _patches(before.statements, after.statements),
        )

    def encode(self) -> bytes:
        """The delta as bytes."""
        fields: dict[str, object] = {
            "format": _FORMAT,
            "base": self.base,
            "manifest": self.manifest,
            "lists": self.lists,
            "statements": self.statements,
        }
        return cbor.encode(fields if self.trust is None else fields | {"trust": self.trust})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a delta; whether it fits is known only once it is applied.

        Raises:
            CborRefused: not deterministic CBOR, or more than `limits.BUNDLE_BYTES`.
            ListMalformed: not a delta.
            ListTooLarge: it would make more than `limits.BUNDLE_BYTES`, or of too many parts.
        """
        fields = Fields.read(
            data, limits.BUNDLE_BYTES, {"format", "base", "manifest", "lists", "statements"},
            {"trust"},
        )  # fmt: skip
        if fields.uint("format") != _FORMAT:
            raise ListMalformed("the delta is of a format that this version cannot read")
        delta = cls(
            fields.digest("base"),
            fields.bytes("manifest"),
            fields.bytes("trust") if "trust" in fields else None,
            _read_patches(fields.by_text("lists", limits.LISTS)),
            _read_patches(fields.by_text("statements", limits.STATEMENTS)),
        )
        patches = (*delta.lists.values(), *delta.statements.values())
        if sum(_size(patch) for patch in patches if patch) > limits.BUNDLE_BYTES:
            raise ListTooLarge(f"the delta makes more than {limits.BUNDLE_BYTES} bytes")
        return delta

    def apply(self, base: Bundle) -> Bundle:
        """Make the newer bundle, and check every part against the newer manifest's digests.

        Raises:
            DeltaUnfit: it is for another bundle.
            ListMissing, DigestMismatch: what it makes is not what the newer manifest names.
            TokenRefused, ListMalformed, ListTooLarge: its manifest is none.
        """
        if document_digest(base.manifest) != self.base:
            raise DeltaUnfit("the delta is for another bundle", zh="增量与本机数据不符")
        bundle = Bundle(
            self.manifest,
            base.trust if self.trust is None else self.trust,
            _patched(base.lists, self.lists),
            _patched(base.statements, self.statements),
        )
        bundle.check()
        return bundle


def _patches(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, Patch | None]:
    changed: dict[str, Patch | None] = dict.fromkeys(before.keys() - after.keys())
    for name, document in after.items():
        if before.get(name) != document:
            changed[name] = _patch(before.get(name, b""), document)
    return changed


def _patch(before: bytes, after: bytes) -> Patch:
    """Parts that make `after` of `before`, fewer and shorter the more of it is the same."""
    old, new = _pieces(before), _pieces(after)
    if max(len(old), len(new)) > _PIECES:
        return (after,)
    parts: list[Part] = []
    at = made = 0
    for same, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        taken, given = sum(map(len, old[old_from:old_to])), sum(map(len, new[new_from:new_to]))
        if same == "equal":
            parts.append((at, at + taken))
        else:
            parts += _edges(before[at : at + taken], after[made : made + given], at)
        at, made = at + taken, made + given
    return _joined(parts)


def _edges(old: bytes, new: bytes, at: int) -> list[Part]:
    """What replaces `old`, which begins `at`: both of its ends are kept where they are the same."""
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    return [
        (at, at + head),
        new[head : len(new) - tail],
        (at + len(old) - tail, at + len(old)),
    ]


def _same(one: bytes, other: bytes) -> int:
    """How many bytes from the start on are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _joined(parts: list[Part]) -> Patch:
    """The parts without empty ones, stretches that follow each other as one."""
    joined: list[Part] = []
    for part in parts:
        before = joined[-1] if joined else b""
        if isinstance(part, tuple) and isinstance(before, tuple) and before[1] == part[0]:
            joined[-1] = (before[0], part[1])
        elif part if isinstance(part, bytes) else part[0] < part[1]:
            joined.append(part)
    return tuple(joined)


def _pieces(document: bytes) -> list[bytes]:
    """The document cut behind each border."""
    *pieces, last = document.split(_BORDER)
    return [*(piece + _BORDER for piece in pieces), last]


def _patched(base: Mapping[str, bytes], patches: Mapping[str, Patch | None]) -> dict[str, bytes]:
    documents = dict(base)
    for name, patch in patches.items():
        before = documents.pop(name, b"")
        if patch is not None:
            documents[name] = b"".join(_part(part, before, name) for part in patch)
    return documents


def _part(part: Part, before: bytes, name: str) -> bytes:
    if isinstance(part, bytes):
        return part
    start, end = part
    if end > len(before):
        raise DeltaUnfit(
            f"the delta takes bytes of {name} that are not there",
            zh="增量与本机数据不符",
            part=name,
        )
    return before[start:end]


def _size(patch: Patch) -> int:
    return sum(len(part) if isinstance(part, bytes) else part[1] - part[0] for part in patch)


def _read_patches(named: Mapping[str, cbor.Value]) -> dict[str, Patch | None]:
    return {name: None if value is None else _read_patch(value) for name, value in named.items()}


def _read_patch(value: cbor.Value) -> Patch:
    if not isinstance(value, list):
        raise ListMalformed("a change in the delta is not an array of parts")
    if len(value) > limits.DELTA_PARTS:
        raise ListTooLarge(f"a change in the delta has more than {limits.DELTA_PARTS} parts")
    return tuple(_read_part(part) for part in value)


def _read_part(value: cbor.Value) -> Part:
    match value:
        case bytes():
            return value
        case [int(start), int(end)] if (
            type(start) is int and type(end) is int and 0 <= start < end <= limits.BUNDLE_BYTES
        ):
            return start, end
    raise ListMalformed("a part in the delta is neither bytes nor a stretch of the older document")
