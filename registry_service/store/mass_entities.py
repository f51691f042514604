"""Table `mass_entity`: the codes of a mass run on a list, and what became of each."""

from collections.abc import Sequence
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.mass_run import ListedEntity, MassRemark, MassRun
from registry_service.store.rows import only_row

_ADD: LiteralString = """
    INSERT INTO mass_entity (run_no, ordinal, code)
    SELECT %(run_no)s, ordinal, code
      FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS c (code, ordinal)
"""
_ADD_WITH_SITES: LiteralString = """
    INSERT INTO mass_entity (run_no, ordinal, code)
    SELECT %(run_no)s, row_number() OVER (ORDER BY e.entity_no), e.uscc
      FROM entity e
     WHERE e.state NOT IN ('revoked', 'deregistered', 'annulled')
       AND (%(unit)s::integer IS NULL OR e.registrar_unit_id = %(unit)s)
       AND EXISTS (SELECT FROM site_code s
                    WHERE s.entity_no = e.entity_no AND s.state IN ('intent', 'issued')
                      AND (%(kid)s::bytea IS NULL OR s.kid = %(kid)s)
                      AND (%(host)s = '' OR s.scan_host = %(host)s))
"""
_END: LiteralString = """
    SELECT max(ordinal) AS last
      FROM (SELECT ordinal FROM mass_entity
             WHERE run_no = %(run_no)s AND state = 'waiting' AND ordinal > %(after)s
             ORDER BY ordinal LIMIT %(limit)s) s
"""
_NEXT: LiteralString = """
    SELECT run_no, ordinal, code FROM mass_entity
     WHERE run_no = %(run_no)s AND state = 'waiting' AND ordinal > %(after)s AND ordinal <= %(to)s
     ORDER BY ordinal LIMIT 1
"""
_DONE: LiteralString = """
    UPDATE mass_entity SET state = 'done' WHERE run_no = %(run_no)s AND ordinal = %(ordinal)s
"""
_REFUSE: LiteralString = """
    UPDATE mass_entity SET state = 'refused', reason = %(reason)s, text = %(text)s
     WHERE run_no = %(run_no)s AND ordinal = %(ordinal)s
"""
_REMARKS: LiteralString = """
    SELECT m.ordinal, m.code, m.reason, m.text, e.entity_no, e.registrar_unit_id, v.business_name
      FROM mass_entity m
      LEFT JOIN code_directory d ON d.code = m.code
      LEFT JOIN entity e ON e.entity_no = d.entity_no
      LEFT JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
     WHERE m.run_no = %(run_no)s AND m.state = 'refused' AND m.ordinal > %(after)s
     ORDER BY m.ordinal LIMIT %(limit)s
"""


class MassEntities:
    """Every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, run_no: int, codes: Sequence[str]) -> None:
        """Keep the codes of a run, each once."""
        self._connection.execute(_ADD, {"run_no": run_no, "codes": list(codes)})

    def add_with_sites(self, run: MassRun) -> int:
        """Keep the codes of entities that have site codes such as the run is of; how many."""
        chosen = run.selection
        key = {"run_no": run.number, "unit": chosen.unit, "kid": chosen.kid, "host": chosen.host}
        return self._connection.execute(_ADD_WITH_SITES, key).rowcount

    def end_of_chunk(self, run_no: int, after: int, size: int) -> int | None:
        """The ordinal of the last of the next so many that wait; None where none does."""
        key = {"run_no": run_no, "after": after, "limit": size}
        last: int | None = only_row(self._connection, _END, key)["last"]
        return last

    def next(self, run_no: int, after: int, to: int) -> ListedEntity | None:
        """The first that waits in a range of ordinals."""
        key = {"run_no": run_no, "after": after, "to": to}
        row = self._connection.execute(_NEXT, key).fetchone()
        return ListedEntity(**row) if row else None

    def done(self, listed: ListedEntity) -> None:
        """Note that the act was done to it."""
        self._connection.execute(_DONE, {"run_no": listed.run_no, "ordinal": listed.ordinal})

    def refuse(self, listed: ListedEntity, reason: str, text: str) -> None:
        """Note why not."""
        key = {"run_no": listed.run_no, "ordinal": listed.ordinal, "reason": reason, "text": text}
        self._connection.execute(_REFUSE, key)

    def remarks(self, run_no: int, after: int, limit: int) -> list[MassRemark]:
        """What was refused behind the ordinal `after`, in the order of the list."""
        key = {"run_no": run_no, "after": after, "limit": limit}
        return [
            MassRemark(
                place=row["ordinal"],
                entity_no=row["entity_no"],
                code=row["code"],
                business_name=row["business_name"] or "",
                unit=row["registrar_unit_id"],
                reason=row["reason"],
                text=row["text"],
            )
            for row in self._connection.execute(_REMARKS, key)
        ]
