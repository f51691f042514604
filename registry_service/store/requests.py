"""Table `request_log`: the first answer to each request."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import RequestIdReused

_FIND: LiteralString = """
    SELECT method, digest, answer FROM request_log
     WHERE caller = %(caller)s AND request_id = %(request_id)s
"""
_ADD: LiteralString = """
    INSERT INTO request_log (caller, request_id, method, digest, answer, recorded_at)
    VALUES (%(caller)s, %(request_id)s, %(method)s, %(digest)s, %(answer)s, %(now)s)
"""


class Requests:
    """Answers by caller and request id."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def hold(self, caller: str, request_id: UUID) -> None:
        """Make a second call with this id wait until this transaction ends."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{caller} {request_id}",)
        )

    def find(self, caller: str, request_id: UUID, method: str, digest: bytes) -> bytes | None:
        """The first answer to this request, or None.

        Raises:
            RequestIdReused: the id was used for another request.
        """
        key = {"caller": caller, "request_id": request_id}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            return None
        if row["method"] != method or row["digest"] != digest:
            raise RequestIdReused(
                "this request_id was used for another request; take a new one",
                zh="该请求编号已用于另一项业务，请使用新的请求编号",
                request_id=request_id,
            )
        return bytes(row["answer"])

    def add(
        self,
        caller: str,
        request_id: UUID,
        method: str,
        digest: bytes,
        answer: bytes,
        now: datetime,
    ) -> None:
        """Keep the first answer, in the transaction of the act itself."""
        row = {
            "caller": caller,
            "request_id": request_id,
            "method": method,
            "digest": digest,
            "answer": answer,
            "now": now,
        }
        self._connection.execute(_ADD, row)
