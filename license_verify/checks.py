"""The numbered checks. Each function answers one of them from what the earlier ones left.

Checks 1 to 5 that need no clock are in `opened.py`; these are asked fresh each time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from typing import Final

from license_verify.claimed import Answer, Claimed, address_fits
from license_verify.lists.status import Status, worse
from license_verify.lists.status_list import StatusList
from license_verify.policy import Policy
from license_verify.reasons import Reason
from license_verify.record import LiveAnswer, NotRecorded, PublicRecord
from license_verify.spelling import find_address
from license_verify.token.claims import BEIJING, Claims, StatusRef
from license_verify.token.face import LicenseFace
from license_verify.token.scan import ScanText
from license_verify.trust import Trust


class CheckName(IntEnum):
    """The checks by number."""

    READ = 1
    FORMAT = 2
    HOST = 3
    KEY_TRUST = 4
    SIGNATURE = 5
    TIME = 6
    STATUS = 7
    PLACE = 8
    LOGGED = 9
    HOLDER = 10


class Result(StrEnum):
    """How a check came out."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    """There was not enough to say."""
    NOT_REQUIRED = "NOT_REQUIRED"


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check's result with its reason. Made by `check` alone, so equal ones are one object."""

    name: CheckName
    result: Result
    reason: Reason


@cache
def check(name: CheckName, result: Result, reason: Reason = Reason.OK) -> Check:
    """A check; equal ones are one object, as there are few and each verdict has ten."""
    return Check(name, result, reason)


@cache
def passed(name: CheckName, reason: Reason = Reason.OK) -> Check:
    """The check passed."""
    return check(name, Result.PASSED, reason)


@cache
def failed(name: CheckName, reason: Reason) -> Check:
    """The check failed."""
    return check(name, Result.FAILED, reason)


@cache
def unknown(name: CheckName, reason: Reason) -> Check:
    """The check could not be established."""
    return check(name, Result.NOT_ESTABLISHED, reason)


# Looking a member of an enumeration up takes Python 3.11 longer than calling a function, and each
# verdict needs many: what nearly all are made of is looked up once.
_VALID, _INVALID = Status.VALID, Status.INVALID
_HOST_PASSED: Final = passed(CheckName.HOST)
_TIME_PASSED: Final = passed(CheckName.TIME)
_STATUS_PASSED: Final = passed(CheckName.STATUS)
PLACE_NOT_ASKED: Final = check(CheckName.PLACE, Result.NOT_REQUIRED, Reason.PLACE_NOT_ASKED)
LOGGED: Final = check(CheckName.LOGGED, Result.NOT_REQUIRED, Reason.LOG_NOT_KEPT)
HOLDER: Final = unknown(CheckName.HOLDER, Reason.HOLDER_NOT_CHECKED)

STATUS_REASON: Final = {
    Status.INVALID: Reason.STATUS_INVALID,
    Status.SUSPENDED: Reason.STATUS_SUSPENDED,
    Status.SUPERSEDED: Reason.STATUS_SUPERSEDED,
    Status.REVOKED: Reason.STATUS_REVOKED,
    Status.DEREGISTERED: Reason.STATUS_DEREGISTERED,
    Status.ANNULLED: Reason.STATUS_ANNULLED,
    Status.LOST_VOID: Reason.STATUS_LOST_VOID,
}


PUBLICATION_LAG: Final = timedelta(minutes=1)
"""Data must be this much younger than a token before an INVALID entry means "never issued"."""


_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Age:
    """How old the data is by this checker's clock."""

    manifest: timedelta | None
    problem: Reason | None
    """Why the data is not fresh: DATA_STALE, CLOCK_BEHIND_DATA or TRUST_MISSING; None: fresh."""


