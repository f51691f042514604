"""Publication: one order, no way back, lists that equal the register."""

import threading
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest

from license_verify import Bundle, Outcome, Status
from license_verify.lists.status_list import TYP, StatusList
from license_verify.token import cose
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.license import entry
from registry_service.issuing.signer import KeyRing
from registry_service.operations.end_entity import revoke_entity
from registry_service.operations.establish_keys import publish_trust
from registry_service.operations.publish import LIST_RENEWAL, Edition, Press
from registry_service.operations.publisher import Publisher
from registry_service.store.publishing import publishing
from tests.db.issuing.world import CODE, HOST, World, a_face, scan_of

LIST = f"https://{HOST}/s/0"


class Crash(Exception):
    """Something went wrong in the middle."""


def entries(edition: Edition, uri: str = LIST) -> StatusList:
    document = cose.decode(edition.bundle.lists[uri], max_bytes=1 << 20, typ=TYP)
    return StatusList.decode(document.payload)


def test_the_first_edition_of_an_empty_register_is_whole(world: World) -> None:
    edition = world.publish()
    trust = world.trust(edition)
    assert (edition.seq, edition.watermark) == (1, 0)
    assert trust.environment == "test"
    assert trust.lists[LIST].status(0) is Status.INVALID


def test_revocation_reaches_licence_and_site_code_with_the_next_pass(world: World) -> None:
    world.register()
    site = world.issue_site(world.file_site())
    document = world.issue()
    publisher = world.publisher()
    assert world.verdict(document, world.publish(publisher)).outcome is Outcome.VALID
    world.revoke()
    edition = world.publish(publisher)
    assert [world.verdict(d, edition).status for d in (document, site)] == ["REVOKED", "REVOKED"]
    world.reinstate()
    edition = world.publish(publisher)
    outcomes = [world.verdict(d, edition).outcome for d in (document, site)]
    assert outcomes == [Outcome.VALID, Outcome.VALID]


def test_published_lists_equal_the_pure_function_bit_for_bit(world: World) -> None:
    world.register()
    world.issue()
    world.change(person="测试戊")
    world.finisher.finish_all()
    world.issue_site(world.file_site())
    world.revoke()
    packed = bytearray(b"\x11" * (1 << 19))
    for index, own in world.rows("SELECT idx, own FROM status_entry"):
        shift = 4 * (index & 1)
        status = entry(EntityState.REVOKED, Status(own))
        packed[index >> 1] = packed[index >> 1] & (0xF0 >> shift) | status << shift
    assert entries(world.publish()).entries == bytes(packed)


def test_events_get_numbers_without_gaps_in_the_order_of_each_entity(world: World) -> None:
    world.register()
    world.issue()
    world.clock.forward(hours=-1)  # a clock that went back
    world.change(person="测试戊")
    edition = world.publish()
    rows = world.rows("SELECT feed_no, revision FROM event ORDER BY feed_no")
    assert [feed_no for feed_no, _ in rows] == list(range(1, len(rows) + 1))
    assert all(earlier < later for (_, earlier), (_, later) in pairwise(rows))
    assert edition.watermark == len(rows)


def test_an_event_not_committed_yet_is_numbered_by_the_next_pass(world: World) -> None:
    world.register()
    with world.act() as act:
        revoke_entity(act, CODE, a_face().business_name, "济市监处罚〔2026〕1号")
        assert world.publish().watermark == 1
    assert world.publish().watermark == 2


def test_a_pass_with_nothing_new_keeps_the_edition(world: World) -> None:
    publisher = world.publisher()
    first = world.publish(publisher)
    assert world.publish(publisher) is first


def test_an_old_manifest_is_signed_anew(world: World) -> None:
    publisher = world.publisher(renew_after=timedelta(seconds=5))
    first = world.publish(publisher)
    world.clock.forward(seconds=6)
    second = world.publish(publisher)
    assert (second.seq, second.issued_at - first.issued_at) == (2, timedelta(seconds=6))
    assert second.bundle.lists == first.bundle.lists


def test_a_list_is_signed_anew_long_before_it_expires(world: World) -> None:
    publisher = world.publisher()
    first = entries(world.publish(publisher))
    world.clock.forward(days=LIST_RENEWAL.days, seconds=1)
    second = entries(world.publish(publisher))
    assert first.issued_at < second.issued_at
    assert second.issued_at + timedelta(days=7) < first.expires_at


def test_a_clock_that_went_back_does_not_take_the_manifest_with_it(world: World) -> None:
    world.register()
    publisher = world.publisher()
    first = world.publish(publisher)
    world.clock.forward(hours=-2)
    world.issue()
    second = world.publish(publisher)
    assert second.seq == first.seq + 1
    assert second.issued_at == first.issued_at


