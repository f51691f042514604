"""Places that came from another register and wait for their host to claim them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.store.rows import only_row

# The index `premises_unclaimed` leads to them; a place in the unit that supervises the domicile
# is at home, and nobody else's to claim.
_WAITING: LiteralString = """
      FROM premises p
      JOIN entity e ON e.entity_no = p.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
     WHERE p.filing_no IS NULL AND p.claimed_at IS NULL AND p.state IN ('live', 'suspended')
       AND p.unit_id = ANY (%(units)s)
       AND p.unit_id IS DISTINCT FROM coalesce(v.address_unit_id, e.registrar_unit_id)
"""
_PAGE: LiteralString = (
    "SELECT p.entity_no, p.premises_no, e.uscc, v.business_name"
    + _WAITING
    + """
       AND (p.entity_no, p.premises_no) > (%(entity_no)s, %(premises_no)s)
     ORDER BY p.entity_no, p.premises_no LIMIT %(limit)s
"""
)
_COUNT: LiteralString = "SELECT count(*) AS n" + _WAITING


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A place that waits."""

    entity_no: int
    premises_no: int
    uscc: str
    business_name: str


class UnclaimedPremises:
    """The list of a unit; in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def page(self, units: Sequence[int], after: tuple[int, int], limit: int) -> list[Unclaimed]:
        """Places of these units behind (entity number, site number), in that order."""
        key = {"units": units, "entity_no": after[0], "premises_no": after[1], "limit": limit}
        rows = self._connection.execute(_PAGE, key)
        return [Unclaimed(**row) for row in rows]

    def count(self, units: Sequence[int]) -> int:
        """How many wait in all."""
        return int(only_row(self._connection, _COUNT, {"units": units})["n"])