def age_of(trust: Trust, now: datetime, policy: Policy) -> Age:
    """Measure the manifest against the clock and the purpose's limit."""
    if trust.manifest is None:
        return Age(None, trust.problem or Reason.TRUST_MISSING)
    age = now - trust.manifest.issued_at
    # An issuer's clock may be a little ahead; more than that means that ours is wrong.
    if now + policy.skew < trust.highest_seen.issued_at:
        return Age(age, Reason.CLOCK_BEHIND_DATA)
    if age > policy.max_age:
        return Age(age, Reason.DATA_STALE)
    return Age(max(age, _NONE), None)


def live_problem(record: PublicRecord | None, now: datetime, policy: Policy) -> Reason | None:
    """Why a live record is not of this moment; None: it is, or there is none."""
    if record is None:
        return None
    if record.answered_at > now + policy.skew:
        return Reason.CLOCK_BEHIND_DATA
    return Reason.LIVE_RECORD_STALE if now - record.answered_at > policy.max_live_age else None


def host_check(scan: ScanText, claims: Claims, trust: Trust, now: datetime, age: Age) -> Check:
    """3 HOST: the scan's host = the host of the signed status URI = an accepted host."""
    if claims.status.origin != scan.origin:
        return failed(CheckName.HOST, Reason.HOST_DIFFERS)
    if trust.manifest is None:
        return unknown(CheckName.HOST, trust.problem or Reason.TRUST_MISSING)
    moment = max(now, trust.highest_seen.issued_at)
    for known in trust.hosts:
        if known.host == scan.host and known.accepted_at(moment):
            return _HOST_PASSED
    # Old data may not know a new host yet.
    if age.problem:
        return unknown(CheckName.HOST, Reason.HOST_NOT_ACCEPTED)
    return failed(CheckName.HOST, Reason.HOST_NOT_ACCEPTED)


def time_check(
    claims: Claims, trust: Trust, now: datetime, policy: Policy, as_of: date | None
) -> Check:
    """6 TIME: within the licence's term and after its issue, at `now` or on `as_of`."""
    face = claims.face
    # A clock known to be behind cannot bring an ended term back.
    moment = max(now, trust.highest_seen.issued_at)
    early = claims.issued_at > moment + policy.skew
    if as_of is not None:
        moment = datetime(as_of.year, as_of.month, as_of.day, tzinfo=BEIJING)
        early = early or face.approved > as_of
    if claims.expires_at is not None and claims.expires_at <= moment:
        return failed(CheckName.TIME, Reason.EXPIRED)
    if isinstance(face, LicenseFace) and face.term_start is not None:
        early = early or face.term_start > moment.astimezone(BEIJING).date()
    behind = now + policy.skew < trust.highest_seen.issued_at
    if early and not behind:
        return failed(CheckName.TIME, Reason.NOT_YET_VALID)
    if behind:
        return unknown(CheckName.TIME, Reason.CLOCK_BEHIND_DATA)
    return _TIME_PASSED


def status_check(
    claims: Claims,
    trust: Trust,
    now: datetime,
    policy: Policy,
    age: Age,
    record: PublicRecord | None,
    aged: Reason | None = None,
) -> tuple[Check, Status | None]:
    """7 STATUS from the published list; a live record may only make it worse.

    One that is not of this moment (`aged` says why) makes it worse only so far as old data may.
    Returns the check, and the status that the data says however old it is.
    """
    listed = listed_status(claims.status, claims.issued_at, trust)
    if isinstance(listed, Reason):
        return unknown(CheckName.STATUS, listed), None
    status = listed if record is None else worse(listed, live_status(claims, record))
    problem = list_problem(trust.lists[claims.status.uri], now, policy, age)
    if aged is not None and status is not listed:
        problem = problem or aged
    return judge_status(status, policy, problem), status


def listed_status(at: StatusRef, issued_at: datetime, trust: Trust) -> Status | Reason:
    """What the published list says of a document, however old the list is; or why it says nothing.

    Args:
        at: the document's entry.
        issued_at: when the document was issued.
        trust: the published data at hand.
    """
    if trust.manifest is None:
        return trust.problem or Reason.TRUST_MISSING
    published = trust.lists.get(at.uri)
    if published is None:
        return Reason.LIST_UNKNOWN
    status = published.status(at.index)
    if status is None:
        return Reason.STATUS_UNKNOWN_VALUE
    if status is _INVALID and trust.manifest.issued_at < issued_at + PUBLICATION_LAG:
        return Reason.LIST_PREDATES_TOKEN
    return status


