"""Which documents in use were signed by a key, or name a host in their symbol.

All four tables are read through: it is asked when a key is distrusted or a host given up, once in
years if at all, and an index for it would cost every licence.
"""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.key_document import KeyDocument, Place
from registry_service.store.rows import only_row

_IN_USE: LiteralString = " WHERE state IN ('intent', 'issued')"
_BY_KEY: LiteralString = _IN_USE + " AND kid = %(kid)s"
_BY_HOST: LiteralString = _IN_USE + " AND scan_host = %(host)s"

_COUNT_BY_KEY: LiteralString = (
    "SELECT (SELECT count(*) FROM license_version"
    + _BY_KEY
    + ") + (SELECT count(*) FROM site_code"
    + _BY_KEY
    + ") + (SELECT count(*) FROM copy_token"
    + _BY_KEY
    + ") + (SELECT count(*) FROM premises_statement"
    + _BY_KEY
    + ") AS documents"
)
# Statements are fetched, not scanned: lists are published on every host that ever was.
_COUNT_BY_HOST: LiteralString = (
    "SELECT (SELECT count(*) FROM license_version"
    + _BY_HOST
    + ") + (SELECT count(*) FROM site_code"
    + _BY_HOST
    + ") + (SELECT count(*) FROM copy_token"
    + _BY_HOST
    + ") AS documents"
)
_PAGE: LiteralString = (
    """
    SELECT e.uscc, d.document, d.entity_no, d.sort, d.premises_no, d.number
      FROM (SELECT entity_no, 0 AS sort, 0 AS premises_no, version AS number,
                   'licenses/' || version AS document
              FROM license_version"""
    + _BY_KEY
    + """
            UNION ALL
            SELECT entity_no, 1, premises_no, version,
                   'premises/' || premises_no || '/codes/' || version
              FROM site_code"""
    + _BY_KEY
    + """
            UNION ALL
            SELECT entity_no, 2, 0, copy_no, 'copies/' || copy_no FROM copy_token"""
    + _BY_KEY
    + """
            UNION ALL
            SELECT entity_no, 3, 0, version, 'premisesStatements/' || version
              FROM premises_statement"""
    + _BY_KEY
    + """) d
      JOIN entity e ON e.entity_no = d.entity_no
     WHERE (d.entity_no, d.sort, d.premises_no, d.number)
           > (%(entity_no)s, %(sort)s, %(premises_no)s, %(number)s)
     ORDER BY d.entity_no, d.sort, d.premises_no, d.number
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

    def page(self, kid: bytes, after: Place, limit: int) -> list[KeyDocument]:
        """Those in use that a key signed, by entity."""
        entity_no, sort, premises_no, number = after
        row = {
            "kid": kid,
            "entity_no": entity_no,
            "sort": sort,
            "premises_no": premises_no,
            "number": number,
            "limit": limit,
        }
        return [
            KeyDocument(
                found["uscc"],
                found["document"],
                (found["entity_no"], found["sort"], found["premises_no"], found["number"]),
            )
            for found in self._connection.execute(_PAGE, row)
        ]
