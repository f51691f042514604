"""Published data that a checker believes, and how it comes to believe it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Self

from license_verify import limits
from license_verify.lists import status_list as status_lists
from license_verify.lists.bundle import Bundle
from license_verify.lists.errors import (
    EnvironmentMismatch,
    ListMalformed,
    ListNotSigned,
    Rollback,
)
from license_verify.lists.manifest import Manifest
from license_verify.lists.status_list import StatusList
from license_verify.lists.trust_list import (
    KeyState,
    TrustedHost,
    TrustedKey,
    TrustList,
    Use,
    open_trust_list,
)
from license_verify.public_roots import refuse_public_roots
from license_verify.reasons import Reason
from license_verify.token import cose

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Source(StrEnum):
    """Where a checker's data came from."""

    LIVE = "live"
    """Fetched from the registry just now."""
    CACHED = "cached"
    """Fetched earlier and kept."""
    BUNDLED = "bundled"
    """Carried here as a file."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a checker pins: it believes nothing that does not lead back to here."""

    roots: tuple[cose.PublicKey, ...]
    environment: str = "production"

    def __post_init__(self) -> None:
        """Refuse what pins nothing.

        Raises:
            RootIsPublic: a root's secret key is published, and not for this environment.
        """
        refuse_public_roots(self.roots, self.environment)


