"""Wire to domain and back for the Verify call, nothing else."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from functools import cache
from typing import Final

from google.protobuf import duration_pb2
from google.type import date_pb2

from license_verify.checks import Check
from license_verify.claimed import Answer, Claimed
from license_verify.policy import POLICIES, Policy, UnknownPurpose, policy_for
from license_verify.reasons import Reason
from license_verify.receipt import REFERENCE_CHARACTERS, Asked
from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.shown import ShownFace
from license_verify.text import clean
from license_verify.trust import Source
from license_verify.verdict import DocumentStatus, Freshness, Outcome, Proof, Verdict
from yizhao.verify.v1 import verdict_pb2 as pb
from yizhao.verify.v1.verify_service_pb2 import Claims as ClaimsPb
from yizhao.verify.v1.verify_service_pb2 import VerifyRequest as VerifyRequestPb


class InvalidDate(Refusal):
    """A date of the request is none."""

    kind = Kind.INVALID
    reason = "DATE_INVALID"


def policy_of(purpose: str) -> Policy:
    """The policy of a purpose.

    Raises:
        UnknownPurpose: with the known ones in metadata `purposes`.
    """
    try:
        return policy_for(purpose)
    except UnknownPurpose as error:
        raise UnknownPurpose(
            str(error),
            zh=error.zh,
            purpose=error.metadata["purpose"],
            purposes=", ".join(POLICIES),
        ) from None


def asked_of(request: VerifyRequestPb, caller: str, purpose: str) -> Asked:
    """Who asks and for what, as receipt and usage keep it.

    Raises:
        UnfitText: a reference of the partner's is blank, too long or has invisible characters.
    """
    return Asked(
        partner=caller,
        purpose=purpose,
        item_code=_reference(request.item_code),
        case_number=_reference(request.case_number),
        operator=_reference(request.operator_reference),
    )


def _reference(text: str) -> str:
    return clean(text, REFERENCE_CHARACTERS) if text else ""


def claims_of(claims: ClaimsPb) -> Claimed | None:
    """What the caller claims; an empty text is no claim."""
    claimed = Claimed(claims.name or None, claims.person or None, claims.address or None)
    return None if claimed == Claimed() else claimed


def date_of(day: date_pb2.Date, field: str) -> date:
    """A whole date.

    Raises:
        InvalidDate: a part is missing or out of range.
    """
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        raise InvalidDate(
            f"{field} is no day of the calendar: give year, month and day",
            zh="日期无效，请填写年月日",
            fields=(FieldViolation(field, "no day of the calendar", zh="日期无效"),),
            field=field,
        ) from None


def verdict_to_pb(verdict: Verdict, claims: Claimed | None, *, words: bool = True) -> pb.Verdict:
    """The verdict, with or without words; the face is there only if the verdict has one."""
    written = pb.Verdict(
        outcome=OUTCOMES[verdict.outcome],
        status=STATUSES[verdict.status],
        proof=_PROOFS[verdict.proof],
        environment=verdict.environment,
        checks=[_check(each) for each in verdict.checks],
        freshness=freshness_to_pb(verdict.freshness),
        words=list(_words(verdict)) if words else (),
        token_id=verdict.token_id or b"",
        reason=verdict.reason,
    )
    written.verify_time.FromDatetime(verdict.checked_at.astimezone(UTC).replace(tzinfo=None))
    face = verdict.face
    if face is not None:
        written.face.CopyFrom(_face(face))
    if verdict.as_of is not None:
        written.as_of_date.CopyFrom(date_to_pb(verdict.as_of))
    if claims is not None:
        answers = verdict.answers
        written.claims.CopyFrom(
            pb.ClaimAnswers(
                name=_answer(claims.name, answers.name),
                person=_answer(claims.person, answers.person),
                address=_answer(claims.address, answers.address),
            )
        )
    return written


OUTCOMES: Final = {each: pb.Outcome.Value(f"OUTCOME_{each}") for each in Outcome}
STATUSES: Final = {each: pb.Status.Value(f"STATUS_{each}") for each in DocumentStatus}
_PROOFS: Final = {each: pb.Proof.Value(f"PROOF_{each}") for each in Proof}


@cache  # a check is one object for each name, result and reason, so there are few
def _check(check: Check) -> pb.Check:
    return pb.Check(
        kind=pb.CheckKind.Value(f"CHECK_KIND_{check.name.name}"),
        result=pb.CheckResult.Value(f"CHECK_RESULT_{check.result}"),
        reason="" if check.reason is Reason.OK else check.reason,
    )


def _answer(claimed: str | None, answer: Answer) -> pb.ClaimAnswer.ValueType:
    if claimed is None:
        return pb.CLAIM_ANSWER_UNSPECIFIED
    return pb.ClaimAnswer.Value(f"CLAIM_ANSWER_{answer}")


def freshness_to_pb(freshness: Freshness) -> pb.Freshness:
    """How old the data is."""
    known = freshness.manifest_age is not None
    return pb.Freshness(
        source=_SOURCES[freshness.source] if known else pb.Freshness.SOURCE_UNSPECIFIED,
        manifest_age=_duration(freshness.manifest_age),
        trust_age=_duration(freshness.keys_age),
        maximum_age=_duration(freshness.maximum),
    )


_SOURCES = {
    Source.LIVE: pb.Freshness.SOURCE_LIVE,
    Source.CACHED: pb.Freshness.SOURCE_CACHED,
    Source.BUNDLED: pb.Freshness.SOURCE_BUNDLED,
}


def _duration(span: timedelta | None) -> duration_pb2.Duration | None:
    if span is None:
        return None
    written = duration_pb2.Duration()
    written.FromTimedelta(span)
    return written


def _words(verdict: Verdict) -> Iterator[pb.Words]:
    words = verdict.words
    for language, text in (("zh-CN", words.zh), ("en", words.en)):
        yield pb.Words(
            language=language,
            headline=text.headline,
            sentence=" ".join(part for part in (text.sentence, text.holder) if part),
            next_step=text.next_step,
        )


def _face(face: ShownFace) -> pb.VerifiedFace:
    site = face.site is not None
    return pb.VerifiedFace(
        kind="site" if site else "license",
        uscc=face.uscc,
        site_number=face.site or 0,
        version=face.version,
        name=(face.site_name if site else None) or face.name or "",
        type_code=face.type_code or 0,
        type_title=face.type_label or "",
        person_title=face.person_title or "",
        person=face.person or "",
        address_title=face.address_title or "",
        address=face.address or "",
        capital=face.capital or "",
        establish_date=date_to_pb(face.established),
        version_date=date_to_pb(face.approved),
        registrar=face.registrar_name or "",
        supervisor=face.supervisor_name or "",
        multi_address=bool(face.many_addresses),
    )


def date_to_pb(day: date | None) -> date_pb2.Date | None:
    """A day; None stays None."""
    return None if day is None else date_pb2.Date(year=day.year, month=day.month, day=day.day)
