"""Rechecks every stored fact, token and list against the invariants of design.md §2.

Reads one snapshot and changes nothing, so it can run beside a serving registry.
"""

from collections.abc import Iterator

import psycopg
from psycopg.rows import DictRow, dict_row

from license_verify.token import cose
from registry_service.fsck.events import check_events
from registry_service.fsck.facts import check_facts
from registry_service.fsck.fault import Fault
from registry_service.fsck.key_events import check_key_events
from registry_service.fsck.lists import check_lists
from registry_service.fsck.progress import Tell, silent
from registry_service.fsck.search import check_search
from registry_service.fsck.staff_events import check_staff_events
from registry_service.fsck.statements import check_statements
from registry_service.fsck.tokens import check_tokens

__all__ = ["Fault", "check"]


def check(
    database_url: str, roots: tuple[cose.PublicKey, ...] = (), tell: Tell = silent
) -> list[Fault]:
    """Every row that breaks an invariant, by invariant, table and key; empty if all is well.

    Args:
        database_url: of the register.
        roots: the root keys that checkers pin; without them, those of the key table.
        tell: is told how far it is.

    Raises:
        psycopg.OperationalError: the database does not answer.
    """
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = list(_all(connection, roots, tell))
    return sorted(found, key=lambda fault: (fault.invariant, fault.table, fault.key))


def _all(
    connection: psycopg.Connection[DictRow], roots: tuple[cose.PublicKey, ...], tell: Tell
) -> Iterator[Fault]:
    yield from check_facts(connection, tell)
    yield from check_events(connection, tell)
    yield from check_staff_events(connection)
    yield from check_key_events(connection)
    yield from check_tokens(connection, tell)
    yield from check_statements(connection, tell)
    yield from check_search(connection)
    yield from check_lists(connection, roots)
