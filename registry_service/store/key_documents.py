"""Which documents in use were signed by a key, or name a host, of `license_version`, `site_code`.

Both tables are read through: it is asked when a key is distrusted or a host given up, once in years
if at all, and an index for it would cost every licence.
"""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.store.rows import only_row

_BY_KEY: LiteralString = "state IN ('intent', 'issued') AND kid = %(kid)s"
_BY_HOST: LiteralString = "state IN ('intent', 'issued') AND scan_host = %(host)s"


def _count(where: LiteralString) -> LiteralString:
    return (
        "SELECT (SELECT count(*) FROM license_version WHERE "
        + where
        + ") + (SELECT count(*) FROM site_code WHERE "
        + where
        + ") AS documents"
    )


_COUNT_BY_KEY: LiteralString = _count(_BY_KEY)
_COUNT_BY_HOST: LiteralString = _count(_BY_HOST)
_PAGE: LiteralString = (
    """
    SELECT e.uscc, d.entity_no, d.premises_no, d.version
      FROM (SELECT entity_no, 0 AS premises_no, version FROM license_version WHERE """
    + _BY_KEY
    + """
            UNION ALL
            SELECT entity_no, premises_no, version FROM site_code WHERE """
    + _BY_KEY
    + """) d
      JOIN entity e ON e.entity_no = d.entity_no
     WHERE (d.entity_no, d.premises_no, d.version) > (%(entity_no)s, %(premises_no)s, %(version)s)
     ORDER BY d.entity_no, d.premises_no, d.version
     LIMIT %(limit)s
"""
)
Place = tuple[int, int, int]
"""Entity, premises (0: its licence) and version of a document."""


class KeyDocuments:
    """Documents by key and by host; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def count_by_key(self, kid: bytes) -> int:
        """How many in use a key signed, or is to sign."""
        count: int = only_row(self._connection, _COUNT_BY_KEY, {"kid": kid})["documents"]
        return count

    def count_by_host(self, host: str) -> int:
        """How many in use bear codes that name a host."""
        count: int = only_row(self._connection, _COUNT_BY_HOST, {"host": host})["documents"]
        return count

    def page(self, kid: bytes, after: Place, limit: int) -> list[tuple[str, Place]]:
        """Those in use that a key signed: code of the entity, and the document's place."""
        entity_no, premises_no, version = after
        row = {
            "kid": kid,
            "entity_no": entity_no,
            "premises_no": premises_no,
            "version": version,
            "limit": limit,
        }
        return [
            (found["uscc"], (found["entity_no"], found["premises_no"], found["version"]))
            for found in self._connection.execute(_PAGE, row)
        ]
