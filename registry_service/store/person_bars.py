"""Table `person_bar`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.normalise import normalise_person
from registry_service.domain.person_bar import PersonBar
from registry_service.store.rows import only_row

_IN_FORCE: LiteralString = """
    SELECT bar_no, person, basis, from_date, until_date FROM person_bar
     WHERE person_key = ANY (%(keys)s) AND %(day)s BETWEEN from_date AND until_date
     ORDER BY bar_no
"""
_INSERT: LiteralString = """
    INSERT INTO person_bar (person, person_key, basis, from_date, until_date, staff_no, created_at)
    VALUES (%(person)s, %(person_key)s, %(basis)s, %(from_date)s, %(until_date)s, %(staff_no)s,
            %(now)s)
    RETURNING bar_no, person, basis, from_date, until_date
"""


def _bar(row: DictRow) -> PersonBar:
    return PersonBar(
        row["bar_no"], row["person"], row["basis"], row["from_date"], row["until_date"]
    )


class PersonBars:
    """Persons who may not apply; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def in_force(self, persons: Iterable[str], day: date) -> tuple[PersonBar, ...]:
        """Bars of any of these persons on that day, however their names are spelt."""
        keys = sorted({normalise_person(person) for person in persons if person})
        rows = self._connection.execute(_IN_FORCE, {"keys": keys, "day": day})
        return tuple(_bar(row) for row in rows)

    def add(
        self,
        person: str,
        basis: str,
        from_date: date,
        until_date: date,
        staff_no: str,
        now: datetime,
    ) -> PersonBar:
        """Bar a person."""
        row = {
            "person": person,
            "person_key": normalise_person(person),
            "basis": basis,
            "from_date": from_date,
            "until_date": until_date,
            "staff_no": staff_no,
            "now": now,
        }
        stored = only_row(self._connection, _INSERT, row)
        return _bar(stored)
