"""What a node knows of its partners at a moment, and the file that it survives in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from license_verify.refusal import Kind, Refusal
from license_verify.server.partners.as_json import partner_from, partner_to
from license_verify.server.partners.partner import Partner

_FORMAT: Final = 1


class SnapshotDamaged(Refusal):
    """The file is not what this node wrote."""

    kind = Kind.INVALID
    reason = "PARTNERS_FILE_DAMAGED"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which content the database has."""

    number: int
    """Raised by every change."""
    stamp: str = ""
    """Another with every change. A database that was restored from a backup reaches its numbers
    again, with other content. Empty in a file of an earlier release."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every partner with its grants, and every certificate that was disabled."""

    edition: Edition
    partners: Mapping[str, Partner] = field(default_factory=dict)
    disabled: frozenset[bytes] = frozenset()
    """Fingerprints."""

    def to_bytes(self) -> bytes:
        """As kept on disk: the SHA-256 of the rest, and the rest as JSON."""
        body = json.dumps(
            {
                "format": _FORMAT,
                "revision": self.edition.number,
                "stamp": self.edition.stamp,
                "partners": [partner_to(each) for each in self.partners.values()],
                "disabled": sorted(each.hex() for each in self.disabled),
            },
            ensure_ascii=False,
        ).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "Snapshot":
        """Read what `to_bytes` wrote.

        Raises:
            SnapshotDamaged: it was cut, altered or written by another release.
        """
        digest, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise _damaged("its digest does not fit")
        told = json.loads(body)
        if told["format"] != _FORMAT:
            raise _damaged("it is of another release")
        partners = [partner_from(each) for each in told["partners"]]
        return cls(
            Edition(told["revision"], told.get("stamp", "")),
            {each.id: each for each in partners},
            frozenset(bytes.fromhex(each) for each in told["disabled"]),
        )


def _damaged(why: str) -> SnapshotDamaged:
    return SnapshotDamaged(
        f"partners.json is refused: {why}; it is written anew once the database answers",
        zh="本机保存的合作单位名单已损坏，数据库恢复后将重新写入",
    )