def test_a_second_publisher_takes_over_what_the_first_published(world: World) -> None:
    world.register()
    one, other = world.publisher(), world.publisher()
    world.publish(one)
    world.publish(other)
    document = world.issue()
    assert world.publish(one).content == world.publish(other).content
    world.revoke()
    edition = world.publish(one)
    world.reinstate()
    latest = world.publish(other)
    assert latest.seq == edition.seq + 1
    assert world.verdict(document, edition).status == "REVOKED"
    assert world.verdict(document, latest).outcome is Outcome.VALID


def test_two_publishers_at_once_never_go_back(world: World) -> None:
    world.register()
    world.issue()
    editions: list[list[Edition]] = [[], []]

    def publish(mine: list[Edition]) -> None:
        publisher = world.publisher(renew_after=timedelta(0))
        with publishing(world.store) as database:
            mine.extend(publisher.publish(database) for _ in range(10))

    threads = [threading.Thread(target=publish, args=(mine,)) for mine in editions]
    for thread in threads:
        thread.start()
    for number in range(5):
        world.change(person=f"测试{number}")
        world.finisher.finish_all()
    for thread in threads:
        thread.join()
    for mine in editions:
        for earlier, later in pairwise(mine):
            assert earlier.seq < later.seq
            assert earlier.watermark <= later.watermark
    seen = [edition.seq for mine in editions for edition in mine]
    assert len(seen) == len(set(seen)) == 20


def test_a_publisher_that_starts_repairs_a_list_that_differs(world: World) -> None:
    world.register()
    document = world.issue()
    world.publish()
    world.rows("UPDATE status_entry SET own = 15")  # behind the publisher's back
    assert world.verdict(document, world.publish(world.publisher())).status == "LOST_VOID"


def test_a_publisher_that_starts_replaces_a_damaged_list(world: World) -> None:
    world.register()
    document = world.issue()
    world.publish()
    world.rows("UPDATE published_list SET content = 'damaged'")
    assert world.verdict(document, world.publish(world.publisher())).outcome is Outcome.VALID


def test_without_keys_nothing_is_published_but_events_are_numbered(world: World) -> None:
    world.register()
    with pytest.raises(SignerUnavailable):
        world.publish(world.publisher(KeyRing((), {})))
    assert world.rows("SELECT feed_no FROM event") == [(1,)]
    assert world.rows("SELECT seq FROM manifest") == []


def test_after_a_failure_the_next_pass_leaves_nothing_out(world: World) -> None:
    world.register()
    document = world.issue()
    press = Press(world.ring, timedelta(seconds=5))
    with publishing(world.store) as database:
        with database.only_publisher() as tx:
            press.committed(press.run(tx, world.clock()))
        world.revoke()
        with suppress(Crash), database.only_publisher() as tx:
            press.run(tx, world.clock())
            raise Crash
        press.forget()
        with database.only_publisher() as tx:
            edition = press.run(tx, world.clock())
    assert world.verdict(document, edition).status == "REVOKED"


def test_a_new_host_keeps_the_old_codes_good(world: World) -> None:
    world.register()
    old = world.issue()
    publisher = world.publisher()
    world.publish(publisher)
    with world.store.transaction() as tx:
        publish_trust(tx, world.ring, "new.jining.example", "test", world.clock())
    world.change(person="测试戊")
    world.finisher.finish_all()
    new = world.document(2)
    edition = world.publish(publisher)
    assert scan_of(new).startswith("https://new.jining.example/")
    assert world.verdict(new, edition).outcome is Outcome.VALID
    assert world.verdict(old, edition).status == "SUPERSEDED"


def test_the_trust_list_is_issued_once_while_nothing_changes(world: World) -> None:
    with world.store.transaction() as tx:
        again = publish_trust(tx, world.ring, HOST, "test", world.clock())
        assert again.version == 1
        production = publish_trust(tx, world.ring, HOST, "production", world.clock())
        assert production.version == 2


def test_an_act_is_published_by_the_thread_without_being_asked(world: World) -> None:
    world.register()
    document = world.issue()
    publisher = world.publisher()
    publisher.start()
    try:
        before = publisher.edition()
        world.revoke()
        edition = publisher.wait_for(lambda e: e.watermark > before.watermark, 10)
    finally:
        publisher.stop()
    assert edition is not None
    assert world.verdict(document, edition).status == "REVOKED"


def test_an_edition_is_the_file_that_its_etag_says(world: World) -> None:
    edition = world.publish()
    assert Bundle.decode(edition.content) == edition.bundle
    assert Bundle.decode(edition.content).etag == edition.bundle.etag


def test_a_publisher_that_made_nothing_says_so(world: World) -> None:
    publisher: Publisher = world.publisher()
    with pytest.raises(SignerUnavailable):
        publisher.edition()


def test_the_thread_outlives_the_loss_of_its_connections(world: World) -> None:
    world.register()
    document = world.issue()
    publisher = world.publisher()
    publisher.start()
    try:
        before = publisher.edition()
        world.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        world.revoke()
        edition = publisher.wait_for(lambda e: e.watermark > before.watermark, 20)
    finally:
        publisher.stop()
    assert edition is not None
    assert world.verdict(document, edition).status == "REVOKED"
