"""A node keeps answering from its last good data, whatever happens to registry and disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from license_verify import Bundle, HighestSeen, Status
from license_verify.server.files import FolderInUse
from license_verify.server.page.serving import PageUnavailable
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import FACE, HOST, INDEX, Signer, World

AWAY = "127.0.0.1:1"


@contextmanager
def a_node_alone(folder: Path, authorities: Authorities, world: World) -> Iterator[Node]:
    """A node whose registry is away from the start."""
    with a_node(settings(folder, authorities, world, AWAY), authorities) as node:
        yield node


def keep(folder: Path, world: World, seen: HighestSeen | None = None) -> Path:
    """Put a bundle in the cache, as an earlier run left it."""
    cache = folder / "cache"
    cache.mkdir()
    (cache / "bundle.cbor").write_bytes(world.bundle().encode())
    if seen is not None:
        (cache / "highest-seen.json").write_text(seen.to_json())
    return cache


def test_a_node_without_any_data_answers_that_nothing_is_established(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    with a_node_alone(tmp_path, authorities, world) as node:
        page = node.scan(world.scan())
        assert page.status_code == 200
        assert "无法确认" in page.text
        assert str(FACE.name) not in page.text
        until(lambda: bool(log.lines("bundle.registry_away")))


def test_a_new_node_answers_nobody_before_its_first_data_has_come(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    publisher = Publisher(world, bundle_seconds=0.5)
    with (
        a_registry(publisher, authorities) as registry,
        a_node(settings(tmp_path, authorities, world, registry.address), authorities) as node,
    ):
        assert 'class="verdict ok"' in node.scan(world.scan()).text


def test_a_restart_without_registry_answers_from_disk_and_tells_the_age(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    publisher = Publisher(world)
    with a_registry(publisher, authorities) as registry:
        config = settings(tmp_path, authorities, world, registry.address)
        with a_node(config, authorities) as first:
            until(lambda: first.has("live"))
    with a_node_alone(tmp_path, authorities, world) as node:
        assert node.has("cached")
        page = node.scan(world.scan())
    assert 'class="verdict ok"' in page.text
    assert "缓存数据" in page.text
    assert "未能核对" in page.text  # the premises need the registry
    assert str(FACE.name) in page.text


def test_the_registrys_end_is_noticed_and_its_return_too(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    publisher = Publisher(world)
    with a_registry(publisher, authorities) as registry:
        address = registry.address
        config = settings(tmp_path, authorities, world, address)
        started = a_node(config, authorities)
        node = started.__enter__()
        until(lambda: node.has("live"))
    try:
        until(lambda: node.has("cached"))
        assert 'class="verdict ok"' in node.scan(world.scan()).text
        publisher.world = replace(world, seq=world.seq + 1, statuses={INDEX: Status.REVOKED})
        with a_registry(publisher, authorities, address):
            until(lambda: "已吊销" in node.scan(world.scan()).text)
            assert node.has("live")
            told = [line["code"] for line in log.lines("bundle.registry_away")]
            assert len(told) == len(set(told)) > 0
            # Told a moment after the new data is there for everybody.
            until(lambda: len(log.lines("bundle.registry_back")) == 1)
    finally:
        started.__exit__(None, None, None)


def test_stale_data_establishes_nothing_but_keeps_the_face(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    old = replace(world, published_at=world.published_at - timedelta(days=2))
    keep(tmp_path, old)
    with a_node_alone(tmp_path, authorities, old) as node:
        page = node.scan(old.scan())
    assert "无法确认" in page.text
    assert "超过本用途允许的时限" in page.text
    assert "请稍后重新扫描" in page.text  # whoever looks at the page can't update the data
    assert 'class="verdict unsure"' in page.text
    assert str(FACE.name) in page.text


def test_stale_data_that_says_revoked_still_says_so(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    old = replace(
        world,
        published_at=world.published_at - timedelta(days=2),
        statuses={INDEX: Status.REVOKED},
    )
    keep(tmp_path, old)
    with a_node_alone(tmp_path, authorities, old) as node:
        assert "已吊销" in node.scan(old.scan()).text


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign root", "other file"])
def test_a_damaged_cache_is_refused_by_name_and_the_node_still_answers(
    tmp_path: Path, authorities: Authorities, world: World, log: Log, damage: str
) -> None:
    kept = keep(tmp_path, world) / "bundle.cbor"
    good = kept.read_bytes()
    kept.write_bytes(
        {
            "cut": good[:-7],
            "flipped": good[:400] + bytes([good[400] ^ 1]) + good[401:],
            "empty": b"",
            "foreign root": replace(world, root=Signer()).bundle().encode(),
            "other file": b"PNG",
        }[damage]
    )
    with a_node_alone(tmp_path, authorities, world) as node:
        assert node.has("none")
        assert "无法确认" in node.scan(world.scan()).text
    (refused,) = log.lines("bundle.cache_refused")
    assert refused["reason"].isupper()


def test_a_cache_older_than_what_was_seen_is_a_rollback(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    seen = HighestSeen(world.seq + 5, world.published_at, world.trust_version)
    keep(tmp_path, world, seen)
    with a_node_alone(tmp_path, authorities, world) as node:
        page = node.scan(world.scan())
    assert "回退" in page.text
    assert log.lines("bundle.cache_refused")[0]["reason"] == "ROLLBACK"


def test_a_damaged_record_of_what_was_seen_is_not_taken_for_a_first_start(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    (keep(tmp_path, world) / "highest-seen.json").write_bytes(b"{\xff")
    with a_node_alone(tmp_path, authorities, world) as node:
        assert node.has("none")
    assert log.lines("bundle.cache_refused")[0]["reason"] == "LIST_MALFORMED"


def test_a_registry_that_rolls_back_or_sends_rubbish_changes_nothing(
    node: Node, publisher: Publisher, world: World, log: Log
) -> None:
    publisher.world = replace(world, seq=world.seq - 1, statuses={INDEX: Status.REVOKED})
    until(lambda: any(e["reason"] == "ROLLBACK" for e in log.lines("bundle.refused")))
    publisher.world, publisher.spoil = replace(world, seq=world.seq + 1), b"rubbish"
    until(lambda: any(e["reason"] != "ROLLBACK" for e in log.lines("bundle.refused")))
    assert 'class="verdict ok"' in node.scan(world.scan()).text


def test_what_was_taken_is_on_disk_with_the_newest_seen(
    node: Node, tmp_path: Path, world: World
) -> None:
    cache = tmp_path / "cache"
    until(lambda: (cache / "highest-seen.json").exists())
    kept = Bundle.decode((cache / "bundle.cbor").read_bytes())
    assert kept.read_manifest()[1].seq == world.seq
    assert HighestSeen.from_json((cache / "highest-seen.json").read_text()).seq == world.seq
    assert not list(cache.glob("*.new"))


def test_two_nodes_never_share_a_cache(
    node: Node, tmp_path: Path, authorities: Authorities, world: World
) -> None:
    with (
        pytest.raises(FolderInUse, match="cache folder"),
        a_node_alone(tmp_path, authorities, world),
    ):
        pass


def test_a_page_address_that_is_taken_is_refused_before_anything_serves(
    node: Node, tmp_path: Path, authorities: Authorities, world: World
) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    config = settings(folder, authorities, world, AWAY).model_copy(
        update={"https_listen": node.page_address}
    )
    with pytest.raises(PageUnavailable, match="cannot listen"), a_node(config, authorities):
        pass


def test_the_published_lists_are_passed_on_as_they_are(node: Node, publisher: Publisher) -> None:
    bundle = publisher.world.bundle()
    listed = node.get("/s/0")
    assert listed.headers["content-type"] == "application/statuslist+cwt"
    assert node.get("/trust-list").status_code == 200
    assert len(listed.content) == len(bundle.lists[f"https://{HOST}/s/0"])
    again = node.get("/s/0", **{"If-None-Match": listed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert node.get("/s/1").status_code == 404
    assert node.get("/s/0", host="other.example.cn").status_code == 404


def test_a_page_does_not_wait_for_a_slow_register(
    node: Node, publisher: Publisher, world: World
) -> None:
    publisher.slow_seconds = 60.0
    page = node.scan(world.scan())  # which would break off long before
    publisher.never.set()  # lets the server's thread go
    assert "未能核对" in page.text
    assert 'class="verdict ok"' in page.text
