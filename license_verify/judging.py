"""From checks to a verdict: the decision table, for scanned tokens and typed codes."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from license_verify import checks as on
from license_verify.checks import Age, Check, CheckName, Result
from license_verify.claimed import NOTHING_COMPARED, Answer, Claimed, compare
from license_verify.codes import entity_code
from license_verify.codes.registration_number import InvalidRegistrationNumber
from license_verify.codes.uscc import InvalidUscc
from license_verify.lists.status import Status
from license_verify.opened import Opened, open_scan
from license_verify.policy import ALL_ITEMS, DEFAULT, Policy
from license_verify.reasons import Reason
from license_verify.record import LiveAnswer, NotRecorded, PublicRecord
from license_verify.spelling import address_key
from license_verify.statement import OpenedStatement
from license_verify.statement_check import place_on
from license_verify.token.claims import BEIJING, Claims
from license_verify.token.face import LicenseFace, digest
from license_verify.trust import Trust
from license_verify.verdict import (
    Change,
    DocumentStatus,
    Freshness,
    Outcome,
    Proof,
    Verdict,
    seal,
)

_PASSED, _SUPERSEDED = Result.PASSED, Status.SUPERSEDED  # see `checks`
_NO_HOST: Final = on.unknown(CheckName.HOST, Reason.NOT_REACHED)
_NO_TIME: Final = on.unknown(CheckName.TIME, Reason.NOT_REACHED)
_NO_STATUS: Final = on.unknown(CheckName.STATUS, Reason.NOT_REACHED)
_NO_PLACE: Final = on.unknown(CheckName.PLACE, Reason.NOT_REACHED)


def verify(
    scan: str,
    trust: Trust,
    now: datetime,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
    claims: Claimed | None = None,
    live: LiveAnswer = None,
    statement: OpenedStatement | None = None,
) -> Verdict:
    """Check a scanned text.

    Args:
        scan: the text of the symbol, exactly as read; hostile input is expected.
        trust: the published data at hand, or `Trust.missing()`.
        now: the clock, with a zone; rules freshness.
        policy: of the purpose.
        as_of: a business date other than today: was it good then? Needs `live` of that date.
        claims: values to be compared.
        live: what the live register answered, if it was asked; an old answer establishes nothing.
        statement: a premises statement in hand, opened with the same trust list; establishes a
            place that the face does not name where no live register answers.

    Raises:
        ValueError: `now` has no zone, or the statement was opened with another trust list.
        UnfitText: a claimed value is blank, too long or has invisible characters.
    """
    return judge(open_scan(scan, trust), trust, now, policy, as_of, claims, live, statement)


def judge(
    opened: Opened,
    trust: Trust,
    now: datetime,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
    claims: Claimed | None = None,
    live: LiveAnswer = None,
    statement: OpenedStatement | None = None,
) -> Verdict:
    """Check an opened scan, which may come from a cache. Arguments as of `verify`.

    Raises:
        ValueError: `now` has no zone, or the scan was opened under another trust list.
        UnfitText: a claimed value is blank, too long or has invisible characters.
    """
    _require_zone(now)
    if opened.trust_version != trust.version:
        raise ValueError("the scan was opened under another trust list; open it again")
    claims = claims.cleaned() if claims else None
    as_of = _other_day(as_of, now)
    age = on.age_of(trust, now, policy)
    token, host_check = opened.token, _NO_HOST
    if token is not None and opened.scan is not None:
        host_check = on.host_check(opened.scan, token.claims, trust, now, age)
    first = (opened.read, opened.format, host_check, _key_trust(opened, age), opened.signature)
    if token is None or not opened.signed:
        rest = (_NO_TIME, _NO_STATUS, _NO_PLACE, on.LOGGED, on.HOLDER)
        return _verdict(
            (*first, *rest), trust, now, policy, age, as_of, foreign=opened.foreign_system
        )
    answer = None
    if live is not None:
        answer = on.about(token.claims.subject[:18], live, as_of, now)
    record = answer if isinstance(answer, PublicRecord) else None
    aged = on.live_problem(record, now, policy)
    time = on.time_check(token.claims, trust, now, policy, as_of)
    if as_of is None:
        status, listed = on.status_check(token.claims, trust, now, policy, age, record, aged)
    else:
        status, listed = on.status_as_of(token.claims, trust, now, policy, age, answer, as_of, aged)
    status = on.with_live_record(status, policy, record, aged)
    stated, address = None, claims.address if claims else None
    if statement is not None and address is not None and as_of is None:
        uscc, face = token.claims.uscc.text, token.claims.face
        stated = place_on(statement, address, uscc, face, trust, now, policy, age)
    place = on.place_check(
        token.claims,
        policy,
        claims,
        record,
        current=status.result is _PASSED and listed is not _SUPERSEDED,
        decided=status.result is Result.FAILED,
        record_refused=live is not None and answer is None,
        stated=stated,
        aged=aged,
    )
    return _verdict(
        (*first, time, status, place, on.LOGGED, on.HOLDER),
        trust,
        now,
        policy,
        age,
        as_of,
        opened=opened,
        listed=listed,
        claims=claims,
        record=record if aged is None else None,
        statement=statement if stated is not None and place is stated else None,
    )


def verify_subject(
    code: str,
    trust: Trust,
    now: datetime,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
    claims: Claimed | None = None,
    live: LiveAnswer = None,
    statement: OpenedStatement | None = None,
) -> Verdict:
    """Look a typed credit code or old registration number up. It proves no licence: the outcome
    is never VALID, and there is no face.

    Arguments and errors as of `verify`; `live` is what the register has under this code.
    """
    _require_zone(now)
    claims = claims.cleaned() if claims else None
    as_of = _other_day(as_of, now)
    age = on.age_of(trust, now, policy)
    read = _read_code(code)
    nothing = [
        on.unknown(name, Reason.NO_LICENSE_PRESENTED)
        for name in CheckName
        if CheckName.FORMAT <= name <= CheckName.TIME
    ]
    answer = on.about(code, live, as_of, now) if read.result is Result.PASSED else None
    record = answer if isinstance(answer, PublicRecord) else None
    aged = on.live_problem(record, now, policy)
    status, place, listed = _NO_STATUS, _NO_PLACE, None
    address = claims.address if claims else None
    stated = None
    if record is not None:
        status, listed = on.judge_status(record.status, policy, aged), record.status
        place = on.PLACE_NOT_ASKED
        place = on.filed_place(address, record, aged) if address else place
    elif read.result is Result.PASSED:
        status = on.unknown(CheckName.STATUS, Reason.SUBJECT_NEEDS_LIVE_RECORD)
        if as_of is not None:
            silent = answer if isinstance(answer, NotRecorded) else None
            status = on.not_known_as_of(silent, as_of, now)
    silent_of_place = read.result is Result.PASSED and (record is None or aged is not None)
    if silent_of_place and statement is not None and address is not None and as_of is None:
        stated = place = place_on(statement, address, code, None, trust, now, policy, age)
    return _verdict(
        (read, *nothing, status, place, on.LOGGED, on.HOLDER),
        trust,
        now,
        policy,
        age,
        as_of,
        proof=Proof.NONE,
        listed=listed,
        claims=claims,
        record=record if aged is None else None,
        statement=statement if stated is not None else None,
    )


def _require_zone(now: datetime) -> None:
    if now.tzinfo is None:
        raise ValueError("now has no time zone")


def _other_day(as_of: date | None, now: datetime) -> date | None:
    """Today is now: only another day needs the register's history."""
    return None if as_of is None or as_of == now.astimezone(BEIJING).date() else as_of