def list_problem(published: StatusList, now: datetime, policy: Policy, age: Age) -> Reason | None:
    """Why what a list says is not fresh enough to call a document good; None: it is."""
    if age.problem is not None:
        return age.problem
    if published.expires_at <= now:
        return Reason.LIST_EXPIRED
    if policy.max_list_age is not None and now - published.issued_at > policy.max_list_age:
        return Reason.DATA_STALE
    return None


def judge_status(status: Status, policy: Policy, problem: Reason | None) -> Check:
    """The decision on a status: old data suffices for a terminal one, not for a better one."""
    if status is _VALID and problem is None:
        return _STATUS_PASSED
    if status.terminal and status not in policy.accepted:
        return failed(CheckName.STATUS, STATUS_REASON[status])
    if problem is not None:
        return unknown(CheckName.STATUS, problem)
    if status in policy.accepted:
        return passed(CheckName.STATUS, Reason.STATUS_ACCEPTED)
    return failed(CheckName.STATUS, STATUS_REASON[status])


def with_live_record(
    status: Check, policy: Policy, record: PublicRecord | None, aged: Reason | None
) -> Check:
    """7 STATUS once more: what passed may not do without the live register's answer of now."""
    lacking = record is None or aged is not None
    if policy.live_required and lacking and status.result is Result.PASSED:
        return unknown(CheckName.STATUS, aged or Reason.LIVE_RECORD_REQUIRED)
    return status


def status_as_of(
    claims: Claims,
    trust: Trust,
    now: datetime,
    policy: Policy,
    age: Age,
    live: LiveAnswer,
    as_of: date,
    aged: Reason | None = None,
) -> tuple[Check, Status | None]:
    """7 STATUS on a business date, which the live register alone knows.

    What it said long ago (`aged` says so) may have been corrected since. The list has a say too:
    what was never issued was no licence on any date, what was annulled should never have been
    relied on, and since when a document is lost nobody tells.
    """
    listed = listed_status(claims.status, claims.issued_at, trust)
    if isinstance(listed, Reason):
        return unknown(CheckName.STATUS, listed), None
    if listed in _ON_ANY_DAY:
        return judge_status(listed, policy, None), listed
    if listed is Status.LOST_VOID:
        return unknown(CheckName.STATUS, Reason.AS_OF_LOST_SINCE), None
    if not isinstance(live, PublicRecord):
        return not_known_as_of(live, as_of, now), None
    status = live_status(claims, live)
    if _mark_differs(claims, live):
        status = worse(status, Status.SUPERSEDED)
    problem = list_problem(trust.lists[claims.status.uri], now, policy, age) or aged
    return judge_status(status, policy, problem), status


def _mark_differs(claims: Claims, record: PublicRecord) -> bool:
    """Whether a licence's mark 一照多址 is not that of the day: it came or went with a place."""
    if not isinstance(claims.face, LicenseFace):
        return False
    return bool(claims.face.many_addresses) != any(place.live for place in record.premises)


_ON_ANY_DAY: Final = frozenset({Status.INVALID, Status.ANNULLED})


def in_future(as_of: date, now: datetime) -> bool:
    """Whether a business date is yet to come."""
    return as_of > now.astimezone(BEIJING).date()


def not_known_as_of(silent: NotRecorded | None, as_of: date, now: datetime) -> Check:
    """7 STATUS on a date of which the register can't tell, or was not asked."""
    if in_future(as_of, now):
        return unknown(CheckName.STATUS, Reason.AS_OF_IN_FUTURE)
    if silent is None:
        return unknown(CheckName.STATUS, Reason.AS_OF_NOT_KNOWN)
    if silent.not_yet:
        return failed(CheckName.STATUS, Reason.AS_OF_NOT_YET)
    return unknown(CheckName.STATUS, Reason.AS_OF_BEFORE_RECORD)


