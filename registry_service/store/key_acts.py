"""Table `key_act`."""

from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from registry_service.domain.authority import ActName
from registry_service.domain.errors import ActWaiting, KeyActUnknown
from registry_service.domain.key_act import KeyAct, Wish
from registry_service.domain.pending_act import PendingState
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT act_no, act, subject, reason, early, affected, state, asked_by, asked_at, expires_at,
           answered_by, answered_at, answer, kid
      FROM key_act
"""
_FIND: LiteralString = _SELECT + " WHERE act_no = %(act_no)s FOR UPDATE"
_PAGE: LiteralString = _SELECT + " WHERE act_no < %(before)s ORDER BY act_no DESC LIMIT %(limit)s"
_HOSTS: LiteralString = (
    _SELECT
    + """
     WHERE state = 'done' AND act IN ('add_host', 'retire_host') ORDER BY answered_at, act_no
"""
)
_ADD: LiteralString = """
    INSERT INTO key_act (act, subject, reason, early, affected, state, asked_by, asked_at,
                         expires_at)
    VALUES (%(act)s, %(subject)s, %(reason)s, %(early)s, %(affected)s, %(state)s, %(asked_by)s,
            %(asked_at)s, %(expires_at)s)
    RETURNING act_no
"""
_ANSWER: LiteralString = """
    UPDATE key_act
       SET state = %(state)s, answered_by = %(answered_by)s, answered_at = %(answered_at)s,
           answer = %(answer)s, kid = %(kid)s
     WHERE act_no = %(act_no)s AND state = 'waiting'
"""
_LAPSE: LiteralString = """
    UPDATE key_act SET state = 'lapsed', answered_at = expires_at
     WHERE act = %(act)s AND subject = %(subject)s AND state = 'waiting' AND expires_at <= %(now)s
"""


def _key_act(row: DictRow) -> KeyAct:
    return KeyAct(
        number=row["act_no"],
        wish=Wish(ActName(row["act"]), row["subject"], row["reason"], row["early"]),
        affected=row["affected"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        state=PendingState(row["state"]),
        answered_by=row["answered_by"] or "",
        answered_at=row["answered_at"],
        answer=row["answer"],
        kid=bytes(row["kid"]) if row["kid"] is not None else None,
    )


class KeyActs:
    """Acts on keys and hosts; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, asked: KeyAct, now: datetime) -> int:
        """Keep one that waits from now on; its number.

        Raises:
            ActWaiting: the same waits already.
        """
        wish = asked.wish
        row = {
            "act": wish.act,
            "subject": wish.subject,
            "reason": wish.reason,
            "early": wish.early,
            "affected": asked.affected,
            "state": asked.state,
            "asked_by": asked.asked_by,
            "asked_at": asked.asked_at,
            "expires_at": asked.expires_at,
            "now": now,
        }
        self._connection.execute(_LAPSE, row)
        try:
            number: int = only_row(self._connection, _ADD, row)["act_no"]
        except errors.UniqueViolation:
            raise ActWaiting(
                "the same act waits for a second person already: list the acts that wait",
                zh="同一事项正在等待复核，不必重复提出",
                act=f"{wish.act} {wish.subject}",
            ) from None
        return number

    def answer(self, answered: KeyAct) -> None:
        """Write down what became of one; it is locked, so it still waits."""
        row = {
            "act_no": answered.number,
            "state": answered.state,
            "answered_by": answered.answered_by or None,
            "answered_at": answered.answered_at,
            "answer": answered.answer,
            "kid": answered.kid,
        }
        if self._connection.execute(_ANSWER, row).rowcount != 1:
            raise AssertionError("an act on a key was answered twice")

    def find(self, number: int) -> KeyAct:
        """The act with this number, locked.

        Raises:
            KeyActUnknown: there is none.
        """
        row = self._connection.execute(_FIND, {"act_no": number}).fetchone()
        if row is None:
            raise KeyActUnknown(
                f"there is no act {number} on keys",
                zh=f"没有编号为 {number} 的密钥事项",
                act=number,
            )
        return _key_act(row)

    def page(self, before: int, limit: int) -> list[KeyAct]:
        """Acts with a number below `before`, the newest first."""
        rows = self._connection.execute(_PAGE, {"before": before, "limit": limit})
        return [_key_act(row) for row in rows]

    def on_hosts(self) -> list[KeyAct]:
        """Every act on a host that was done, in that order."""
        return [_key_act(row) for row in self._connection.execute(_HOSTS)]
