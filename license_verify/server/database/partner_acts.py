"""Tables `partner_act`, `partner_event` and `partner_request`."""

from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from license_verify.refusal import Kind, Refusal
from license_verify.server.database.connections import Connection
from license_verify.server.partners.authority import ActName, Actor
from license_verify.server.partners.pending import ActState, PartnerAct

_COLUMNS: LiteralString = """
    SELECT partner_id, number, act, title, wish, reason, state, asked_by, asked_at, expires_at,
           answered_by, answered_at, answer
      FROM partner_act
"""
_FIND: LiteralString = (
    _COLUMNS + " WHERE partner_id = %(partner_id)s AND number = %(number)s FOR UPDATE"
)
_WAITING: LiteralString = (
    _COLUMNS
    + """
     WHERE partner_id = %(partner_id)s AND state = 'waiting' AND expires_at > %(now)s
     ORDER BY number
"""
)
_PAGE: LiteralString = (
    _COLUMNS
    + """
     WHERE (%(partner_id)s::text IS NULL OR partner_id = %(partner_id)s)
       AND (NOT %(waiting)s OR state = 'waiting' AND expires_at > %(now)s)
       AND (asked_at, partner_id, number) < (%(at)s, %(of)s, %(number)s)
     ORDER BY asked_at DESC, partner_id DESC, number DESC LIMIT %(limit)s
"""
)
_ADD: LiteralString = """
    INSERT INTO partner_act (partner_id, number, act, title, wish, reason, state, asked_by,
                             asked_at, expires_at)
    SELECT %(partner_id)s, coalesce(max(number), 0) + 1, %(act)s, %(title)s, %(wish)s, %(reason)s,
           'waiting', %(asked_by)s, %(asked_at)s, %(expires_at)s
      FROM partner_act WHERE partner_id = %(partner_id)s
    RETURNING number
"""
_ANSWER: LiteralString = """
    UPDATE partner_act
       SET state = %(state)s, answered_by = %(answered_by)s, answered_at = %(answered_at)s,
           answer = %(answer)s
     WHERE partner_id = %(partner_id)s AND number = %(number)s
"""
_EVENT: LiteralString = """
    INSERT INTO partner_event (partner_id, number, kind, detail, reason, by_staff, by_name,
                               workload, happened_at)
    SELECT %(partner_id)s, coalesce(max(number), 0) + 1, %(kind)s, %(detail)s, %(reason)s,
           %(by_staff)s, %(by_name)s, %(workload)s, %(now)s
      FROM partner_event WHERE partner_id = %(partner_id)s
"""
_HOLD: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_ANSWERED: LiteralString = """
    SELECT method, digest, answer FROM partner_request
     WHERE workload = %(workload)s AND request_id = %(request_id)s
"""
_KEEP: LiteralString = """
    INSERT INTO partner_request (workload, request_id, method, digest, answer, answered_at)
    VALUES (%(workload)s, %(request_id)s, %(method)s, %(digest)s, %(answer)s, %(now)s)
"""

# An act that its own asker ended was withdrawn: nobody may refuse their own. So the release before
# this one, which knows no such state, reads it too.
_STORED: Final = {ActState.WITHDRAWN: ActState.REFUSED.value}


class RequestIdUsed(Refusal):
    """The id was used for another request."""

    kind = Kind.BLOCKED
    reason = "REQUEST_ID_USED"


