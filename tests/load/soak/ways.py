"""The ways of asking: each asks once, and tells what it saw."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import grpc

from license_verify import Anchor, Bundle, Trust, verify
from license_verify.reasons import Reason
from license_verify.refusal import Refusal
from license_verify.rpc.errors import from_rpc_error
from license_verify.verdict import DocumentStatus
from license_verify.wordings import REASONS, STATUSES
from tests.load.soak.lines import CALL_SECONDS, Floor, PageLine, RpcLine
from tests.load.soak.picks import Picks
from tests.load.soak.seen import TYPED, Call, Seen
from tests.load.soak.strict_node import STRICT
from tests.rpc.registry.world import HOST
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import (
    VERDICT_VIEW_BASIC,
    BatchVerifyRequest,
    Subject,
    VerifyRequest,
    VerifyStreamRequest,
)

PHONE: Final = "phone"
"""Who opens pages."""
BATCH: Final = 50
STREAM: Final = 30
_POLL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and what is known of its subject."""

    document: int
    purpose: str
    request: VerifyRequest
    asked_at: float
    floor: float


class Rpc:
    """A partner's calls over one connection."""

    def __init__(
        self, line: RpcLine, picks: Picks, caller: str, streams: threading.Semaphore
    ) -> None:
        """`streams` keeps a caller to as many at a time as one may have."""
        self._line = line
        self._picks = picks
        self._caller = caller
        self._streams = streams

    def unary(self, due_at: float, way: str = "unary", purpose: str = "") -> Call:
        """One scan."""
        question = self._question(purpose or self._picks.purpose())
        return self._called(way, due_at, lambda: [self._verdict(way, question)])

    def strict(self, due_at: float) -> Call:
        """One scan, at the node and for the purpose that old data does not do."""
        return self.unary(due_at, "strict", STRICT.purpose)

    def typed(self, due_at: float) -> Call:
        """One typed code."""
        question = Question(
            TYPED,
            "general",
            VerifyRequest(subject=Subject(uscc=self._picks.code()), purpose="general"),
            time.time(),
            self._line.floor.now(),
        )
        return self._called("typed", due_at, lambda: [self._verdict("typed", question)])

    def batch(self, due_at: float) -> Call:
        """Several scans at once."""
        return self._called("batch", due_at, self._batch)

    def stream(self, due_at: float) -> Call:
        """Several scans, one after the other over one stream."""
        with self._streams:
            return self._called("stream", due_at, self._stream)

    def _question(self, purpose: str) -> Question:
        number, scan = self._picks.one()
        request = VerifyRequest(
            subject=Subject(scan=scan), purpose=purpose, view=VERDICT_VIEW_BASIC
        )
        return Question(number, purpose, request, time.time(), self._line.floor.now())

    def _called(self, way: str, due_at: float, ask: Callable[[], Sequence[Seen | None]]) -> Call:
        try:
            seen = ask()
        except grpc.RpcError as error:
            failure = from_rpc_error(error)
            told = f"{failure.code.name} {failure.reason or failure.message}"
            if failure.code is grpc.StatusCode.RESOURCE_EXHAUSTED and failure.retry_after is None:
                told = f"no RetryInfo beside {told}"
            return Call(way, self._caller, due_at, time.time(), 0, error=told)
        verdicts = tuple(each for each in seen if each is not None)
        return Call(
            way, self._caller, due_at, time.time(), len(verdicts),
            refused=len(seen) - len(verdicts), verdicts=verdicts,
        )  # fmt: skip

    def _verdict(self, way: str, question: Question) -> Seen:
        answer = self._line.stub.Verify(question.request)
        return self._seen(way, question, answer)

    def _batch(self) -> list[Seen | None]:
        questions = [self._question(self._picks.purpose()) for _ in range(BATCH)]
        request = BatchVerifyRequest(requests=[each.request for each in questions])
        answer = self._line.stub.BatchVerify(request)
        return [
            self._result("batch", question, result)
            for question, result in zip(questions, answer.results, strict=True)
        ]

    def _stream(self) -> list[Seen | None]:
        questions: list[Question] = []

        def ask() -> Iterator[VerifyStreamRequest]:
            for _ in range(STREAM):
                questions.append(self._question(self._picks.purpose()))
                yield VerifyStreamRequest(request=questions[-1].request)

        answers = self._line.stub.VerifyStream(ask(), timeout=CALL_SECONDS)
        found = [
            self._result("stream", questions[number], answer.result)
            for number, answer in enumerate(answers)
        ]
        if len(found) != STREAM:
            raise AssertionError(f"a stream of {STREAM} had {len(found)} answers")
        return found

    def _result(self, way: str, question: Question, result: Any) -> Seen | None:
        if result.WhichOneof("result") != "verdict":
            return None
        return self._seen(way, question, result.verdict)

    def _seen(self, way: str, question: Question, verdict: verdict_pb2.Verdict) -> Seen:
        answered_at = time.time()
        checked_at = verdict.verify_time.ToNanoseconds() / 1e9
        age = verdict.freshness.manifest_age.ToNanoseconds() / 1e9
        edition = round(checked_at - age, 3)
        self._line.floor.raise_to(edition)
        return Seen(
            way=way,
            document=question.document,
            purpose=question.purpose,
            asked_at=question.asked_at,
            answered_at=answered_at,
            edition_from=edition,
            edition_until=edition,
            floor=question.floor,
            outcome=verdict_pb2.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_"),
            status=verdict_pb2.Status.Name(verdict.status).removeprefix("STATUS_"),
            reason=verdict.reason,
            checked_at=checked_at,
            maximum=verdict.freshness.maximum_age.ToTimedelta().total_seconds(),
        )