@dataclass(frozen=True, slots=True)
class HighestSeen:
    """The newest data that this checker ever took. The caller keeps it on disk."""

    seq: int = 0
    issued_at: datetime = _EPOCH
    trust_version: int = 0

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {
                "seq": self.seq,
                "issued_at": int(self.issued_at.timestamp()),
                "trust_version": self.trust_version,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read it back.

        Raises:
            ListMalformed: the text is not what `to_json` wrote; do not start afresh silently.
        """
        try:
            read = json.loads(text)
            seq, seconds, version = (
                int(read[key]) for key in ("seq", "issued_at", "trust_version")
            )
            return cls(seq, datetime.fromtimestamp(seconds, UTC), version)
        except (ValueError, KeyError, TypeError, OverflowError, OSError):
            raise ListMalformed("the record of the newest data seen is damaged") from None


@dataclass(frozen=True, slots=True)
class Trust:
    """Everything published that a verdict needs. Made by `from_bundle`, or `missing`."""

    environment: str
    expected_environment: str
    version: int
    keys: Mapping[bytes, TrustedKey]
    """By kid."""
    hosts: tuple[TrustedHost, ...]
    lists: Mapping[str, StatusList]
    """By uri; every one signed, current as of the manifest."""
    statements: Mapping[str, bytes]
    """Signed premises statements by subject, named by the manifest, not opened."""
    manifest: Manifest | None
    keys_issued_at: datetime
    source: Source
    highest_seen: HighestSeen
    """To be kept by the caller and given to the next `from_bundle`."""
    problem: Reason | None = None
    """Why there is no data, if there is none."""
    etag: str = ""

    @classmethod
    def missing(
        cls,
        problem: Reason = Reason.TRUST_MISSING,
        highest_seen: HighestSeen | None = None,
        environment: str = "production",
    ) -> Self:
        """No data at all: every verdict is INDETERMINATE or INVALID."""
        seen = highest_seen or HighestSeen()
        # No trust list has version -1: what was opened without data is never taken for opened with.
        return cls("", environment, -1, {}, (), {}, {}, None, _EPOCH, Source.CACHED, seen, problem)

    @classmethod
    def from_bundle(
        cls,
        bundle: Bundle,
        anchor: Anchor,
        highest_seen: HighestSeen | None = None,
        *,
        source: Source = Source.BUNDLED,
        previous: "Trust | None" = None,
    ) -> Self:
        """Believe a bundle, or refuse it whole and leave the caller with what it had.

        Args:
            bundle: from the registry or a file, not yet believed.
            anchor: the pinned roots.
            highest_seen: the newest data that this checker ever took.
            source: what to say about where it came from.
            previous: data of the same anchor; lists that did not change are taken over from it.

        Raises:
            RootUnknown, ListNotSigned: a signature is missing.
            Rollback: older than `highest_seen`.
            DigestMismatch, ListMissing, EnvironmentMismatch, ListMalformed, ListTooLarge,
            TokenRefused: the parts do not fit, or are not what they should be.
        """
        seen = highest_seen or HighestSeen()
        content = open_trust_list(bundle.trust, anchor.roots)
        keys = {key.kid: key for key in content.keys}
        document, manifest = bundle.read_manifest()
        _signed_by(keys, document, Use.PUBLICATION, manifest.issued_at, "manifest")
        bundle.check()
        _refuse_other_trust_list(manifest, content)
        _refuse_rollback(manifest, seen)
        return cls(
            environment=content.environment,
            expected_environment=anchor.environment,
            version=content.version,
            keys=keys,
            hosts=content.hosts,
            lists=_open_lists(bundle, manifest, keys, previous),
            statements=dict(bundle.statements),
            manifest=manifest,
            keys_issued_at=content.issued_at,
            source=source,
            highest_seen=HighestSeen(manifest.seq, manifest.issued_at, content.version),
            etag=bundle.etag,
        )

    def key_for(self, kid: bytes, use: Use) -> TrustedKey | None:
        """The key with this kid if it has this use and is not distrusted."""
        key = self.keys.get(kid)
        if key is None or key.use is not use or key.state is KeyState.DISTRUSTED:
            return None
        return key


def _open_lists(
    bundle: Bundle, manifest: Manifest, keys: Mapping[bytes, TrustedKey], previous: Trust | None
) -> dict[str, StatusList]:
    opened: dict[str, StatusList] = {}
    known = previous.manifest.lists if previous and previous.manifest else {}
    for uri, entry in manifest.lists.items():
        document = cose.decode(
            bundle.lists[uri], max_bytes=limits.LIST_DOCUMENT_BYTES, typ=status_lists.TYP
        )
        # Who may sign can change between two bundles, so the key is asked again even of a list
        # that did not change; inflating it again is what is saved.
        _signed_by(keys, document, Use.STATUS, entry.issued_at, uri)
        if previous and known.get(uri) == entry:
            opened[uri] = previous.lists[uri]
            continue
        content = StatusList.decode(document.payload)
        if content.uri != uri or content.issued_at != entry.issued_at:
            raise ListMalformed("a status list is not the one its name and date say", uri=uri)
        opened[uri] = content
    return opened


def _signed_by(
    keys: Mapping[bytes, TrustedKey],
    document: cose.Sign1,
    use: Use,
    issued_at: datetime,
    part: str,
) -> None:
    key = keys.get(document.kid)
    if (
        key is None
        or key.use is not use
        or key.state is KeyState.DISTRUSTED
        or not key.may_sign_at(issued_at)
        or not cose.signature_fits(document, key.key, key.alg)
    ):
        raise ListNotSigned(
            f"{part} is not signed by a trusted {use.value} key in its time",
            zh="数据签名不被信任",
            part=part,
            kid=document.kid.hex(),
        )


def _refuse_other_trust_list(manifest: Manifest, content: TrustList) -> None:
    if manifest.environment != content.environment:
        raise EnvironmentMismatch(
            f"the manifest is of {manifest.environment}, the trust list of {content.environment}",
            manifest=manifest.environment,
            trust_list=content.environment,
        )
    if manifest.trust_version != content.version:
        raise ListMalformed("the manifest names another version of the trust list")


def _refuse_rollback(manifest: Manifest, seen: HighestSeen) -> None:
    older = (
        manifest.seq < seen.seq
        or manifest.issued_at < seen.issued_at
        or manifest.trust_version < seen.trust_version
        # One number, two moments: somebody published twice under one number.
        or (manifest.seq == seen.seq and manifest.issued_at != seen.issued_at)
    )
    if older:
        raise Rollback(
            f"the data (number {manifest.seq}, trust list {manifest.trust_version}) is older than "
            f"data already seen (number {seen.seq}, trust list {seen.trust_version})",
            zh="数据比本机已有的更旧，可能被回退",
            seq=manifest.seq,
            seen=seen.seq,
        )
