"""A register of any size, written straight into its tables: COPY for what only Python can compute
(codes, hashes, tokens), set-based SQL for the rest.

What it writes keeps every invariant, so `fsck` finds nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final, LiteralString

import psycopg

from clients.sample.codes import uscc
from registry_service.domain.address import address_of
from registry_service.domain.capital import Capital
from registry_service.domain.entity import COUNTER, Entity, EntityState, EntityVersion, Face
from registry_service.domain.event import Event
from registry_service.domain.key import KeyUse
from registry_service.domain.license import LicenseState
from registry_service.domain.search import search_row
from registry_service.issuing.intent import Intent, license_claims, token_of
from registry_service.issuing.signer import KeyRing
from tests.load.lifelike import Business, business, unit_of
from tests.rpc.registry.world import HOST

_AT: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
DAY: Final = date(2026, 1, 5)
_FIRST_CODE: Final = 1_000_000
_PREMISES_EVERY: Final = 50
"""One entity in so many has three filed places (domain.md §9)."""

_STAGE: LiteralString = """
    CREATE TEMPORARY TABLE stage (n bigint PRIMARY KEY, uscc text NOT NULL, unit integer NOT NULL,
                                  town text NOT NULL, name text NOT NULL, person text NOT NULL,
                                  address text NOT NULL, address_key text NOT NULL) ON COMMIT DROP
"""
_FACTS: tuple[LiteralString, ...] = (
    """
    INSERT INTO entity (entity_no, uscc, state, registrar_unit_id, version, revision, created_at,
                        updated_at)
    SELECT n, uscc, 'active', unit, 1,
           %(revision)s + CASE WHEN n %% %(every)s = 0 THEN 3 ELSE 0 END, %(at)s, %(at)s
      FROM stage
    """,
    "INSERT INTO code_directory (code, entity_no) SELECT uscc, n FROM stage",
    """
    INSERT INTO entity_code (entity_no, code, kind, from_date)
    SELECT n, uscc, 'uscc', %(day)s FROM stage
    """,
    """
    INSERT INTO entity_version (
        entity_no, version, business_name, type_code, person, address, address_normalised,
        county_unit_id, address_unit_id, standard_code, capital, capital_fen, capital_currency,
        establish_date, scope, organization_form, registrar_unit_id, effective_date, recorded_at,
        source, source_id)
    SELECT n, 1, name, 1130, person, address, address_key,
           unit, unit, '', '100万元人民币', 100000000, 'CNY', %(day)s,
           '一般项目：日用百货销售；普通货物仓储服务', '', unit, %(day)s, %(at)s, %(source)s, ''
      FROM stage
    """,
    """
    INSERT INTO application (entity_no, application_no, receipt_number, applicant, agent,
                             identity_check, channel, unit_id, staff_no, created_at, state)
    SELECT n, 1, 'YZ11-20260105-' || lpad((n + 100000000)::text, 9, '0'), person, '',
           'card_at_counter', 'counter', unit, '0101', %(at)s, 'closed'
      FROM stage WHERE n %% %(every)s = 0
    """,
    """
    INSERT INTO receipt_directory (receipt_number, entity_no)
    SELECT receipt_number, entity_no FROM application JOIN stage ON n = entity_no
    """,
    """
    INSERT INTO filing (
        entity_no, filing_no, application_no, state, title, address, address_normalised,
        county_unit_id, address_unit_id, standard_code, scope, use, policy_version, premises_no,
        handover_no, revision, reviewed_revision, documents_revision, home_unit_id, created_at,
        updated_at)
    SELECT n, site, 1, 'filed', '', town || '试验路' || n || '-' || site || '号',
           town || '试验路' || n || '-' || site || '号', unit, unit, '', '', '', 'bulk', site,
           NULL, 2, 1, 1, unit, %(at)s, %(at)s
      FROM stage, generate_series(1, 3) AS site WHERE n %% %(every)s = 0
    """,
    """
    INSERT INTO premises (entity_no, premises_no, state, version, unit_id, filing_no, filing_date,
                          revision)
    SELECT n, site, 'live', 1, unit, site, %(day)s, 1
      FROM stage, generate_series(1, 3) AS site WHERE n %% %(every)s = 0
    """,
    """
    INSERT INTO premises_version (
        entity_no, premises_no, version, title, address, address_normalised, county_unit_id,
        address_unit_id, standard_code, scope, use, effective_date, recorded_at, source, source_id)
    SELECT n, site, 1, '', town || '试验路' || n || '-' || site || '号',
           town || '试验路' || n || '-' || site || '号', unit, unit, '', '', '', %(day)s, %(at)s,
           'counter', ''
      FROM stage, generate_series(1, 3) AS site WHERE n %% %(every)s = 0
    """,
    "SELECT setval('entity_no_seq', (SELECT max(n) FROM stage))",
    "UPDATE feed SET last_no = (SELECT max(feed_no) FROM event)",
)
"""Places are in the entity's own county, so that no hand-over follows."""


def code_of(number: int) -> str:
    """The code of the entity of that number."""
    return uscc("91", "370811", _FIRST_CODE + number)