def _read_code(code: str) -> Check:
    try:
        entity_code.parse(code)
    except (InvalidUscc, InvalidRegistrationNumber):
        return on.failed(CheckName.READ, Reason.USCC_INVALID)
    return on.passed(CheckName.READ)


def _key_trust(opened: Opened, age: Age) -> Check:
    """Old data may not know a new key yet; a fresh trust list knows them all."""
    if age.problem and opened.key_trust.reason is Reason.KEY_UNKNOWN:
        return on.unknown(CheckName.KEY_TRUST, Reason.KEY_UNKNOWN)
    return opened.key_trust


def _verdict(
    checks: tuple[Check, ...],
    trust: Trust,
    now: datetime,
    policy: Policy,
    age: Age,
    as_of: date | None,
    *,
    opened: Opened | None = None,
    proof: Proof = Proof.SIGNED,
    listed: Status | None = None,
    claims: Claimed | None = None,
    record: PublicRecord | None = None,
    statement: OpenedStatement | None = None,
    foreign: str = "",
) -> Verdict:
    token = opened.token if opened else None
    signed = token.claims if token else None
    face = signed.face if signed else None
    outcome, reason, status = _decide(checks, listed, policy.place_required)
    answers = NOTHING_COMPARED
    if claims is not None and (face or record):
        answers = compare(claims, face, record)
    if statement is not None and checks[_PLACE_AT].reason is Reason.PLACE_ON_STATEMENT:
        answers = replace(answers, address=Answer.MATCH)
    uscc = signed.subject[:18] if signed else None
    if uscc is None and record is not None:
        uscc = record.uscc
    return Verdict(
        outcome=outcome,
        status=status,
        proof=proof,
        environment=trust.environment,
        checks=checks,
        reason=reason,
        freshness=Freshness.of(trust, now, policy, age, signed.status if signed else None),
        policy=policy,
        checked_at=now,
        as_of=as_of,
        listed=listed,
        listed_today=_listed_today(signed, trust) if as_of is not None else None,
        answers=answers,
        change=_change(signed, record, policy.items),
        status_since=_since(status, record),
        uscc=uscc,
        foreign_system=foreign,
        live_record_used=record is not None,
        liquidating=record is not None and record.liquidating,
        statement=statement.content if statement is not None else None,
        token=token,
        _seal=seal(),
    )


