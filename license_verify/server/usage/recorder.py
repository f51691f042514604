"""A receipt for each verdict, and both in the journal before the answer leaves."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from license_verify.receipt import TYP, Asked, Receipt
from license_verify.server.usage.entry import Entry, EntryKind, PageScans
from license_verify.server.usage.ids import business_day, receipt_id
from license_verify.server.usage.journal import Journal
from license_verify.server.usage.receipt_keys import ReceiptKey, ReceiptKeys
from license_verify.server.usage.statement_entry import entry_of
from license_verify.statement_check import StatementVerdict
from license_verify.token import cose
from license_verify.trust import Trust
from license_verify.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Issued:
    """What the answer carries."""

    id: UUID
    document: bytes
    """Signed; empty where this node has no key that checkers know."""

    @property
    def name(self) -> str:
        """The receipt's resource name; empty where there is none."""
        return f"receipts/{self.id}" if self.document else ""


class Recorder:
    """Writes down what this node answers."""

    def __init__(self, journal: Journal, keys: ReceiptKeys, trust: Callable[[], Trust]) -> None:
        """`trust` gives the data that the node believes at the moment."""
        self._journal = journal
        self._keys = keys
        self._trust = trust
        self._scans: Counter[tuple[date, int]] = Counter()
        self._scans_lock = threading.Lock()

    @property
    def signs(self) -> bool:
        """Whether verdicts get receipts now."""
        return self._keys.signer(self._trust(), datetime.now(UTC)) is not None

    def record(self, answers: Sequence[tuple[Verdict, Asked]]) -> list[Issued]:
        """A receipt for each verdict, in one commit of the journal.

        Raises:
            JournalUnwritable: nothing was put down, so none of the verdicts may be given.
        """
        if not answers:
            return []
        key = self._keys.signer(self._trust(), answers[0][0].checked_at)
        issued, entries = [], []
        for verdict, asked in answers:
            id_ = receipt_id(verdict.checked_at)
            entry, document = _written(Receipt.of(verdict, asked, id_), _unit(verdict), key)
            entries.append(entry)
            issued.append(Issued(id_, document))
        self._journal.append(entries)
        return issued

    def statement_checked(self, verdict: StatementVerdict, partner: str, purpose: str) -> None:
        """Count an answer about a premises statement; it has no receipt.

        Raises:
            JournalUnwritable: it was not put down, so it may not be given.
        """
        self._journal.append([entry_of(verdict, partner, purpose)])

    def page_scanned(self, verdict: Verdict) -> None:
        """Count a scan of the public page: the day and the county, nothing of who looked."""
        with self._scans_lock:
            self._scans[business_day(verdict.checked_at), _unit(verdict)] += 1

    def put_scans_down(self) -> None:
        """Move the counts of the page to the journal; what could not be written stays counted.

        Raises:
            JournalUnwritable: the disk refuses it.
        """
        with self._scans_lock:
            counted, self._scans = self._scans, Counter()
        if not counted:
            return
        now = datetime.now(UTC)
        entries = [
            PageScans(receipt_id(now), day, unit, count).entry()
            for (day, unit), count in counted.items()
        ]
        try:
            self._journal.append(entries)
        except BaseException:
            with self._scans_lock:
                self._scans.update(counted)
            raise


def _written(receipt: Receipt, unit: int, key: ReceiptKey | None) -> tuple[Entry, bytes]:
    content = receipt.written()
    if key is None:
        return Entry(EntryKind.UNSIGNED, unit, content, receipt), b""
    document = cose.encode(content, kid=key.kid, sign=key.sign, typ=TYP)
    return Entry(EntryKind.SIGNED, unit, document, receipt), document


def _unit(verdict: Verdict) -> int:
    """The unit that registered the business, as its signed face says; 0: there is none."""
    return 0 if verdict.token is None else verdict.token.claims.face.registrar
