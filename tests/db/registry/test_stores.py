"""Stores: a constraint that is hit becomes the refusal that a caller can act on."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from registry_service.domain.address import address_of
from registry_service.domain.application import Visit
from registry_service.domain.entity import COUNTER, Entity, EntityVersion
from registry_service.domain.errors import (
    CodeTaken,
    DatabaseUnavailable,
    EntityUnknown,
    EtagMismatch,
    FilingUnknown,
    HandoverUnknown,
    PremisesUnknown,
)
from registry_service.domain.premises import Site
from registry_service.store.transaction import Store, Transaction
from tests.unit.registry.cases import FACE

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
CODE, OTHER = "91370811MAJN000108", "91370829MAJN000298"
VERSION = EntityVersion(1, FACE, 11, TODAY, NOW, COUNTER)
VISIT = Visit("钱试写", "", "card_at_counter", "counter")


def an_entity(tx: Transaction, code: str = CODE) -> Entity:
    return tx.entities.add(code, VERSION, NOW)


def test_a_face_comes_back_as_it_went_in(store: Store) -> None:
    with store.transaction() as tx:
        an_entity(tx)
        assert tx.entities.find(CODE).current == VERSION


def test_a_code_is_somebodys_for_ever(store: Store) -> None:
    with store.transaction() as tx:
        an_entity(tx)
    with pytest.raises(CodeTaken), store.transaction() as tx:
        an_entity(tx)
    with store.transaction() as tx:
        assert [whole.entity.uscc for whole in tx.wholes.page(None, "", 10, TODAY, NOW)] == [CODE]


def test_a_former_code_finds_the_entity(store: Store) -> None:
    with store.transaction() as tx:
        tx.entities.add(CODE, VERSION, NOW, ("120118000032322",))
        assert tx.entities.find("120118000032322").uscc == CODE
        assert tx.entities.taken(["120118000032322", OTHER]).keys() == {"120118000032322"}


def test_who_writes_over_a_revision_that_is_gone_is_told(store: Store) -> None:
    with store.transaction() as tx:
        read = an_entity(tx)
        assert tx.entities.save(read, NOW).revision == 1
        with pytest.raises(EtagMismatch):
            tx.entities.save(read, NOW)


def test_what_is_not_there_is_named(store: Store) -> None:
    with store.transaction() as tx:
        number = an_entity(tx).number
        with pytest.raises(EntityUnknown):
            tx.entities.find(OTHER)
        with pytest.raises(FilingUnknown):
            tx.filings.find(number, 1)
        with pytest.raises(PremisesUnknown):
            tx.premises.find(number, 1)
        with pytest.raises(HandoverUnknown):
            tx.handovers.find(number, 1)


def test_a_filing_written_twice_from_one_revision_is_refused_once(store: Store) -> None:
    with store.transaction() as tx:
        entity = an_entity(tx)
        taken = tx.applications.add(entity.number, VISIT, 11, "0101", NOW, TODAY)
        site = Site("", address_of("曲阜市鲁城街道样例街8号"))
        draft = tx.filings.add(taken, site, (), NOW, home_unit=11)
        tx.filings.save(draft, NOW)
        with pytest.raises(EtagMismatch):
            tx.filings.save(draft, NOW)


def test_receipt_numbers_differ_and_find_their_entity(store: Store) -> None:
    with store.transaction() as tx:
        one, other = an_entity(tx), an_entity(tx, OTHER)
        receipts = [
            tx.applications.add(entity.number, VISIT, 11, "0101", NOW, TODAY)
            for entity in (one, other, one)
        ]
        assert len({each.receipt_number for each in receipts}) == 3
        assert [each.number for each in receipts] == [1, 1, 2]
        assert tx.applications.find(one.number, receipts[2].receipt_number) == receipts[2]


def test_people_keep_their_roles_until_one_is_ended(store: Store) -> None:
    with store.transaction() as tx:
        before = tx.staff.find("0101")
        assert before is not None
        assert tx.staff.put(replace(before, person_name="任冬至", assignments=())) == replace(
            before, person_name="任冬至"
        )
        (role,) = before.assignments
        tx.staff.end("0101", role, TODAY, NOW)
        ended = replace(role, until_date=TODAY, ended_at=NOW)
        assert tx.staff.put(replace(before, assignments=(role,))).assignments == (ended, role)
        assert tx.staff.find("0999") is None
        assert not tx.staff.standing("spiffe://jining.yizhao.test/staff/0101", "0101").barred


def test_a_statement_ends_before_its_callers_patience(store: Store) -> None:
    with pytest.raises(DatabaseUnavailable), store.transaction(0.1) as tx:
        tx.connection.execute("SELECT pg_sleep(5)")


def test_a_caller_without_time_left_is_not_given_half_a_minute(store: Store) -> None:
    with store.transaction(0.0) as tx:
        row = tx.connection.execute("SHOW statement_timeout").fetchone()
    assert row == {"statement_timeout": "50ms"}


def test_an_act_waits_for_the_disk_also_after_a_read_on_its_connection(database_url: str) -> None:
    """ADR 0008: what a read leaves may be lost with the host, what an act leaves may not."""

    def asked(tx: Transaction) -> str:
        row = tx.connection.execute("SHOW synchronous_commit").fetchone()
        return str(row and row["synchronous_commit"])

    with Store(database_url, 1) as store:
        with store.transaction() as tx:
            before = asked(tx)
        with store.reading(lambda tx, limit: tx.staff.standing_to_read("x", "", limit)) as (tx, _):
            assert asked(tx) == "off"
        with store.transaction() as tx:
            assert asked(tx) == before


def test_a_read_gives_its_caller_two_seconds_at_least(store: Store) -> None:
    def limit(tx: Transaction, milliseconds: int) -> int:
        tx.staff.standing_to_read("x", "", milliseconds)
        return milliseconds

    for seconds, wanted in ((0.0, 2_000), (10.0, 8_000), (None, 30_000)):
        with store.reading(limit, seconds) as (tx, given):
            row = tx.connection.execute("SELECT current_setting('statement_timeout')").fetchone()
            told = str(row and row["current_setting"])
        assert (given, told) == (wanted, f"{wanted // 1000}s")


def test_a_transaction_begins_on_another_connection_if_the_server_dropped_one(
    database_url: str,
) -> None:
    with Store(database_url, 2) as store:
        for _ in range(2):
            with store.transaction() as tx:
                tx.staff.find("0101")
            with psycopg.connect(database_url) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'yizhao-registry'"
                    "   AND datname = current_database()"
                )


def test_a_broken_act_leaves_nothing(store: Store) -> None:
    with suppress(ZeroDivisionError), store.transaction() as tx:
        an_entity(tx)
        raise ZeroDivisionError
    with store.transaction() as tx:
        assert tx.wholes.page(None, "", 10, TODAY, NOW) == []


def test_a_database_that_is_not_there_is_named_without_its_address(tmp_path: Path) -> None:
    store = Store(f"postgresql:///x?host={tmp_path}", 2, wait_seconds=0.2)
    with pytest.raises(DatabaseUnavailable) as refusal:
        store.open()
    assert str(tmp_path) not in f"{refusal.value}{refusal.value.metadata}"


def test_an_event_once_written_has_its_hash(store: Store, database_url: str) -> None:
    """The row says what the digest was made of."""
    from registry_service.domain.event import Event

    with store.transaction() as tx:
        entity = an_entity(tx)
        event = Event(
            entity_no=entity.number,
            revision=1,
            kind="entity.registered",
            subject="",
            state_after="active",
            actor="0101",
            actor_name="任秋实",
            actor_unit=11,
            workload="x",
            basis="",
            effective_date=TODAY,
            recorded_at=NOW,
        )
        tx.events.add(event)
    with store.transaction() as tx:
        assert tx.events.page(entity.number) == [event]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT row_hash FROM event").fetchone() == (event.digest(),)
