"""Whether a genuine premises statement still holds, and what it says about a place.

A statement is never good by its age alone: its entry in the published status lists says whether a
later list took its place, and the data must be as fresh as the purpose demands. A superseded one is
refused by however old data, as it never comes back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from license_verify import checks as on
from license_verify.checks import Age, Check, CheckName, Result
from license_verify.lists.status import Status
from license_verify.policy import DEFAULT, Policy
from license_verify.reasons import Reason
from license_verify.statement import OpenedStatement, Statement, open_statement
from license_verify.statement_errors import StatementKeyUnknown, StatementWithoutTrust
from license_verify.token.face import Face, LicenseFace
from license_verify.trust import Trust
from license_verify.verdict import Freshness, Outcome

if TYPE_CHECKING:
    from license_verify.statement_words import StatementText

_OUTCOMES: Final = {
    Result.PASSED: Outcome.VALID,
    Result.FAILED: Outcome.INVALID,
    Result.NOT_ESTABLISHED: Outcome.INDETERMINATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementVerdict:
    """The answer about one genuine statement."""

    outcome: Outcome
    reason: Reason
    statement: Statement
    environment: str
    listed: Status | None
    """What the data says of it, however old the data is; None: nothing."""
    age: timedelta
    """Since it was issued, by this checker's clock."""
    freshness: Freshness
    checked_at: datetime

    @property
    def words(self) -> "tuple[StatementText, StatementText]":
        """Headline, sentence and next step, in Chinese and in English."""
        from license_verify.statement_words import words_for  # it speaks about verdicts

        return words_for(self)


def open_statement_for(
    content: bytes, trust: Trust, now: datetime, policy: Policy
) -> OpenedStatement:
    """Read a statement and check its signature, as `open_statement` does, by data of that age.

    As with licences, data too old for the purpose may not know a new key yet.

    Raises:
        StatementWithoutTrust: by this data nobody can tell.
        StatementRefused: it is not genuine.
    """
    try:
        return open_statement(content, trust)
    except StatementKeyUnknown as unknown:
        if on.age_of(trust, now, policy).problem is not Reason.DATA_STALE:
            raise
        raise StatementWithoutTrust(
            f"{unknown}, and the data is too old to know a new key: take newer data, or ask another"
            " node",
            zh="所用数据较旧，不含签发该清单的密钥，无法核验，请更新数据后重试",
            kid=unknown.metadata["kid"],
        ) from None


def check_statement(
    opened: OpenedStatement, trust: Trust, now: datetime, policy: Policy = DEFAULT
) -> StatementVerdict:
    """Say whether a statement is the list in force.

    Args:
        opened: by `open_statement`, with the same trust list.
        trust: the published data at hand.
        now: the clock, with a zone.
        policy: of the purpose; rules the age of data. What statuses it accepts is of no matter: a
            list that was replaced is no list.

    Raises:
        ValueError: `now` has no zone, or the statement was opened with another trust list.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    age = on.age_of(trust, now, policy)
    result, reason, listed = _standing(opened, trust, now, policy, age)
    return StatementVerdict(
        outcome=_OUTCOMES[result],
        reason=reason,
        statement=opened.content,
        environment=trust.environment,
        listed=listed,
        age=now - opened.content.issued_at,
        freshness=Freshness.of(trust, now, policy, age, opened.content.status),
        checked_at=now,
    )


def place_on(
    opened: OpenedStatement,
    address: str,
    uscc: str,
    face: Face | None,
    trust: Trust,
    now: datetime,
    policy: Policy,
    age: Age,
) -> Check:
    """8 PLACE by a statement in hand, where the face is silent and no live register answered.

    Passes only by a statement in force of the same entity that has the address. It never fails the
    check: what is not on the list may have been filed since the data was published.

    Args:
        opened: by `open_statement`, with the same trust list.
        address: the one asked about.
        uscc: code of the entity that is asked about.
        face: of a token whose signature passed; None for a typed code.
        trust: the published data at hand.
        now: the clock.
        policy: of the purpose.
        age: of the data.

    Raises:
        ValueError: the statement was opened with another trust list.
    """
    content = opened.content
    if content.uscc != uscc:
        return on.unknown(CheckName.PLACE, Reason.STATEMENT_OF_ANOTHER)
    if isinstance(face, LicenseFace) and content.face_version < face.version:
        return on.unknown(CheckName.PLACE, Reason.STATEMENT_SUPERSEDED)
    result, reason, _ = _standing(opened, trust, now, policy, age)
    if result is not Result.PASSED:
        return on.unknown(CheckName.PLACE, reason)
    if content.place_at(address) is not None:
        return on.passed(CheckName.PLACE, Reason.PLACE_ON_STATEMENT)
    return on.unknown(CheckName.PLACE, Reason.PLACE_NOT_ON_STATEMENT)


def _standing(
    opened: OpenedStatement, trust: Trust, now: datetime, policy: Policy, age: Age
) -> tuple[Result, Reason, Status | None]:
    """Whether it is in force, why, and what the data says of it."""
    if opened.trust_version != trust.version:
        raise ValueError("the statement was opened with another trust list; open it again")
    content = opened.content
    if content.issued_at > max(now, trust.highest_seen.issued_at) + policy.skew:
        return Result.FAILED, Reason.NOT_YET_VALID, None
    listed = on.listed_status(content.status, content.issued_at, trust)
    if isinstance(listed, Reason):
        return Result.NOT_ESTABLISHED, listed, None
    if listed is Status.SUPERSEDED:
        return Result.FAILED, Reason.STATEMENT_SUPERSEDED, listed
    if listed.terminal:
        return Result.FAILED, on.STATUS_REASON[listed], listed
    if listed is Status.SUSPENDED:
        # The entry is the worse of the firm's state and its own: whether a later list took its
        # place cannot be read from it while the firm sleeps.
        return Result.NOT_ESTABLISHED, Reason.STATEMENT_OF_DORMANT, listed
    problem = on.list_problem(trust.lists[content.status.uri], now, policy, age)
    if problem is not None:
        return Result.NOT_ESTABLISHED, problem, listed
    return Result.PASSED, Reason.OK, listed
