"""The cache of opened scans: the same verdicts, bounded, and of one trust list alone."""

import tracemalloc
from dataclasses import replace

from license_verify import OpenedScans, Outcome, Reason, Status, judge, open_scan, verify
from license_verify.lists.trust_list import KeyState
from license_verify.opened_scans import ENTRY_BYTES
from license_verify.token.claims import StatusRef
from tests.unit.verify.world import CLAIMS, INDEX, NOW, SITE_CLAIMS, URI, World, with_status

WORLD = World()
SCAN = WORLD.scan()


def test_a_repeated_scan_gives_the_same_verdict_and_is_opened_once() -> None:
    cache, trust = OpenedScans(), WORLD.trust()
    first, second = cache.open(SCAN, trust), cache.open(SCAN, trust)
    assert first is second
    assert judge(second, trust, NOW) == verify(SCAN, trust, NOW)


def test_the_status_is_always_fresh() -> None:
    cache, trust = OpenedScans(), WORLD.trust()
    assert judge(cache.open(SCAN, trust), trust, NOW).outcome is Outcome.VALID
    later = replace(WORLD, seq=11, statuses={INDEX: Status.REVOKED}).trust()
    assert judge(cache.open(SCAN, later), later, NOW).reason is Reason.STATUS_REVOKED


def test_a_new_trust_list_forgets_what_the_old_one_opened() -> None:
    cache, trust = OpenedScans(), WORLD.trust()
    cache.open(SCAN, trust)
    later = replace(WORLD, trust_version=5, token_state=KeyState.DISTRUSTED).trust()
    assert judge(cache.open(SCAN, later), later, NOW).reason is Reason.KEY_DISTRUSTED


def test_a_forgery_is_not_kept_and_a_scan_differing_in_one_character_is_another() -> None:
    cache, trust = OpenedScans(entries=1), WORLD.trust()
    good = cache.open(SCAN, trust)
    forged = SCAN[:-1] + ("1" if SCAN[-1] != "1" else "2")
    assert not cache.open(forged, trust).signed
    assert cache.open(SCAN, trust) is good


def test_several_are_opened_in_one_go_as_one_by_one() -> None:
    cache, trust = OpenedScans(), WORLD.trust()
    forged = SCAN[:-1] + ("1" if SCAN[-1] != "1" else "2")
    texts = [SCAN, "no code", forged, SCAN, WORLD.scan(SITE_CLAIMS)]
    opened = cache.open_all(texts, trust)
    assert opened == {text: open_scan(text, trust) for text in texts}
    assert [each.signed for each in opened.values()] == [True, False, False, True]
    again = cache.open_all(texts, trust)
    assert [again[text] is opened[text] for text in again] == [True, False, False, True]
    assert cache.open(SCAN, trust) is opened[SCAN]


def test_entries_and_bytes_are_bounded() -> None:
    assert OpenedScans(entries=10, most_bytes=ENTRY_BYTES * 3).entries == 3
    world = with_status(Status.VALID)
    scans = [world.scan(replace(CLAIMS, status=StatusRef(i, URI))) for i in range(40)]
    trust, cache = world.trust(), OpenedScans(entries=30)
    cache.open(scans[0], trust)
    tracemalloc.start()
    for scan in scans:
        cache.open(scan[:10] + scan[10:], trust)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown / 30 < ENTRY_BYTES
    assert cache.open(scans[0], trust) is not cache.open(scans[1], trust)
