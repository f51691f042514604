"""Table `entity_search`: what finds an entity, one row each.

A search costs the same however large the register is. Every entity lies in one of 4096 slices of
equal chance, and answers come slice by slice. A search reads the first, and from what it found
there how wide a block of slices to read next: so wide that few blocks suffice, and never so wide
that many more entities fit in it than are wanted.
"""

import re
from collections.abc import Iterable
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.codes.document_id import DocumentId, InvalidDocumentId
from registry_service.domain.entity import EntityState
from registry_service.domain.search import SearchRow, search_row, slice_term
from registry_service.domain.search_query import Hit, SearchQuery
from registry_service.store.search_blocks import END, WHOLE, Block, Blocks
from registry_service.store.search_statement import SearchStatement, looks_at_each, terms_of

FRESH: LiteralString = """
    s.version = e.version AND substr(s.sort_key, 4) = e.uscc
    AND s.terms @> ARRAY['s' || e.state, 'u' || coalesce(e.registrar_unit_id, 0)]
"""
"""The row `s` was made from the entity `e` as it is. Only the facts that change are compared."""

FACES: LiteralString = """
    SELECT e.entity_no, e.uscc, e.state, e.registrar_unit_id, e.version,
           v.business_name, v.person, v.address_normalised,
           ARRAY(SELECT o.business_name FROM entity_version o
                  WHERE o.entity_no = e.entity_no AND o.version < e.version) AS former_names
      FROM entity e
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
"""
"""What rows are made from."""

_OF: LiteralString = FACES + " WHERE e.entity_no = ANY (%(numbers)s)"
# Locked as an act locks them, so that no row is made from facts that change meanwhile.
_BEHIND: LiteralString = (
    """
    SELECT e.entity_no
      FROM entity e LEFT JOIN entity_search s ON s.entity_no = e.entity_no
     WHERE e.entity_no > %(after)s AND e.entity_no <= %(until)s AND ("""
    + FRESH
    + """) IS NOT TRUE
     ORDER BY e.entity_no LIMIT %(limit)s
       FOR NO KEY UPDATE OF e
"""
)
_LAST: LiteralString = "SELECT coalesce(max(entity_no), 0) AS n FROM entity"
_PUT: LiteralString = """
    INSERT INTO entity_search (entity_no, version, sort_key, name_key, person_key, address_key,
                               former_name_keys, terms)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (entity_no) DO UPDATE
       SET version = excluded.version, sort_key = excluded.sort_key, name_key = excluded.name_key,
           person_key = excluded.person_key, address_key = excluded.address_key,
           former_name_keys = excluded.former_name_keys, terms = excluded.terms
"""
# The planner's own knowledge. Without it, as in a new register, the answer is empty.
_SHARES: LiteralString = """
    SELECT u.term, u.share
      FROM pg_stats s
     CROSS JOIN unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs)
                AS u (term, share)
     WHERE s.tablename = 'entity_search' AND s.attname = 'terms' AND s.schemaname = 'public'
       AND u.term = ANY (%(terms)s)
"""
_LICENSED: LiteralString = """
    SELECT entity_no FROM printed_copy WHERE license_number = %(number)s AND license_number <> ''
     UNION
    SELECT entity_no FROM printed_copy WHERE document_id = %(number)s AND document_id <> ''
     UNION
    SELECT entity_no FROM code_directory WHERE code = %(code)s
"""


_CODE: Final = 18
_NUMBER: Final = re.compile(r"[0-9A-Z]{18}[0-9]{3,9}", re.ASCII)


def row_of(face: DictRow) -> SearchRow:
    """The row that follows from a row of `FACES`."""
    return search_row(
        face["uscc"],
        EntityState(face["state"]),
        face["registrar_unit_id"],
        face["business_name"],
        face["person"],
        face["address_normalised"],
        face["former_names"],
    )


class EntitySearch:
    """What finds entities; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, query: SearchQuery, after: str, limit: int) -> list[Hit]:
        """Entities that fit, in their order.

        Args:
            query: what is looked for.
            after: a `sort_key`; those behind it.
            limit: at most so many.
        """
        if query.entities is not None:
            rest = Block(WHOLE, after, END)
            return self._read(SearchStatement(query, WHOLE, {}), rest, limit)
        found: list[Hit] = []
        shares: dict[str, float] = {}
        blocks = Blocks(after, limit)
        while len(found) < limit and (block := blocks.next(len(found))) is not None:
            if not shares and not looks_at_each(query, block.digits):
                shares = self._shares(query)
            statement = SearchStatement(query, block.digits, shares)
            found += self._read(statement, block, limit - len(found))
        return found

    def _read(self, statement: SearchStatement, block: Block, limit: int) -> list[Hit]:
        bounds = {"after": block.after, "before": block.before, "limit": limit}
        values = statement.values | bounds
        rows = self._connection.execute(statement.text, values)
        return [Hit(row["entity_no"], row["sort_key"]) for row in rows]

    def _shares(self, query: SearchQuery) -> dict[str, float]:
        """How frequent the query's terms are; with a slice's, so that it says whether it knows."""
        terms = [*terms_of(query), slice_term("0")]
        rows = self._connection.execute(_SHARES, {"terms": terms})
        return {row["term"]: row["share"] for row in rows}

    def of_license_number(self, number: str) -> tuple[int, ...]:
        """Entities with a licence of that number: as printed on a copy, or as this register gives
        it, which begins with the credit code; so does the serial of an 电子证照标识."""
        try:
            code = DocumentId.parse(number).serial[:_CODE]
        except InvalidDocumentId:
            code = number[:_CODE] if _NUMBER.fullmatch(number) else ""
        rows = self._connection.execute(_LICENSED, {"number": number, "code": code})
        return tuple(row["entity_no"] for row in rows)

    def make(self, numbers: Iterable[int]) -> int:
        """Make the rows of these entities from their faces, over those there are; how many."""
        faces = self._connection.execute(_OF, {"numbers": list(numbers)}).fetchall()
        with self._connection.cursor() as cursor:
            cursor.executemany(
                _PUT, [(face["entity_no"], face["version"], *row_of(face)) for face in faces]
            )
        return len(faces)

    def behind(self, after: int, until: int, limit: int) -> list[int]:
        """Entities above `after` up to `until` without a row made from them as they are; locked."""
        values = {"after": after, "until": until, "limit": limit}
        return [row["entity_no"] for row in self._connection.execute(_BEHIND, values)]

    def last(self) -> int:
        """The highest number of an entity."""
        row = self._connection.execute(_LAST).fetchone()
        return int(row["n"]) if row else 0
