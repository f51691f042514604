"""A whole issuing system in miniature: keys of every use, trust list, status list, manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from clients.integrators.keys import PublicKeyPair
from license_verify import Anchor, Bundle, Status, Trust, TrustList
from license_verify.lists.manifest import ListEntry, Manifest, document_digest, sign_manifest
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.lists.trust_list import (
    KeyState,
    TrustedHost,
    TrustedKey,
    Use,
    sign_trust_list,
)
from license_verify.token.claims import Claims, issue, status_uri
from license_verify.token.scan import ScanText

ENVIRONMENT: Final = "integrators"
HOST: Final = "codes.yizhao.example"
OTHER_HOST: Final = "elsewhere.yizhao.example"
"""Not in the trust list."""
URI: Final = status_uri(HOST, 0)
PUBLISHED_AT: Final = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Of the fixed bundle."""
BEGAN_AT: Final = datetime(2025, 1, 1, tzinfo=UTC)
RETIRED_AT: Final = datetime(2026, 6, 1, tzinfo=UTC)
_LIST_LIFE: Final = timedelta(days=30)
_TTL_SECONDS: Final = 300
_ENTRIES: Final = 64
_UNKNOWN_VALUE: Final = 9
"""Means nothing in this version of the lists."""

# Entries of the status list.
GOOD, SITE, COPY, ORIGINAL, NAMELESS, SHORT, TERM = range(7)
UNKNOWN, NEVER_ISSUED, ENDED_SITE = 7, 8, 9
_FIRST_BAD: Final = 16
BAD: Final[Mapping[Status, int]] = {
    status: _FIRST_BAD + number
    for number, status in enumerate(each for each in Status if each is not Status.VALID)
}
"""An entry for each status but VALID."""
_STATUSES: Final = {
    **dict.fromkeys((GOOD, SITE, COPY, ORIGINAL, NAMELESS, SHORT, TERM), Status.VALID),
    **{entry: status for status, entry in BAD.items()},
    ENDED_SITE: Status.DEREGISTERED,
}


@dataclass(frozen=True, slots=True)
class System:
    """What it publishes at one moment; the codes are the same at any."""

    published_at: datetime = PUBLISHED_AT
    seq: int = 1

    def bundle(self) -> Bundle:
        """What an integrator downloads."""
        trust = sign_trust_list(_trust_list(), kid=ROOT.kid, sign=ROOT.sign)
        content = self._status_list()
        listed = sign_status_list(content, kid=STATUS.kid, sign=STATUS.sign)
        manifest = Manifest(
            self.seq,
            self.published_at,
            ENVIRONMENT,
            _trust_list().version,
            document_digest(trust),
            {URI: ListEntry(document_digest(listed), content.issued_at)},
            watermark=1,
        )
        signed = sign_manifest(manifest, kid=PUBLICATION.kid, sign=PUBLICATION.sign)
        return Bundle(signed, trust, {URI: listed})

    def trust(self, environment: str = ENVIRONMENT) -> Trust:
        """The bundle as a checker believes it that expects `environment`."""
        return Trust.from_bundle(self.bundle(), Anchor((ROOT.public,), environment))

    def _status_list(self) -> StatusList:
        at = self.published_at
        content = StatusList.of(URI, at, at + _LIST_LIFE, _TTL_SECONDS, _STATUSES, _ENTRIES)
        entries = bytearray(content.entries)
        shift = 4 * (UNKNOWN & 1)
        entries[UNKNOWN >> 1] = entries[UNKNOWN >> 1] & (0xF0 >> shift) | _UNKNOWN_VALUE << shift
        return replace(content, entries=bytes(entries))


ROOT: Final = PublicKeyPair("root")
TOKEN: Final = PublicKeyPair("token")
RETIRED: Final = PublicKeyPair("retired token")
DISTRUSTED: Final = PublicKeyPair("distrusted token")
STATUS: Final = PublicKeyPair("status")
PUBLICATION: Final = PublicKeyPair("publication")
RECEIPT: Final = PublicKeyPair("receipt")
STRANGER: Final = PublicKeyPair("stranger")
"""In no trust list."""


def _trust_list() -> TrustList:
    active, retired, distrusted = KeyState.ACTIVE, KeyState.RETIRED, KeyState.DISTRUSTED
    return TrustList(
        version=1,
        environment=ENVIRONMENT,
        issued_at=PUBLISHED_AT - timedelta(days=1),
        keys=(
            TrustedKey.of(TOKEN.public, Use.TOKEN, active, BEGAN_AT),
            TrustedKey.of(RETIRED.public, Use.TOKEN, retired, BEGAN_AT, RETIRED_AT),
            TrustedKey.of(DISTRUSTED.public, Use.TOKEN, distrusted, BEGAN_AT),
            TrustedKey.of(STATUS.public, Use.STATUS, active, BEGAN_AT),
            TrustedKey.of(PUBLICATION.public, Use.PUBLICATION, active, BEGAN_AT),
            TrustedKey.of(RECEIPT.public, Use.RECEIPT, active, BEGAN_AT),
        ),
        hosts=(TrustedHost(HOST, BEGAN_AT),),
    )


def signed(claims: Claims, key: PublicKeyPair = TOKEN) -> bytes:
    """A token of these claims."""
    return issue(claims, kid=key.kid, sign=key.sign)


def scan_of(token: bytes, host: str = HOST) -> str:
    """The text of the symbol of a token, right or wrong."""
    return str(ScanText.of(host, token))
