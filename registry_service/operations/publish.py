"""Publication: number the events, bring the lists up to date, sign, store; in one transaction.

The transaction sees one snapshot of the register, taken with the publisher's lock held. Every event
in it gets its feed number, and the lists are computed from the same snapshot, so they equal the
register as of the watermark exactly, and what a later publisher sees contains what this one saw.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from license_verify import limits
from license_verify.lists.bundle import Bundle
from license_verify.lists.manifest import TYP as MANIFEST_TYP
from license_verify.lists.manifest import ListEntry, Manifest, document_digest, sign_manifest
from license_verify.lists.status_list import TYP, StatusList, sign_status_list
from license_verify.refusal import Refusal
from license_verify.token import cose
from license_verify.token.claims import status_uri
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.issuing.signer import KeyRing
from registry_service.operations.intend import trust_content
from registry_service.operations.status_board import StatusBoard
from registry_service.store.publication import StoredList, StoredManifest, StoredTrust
from registry_service.store.transaction import Transaction

LIST_TTL_SECONDS: Final = 60
LIST_LIFE: Final = timedelta(days=14)
LIST_RENEWAL: Final = timedelta(days=6)
"""A list is signed anew at this age, so that any bundle stays good for more than the seven days
that the longest policy of `license_verify.policy` allows."""

_MOST_BYTES: Final = {TYP: limits.LIST_DOCUMENT_BYTES, MANIFEST_TYP: limits.MANIFEST_BYTES}


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication as readers get it."""

    seq: int
    watermark: int
    issued_at: datetime
    trust_version: int
    host: str
    """The host on which documents are issued."""
    bundle: Bundle
    content: bytes
    """The bundle as one file."""


