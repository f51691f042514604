"""Wire to domain and back for the Verify call, nothing else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

from google.protobuf import duration_pb2, timestamp_pb2
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
from yizhao.verify.v1.verify_service_pb2 import VerifyStatementRequest as StatementRequestPb


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


def asked_of(request: VerifyRequestPb | StatementRequestPb, caller: str, purpose: str) -> Asked:
    """Who asks and for what, as receipt and usage keep it.

    Raises:
        UnfitText: a reference of the partner's is blank, too long or has invisible characters.
    """
    return Asked(
        partner=caller,
        purpose=purpose,
        item_code=_reference("item_code", request.item_code),
        case_number=_reference("case_number", request.case_number),
        operator=_reference("operator_reference", request.operator_reference),
    )


def _reference(field: str, text: str) -> str:
    return clean(text, REFERENCE_CHARACTERS, field) if text else ""


def claims_of(claims: ClaimsPb) -> Claimed | None:
    """What the caller claims; an empty text is no claim."""
    name, person, address = claims.name, claims.person, claims.address
    if not (name or person or address):
        return None
    return Claimed(name or None, person or None, address or None)


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
    written = pb.Verdict()
    write_verdict(written, verdict, claims, words=words)
    return written


def write_verdict(
    written: pb.Verdict, verdict: Verdict, claims: Claimed | None, *, words: bool
) -> None:
    """The same into a message that is a part of another: a copy costs as much as writing it."""
    written.CopyFrom(_alike(verdict, words))
    _write_freshness(written.freshness, verdict.freshness)
    write_time(written.verify_time, verdict.checked_at)
    token_id, face = verdict.token_id, verdict.face
    if token_id is not None:
        written.token_id = token_id
    if face is not None:
        _write_face(written.face, face)
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


# Verdicts are nearly all alike but for face, id and times, and what they share is most of what
# writing one costs. Bounded, though there are few: checks, statuses and environments are.
_ALIKE: Final[dict[tuple[object, ...], pb.Verdict]] = {}
_ALIKE_ENTRIES: Final = 1024


def _alike(verdict: Verdict, words: bool) -> pb.Verdict:
    """What this verdict has in common with others of the same checks; not to be changed."""
    same = (
        verdict.checks, verdict.outcome, verdict.status, verdict.proof, verdict.environment,
        verdict.live_record_used, verdict.liquidating, verdict.listed, words,
    )  # fmt: skip
    own = _speaks_of_itself(verdict)
    known = None if own else _ALIKE.get(same)
    if known is not None:
        return known
    made = pb.Verdict(
        outcome=OUTCOMES[verdict.outcome],
        status=STATUSES[verdict.status],
        proof=_PROOFS[verdict.proof],
        environment=verdict.environment,
        checks=[_check(each) for each in verdict.checks],
        words=list(_words(verdict)) if words else (),
        reason=verdict.reason,
    )
    if not own:
        if len(_ALIKE) >= _ALIKE_ENTRIES:
            _ALIKE.clear()
        _ALIKE[same] = made
    return made


def _speaks_of_itself(verdict: Verdict) -> bool:
    """Whether the words name something that only this verdict has, as a day."""
    own = (verdict.change, verdict.status_since, verdict.as_of, verdict.statement)
    return own != _NOTHING_OWN


_NOTHING_OWN: Final = (None, None, None, None)


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
    written = pb.Freshness()
    _write_freshness(written, freshness)
    return written


def _write_freshness(written: pb.Freshness, freshness: Freshness) -> None:
    if freshness.manifest_age is not None:
        written.source = _SOURCES[freshness.source]
        write_duration(written.manifest_age, freshness.manifest_age)
    if freshness.keys_age is not None:
        write_duration(written.trust_age, freshness.keys_age)
    write_duration(written.maximum_age, freshness.maximum)


_SOURCES = {
    Source.LIVE: pb.Freshness.SOURCE_LIVE,
    Source.CACHED: pb.Freshness.SOURCE_CACHED,
    Source.BUNDLED: pb.Freshness.SOURCE_BUNDLED,
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


# protobuf's own FromTimedelta and FromDatetime take four times as long.
def write_duration(written: duration_pb2.Duration, span: timedelta) -> None:
    """Write a span into a message."""
    seconds, microseconds = span.days * 86_400 + span.seconds, span.microseconds
    if seconds < 0 and microseconds:  # both parts of a duration have one sign
        seconds, microseconds = seconds + 1, microseconds - 1_000_000
    written.seconds, written.nanos = seconds, microseconds * 1_000


def write_time(written: timestamp_pb2.Timestamp, moment: datetime) -> None:
    """Write a moment, which has a zone, into a message."""
    since = moment - _EPOCH
    written.seconds = since.days * 86_400 + since.seconds
    written.nanos = since.microseconds * 1_000


def _words(verdict: Verdict) -> Iterator[pb.Words]:
    words = verdict.words
    for language, text in (("zh-CN", words.zh), ("en", words.en)):
        yield pb.Words(
            language=language,
            headline=text.headline,
            sentence=" ".join(part for part in (text.sentence, text.holder) if part),
            next_step=text.next_step,
        )


def _write_face(written: pb.VerifiedFace, face: ShownFace) -> None:
    site = face.site is not None
    written.kind = "site" if site else "license"
    written.uscc = face.uscc
    written.site_number = face.site or 0
    written.version = face.version
    written.name = (face.site_name if site else None) or face.name or ""
    written.type_code = face.type_code or 0
    written.type_title = face.type_label or ""
    written.person_title = face.person_title or ""
    written.person = face.person or ""
    written.address_title = face.address_title or ""
    written.address = face.address or ""
    written.capital = face.capital or ""
    written.registrar = face.registrar_name or ""
    written.supervisor = face.supervisor_name or ""
    written.multi_address = bool(face.many_addresses)
    if face.established is not None:
        _write_date(written.establish_date, face.established)
    if face.approved is not None:
        _write_date(written.version_date, face.approved)


def _write_date(written: date_pb2.Date, day: date) -> None:
    written.year, written.month, written.day = day.year, day.month, day.day


def date_to_pb(day: date | None) -> date_pb2.Date | None:
    """A day; None stays None."""
    return None if day is None else date_pb2.Date(year=day.year, month=day.month, day=day.day)
