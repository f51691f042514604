"""Which documents in use were signed by a key, or name a host: licences, copies, site codes and
premises statements.

The tables are read through: it is asked when a key is distrusted or a host given up, once in years
if at all, and an index for it would cost every licence.
"""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.key_document import Place
from registry_service.store.rows import only_row

# A statement is not scanned, and names no host but that of its list, which stays published.
_DOCUMENTS: LiteralString = """
    SELECT entity_no, 0 AS premises_no, 0 AS rank, version, state, kid, scan_host
      FROM license_version
    UNION ALL
    SELECT entity_no, 0, 1, copy_no, state, kid, scan_host FROM copy_token
    UNION ALL
    SELECT entity_no, premises_no, 2, version, state, kid, scan_host FROM site_code
    UNION ALL
    SELECT entity_no, 0, 3, version, state, kid, '' FROM premises_statement
"""
_IN_USE: LiteralString = "FROM (" + _DOCUMENTS + ") d WHERE state IN ('intent', 'issued')"
_COUNT: LiteralString = "SELECT count(*) AS documents " + _IN_USE
_COUNT_BY_KEY: LiteralString = _COUNT + " AND kid = %(kid)s"
_COUNT_BY_HOST: LiteralString = _COUNT + " AND scan_host = %(host)s"
_PAGE: LiteralString = (
    """
    SELECT e.uscc, o.entity_no, o.premises_no, o.rank, o.version
      FROM (SELECT entity_no, premises_no, rank, version """
    + _IN_USE
    + """ AND kid = %(kid)s) o
      JOIN entity e ON e.entity_no = o.entity_no
     WHERE (o.entity_no, o.premises_no, o.rank, o.version)
           > (%(entity_no)s, %(premises_no)s, %(rank)s, %(version)s)
     ORDER BY o.entity_no, o.premises_no, o.rank, o.version
     LIMIT %(limit)s
"""
)


class KeyDocuments:
    """Licences, site codes, printed copies and premises statements by key and by host.

    Every call runs in the caller's transaction.
    """

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
        row = {
            "kid": kid,
            "entity_no": after.entity_no,
            "premises_no": after.premises_no,
            "rank": after.rank,
            "version": after.version,
            "limit": limit,
        }
        return [
            (
                found["uscc"],
                Place(found["entity_no"], found["premises_no"], found["rank"], found["version"]),
            )
            for found in self._connection.execute(_PAGE, row)
        ]