class Press:
    """Makes editions; keeps what the next one builds on. One for each publishing connection."""

    def __init__(self, ring: KeyRing, renew_after: timedelta) -> None:
        """Prepare; nothing is read before the first edition.

        Args:
            ring: signs lists and manifests.
            renew_after: age at which a manifest is signed anew though nothing happened.
        """
        self._ring = ring
        self._renew_after = renew_after
        self._board: StatusBoard | None = None
        self._documents: dict[str, StoredList] = {}
        self._edition: Edition | None = None

    def run(self, tx: Transaction, now: datetime) -> Edition:
        """Publish what is new, or take over what another process published.

        Args:
            tx: a repeatable-read transaction, its snapshot taken with the publisher's lock held.
            now: the clock.

        Raises:
            SignerUnavailable: a key, or the trust list, is missing; nothing was published.
        """
        self._ring = self._ring.with_active(tx.keys.active())
        watermark = tx.feed.number_waiting()
        stored, trust = tx.publication.manifest(), tx.publication.trust()
        if trust is None:
            raise SignerUnavailable(
                "no trust list is published yet: run `init`", zh="信任列表尚未发布"
            )
        foreign = self._edition is None or stored is None or stored.seq != self._edition.seq
        taken = self._take_over(tx) if foreign else set()
        board, changed = self._catch_up(tx, watermark, taken)
        signed = self._sign_lists(tx, trust, board, changed, now)
        if not (signed or stored is None or self._is_due(stored, trust, watermark, now)):
            if foreign or self._edition is None:
                self._edition = _edition(stored, trust, self._documents)
            return self._edition
        manifest = self._sign_manifest(trust, stored, watermark, now)
        tx.publication.save_manifest(manifest)
        return _edition(manifest, trust, self._documents)

    def committed(self, edition: Edition) -> None:
        """Take note that the transaction of `run` is committed."""
        self._edition = edition

    def forget(self) -> None:
        """Start over: the transaction of `run` was rolled back."""
        self._board, self._documents, self._edition = None, {}, None

    def _take_over(self, tx: Transaction) -> set[int]:
        """Read the lists that another process published; their numbers."""
        known = [document_digest(document.content) for document in self._documents.values()]
        taken = tx.publication.lists(known)
        self._documents = {**self._documents, **taken}
        return {document.list_no for document in taken.values()}

    def _catch_up(
        self, tx: Transaction, watermark: int, taken: Collection[int]
    ) -> tuple[StatusBoard, set[int]]:
        """The board as of the snapshot, and the lists whose published form is out of date."""
        board = self._board
        if board is None:
            out = {document.list_no for document in self._documents.values()}
            board = self._board = StatusBoard(tx.status_entries.alike(), watermark, out)
            return board, self._differing(board, board.numbers())
        touched = tx.feed.touched(board.watermark, watermark)
        changed = board.put(tx.status_entries.of(touched)) if touched else set()
        board.watermark = watermark
        # If another process published between, what counts is what it published, not what this
        # one remembers.
        return board, self._differing(board, changed.union(taken)) if taken else changed

    def _differing(self, board: StatusBoard, numbers: Collection[int]) -> set[int]:
        """Those of the lists that are published otherwise than the board reads."""
        return {
            document.list_no
            for document in self._documents.values()
            if document.list_no in numbers
            and _entries(document.content) != board.packed(document.list_no)
        }

    def _sign_lists(
        self,
        tx: Transaction,
        trust: StoredTrust,
        board: StatusBoard,
        changed: Collection[int],
        now: datetime,
    ) -> bool:
        """Sign each list that is new, changed, aged or of a former key, for every host.

        Returns:
            Whether any was.
        """
        signed, kid = {}, self._ring.kid(KeyUse.STATUS)
        for host in trust_content(trust).hosts:
            for list_no in board.numbers():
                uri = status_uri(host.host, list_no)
                before = self._documents.get(uri)
                fresh = before is not None and now - before.issued_at < LIST_RENEWAL
                # Also if its key was replaced: it may be distrusted the next moment.
                if not fresh or list_no in changed or _signed_by(before, TYP) != kid:
                    second = _not_before(now, before.issued_at if before else None)
                    signed[uri] = self._sign_list(uri, list_no, board.packed(list_no), second)
                    tx.publication.save_list(signed[uri])
        self._documents = {**self._documents, **signed}
        return bool(signed)

    def _sign_list(self, uri: str, list_no: int, packed: bytes, second: datetime) -> StoredList:
        content = StatusList(uri, second, second + LIST_LIFE, LIST_TTL_SECONDS, packed)
        kid, sign = self._ring.sign(KeyUse.STATUS)
        return StoredList(uri, list_no, sign_status_list(content, kid=kid, sign=sign), second)

    def _is_due(
        self, stored: StoredManifest, trust: StoredTrust, watermark: int, now: datetime
    ) -> bool:
        said = Manifest.decode(_payload(stored.content))
        return (
            stored.watermark != watermark
            or _signed_by(stored, MANIFEST_TYP) != self._ring.kid(KeyUse.PUBLICATION)
            or said.trust_version != trust.version
            or now - stored.issued_at >= self._renew_after
        )

    def _sign_manifest(
        self, trust: StoredTrust, stored: StoredManifest | None, watermark: int, now: datetime
    ) -> StoredManifest:
        second = _not_before(now, stored.issued_at if stored else None)
        content = Manifest(
            seq=stored.seq + 1 if stored else 1,
            issued_at=second,
            environment=trust_content(trust).environment,
            trust_version=trust.version,
            trust_digest=document_digest(trust.content),
            lists={
                uri: ListEntry(document_digest(document.content), document.issued_at)
                for uri, document in self._documents.items()
            },
            watermark=watermark,
        )
        kid, sign = self._ring.sign(KeyUse.PUBLICATION)
        signed = sign_manifest(content, kid=kid, sign=sign)
        return StoredManifest(content.seq, signed, second, watermark)


def _not_before(now: datetime, earlier: datetime | None) -> datetime:
    """The whole second, never earlier than what was signed before, should a clock go back."""
    second = now.replace(microsecond=0)
    return max(second, earlier) if earlier else second


def _entries(content: bytes) -> bytes | None:
    """What a stored list says; None if it is damaged, so that it is signed anew."""
    try:
        document = cose.decode(content, max_bytes=limits.LIST_DOCUMENT_BYTES, typ=TYP)
        return StatusList.decode(document.payload).entries
    except Refusal:
        return None


def _signed_by(stored: StoredList | StoredManifest | None, typ: str) -> bytes | None:
    """The kid of what is published; None if nothing is, or it is damaged."""
    if stored is None:
        return None
    try:
        return cose.decode(stored.content, max_bytes=_MOST_BYTES[typ], typ=typ).kid
    except Refusal:
        return None


def _payload(manifest: bytes) -> bytes:
    return cose.decode(manifest, max_bytes=limits.MANIFEST_BYTES, typ=MANIFEST_TYP).payload


def _edition(
    manifest: StoredManifest, trust: StoredTrust, documents: Mapping[str, StoredList]
) -> Edition:
    bundle = Bundle(
        manifest.content,
        trust.content,
        {uri: document.content for uri, document in documents.items()},
    )
    return Edition(
        seq=manifest.seq,
        watermark=manifest.watermark,
        issued_at=manifest.issued_at,
        trust_version=trust.version,
        host=trust_content(trust).hosts[-1].host,
        bundle=bundle,
        content=bundle.encode(),
    )
