"""From nothing to this release, once, by whoever comes first."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from registry_service.store.migrate import migrate, migration_files


def test_an_empty_database_takes_every_migration_in_order(empty_database_url: str) -> None:
    numbers = [each.number for each in migration_files()]
    assert numbers == list(range(1, len(numbers) + 1)), "numbered without gap or repetition"
    assert migrate(empty_database_url) == numbers
    assert migrate(empty_database_url) == []


def test_two_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(migrate, [empty_database_url] * 4))
    numbers = [each.number for each in migration_files()]
    assert sorted(applied) == [[], [], [], numbers]


def test_findings_and_documents_from_before_keep_their_revision(empty_database_url: str) -> None:
    """Migration 2, on filings that were written by the release before."""
    with psycopg.connect(empty_database_url) as connection:
        for each in migration_files():
            if each.number == 2:
                connection.execute(_OLD_FILINGS)
            connection.execute(each.sql.encode())
        rows = connection.execute(
            "SELECT filing_no, reviewed_revision, documents_revision FROM filing ORDER BY 1"
        ).fetchall()
    assert rows == [(1, None, 1), (2, 2, 2), (3, 4, 1)]


_OLD_FILINGS = b"""
    INSERT INTO unit VALUES (1, NULL, 'city', 'x');
    INSERT INTO staff VALUES ('0101', 'x');
    INSERT INTO entity VALUES (7, 'x', 'active', 1, 1, 1, now(), now());
    INSERT INTO application (entity_no, application_no, receipt_number, applicant, agent,
                             identity_check, channel, unit_id, staff_no, created_at)
    VALUES (7, 1, 'x', 'x', '', 'x', 'x', 1, '0101', now());
    INSERT INTO filing (entity_no, filing_no, application_no, state, title, address,
                        address_normalised, standard_code, scope, use, policy_version, revision,
                        created_at, updated_at)
    SELECT 7, n, 1, state, '', 'x', 'x', '', '', '', '', revision, now(), now()
      FROM (VALUES (1, 'draft', 1), (2, 'returned', 3), (3, 'filed', 5)) AS v (n, state, revision);
    INSERT INTO document (entity_no, filing_no, revision, document_no, kind, sha256, signer)
    VALUES (7, 2, 1, 1, 'other', decode(repeat('00', 32), 'hex'), ''),
           (7, 2, 2, 1, 'other', decode(repeat('00', 32), 'hex'), '');
    INSERT INTO finding (entity_no, filing_no, revision, rule, outcome, reason, remedy)
    VALUES (7, 2, 2, 9, 'return', 'x', ''), (7, 3, 2, 9, 'return', 'x', '');
"""
