"""VerifyService: converts, asks the checker, converts back."""

from typing import ClassVar

import grpc

from license_verify import limits
from license_verify.codes.document_id import DocumentId, InvalidDocumentId
from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.server.checker import Checker
from license_verify.server.convert import claims_of, date_of, policy_of, verdict_to_pb
from yizhao.verify.v1 import verify_service_pb2 as pb
from yizhao.verify.v1 import verify_service_pb2_grpc as pb_grpc
from yizhao.verify.v1.verdict_pb2 import Verdict as VerdictPb


class SubjectMissing(Refusal):
    """Neither scan nor code was given."""

    kind = Kind.INVALID
    reason = "SUBJECT_MISSING"


class ScanTooLarge(Refusal):
    """The subject is longer than any code of ours."""

    kind = Kind.TOO_LARGE
    reason = "SCAN_TOO_LARGE"


class VerifyServicer(pb_grpc.VerifyServiceServicer):
    """See the contract for what each call promises."""

    NAME: ClassVar[str] = pb.DESCRIPTOR.services_by_name["VerifyService"].full_name

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def Verify(self, request: pb.VerifyRequest, context: grpc.ServicerContext) -> VerdictPb:
        """Check a scan, or look a typed code up."""
        policy, claims = policy_of(request.purpose), claims_of(request.claims)
        as_of = None
        if request.HasField("as_of_date"):
            as_of = date_of(request.as_of_date, "as_of_date")
        kind = request.subject.WhichOneof("subject")
        text = getattr(request.subject, kind) if kind else ""
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
        if kind == "scan":
            checked = self._checker.scan(text, policy, claims=claims, as_of=as_of)
            return verdict_to_pb(checked.verdict, claims)
        code = _code_in(text) if kind == "license_number" else text
        verdict = self._checker.code(code, policy, claims=claims, as_of=as_of)
        return verdict_to_pb(verdict, claims)


def _code_in(license_number: str) -> str:
    """The credit code that a licence number 证照编号 carries as its serial."""
    try:
        return DocumentId.parse(license_number).serial
    except InvalidDocumentId:
        return license_number  # no credit code either: the verdict says so