def _listed_today(claims: Claims | None, trust: Trust) -> Status | None:
    if claims is None:
        return None
    listed = on.listed_status(claims.status, claims.issued_at, trust)
    return None if isinstance(listed, Reason) else listed


@lru_cache(maxsize=1024)
def _decide(
    checks: tuple[Check, ...], listed: Status | None, place_required: bool
) -> tuple[Outcome, Reason, DocumentStatus]:
    """Outcome, the reason of the check that decided, and the document's status.

    Any FAILED check: INVALID. A required one NOT_ESTABLISHED: INDETERMINATE. Else VALID.
    """
    outcome, reason = _outcome(checks, place_required)
    return outcome, reason, _status(checks, listed)


def _outcome(checks: tuple[Check, ...], place_required: bool) -> tuple[Outcome, Reason]:
    status = checks[_STATUS_AT]
    bad = [check for check in checks if check.result is Result.FAILED]
    if bad:
        # A revoked licence whose term has ended too is called revoked.
        ended = status in bad and status.reason not in _MILD
        first = status if ended and bad[0].name is CheckName.TIME else bad[0]
        return Outcome.INVALID, first.reason
    required = checks[: CheckName.PLACE] if place_required else checks[: CheckName.STATUS]
    for check in required:
        if check.result is Result.NOT_ESTABLISHED:
            return Outcome.INDETERMINATE, check.reason
    return Outcome.VALID, status.reason


_STATUS_AT: Final = CheckName.STATUS - 1
_PLACE_AT: Final = CheckName.PLACE - 1
_TIME_AT: Final = CheckName.TIME - 1
_MILD: Final = frozenset({Reason.STATUS_SUSPENDED, Reason.STATUS_SUPERSEDED})
_BY_TIME: Final = {
    Reason.EXPIRED: DocumentStatus.EXPIRED,
    Reason.NOT_YET_VALID: DocumentStatus.NOT_YET_VALID,
}


def _status(checks: tuple[Check, ...], listed: Status | None) -> DocumentStatus:
    time, status = checks[_TIME_AT], checks[_STATUS_AT]
    if status.reason is Reason.AS_OF_NOT_YET:
        return DocumentStatus.NOT_YET_VALID
    established = status.result is not Result.NOT_ESTABLISHED and listed is not None
    if established and listed is not None and listed.terminal:
        return DocumentStatus[listed.name]
    if time.reason in _BY_TIME:
        return _BY_TIME[time.reason]
    if established and listed is not None:
        return DocumentStatus[listed.name]
    return DocumentStatus.UNKNOWN


def _since(status: DocumentStatus, record: PublicRecord | None) -> date | None:
    """Since when, where it is the firm's own state: of a document's the register tells no day."""
    told = record is not None and record.status.name == status.name
    return record.status_since if record and told else None


def _change(
    claims: Claims | None, record: PublicRecord | None, items: frozenset[str]
) -> Change | None:
    """What differs between a licence's face and the newer one of the live record, of the items
    that may be seen; the scope, which no face shows, for those alone who may see all of it."""
    if claims is None or record is None or not isinstance(claims.face, LicenseFace):
        return None
    face = claims.face
    if record.version <= face.version:
        return None
    name_differs = face.name != record.name
    if face.name_digest is not None:
        name_differs = record.name is None or digest(record.name) != face.name_digest
    if face.address is not None:
        moved = address_key(face.address) != address_key(record.address)
    else:
        moved = digest(record.address) != face.address_digest
    differs = {
        "name": name_differs,
        "person": face.person != record.person,
        "address": moved,
        "capital": record.capital is not None and face.capital != record.capital,
        "type": record.type_code is not None and face.type_code != record.type_code,
        "scope": digest(record.scope) != face.scope_digest,
    }
    seen = items | {"scope"} if items >= ALL_ITEMS else items
    changed = tuple(item for item, other in differs.items() if other and item in seen)
    return Change(record.version_since, changed)