class PartnerActs:
    """Acts that wait, what was done, and answers to repeated requests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, what: str) -> None:
        """Make whoever holds the same wait until this transaction ends."""
        self._connection.execute(_HOLD, (what,))

    def find(self, partner_id: str, number: int) -> PartnerAct | None:
        """An act, held against a second answer."""
        key = {"partner_id": partner_id, "number": number}
        row = self._connection.execute(_FIND, key).fetchone()
        return _act(row) if row else None

    def waiting(self, partner_id: str, now: datetime) -> list[PartnerAct]:
        """Those of a partner that wait."""
        key = {"partner_id": partner_id, "now": now}
        return [_act(row) for row in self._connection.execute(_WAITING, key)]

    def page(
        self,
        partner_id: str | None,
        before: tuple[datetime, str, int],
        now: datetime,
        limit: int,
        *,
        waiting: bool,
    ) -> list[PartnerAct]:
        """Acts before that place, newest first; of all partners where `partner_id` is None."""
        at, of, number = before
        key = {
            "partner_id": partner_id,
            "waiting": waiting,
            "now": now,
            "at": at,
            "of": of,
            "number": number,
            "limit": limit,
        }
        return [_act(row) for row in self._connection.execute(_PAGE, key)]

    def add(self, asked: PartnerAct) -> int:
        """Keep an act; the caller holds the partner. Its number."""
        row = self._connection.execute(
            _ADD,
            {
                "partner_id": asked.partner_id,
                "act": asked.act.value,
                "title": asked.title,
                "wish": Jsonb(dict(asked.wish)),
                "reason": asked.reason,
                "asked_by": asked.asked_by,
                "asked_at": asked.asked_at,
                "expires_at": asked.expires_at,
            },
        ).fetchone()
        assert row is not None  # noqa: S101 - an INSERT returns its row
        return int(row["number"])

    def answer(self, closed: PartnerAct) -> None:
        """Write what became of an act."""
        self._connection.execute(
            _ANSWER,
            {
                "partner_id": closed.partner_id,
                "number": closed.number,
                "state": _STORED.get(closed.state, closed.state.value),
                "answered_by": closed.answered_by,
                "answered_at": closed.answered_at,
                "answer": closed.answer,
            },
        )

    def tell(
        self,
        partner_id: str,
        kind: str,
        detail: dict[str, Any],
        reason: str,
        by: Actor,
        now: datetime,
    ) -> None:
        """Put down what was done, by whom; the caller holds the partner."""
        self._connection.execute(
            _EVENT,
            {
                "partner_id": partner_id,
                "kind": kind,
                "detail": Jsonb(detail),
                "reason": reason,
                "by_staff": by.number,
                "by_name": by.person_name,
                "workload": by.workload,
                "now": now,
            },
        )

    def answered(self, workload: str, request_id: UUID, method: str, digest: bytes) -> bytes | None:
        """The first answer to this request, or None; a second call with the id waits.

        Raises:
            RequestIdUsed: the id was used for another request.
        """
        self.hold(f"{workload} {request_id}")
        key = {"workload": workload, "request_id": request_id}
        row = self._connection.execute(_ANSWERED, key).fetchone()
        if row is None:
            return None
        if row["method"] != method or bytes(row["digest"]) != digest:
            raise RequestIdUsed(
                "this request_id was used for another request; take a new one",
                zh="该请求编号已用于另一项业务，请使用新的请求编号",
                request_id=request_id,
            )
        return bytes(row["answer"])

    def keep(
        self,
        workload: str,
        request_id: UUID,
        method: str,
        digest: bytes,
        answer: bytes,
        now: datetime,
    ) -> None:
        """Keep the first answer, in the transaction of the act itself."""
        self._connection.execute(
            _KEEP,
            {
                "workload": workload,
                "request_id": request_id,
                "method": method,
                "digest": digest,
                "answer": answer,
                "now": now,
            },
        )


def _act(row: DictRow) -> PartnerAct:
    state = ActState(row["state"])
    if state is ActState.REFUSED and row["answered_by"] == row["asked_by"]:
        state = ActState.WITHDRAWN
    return PartnerAct(
        row["partner_id"],
        row["number"],
        ActName(row["act"]),
        row["title"],
        row["wish"],
        row["reason"],
        row["asked_by"],
        row["asked_at"],
        row["expires_at"],
        state,
        row["answered_by"] or "",
        row["answered_at"],
        row["answer"] or "",
    )
