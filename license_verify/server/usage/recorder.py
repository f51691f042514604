"""A receipt for each verdict, and both in the journal before the answer leaves."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple, TypeAlias

from license_verify.receipt import Asked, write
from license_verify.receipt_document import TOGETHER, sign_together
from license_verify.server.usage.entry import Entry, EntryKind, PageScans
from license_verify.server.usage.ids import business_day, receipt_id, receipt_ids, text_of
from license_verify.server.usage.journal import DURABLE_SECONDS, SILENT, Journal, unwritable
from license_verify.server.usage.receipt_keys import ReceiptKey, ReceiptKeys
from license_verify.server.usage.rows import row_for
from license_verify.server.usage.statement_entry import entry_of
from license_verify.server.usage.together import Together, TookTooLong
from license_verify.statement_check import StatementVerdict
from license_verify.trust import Trust
from license_verify.verdict import Verdict


class Issued(NamedTuple):
    """What the answer carries; both empty where this node has no key that checkers know."""

    document: bytes
    """Signed."""
    name: str
    """The receipt's resource name."""


_NOTHING: Final = Issued(b"", "")
_Answers: TypeAlias = Sequence[tuple[Verdict, Asked]]
"""Of one call."""


class Recorder:
    """Writes down what this node answers."""

    def __init__(self, journal: Journal, keys: ReceiptKeys, trust: Callable[[], Trust]) -> None:
        """`trust` gives the data that the node believes at the moment."""
        self._journal = journal
        self._keys = keys
        self._trust = trust
        self._together = Together(self._put_down, DURABLE_SECONDS)
        self._scans: Counter[tuple[date, int]] = Counter()
        self._scans_lock = threading.Lock()

    @property
    def signs(self) -> bool:
        """Whether verdicts get receipts now."""
        return self._keys.signer(self._trust(), datetime.now(UTC)) is not None

    def record(self, answers: _Answers) -> list[Issued]:
        """A receipt for each verdict of a call, on the disk when this returns.

        They share signatures; calls that end at the same moment share a commit of the journal.

        Raises:
            ReceiptRefused: one of the partner's texts is too long or has invisible characters.
            JournalUnwritable: nothing was put down, so none of the verdicts may be given.
        """
        if not answers:
            return []
        for asked in {id(asked): asked for _, asked in answers}.values():  # one for a whole batch
            asked.require_fit()
        if len(answers) > TOGETHER:  # others are not to wait for so many
            return self._put_down([answers])[0]
        try:
            return self._together.join(answers)
        except TookTooLong:
            raise unwritable(SILENT) from None

    def _put_down(self, calls: list[_Answers]) -> list[list[Issued]]:
        """What calls are answered, in one commit."""
        trust = self._trust()
        written = [_written(answers, self._signer(trust, answers)) for answers in calls]
        self._journal.append([entry for entries, _ in written for entry in entries])
        return [issued for _, issued in written]

    def _signer(self, trust: Trust, answers: _Answers) -> ReceiptKey | None:
        """The key that may sign a call's receipts, from the first check to the last."""
        (first, _), (last, _) = answers[0], answers[-1]
        key = self._keys.signer(trust, first.checked_at)
        return key if key is self._keys.signer(trust, last.checked_at) else None

    def statement_checked(self, verdict: StatementVerdict, asked: Asked) -> None:
        """Count an answer about a premises statement; it has no receipt.

        Raises:
            JournalUnwritable: it was not put down, so it may not be given.
        """
        self._journal.append([entry_of(verdict, asked)])

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


def _written(answers: _Answers, key: ReceiptKey | None) -> tuple[list[Entry], list[Issued]]:
    """What the journal gets of a call, and its receipts, in the order of the answers."""
    moments = [verdict.checked_at.timestamp() for verdict, _ in answers]
    ids = receipt_ids(moments)
    bodies = [
        write(verdict, asked, id_, int(moment))
        for (verdict, asked), id_, moment in zip(answers, ids, moments, strict=True)
    ]
    if key is not None:
        bodies = sign_together(bodies, kid=key.kid, sign=key.sign)
    kind = EntryKind.UNSIGNED if key is None else EntryKind.SIGNED
    entries, issued = [], []
    for (verdict, asked), id_, moment, body in zip(answers, ids, moments, bodies, strict=True):
        document, unit = b"" if key is None else body, _unit(verdict)
        row = row_for(verdict, asked, unit, (id_, int(moment)), document)
        entries.append(Entry(kind, unit, body, row))
        issued.append(Issued(document, f"receipts/{text_of(id_)}") if document else _NOTHING)
    return entries, issued


def _unit(verdict: Verdict) -> int:
    """The unit that registered the business, as its signed face says; 0: there is none."""
    return 0 if verdict.token is None else verdict.token.claims.face.registrar
