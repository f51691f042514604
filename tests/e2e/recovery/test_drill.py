"""The drill: an old backup comes back under a running verifying node (docs/recovery.md)."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.sdk.errors import ServiceError
from tests.e2e.recovery.drill import Drill, Numbers, a_drill
from tests.e2e.recovery.town import Town
from tests.rpc.registry import people
from tests.rpc.registry.feed import everything, subscribed
from tests.rpc.registry.world import invalid, refused
from tests.rpc.verify.logs import configured_log
from yizhao.registry.v1 import recovery_pb2

QUFU_STREET = "曲阜市鲁城街道样例街"
# What was signed less than a minute ago may only not be published yet, a checker thinks.
NOT_GOOD = {"INVALID", "INDETERMINATE"}


@pytest.fixture
def drill(database_url: str, tmp_path: Path) -> Iterator[Drill]:
    with configured_log() as log, a_drill(database_url, tmp_path, log) as started:
        yield started
        assert "ROLLBACK" not in log.getvalue(), "the node saw older data than before"


@pytest.fixture
def town(drill: Drill) -> Town:
    return Town(drill.registry)


def given_since(drill: Drill, before: Numbers) -> Numbers:
    """What was numbered since `before`, by kind."""
    return {kind: numbers - before[kind] for kind, numbers in drill.numbers().items()}


def twice(one: Numbers, other: Numbers) -> dict[str, set[tuple[object, ...]]]:
    """Numbers that both gave; a trust list that was published and taken over again is one."""
    found = {kind: one[kind] & other[kind] for kind in one}
    versions = [{version for version, _ in each["trust list"]} for each in (one, other)]
    found["trust list"] = {(version,) for version in versions[0] & versions[1]} - {
        (version,) for version, _ in found["trust list"]
    }
    return {kind: both for kind, both in found.items() if both}


def test_an_old_backup_comes_back_and_nobody_is_misled(drill: Drill, town: Town) -> None:
    """One disaster, from the backup to the last act entered again."""
    revoked, changed, quiet, back = (town.firm() for _ in range(4))
    scans = {firm.name: town.licensed(firm) for firm in (revoked, changed, quiet, back)}
    shop = town.shop(quiet, f"{QUFU_STREET}1号")
    door = town.door(shop)
    town.shop(quiet, f"{QUFU_STREET}3号")  # stays, so that striking the other asks for no licence
    town.revoke(back)
    drill.settle()
    old_bundle = drill.keep_bundle("old-bundle")
    town.change(quiet, "钱试改")
    quiet_scan = town.live_license(quiet)
    drill.settle()
    backup, at_backup = drill.backup(), drill.numbers()
    cursor_before = max(number for (number,) in at_backup["feed number"])

    # What the backup will not know.
    town.revoke(revoked)
    town.strike(quiet, shop)
    town.change(changed, "钱试新")
    town.reinstate(back)
    unknown = town.firm()
    unknown_scan = town.licensed(unknown)
    lost_door = town.door(town.shop(changed, f"{QUFU_STREET}2号"))
    published = drill.settle()
    lost = given_since(drill, at_backup)
    assert all(numbers or kind in ("dormancy", "trust list") for kind, numbers in lost.items())
    cursor_lost = max(number for (number,) in lost["feed number"])
    assert drill.status(scans[revoked.name]) == "REVOKED"
    assert drill.status(lost_door) == drill.status(unknown_scan) == "VALID"

    drill.disaster(backup)
    said = drill.refusal()
    assert f"number {published} was published" in said
    assert "yizhao recover" in said
    assert "恢复完成前不提供服务" in said

    # Nothing but the newest bundle of this register will do.
    damaged = drill.folder / "damaged"
    damaged.write_bytes((drill.cache / "bundle.cbor").read_bytes()[:-1])
    for bundle, words in ((old_bundle, "is older than the database"), (damaged, "can't be")):
        refused = drill.recover(f"--bundle={bundle}")
        assert (refused.returncode, words in refused.stderr) == (2, True), refused.stderr
    assert drill.refusal()

    done = drill.recover(f"--bundle={drill.cache}", f"--bundle={old_bundle}")
    assert done.returncode == 0, done.stderr
    assert "已恢复" in done.stdout
    assert drill.faults() == []
    again = drill.recover(f"--bundle={drill.cache}")
    assert "未作更改" in again.stdout
    drill.process.start()
    drill.settle()

    # No document reads better than it was published.
    assert drill.status(scans[revoked.name]) == "REVOKED"
    assert drill.status(door) == "ANNULLED"
    assert drill.status(scans[changed.name]) == "SUPERSEDED"
    assert drill.status(quiet_scan) == "VALID"
    assert {drill.outcome(unknown_scan), drill.outcome(lost_door)} <= NOT_GOOD
    assert drill.status(scans[back.name]) == "REVOKED", "until the reinstatement is entered again"

    # Who read what is lost is told so; who did not goes on.
    with (
        pytest.raises(ServiceError) as told,
        subscribed(drill.registry, people.VERIFY, cursor_lost) as subscriber,
    ):
        subscriber.wait_for(cursor_lost + 1)
    assert told.value.reason == "CURSOR_TOO_OLD"

    # The same work again gives other numbers.
    after_recovery = drill.numbers()
    town.revoke(revoked)
    town.strike(quiet, shop)
    town.change(changed, "钱试新")
    town.reinstate(back)
    same_code = town.firm(uscc=unknown.uscc)
    new_scan = town.licensed(same_code)
    new_door = town.door(town.shop(changed, f"{QUFU_STREET}2号"))
    drill.settle()
    new = given_since(drill, after_recovery)
    assert twice(lost, new) == {}
    assert all(numbers or kind in ("dormancy", "trust list") for kind, numbers in new.items())
    assert drill.status(new_scan) == drill.status(new_door) == "VALID"
    assert {drill.outcome(unknown_scan), drill.outcome(lost_door)} <= NOT_GOOD
    assert drill.status(scans[back.name]) == "VALID"
    assert drill.status(scans[revoked.name]) == "REVOKED"
    assert drill.registry.rows("SELECT FROM recovery_item WHERE closed_at IS NULL") == []
    assert drill.registry.rows("SELECT FROM status_entry WHERE floor IS NOT NULL") == []

    # Each event once, whether read anew or from before the backup.
    ((last,),) = drill.registry.rows("SELECT last_no FROM feed")
    for after in (0, cursor_before):
        with subscribed(drill.registry, people.VERIFY, after) as subscriber:
            subscriber.wait_for(last)
            assert subscriber.seen == everything(drill.registry, after)
    assert drill.faults() == []


def test_what_was_published_holds_a_document_down_no_longer_than_it_must(
    drill: Drill, town: Town
) -> None:
    """Until the act is repeated, or the head of the unit says why it is not."""
    firm, mistaken = town.firm(), town.firm()
    scan, wrongly = town.licensed(firm), town.licensed(mistaken)
    drill.settle()
    backup = drill.backup()
    town.revoke(firm)
    town.revoke(mistaken)
    drill.settle()
    drill.disaster(backup)
    assert drill.recover(f"--bundle={drill.cache}").returncode == 0
    drill.process.start()
    items = {item.name.split("/")[1]: item for item in town.items()}
    assert set(items) == {firm.uscc, mistaken.uscc}
    item = items[mistaken.uscc]
    assert item.document == f"{mistaken.name}/licenses/1"
    told = (item.published_status, item.restored_status)
    assert told == (recovery_pb2.DOCUMENT_STATUS_REVOKED, recovery_pb2.DOCUMENT_STATUS_VALID)
    with refused("ROLE_MISSING"):
        town.close(people.RENCHENG, mistaken, item, "吊销决定已撤回")
    with invalid("reason"):
        town.close(people.RENCHENG_HEAD, mistaken, item, "")
    drill.settle()
    assert drill.status(wrongly) == "REVOKED"
    done = town.close(people.RENCHENG_HEAD, mistaken, item, "吊销决定已撤回")
    assert (done.closed_by, done.reason) == (people.RENCHENG_HEAD, "吊销决定已撤回")
    with refused("RECOVERY_ITEM_CLOSED"):
        town.close(people.RENCHENG_HEAD, mistaken, item, "再办一次")
    drill.settle()
    assert drill.status(wrongly) == "VALID"
    town.change(firm, "钱试改")
    drill.settle()
    assert drill.status(scan) == "REVOKED", "another act does not lift it"
    town.revoke(firm)
    town.reinstate(firm)
    drill.settle()
    assert drill.status(scan) == "SUPERSEDED"
    assert drill.status(town.live_license(firm)) == "VALID"
    assert list(town.items()) == []
    assert len(list(town.items(closed=True))) == 2
    assert drill.faults() == []


def test_after_a_second_disaster_the_first_one_is_remembered(drill: Drill, town: Town) -> None:
    """A backup from before both; all that is known of the first recovery is the bundle."""
    firm = town.firm()
    town.licensed(firm)
    drill.settle()
    backup, at_backup = drill.backup(), drill.numbers()
    given: list[Numbers] = []
    for number in range(3):
        town.shop(firm, f"{QUFU_STREET}{number}号")
        town.change(firm, f"钱试{number}")
        town.licensed(town.firm())
        drill.settle()
        given.append(given_since(drill, at_backup))
        drill.disaster(backup)
        # The host is lost too: nothing is left but the bundle of the node.
        drill.waterline.unlink()
        assert "not here" in drill.refusal()
        done = drill.recover(f"--bundle={drill.cache}")
        assert done.returncode == 0, done.stderr
        drill.process.start()
    assert [twice(one, other) for one in given for other in given if one is not other] == [{}] * 6
    assert drill.faults() == []


def test_a_recovery_killed_at_any_moment_is_done_by_the_next(drill: Drill, town: Town) -> None:
    firm = town.firm()
    town.licensed(firm)
    drill.settle()
    backup, at_backup = drill.backup(), drill.numbers()
    town.revoke(firm)
    town.shop(town.firm(), f"{QUFU_STREET}1号")
    drill.settle()
    lost = given_since(drill, at_backup)
    drill.disaster(backup)
    moments = random.Random(7)  # noqa: S311 - draws moments, not keys
    for _ in range(6):
        started = subprocess.Popen(
            drill.command(f"--bundle={drill.cache}"),
            env=drill.process.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            started.wait(moments.uniform(0.3, 1.6))
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
    done = drill.recover(f"--bundle={drill.cache}")
    assert done.returncode == 0, done.stderr
    assert drill.registry.rows("SELECT count(*) FROM recovery") == [(1,)]
    assert drill.faults() == []
    drill.process.start()
    before = drill.numbers()
    town.shop(town.firm(), f"{QUFU_STREET}1号")
    assert twice(lost, given_since(drill, before)) == {}


def test_nobody_recovers_under_a_registry_that_serves(drill: Drill, town: Town) -> None:
    town.firm()
    drill.settle()
    refused = drill.recover("--newest-there-is")
    assert refused.returncode == 2
    assert "stop every registry first" in refused.stderr
    assert drill.registry.rows("SELECT FROM recovery") == []


def test_a_new_host_of_an_unharmed_register_says_so_and_serves(drill: Drill, town: Town) -> None:
    town.firm()
    drill.settle()
    drill.process.stop()
    drill.waterline.unlink()
    assert "--nothing-lost" in drill.refusal()
    assert drill.recover("--nothing-lost").returncode == 0
    drill.process.start()
    town.firm()
    drill.settle()
    assert drill.registry.rows("SELECT FROM recovery") == []
