"""The verdict: what was checked, what came out, how old the data was, and in which words."""

from dataclasses import InitVar, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from license_verify.checks import Age, Check, CheckName
from license_verify.claimed import NOTHING_COMPARED, Answers
from license_verify.lists.status import Status
from license_verify.policy import Policy
from license_verify.reasons import Reason
from license_verify.refusal import Kind, Refusal
from license_verify.shown import ShownFace
from license_verify.statement import Statement
from license_verify.token.claims import StatusRef, Token
from license_verify.trust import Source, Trust

if TYPE_CHECKING:
    from license_verify.words import Words


class Outcome(StrEnum):
    """What a caller acts on."""

    VALID = "VALID"
    INVALID = "INVALID"
    INDETERMINATE = "INDETERMINATE"
    """Not enough could be established; neither good nor bad."""


class Proof(StrEnum):
    """What the subject itself proves."""

    SIGNED = "SIGNED"
    NONE = "NONE"
    """A typed code: it proves no licence."""


class DocumentStatus(StrEnum):
    """Status of the document, by the lists and by time."""

    VALID = "VALID"
    INVALID = "INVALID"
    SUSPENDED = "SUSPENDED"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"
    DEREGISTERED = "DEREGISTERED"
    ANNULLED = "ANNULLED"
    LOST_VOID = "LOST_VOID"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    UNKNOWN = "UNKNOWN"


class NotVerified(Refusal):
    """A verified licence was asked of a verdict that is not VALID."""

    kind = Kind.BLOCKED
    reason = "NOT_VERIFIED"


class Freshness(NamedTuple):
    """Ages of the data by this checker's clock; negative ages mean that the clock is behind.

    A `NamedTuple`, since each verdict has one.
    """

    source: Source
    maximum: timedelta
    """Most age of the manifest that the purpose allows."""
    problem: Reason | None
    """Why the data is not fresh; None: it is."""
    manifest_issued_at: datetime | None = None
    manifest_age: timedelta | None = None
    list_age: timedelta | None = None
    """Of the status list that this document stands in."""
    keys_age: timedelta | None = None

    @classmethod
    def of(
        cls, trust: Trust, now: datetime, policy: Policy, age: Age, at: StatusRef | None
    ) -> "Freshness":
        """Of the data at hand.

        Args:
            trust: the published data.
            now: the clock.
            policy: of the purpose.
            age: of the data.
            at: entry of the document, if there is one.
        """
        if trust.manifest is None:
            return cls(trust.source, policy.max_age, age.problem)
        listed = trust.lists.get(at.uri) if at else None
        return cls(
            trust.source,
            policy.max_age,
            age.problem,
            trust.manifest.issued_at,
            age.manifest,
            now - listed.issued_at if listed else None,
            now - trust.keys_issued_at,
        )

    @property
    def fresh(self) -> bool:
        """Whether the data may say that a document is good."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class Change:
    """What the live register says that changed since a superseded version."""

    since: date
    items: tuple[str, ...]
    """Names of the face items that differ, of those that the policy shows, never their values; and
    `scope` where it shows all."""


@dataclass(frozen=True, slots=True)
class VerifiedLicense:
    """A licence or site code that was VALID when it was checked. Only a verdict makes one."""

    face: ShownFace
    token_id: bytes
    environment: str
    purpose: str
    checked_at: datetime
    as_of: date | None
    """The day on which it was good, if not the day of the check."""
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        _require(_seal)


_SEAL: Final = object()


def _require(seal: object) -> None:
    if seal is not _SEAL:
        raise TypeError("only license_verify makes this")


def seal() -> object:
    """For `license_verify` itself alone: what lets a verdict be made."""
    return _SEAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to one verification. `license_verify.verify` makes it and nothing else."""

    outcome: Outcome
    status: DocumentStatus
    """UNKNOWN while it is not established; see `listed`."""
    proof: Proof
    environment: str
    """Of the data: `production`, `test` …; empty without data."""
    checks: tuple[Check, ...]
    """All ten, in order."""
    reason: Reason
    """That of the check which decided."""
    freshness: Freshness
    policy: Policy
    checked_at: datetime
    as_of: date | None = None
    listed: Status | None = None
    """What the data said about the document, however old the data is."""
    listed_today: Status | None = None
    """With `as_of`: what the published list says now, which may be worse."""
    answers: Answers = NOTHING_COMPARED
    change: Change | None = None
    status_since: date | None = None
    """Since when the entity is in this state, if the live register said so."""
    uscc: str | None = None
    """The subject; of a token only if SIGNATURE passed."""
    foreign_system: str = ""
    live_record_used: bool = False
    """Whether the live register answered about this entity and is young enough to be told from."""
    liquidating: bool = False
    """The live register said that 清算 is filed; the words tell it, the outcome is not worse."""
    statement: Statement | None = None
    """The premises statement that answered PLACE, if one did."""
    token: Token | None = field(default=None, repr=False)
    """Only if SIGNATURE passed. Holds the whole face: show `face`, which is narrowed."""
    _seal: InitVar[object]

    def __post_init__(self, _seal: object) -> None:
        _require(_seal)

    @property
    def face(self) -> ShownFace | None:
        """The face narrowed to the purpose; None unless SIGNATURE passed."""
        return None if self.token is None else ShownFace.of(self.token.claims, self.policy.items)

    @property
    def token_id(self) -> bytes | None:
        """SHA-256 of what was signed; None unless SIGNATURE passed."""
        return None if self.token is None else self.token.sign1.token_id

    @property
    def words(self) -> "Words":
        """Headline, sentence, next step and cautions in Chinese and English."""
        from license_verify.words import words_for  # it speaks about verdicts

        return words_for(self)

    def __bool__(self) -> NoReturn:
        """A verdict is never a yes or no: `if verdict:` would take every one for good."""
        raise TypeError("a verdict is no bool; look at its outcome")

    def check(self, name: CheckName) -> Check:
        """One of the ten checks."""
        return self.checks[name - 1]

    def verified(self) -> VerifiedLicense:
        """The licence, typed as verified.

        Raises:
            NotVerified: the outcome is not VALID.
        """
        face, token_id = self.face, self.token_id
        if self.outcome is not Outcome.VALID or face is None or token_id is None:
            raise NotVerified(
                f"the outcome is {self.outcome}, for the reason {self.reason}",
                zh="核验未通过",
                outcome=self.outcome,
                why=self.reason,
            )
        purpose, at = self.policy.purpose, self.checked_at
        return VerifiedLicense(face, token_id, self.environment, purpose, at, self.as_of, _SEAL)

    def to_dict(self) -> dict[str, object]:
        """The verdict as plain data for JSON; keys are stable. See `as_dict`."""
        from license_verify.as_dict import as_dict  # it speaks about verdicts

        return as_dict(self)
