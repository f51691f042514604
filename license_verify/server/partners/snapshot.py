"""What a node knows of its partners at a moment, and the file that it survives in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from license_verify.refusal import Kind, Refusal
from license_verify.server.partners.partner import Grant, Partner, PartnerState, Quota

_FORMAT: Final = 1


class SnapshotDamaged(Refusal):
    """The file is not what this node wrote."""

    kind = Kind.INVALID
    reason = "PARTNERS_FILE_DAMAGED"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every partner with its grants, and every certificate that was disabled."""

    revision: int
    """Of the database; raised by every change."""
    partners: Mapping[str, Partner] = field(default_factory=dict)
    disabled: frozenset[bytes] = frozenset()
    """Fingerprints."""

    def to_bytes(self) -> bytes:
        """As kept on disk: the SHA-256 of the rest, and the rest as JSON."""
        body = json.dumps(
            {
                "format": _FORMAT,
                "revision": self.revision,
                "partners": [_partner(each) for each in self.partners.values()],
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
        partners = [_read_partner(each) for each in told["partners"]]
        return cls(
            told["revision"],
            {each.id: each for each in partners},
            frozenset(bytes.fromhex(each) for each in told["disabled"]),
        )


def _damaged(why: str) -> SnapshotDamaged:
    return SnapshotDamaged(
        f"partners.json is refused: {why}; it is written anew once the database answers",
        zh="本机保存的合作单位名单已损坏，数据库恢复后将重新写入",
    )


def _partner(partner: Partner) -> dict[str, object]:
    quota = partner.quota
    return {
        "id": partner.id,
        "title": partner.title,
        "state": partner.state.value,
        "quota": [
            quota.calls_per_second,
            quota.burst,
            quota.calls_at_once,
            quota.checks_per_day,
        ],
        "grants": [_grant(each) for each in partner.grants.values()],
    }


def _read_partner(told: Mapping[str, Any]) -> Partner:
    grants = [_read_grant(each) for each in told["grants"]]
    return Partner(
        told["id"],
        told["title"],
        PartnerState(told["state"]),
        Quota(*told["quota"]),
        {each.purpose: each for each in grants},
    )


def _grant(grant: Grant) -> dict[str, object]:
    return {
        "purpose": grant.purpose,
        "items": sorted(grant.items),
        "claims": sorted(grant.claims),
        "from": grant.from_date.isoformat(),
        "until": grant.until_date and grant.until_date.isoformat(),
        "revoked": grant.revoked_at and grant.revoked_at.isoformat(),
    }


def _read_grant(told: Mapping[str, Any]) -> Grant:
    return Grant(
        told["purpose"],
        frozenset(told["items"]),
        frozenset(told["claims"]),
        date.fromisoformat(told["from"]),
        date.fromisoformat(told["until"]) if told["until"] else None,
        datetime.fromisoformat(told["revoked"]) if told["revoked"] else None,
    )
