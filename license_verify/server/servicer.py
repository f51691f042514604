"""VerifyService: converts, asks the checker, converts back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import grpc

from license_verify import limits
from license_verify.claimed import Claimed
from license_verify.codes.document_id import DocumentId, InvalidDocumentId
from license_verify.opened import Opened
from license_verify.receipt import Asked
from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.rpc.errors import to_status
from license_verify.server.asking import Asking
from license_verify.server.checker import NOTHING_AHEAD, Checker
from license_verify.server.convert import asked_of, claims_of, date_of, write_verdict
from license_verify.server.convert_statement import statement_to_pb
from license_verify.server.partners.desk import Desk, Visitor
from license_verify.server.streams import Streams
from license_verify.server.usage.recorder import Recorder
from license_verify.text import clean
from license_verify.verdict import Verdict
from yizhao.verify.v1 import verify_service_pb2 as pb
from yizhao.verify.v1 import verify_service_pb2_grpc as pb_grpc
from yizhao.verify.v1.statement_verdict_pb2 import StatementVerdict as StatementVerdictPb
from yizhao.verify.v1.verdict_pb2 import Verdict as VerdictPb

_TOGETHER: Final = 50
"""Scans of a batch that are opened in one go; between two goes is asked whether anyone waits."""


class SubjectMissing(Refusal):
    """Neither scan nor code was given."""

    kind = Kind.INVALID
    reason = "SUBJECT_MISSING"


class ScanTooLarge(Refusal):
    """The subject is longer than any code of ours."""

    kind = Kind.TOO_LARGE
    reason = "SCAN_TOO_LARGE"


class BatchEmpty(Refusal):
    """A batch without requests."""

    kind = Kind.INVALID
    reason = "BATCH_EMPTY"


class BatchTooLarge(Refusal):
    """A batch of more requests than one call takes."""

    kind = Kind.TOO_LARGE
    reason = "BATCH_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class _Answer:
    """A verdict, and how it is told."""

    verdict: Verdict
    claims: Claimed | None
    asked: Asked
    words: bool


class VerifyServicer(pb_grpc.VerifyServiceServicer):
    """See the contract for what each call promises."""

    NAME: ClassVar[str] = pb.DESCRIPTOR.services_by_name["VerifyService"].full_name
    STREAM: ClassVar[str] = f"/{NAME}/VerifyStream"

    def __init__(
        self, checker: Checker, streams: Streams, desk: Desk, recorder: Recorder | None
    ) -> None:
        """Without a recorder nothing is counted, and no receipt given."""
        self._checker = checker
        self._desk = desk
        self._streams = streams
        self._recorder = recorder

    def Verify(self, request: pb.VerifyRequest, context: grpc.ServicerContext) -> VerdictPb:
        """Check a scan, or look a typed code up."""
        visitor = self._desk.visitor()
        with self._desk.place(visitor):
            self._desk.spend(visitor)
            verdict = VerdictPb()
            self._tell([(self._answer(request, Asking(self._desk, visitor)), verdict)])
            return verdict

    def BatchVerify(
        self, request: pb.BatchVerifyRequest, context: grpc.ServicerContext
    ) -> pb.BatchVerifyResponse:
        """Check several; a refused one stops no other."""
        visitor = self._desk.visitor()
        count = len(request.requests)
        if count == 0:
            raise BatchEmpty("give 1 to 1,000 requests", zh="批量核验请求为空")
        if count > limits.BATCH_ITEMS:
            raise BatchTooLarge(
                f"{count} requests are more than {limits.BATCH_ITEMS}: split them",
                zh="批量核验请求过多，请分批提交",
                limit=limits.BATCH_ITEMS,
            )
        response = pb.BatchVerifyResponse()
        with self._desk.place(visitor):
            self._desk.spend(visitor, count)
            answers = self._answers(request.requests, Asking(self._desk, visitor), context)
            if context.is_active():  # else it goes to nobody: what is not given is not counted
                self._write([(each, response.results.add()) for each in answers])
        return response

    def VerifyStream(
        self, request_iterator: Iterator[pb.VerifyStreamRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.VerifyStreamResponse]:
        """Check what comes. gRPC asks for the next answer when it has sent the one before."""
        visitor = self._desk.visitor()
        with self._streams.one_more(visitor.name):
            for each in self._streams.taken(
                request_iterator, lambda: self._desk.require_still(visitor)
            ):
                asked = self._next(each.request, visitor)
                response = pb.VerifyStreamResponse()
                self._write([(asked, response.result)])
                yield response

    def VerifyStatement(
        self, request: pb.VerifyStatementRequest, context: grpc.ServicerContext
    ) -> StatementVerdictPb:
        """Check a premises statement."""
        visitor = self._desk.visitor()
        with self._desk.place(visitor):
            self._desk.spend(visitor)
            admitted = self._desk.admit(visitor, request.purpose)
            asked = asked_of(request, admitted.caller, admitted.purpose)
            address = request.address
            if address:
                address = clean(address, limits.ADDRESS_CHARACTERS, "address")
            verdict = self._checker.statement(request.content, admitted.policy)
            told = statement_to_pb(verdict, address, admitted.claims, admitted.policy.items)
            if self._recorder is not None:
                self._recorder.statement_checked(verdict, asked)
            return told

    def _answers(
        self,
        requests: Sequence[pb.VerifyRequest],
        asking: Asking,
        context: grpc.ServicerContext,
    ) -> list[_Answer | Refusal]:
        """Of a batch, in order; cut short once its deadline passed or its caller went away."""
        answers: list[_Answer | Refusal] = []
        for at in range(0, len(requests), _TOGETHER):
            if not context.is_active():
                break
            some = requests[at : at + _TOGETHER]
            ahead = self._checker.open_ahead(scan for scan in map(_scan_of, some) if scan)
            answers += [self._answer_or_refusal(each, asking, ahead) for each in some]
        return answers

    def _next(self, request: pb.VerifyRequest, visitor: Visitor) -> _Answer | Refusal:
        """Of a stream: too much is told in its place."""
        try:
            self._desk.spend(visitor)
        except Refusal as error:
            if error.kind is not Kind.EXHAUSTED:
                raise
            return error
        return self._answer_or_refusal(request, Asking(self._desk, visitor))

    def _answer_or_refusal(
        self,
        request: pb.VerifyRequest,
        asking: Asking,
        ahead: Mapping[str, Opened] = NOTHING_AHEAD,
    ) -> _Answer | Refusal:
        try:
            return self._answer(request, asking, ahead)
        except Refusal as error:
            return error

    def _write(self, answers: list[tuple[_Answer | Refusal, pb.VerifyResult]]) -> None:
        """Each into its result; verdicts are put down together."""
        verdicts = []
        for answer, result in answers:
            if isinstance(answer, _Answer):
                verdicts.append((answer, result.verdict))
            else:
                result.error.CopyFrom(to_status(answer))
        self._tell(verdicts)

    def _answer(
        self,
        request: pb.VerifyRequest,
        asking: Asking,
        ahead: Mapping[str, Opened] = NOTHING_AHEAD,
    ) -> _Answer:
        admitted = asking.admit(request.purpose)
        claims = claims_of(request.claims) if request.HasField("claims") else None
        policy, compared = admitted.policy, admitted.allowed(claims)
        asked = asking.asked(request, admitted)
        as_of = None
        if request.HasField("as_of_date"):
            as_of = date_of(request.as_of_date, "as_of_date")
        words = request.view != pb.VERDICT_VIEW_BASIC
        kind, text = _subject(request.subject)
        if kind == "scan":
            checked = self._checker.scan(text, policy, claims=compared, as_of=as_of, ahead=ahead)
            return _Answer(checked.verdict, claims, asked, words)
        code = _code_in(text) if kind == "license_number" else text
        verdict = self._checker.code(code, policy, claims=compared, as_of=as_of)
        return _Answer(verdict, claims, asked, words)

    def _tell(self, answers: list[tuple[_Answer, VerdictPb]]) -> None:
        """Write verdicts, each with its receipt, and put them down before they leave."""
        for answer, told in answers:
            write_verdict(told, answer.verdict, answer.claims, words=answer.words)
        if self._recorder is not None:
            issued = self._recorder.record([(each.verdict, each.asked) for each, _ in answers])
            for (_, told), receipt in zip(answers, issued, strict=True):
                told.receipt, told.receipt_name = receipt.document, receipt.name


def _scan_of(request: pb.VerifyRequest) -> str:
    """The scan text, if it is one that will be checked; empty if not."""
    text = request.subject.scan
    return text if len(text) <= limits.SCAN_CHARACTERS else ""


def _subject(subject: pb.Subject) -> tuple[str, str]:
    """Name and text of the field that is set."""
    kind = subject.WhichOneof("subject")
    text = getattr(subject, kind) if kind else ""
    if not kind or not text:
        raise SubjectMissing(
            "give subject.scan, subject.uscc or subject.license_number",
            zh="未提供要核验的二维码内容或代码",
            fields=(FieldViolation("subject", "neither scan nor code"),),
        )
    if len(text) > limits.SCAN_CHARACTERS:
        raise ScanTooLarge(
            f"subject.{kind} is longer than {limits.SCAN_CHARACTERS} characters",
            zh="核验内容过长",
            field=f"subject.{kind}",
            limit=limits.SCAN_CHARACTERS,
        )
    return kind, text


def _code_in(license_number: str) -> str:
    """The credit code that a licence number 证照编号 carries as its serial."""
    try:
        return DocumentId.parse(license_number).serial
    except InvalidDocumentId:
        return license_number  # no credit code either: the verdict says so
