"""Page tokens (AIP-158): where the last page ended, bound to the query."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from google.protobuf.message import Message

from license_verify.refusal import FieldViolation, InvalidRequest

_DEFAULT: Final = 50
_MOST: Final = 1000
_LONGEST_TOKEN: Final = 512
_LARGEST: Final = 1 << 57
"""More than any number here, and still a time in microseconds that a clock can tell."""
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT: Final = re.compile(r"[0-9A-Za-z._-]{1,64}", re.ASCII)


class Page:
    """Size and start of one page of a list request."""

    def __init__(self, request: Message, *cursor: type[int | str], default: int = _DEFAULT) -> None:
        """Read `page_size` and `page_token`.

        Args:
            request: of a List method.
            cursor: what a token holds: numbers from 0, or short words such as codes.
            default: the size where none is asked for.

        Raises:
            InvalidRequest: a negative size, or a token of another query.
        """
        size = request.page_size  # type: ignore[attr-defined] # every List request has both
        if size < 0:
            raise InvalidRequest(FieldViolation("page_size", "is negative", "每页条数不能为负"))
        self.size = min(size or default, _MOST)
        self._query, self._cursor = _query(request), cursor
        self.after = self._read(request.page_token)  # type: ignore[attr-defined] # as above
        """Cursor values as put into `token`; empty on the first page."""

    def _read(self, token: str) -> list[str | int]:
        if not token:
            return []
        found = _decode(token)
        if not found or found[0] != self._query or not self._fits(found[1:]):
            raise InvalidRequest(
                FieldViolation("page_token", "is not of this query", "翻页标记与查询条件不符")
            )
        return found[1:]

    def _fits(self, after: list[str | int]) -> bool:
        kinds = tuple(type(value) for value in after)
        return kinds == self._cursor and all(
            0 <= value < _LARGEST if isinstance(value, int) else _TEXT.fullmatch(value)
            for value in after
        )

    def token(self, *after: str | int, more: bool) -> str:
        """The token of the next page, empty if there is none."""
        if not more:
            return ""
        text = json.dumps([self._query, *after], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()


def microseconds(at: datetime) -> int:
    """A time as a token holds it: microseconds since 1970."""
    since = at - _BEGINNING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_microseconds(count: int) -> datetime:
    """The time that a token holds."""
    return _BEGINNING + timedelta(microseconds=count)


def _decode(token: str) -> list[str | int]:
    """The parts of a token; none where it is not of our making."""
    if len(token) > _LONGEST_TOKEN:
        return []
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        return []
    fits = isinstance(found, list) and all(isinstance(part, str | int) for part in found)
    return found if fits else []


def _query(request: Message) -> str:
    bare = type(request)()
    bare.CopyFrom(request)
    bare.ClearField("page_token")
    bare.ClearField("page_size")
    return hashlib.sha256(bare.SerializeToString(deterministic=True)).hexdigest()[:16]
