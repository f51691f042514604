"""The one base of every error that a caller can act on."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import ClassVar


class Kind(Enum):
    """What sort of refusal it is; a transport maps it to its own codes."""

    INVALID = auto()
    """The request itself is wrong; the same request is always refused."""
    NOT_FOUND = auto()
    EXISTS = auto()
    STALE = auto()
    """Somebody changed the thing first; read it again."""
    BLOCKED = auto()
    """The thing's state forbids the act now."""
    DENIED = auto()
    """The caller is known and may not."""
    UNAUTHENTICATED = auto()
    EXHAUSTED = auto()
    """A quota or a rate is used up."""
    UNAVAILABLE = auto()
    """Something needed is away; trying later may work."""
    OUT_OF_RANGE = auto()
    """A place in a sequence that is no longer, or not yet, there."""
    TOO_LARGE = auto()
    """The input is beyond a limit of `limits`."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field of a request and what is wrong with it."""

    field: str
    """Path in the request, as `address.county`."""
    description: str
    zh: str = ""


class Refusal(Exception):
    """A refusal the caller can act on. Everything else is a bug.

    `str()` is an English sentence. Every value in it is in `metadata` too, so that a program
    never reads the sentence. `retry_after`: before that the same call is refused again.
    `quota_of`: whose quota is used up, as `partner:icbank`; empty where it is nobody's own.
    """

    kind: ClassVar[Kind]
    reason: ClassVar[str]
    """UPPER_SNAKE, part of the API, never reused."""

    def __init__(
        self,
        message: str,
        *,
        zh: str = "",
        fields: tuple[FieldViolation, ...] = (),
        retry_after: timedelta | None = None,
        quota_of: str = "",
        **metadata: object,
    ) -> None:
        super().__init__(message)
        self.zh = zh
        self.fields = fields
        self.retry_after = retry_after
        self.quota_of = quota_of
        self.metadata = {key: str(value) for key, value in metadata.items()}


class InvalidRequest(Refusal):
    """One or more fields are wrong; all of them are named at once."""

    kind = Kind.INVALID
    reason = "INVALID_REQUEST"

    def __init__(self, *fields: FieldViolation) -> None:
        names = ", ".join(f"{f.field}: {f.description}" for f in fields)
        zh = "；".join(f.zh for f in fields if f.zh) or "请求内容有误"
        super().__init__(names, zh=zh, fields=fields)