def live_status(claims: Claims, record: PublicRecord) -> Status:
    """What a live record says about this document: the entity's state, or a newer face."""
    if record.uscc != claims.uscc.text or _newer_face(claims, record):
        return worse(record.status, Status.SUPERSEDED)
    return record.status


def _newer_face(claims: Claims, record: PublicRecord) -> bool:
    if isinstance(claims.face, LicenseFace):
        return record.version > claims.face.version
    own = (place for place in record.premises if place.number == claims.site)
    return any(place.version > claims.face.version for place in own)


def about(code: str, live: LiveAnswer, as_of: date | None, now: datetime) -> LiveAnswer:
    """The live register's answer if it is about the entity with this code and this date, which
    no register can tell of while it lies in the future."""
    if live is None or live.as_of != as_of or (as_of is not None and in_future(as_of, now)):
        return None
    found_by = live.found_by if isinstance(live, PublicRecord) else None
    return live if code in (live.uscc, found_by) else None


def place_check(
    claims: Claims,
    policy: Policy,
    claimed: Claimed | None,
    record: PublicRecord | None,
    *,
    current: bool,
    decided: bool,
    record_refused: bool,
    stated: Check | None = None,
    aged: Reason | None = None,
) -> Check:
    """8 PLACE: whether the address asked about is among the filed ones.

    Args:
        claims: of a token whose signature passed.
        policy: of the purpose.
        claimed: with the address asked about, if any. A site code asks about its own.
        record: the live record, if it is about this entity and date.
        current: whether STATUS passed for this very version; an old face proves no place.
        decided: whether STATUS failed: whether a site's place is still filed is no question then.
        record_refused: a live record came, but about something else.
        stated: what a premises statement in hand says of the address, if there is one.
        aged: why the record is not of this moment. Such a one proves no place, and lacks what was
            filed since; a place that it knew to have ended does not come back.
    """
    site, address = claims.site, claimed.address if claimed else None
    if site is not None and record is not None and not decided:
        own = [place for place in record.premises if place.number == site]
        if not any(place.live for place in own) and (own or aged is None):
            return failed(CheckName.PLACE, Reason.PLACE_ENDED)
    if address is None and site is None:
        if not policy.place_required:
            return PLACE_NOT_ASKED
        return unknown(CheckName.PLACE, Reason.PLACE_NOT_ASKED)
    if address is None:
        # The entry of a site's code is the worse of its own state and its firm's, so check 7
        # answers whether the place is still filed.
        if current:
            return passed(CheckName.PLACE, Reason.PLACE_IS_SITE)
        return unknown(CheckName.PLACE, Reason.NOT_REACHED)
    face = claims.face
    if current and address_fits(address, face.address, face.address_digest) is Answer.MATCH:
        reason = Reason.PLACE_IS_DOMICILE if site is None else Reason.PLACE_IS_SITE
        return passed(CheckName.PLACE, reason)
    if record is not None and (stated is None or aged is None):
        return filed_place(address, record, aged)
    if stated is not None:
        return stated
    reason = Reason.RECORD_OF_ANOTHER if record_refused else Reason.PLACE_NEEDS_LIVE_RECORD
    return unknown(CheckName.PLACE, reason)


def filed_place(address: str, record: PublicRecord, aged: Reason | None) -> Check:
    """8 PLACE against the live record alone, if it is of this moment."""
    if aged is not None:
        return unknown(CheckName.PLACE, aged)
    places = [place.address for place in record.premises if place.live]
    found = find_address(address, (record.address, *places))
    if found is None:
        return failed(CheckName.PLACE, Reason.PLACE_NOT_FILED)
    reason = Reason.PLACE_FILED if found else Reason.PLACE_IS_DOMICILE
    return passed(CheckName.PLACE, reason)