_ANSWER: Final = re.compile(r'class="verdict (\w+)".*?<h1 id="answer">(.*?) <span', re.DOTALL)
_AGE: Final = re.compile(r"距今(\d+)(秒|分钟|小时)")
_UNITS: Final = {"秒": 1.0, "分钟": 60.0, "小时": 3600.0}
_PREFIX: Final = "【测试】"


def _headlines() -> dict[str, tuple[str, str]]:
    """Outcome and status by what a page says first."""
    found = {each.headline[0]: ("INVALID", "INVALID") for each in REASONS.values()}
    for status in DocumentStatus:
        wording = REASONS.get(Reason.__members__.get(f"STATUS_{status}", Reason.OK))
        if wording is not None and wording.headline != REASONS[Reason.SIGNATURE_WRONG].headline:
            found[wording.headline[0]] = ("INVALID", status.value)
    found[STATUSES[DocumentStatus.UNKNOWN].headline[0]] = ("INDETERMINATE", "UNKNOWN")
    found[STATUSES[DocumentStatus.VALID].headline[0]] = ("VALID", "VALID")
    return found


_HEADLINES: Final = _headlines()


class Phone:
    """Opens scans in a browser."""

    def __init__(self, line: PageLine, picks: Picks) -> None:
        self._line = line
        self._picks = picks

    def page(self, due_at: float) -> Call:
        """One page."""
        number, scan = self._picks.number()
        floor, asked_at = self._line.floor.now(), time.time()
        try:
            page = self._line.get(scan.removeprefix(f"https://{HOST}"))
        except (OSError, http.client.HTTPException) as error:
            return Call("page", PHONE, due_at, time.time(), 0, error=repr(error))
        answered_at = time.time()
        text = page.content.decode()
        answer, age = _ANSWER.search(text), _AGE.search(text)
        if page.status != 200 or answer is None or age is None:
            told = f"HTTP {page.status}" if page.status != 200 else "no verdict or age on the page"
            return Call("page", PHONE, due_at, answered_at, 0, error=told)
        unit = _UNITS[age[2]]
        oldest = asked_at - (int(age[1]) + 1) * unit
        self._line.floor.raise_to(oldest)
        outcome, status = _HEADLINES.get(answer[2].removeprefix(_PREFIX), ("?", answer[2]))
        seen = Seen(
            "page", number, "general", asked_at, answered_at,
            edition_from=oldest, edition_until=answered_at - int(age[1]) * unit, floor=floor,
            outcome=outcome, status=status, reason=answer[1],
        )  # fmt: skip
        return Call("page", PHONE, due_at, answered_at, 1, verdicts=(seen,))


class Counter:
    """A checker in a partner's own process, which follows the bundle over HTTP."""

    def __init__(self, line: PageLine, picks: Picks, anchor: Anchor) -> None:
        self._line = line
        self._picks = picks
        self._anchor = anchor
        self._trust = Trust.missing(environment=anchor.environment)
        self._etag = ""
        self._polled_at = 0.0
        self._floor = Floor()
        self._lock = threading.Lock()

    def library(self, due_at: float) -> Call:
        """One scan, checked by the library."""
        number, scan = self._picks.one()
        try:
            trust = self._current()
        except (OSError, http.client.HTTPException) as error:
            return Call("library", "counter", due_at, time.time(), 0, error=repr(error))
        floor, now = self._floor.now(), datetime.now(UTC)
        verdict = verify(scan, trust, now, STRICT)
        edition = verdict.freshness.manifest_issued_at
        if edition is None:
            return Call("library", "counter", due_at, time.time(), 0, error="no data was had")
        self._floor.raise_to(edition.timestamp())
        at = now.timestamp()
        seen = Seen(
            "library", number, STRICT.purpose, at, time.time(),
            edition_from=edition.timestamp(), edition_until=edition.timestamp(), floor=floor,
            outcome=verdict.outcome.value, status=verdict.status.value,
            reason=verdict.reason.value, checked_at=at,
            maximum=verdict.freshness.maximum / timedelta(seconds=1),
        )  # fmt: skip
        return Call("library", "counter", due_at, time.time(), 1, verdicts=(seen,))

    def _current(self) -> Trust:
        """What is believed, asked for again after a second."""
        with self._lock:
            if time.monotonic() - self._polled_at > _POLL_SECONDS:
                self._polled_at = time.monotonic()
                page = self._line.get("/bundle", **{"If-None-Match": self._etag})
                if page.status == 200:
                    self._take(page.content)
                    self._etag = page.etag
            return self._trust

    def _take(self, content: bytes) -> None:
        seen = self._trust.highest_seen if self._trust.manifest else None
        # Another process of the node may be an edition behind: what is older is left alone.
        try:
            self._trust = Trust.from_bundle(Bundle.decode(content), self._anchor, seen)
        except Refusal as error:
            if error.reason != Reason.ROLLBACK:
                raise
