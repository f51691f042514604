"""One firm for each status that a document can have, with a licence, a site code and a 副本."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from clients.sample.codes import uscc
from license_verify import DocumentStatus, Status
from license_verify.token import cose
from license_verify.token.claims import Claims, StatusRef, end_of, status_uri
from license_verify.token.face import Face
from license_verify.token.scan import ScanText
from tests.unit.verify.world import FACE, HOST, SITE, T0, URI, Signer, World
from yizhao.registry.v1 import entity_pb2

APPROVED: Final = date(2026, 3, 4)
ENDED: Final = date(2026, 6, 1)
"""The day on which each firm came to the state that it is in."""
SITE_NUMBER: Final = 7
KINDS: Final = ("licence", "site", "copy")
_ISSUED: Final = datetime(2026, 3, 4, 2, tzinfo=UTC)
_STATES: Final = {
    DocumentStatus.SUSPENDED: entity_pb2.ENTITY_STATE_DORMANT,
    DocumentStatus.REVOKED: entity_pb2.ENTITY_STATE_REVOKED,
    DocumentStatus.DEREGISTERED: entity_pb2.ENTITY_STATE_DEREGISTERED,
    DocumentStatus.ANNULLED: entity_pb2.ENTITY_STATE_ANNULLED,
}


@dataclass(frozen=True)
class Firm:
    """A firm whose documents all have one status."""

    number: int
    status: DocumentStatus

    @property
    def uscc(self) -> str:
        return uscc("91", "370811", 700_000 + self.number)

    @property
    def entry(self) -> Status:
        """What the list says of its documents."""
        named = self.status.name in Status.__members__
        return Status[self.status.name] if named else Status.VALID

    def state(self, on: date | None) -> entity_pb2.EntityState.ValueType:
        """How the firm stood on a day; None: now."""
        if on is not None and on < ENDED:
            return entity_pb2.ENTITY_STATE_ACTIVE
        return _STATES.get(self.status, entity_pb2.ENTITY_STATE_ACTIVE)

    def version(self, first: int, on: date | None) -> int:
        """Version in force of face or place, whose first is `first`."""
        replaced = self.status is DocumentStatus.SUPERSEDED and (on is None or on >= ENDED)
        return first + replaced

    def has_place(self, on: date | None) -> bool:
        """Whether its site was filed."""
        ended = self.status in (DocumentStatus.DEREGISTERED, DocumentStatus.ANNULLED)
        return not ended or (on is not None and on < ENDED)

    def index(self, kind: str) -> int:
        """Entry of a document in the list."""
        return 10 * self.number + KINDS.index(kind)

    def claims(self, kind: str) -> Claims:
        """What a document says."""
        faces: dict[str, Face] = {
            "licence": replace(FACE, approved=APPROVED),
            "site": replace(SITE, approved=APPROVED),
            "copy": replace(FACE, approved=APPROVED, copy=1),
        }
        subject = f"{self.uscc}-{SITE_NUMBER}" if kind == "site" else self.uscc
        issued, expires, uri = _ISSUED, None, URI
        if self.status is DocumentStatus.NOT_YET_VALID:
            issued = T0 + timedelta(days=30)
        if self.status is DocumentStatus.EXPIRED:
            expires = end_of(date(2026, 10, 1))
        if self.status is DocumentStatus.UNKNOWN:
            uri = status_uri(HOST, 9)  # a list that nobody has
        return Claims(subject, issued, expires, StatusRef(self.index(kind), uri), faces[kind])


FIRMS: Final = tuple(Firm(number, status) for number, status in enumerate(DocumentStatus, 1))
BY_CODE: Final = {firm.uscc: firm for firm in FIRMS}
ENTRIES: Final[Mapping[int, Status]] = {
    firm.index(kind): firm.entry for firm in FIRMS for kind in KINDS
}
DOCUMENTS: Final = {
    f"{firm.status}-{kind}": (firm, kind)
    for firm in FIRMS
    for kind in KINDS
    if (firm.status, kind) != (DocumentStatus.EXPIRED, "site")  # a site has no term of its own
}
"""By name, as `REVOKED-site`."""
VERSION: Final = FACE.version


def genuine(world: World) -> dict[str, str]:
    """Scan texts of the documents, by name."""
    return {name: world.scan(firm.claims(kind)) for name, (firm, kind) in DOCUMENTS.items()}


def forged(world: World) -> dict[str, str]:
    """Scan texts that nobody signed, or not as they should."""
    scan = world.scan(FIRMS[0].claims("licence"))
    token = ScanText.parse(scan).data
    parts = cose.decode(token, max_bytes=1024)
    borrowed = Signer()
    borrowed.kid = world.token.kid
    joined = world.token.sign(parts.protected + parts.payload)
    return {
        "misprint": scan[:-1] + str((int(scan[-1]) + 1) % 10),
        "wallet-cwt": str(ScanText.of(HOST, cose.assemble(parts.protected, parts.payload, joined))),
        "borrowed-kid": replace(world, token=borrowed).scan(FIRMS[0].claims("licence")),
        "unknown-key": replace(world, token=Signer()).scan(FIRMS[0].claims("licence")),
        "status-key": replace(world, token=world.status).scan(FIRMS[0].claims("site")),
    }