def fill(
    url: str, first: int, last: int, ring: KeyRing | None = None, source: str = "counter"
) -> None:
    """Write the entities numbered from `first` to `last`; with a ring, each with its licence.

    The database is as `initialise` leaves it, or as this left it after `first - 1`; its user may
    switch off the checks of foreign keys.
    """
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_STAGE)
        _copy(cursor, _STAGED, _stage(first, last))
        licensed = ring is not None
        given = cursor.execute("SELECT last_no FROM feed").fetchone()
        events = _events(first, last, given[0] if given else 0, licensed=licensed)
        _copy(cursor, _EVENTS, map(_event_row, events))
        values = {
            "at": _AT,
            "day": DAY,
            "every": _PREMISES_EVERY,
            "revision": 3 if ring else 1,
            "source": source,
        }
        for statement in _FACTS:
            cursor.execute(statement, values)
        _put_searched(cursor, first, last)
        if ring is not None:
            _copy(cursor, _ENTRIES, ((n, 0, n - 1, 0) for n in range(first, last + 1)))
            _copy(cursor, _LICENCES, _licences(first, last, ring))
            cursor.execute("SELECT setval('status_entry_seq', %s)", (last - 1,))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


_STAGED: LiteralString = """
    COPY stage (n, uscc, unit, town, name, person, address, address_key) FROM STDIN
"""
_SEARCHED: LiteralString = """
    COPY entity_search (entity_no, version, sort_key, name_key, person_key, address_key,
                        former_name_keys, terms) FROM STDIN
"""
_INDEX: LiteralString = """
    SELECT indexdef FROM pg_indexes WHERE indexname = 'entity_search_terms'
"""
_EVENTS: LiteralString = """
    COPY event (entity_no, revision, feed_no, kind, subject, state_after, actor, actor_name,
                actor_unit_id, workload, basis, effective_date, recorded_at, row_hash) FROM STDIN
"""
_ENTRIES: LiteralString = "COPY status_entry (entity_no, list_no, idx, own) FROM STDIN"
_LICENCES: LiteralString = """
    COPY license_version (entity_no, version, entity_version, state, kid, to_be_signed, list_no,
                          idx, scan_host, token, token_id, created_at, issued_at) FROM STDIN
"""


def _copy(cursor: psycopg.Cursor, statement: LiteralString, rows: Iterable[Any]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _stage(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    for n in range(first, last + 1):
        made = business(n)
        yield (
            n, code_of(n), made.unit, made.town, made.name, made.person, made.address,
            made.address_key,
        )  # fmt: skip


def _put_searched(cursor: psycopg.Cursor, first: int, last: int) -> None:
    """Write what finds the entities; the index is faster made anew than row by row."""
    index = cursor.execute(_INDEX).fetchone()
    assert index is not None
    cursor.execute("DROP INDEX entity_search_terms")
    _copy(cursor, _SEARCHED, _searched(first, last))
    cursor.execute(index[0].encode())


def _searched(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    for n in range(first, last + 1):
        made = business(n)
        row = search_row(
            code_of(n), EntityState.ACTIVE, made.unit, made.name, made.person, made.address_key
        )
        yield (n, 1, *row)


def _events(first: int, last: int, feed_no: int, *, licensed: bool) -> Iterator[Event]:
    """What the rows tell of, with the feed numbers that follow `feed_no`."""
    for n in range(first, last + 1):
        registered = _registered(n)
        told = [("entity.registered", "")]
        if n % _PREMISES_EVERY == 0:
            told += [("filing.filed", f"filings/{site}") for site in (1, 2, 3)]
        if licensed:
            told += [("license.requested", "licenses/1"), ("license.issued", "licenses/1")]
        for revision, (kind, subject) in enumerate(told, 1):
            feed_no += 1
            yield replace(
                registered, revision=revision, kind=kind, subject=subject, feed_no=feed_no
            )


def _registered(number: int) -> Event:
    unit = unit_of(number)
    return Event(
        number, 1, "entity.registered", "", "active", "0101", "任秋实", unit,
        "spiffe://jining.yizhao.test/staff/0101", "", DAY, _AT,
    )  # fmt: skip


def _event_row(event: Event) -> tuple[Any, ...]:
    return (
        event.entity_no, event.revision, event.feed_no, event.kind, event.subject,
        event.state_after, event.actor, event.actor_name, event.actor_unit, event.workload,
        event.basis, event.effective_date, event.recorded_at, event.digest(),
    )  # fmt: skip


def _licences(first: int, last: int, ring: KeyRing) -> Iterator[tuple[Any, ...]]:
    kid, sign = ring.sign(KeyUse.TOKEN)
    for n in range(first, last + 1):
        intent = Intent.of(license_claims(_entity(n), HOST, (0, n - 1), _AT), kid)
        token = token_of(intent.to_be_signed, sign)
        yield (
            n, 1, 1, LicenseState.ISSUED, kid, intent.to_be_signed, 0, n - 1, HOST, token,
            intent.token_id, _AT, _AT,
        )  # fmt: skip


def _entity(number: int) -> Entity:
    """The entity as its rows say."""
    made: Business = business(number)
    face = Face(
        business_name=made.name,
        type_code=1130,
        person=made.person,
        address=address_of(made.address),
        capital=Capital.parse("100万元人民币"),
        establish_date=DAY,
        scope="一般项目：日用百货销售；普通货物仓储服务",
    )
    version = EntityVersion(1, face, made.unit, DAY, _AT, COUNTER)
    return Entity(number, code_of(number), EntityState.ACTIVE, made.unit, 3, version, _AT, _AT)
