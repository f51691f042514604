"""What a node finds on its disk after a crash, a fault or an attack: refused by name, never VALID;
and a disk that takes nothing any more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from license_verify import Bundle, HighestSeen
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log, configured_log
from tests.unit.verify.world import NOW, T0, URI, Signer, World
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest

AWAY = "127.0.0.1:1"
WORLD = World(environment="test")
NEXT = replace(WORLD, seq=WORLD.seq + 1, published_at=T0 + timedelta(minutes=1))
SCAN = WORLD.scan()


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities.make()


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@contextmanager
def a_node_with(
    folder: Path, authorities: Authorities, files: dict[str, bytes], registry: str = AWAY
) -> Iterator[Node]:
    """A node that finds these files in its cache."""
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    for name, content in files.items():
        (cache / name).write_bytes(content)
    config = settings(folder, authorities, WORLD, registry)
    with a_node(config, authorities, lambda: NOW) as node:
        yield node


def outcome(node: Node) -> str:
    with node.verifier() as stub:
        verdict: verdict_pb2.Verdict = stub.Verify(VerifyRequest(subject=Subject(scan=SCAN)))
    return verdict_pb2.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_")


def health(node: Node) -> dict[str, Any]:
    told: dict[str, Any] = node.get("/healthz").json()
    return told


def mixed(**parts: Any) -> bytes:
    """Parts of the next edition in this one's bundle."""
    return replace(WORLD.bundle(), **parts).encode()


GOOD, NEWER = WORLD.bundle(), NEXT.bundle()
SEEN = HighestSeen(WORLD.seq, T0, WORLD.trust_version)
UNKNOWN_SIGNER = replace(WORLD, content=WORLD.trust_list(), status=Signer())
CACHES: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({"bundle.cbor": b""}, "CBOR_REFUSED"),
    "truncated": ({"bundle.cbor": GOOD.encode()[:-1]}, "CBOR_REFUSED"),
    "only its beginning": ({"bundle.cbor": GOOD.encode()[:64]}, "CBOR_REFUSED"),
    "doubled": ({"bundle.cbor": GOOD.encode() * 2}, "CBOR_REFUSED"),
    "zeros of a crash": ({"bundle.cbor": bytes(len(GOOD.encode()))}, "CBOR_REFUSED"),
    "another file": ({"bundle.cbor": b"\x89PNG\r\n\x1a\n"}, "CBOR_REFUSED"),
    "rolled back": (
        {
            "bundle.cbor": GOOD.encode(),
            "highest-seen.json": replace(SEEN, seq=SEEN.seq + 1).to_json().encode(),
        },
        "ROLLBACK",
    ),
    "an older trust list": (
        {
            "bundle.cbor": GOOD.encode(),
            "highest-seen.json": replace(SEEN, trust_version=5).to_json().encode(),
        },
        "ROLLBACK",
    ),
    "one number, another moment": (
        {
            "bundle.cbor": GOOD.encode(),
            "highest-seen.json": replace(SEEN, issued_at=T0 - timedelta(1)).to_json().encode(),
        },
        "ROLLBACK",
    ),
    "lists of another edition": (
        {"bundle.cbor": mixed(lists={URI: NEWER.lists[URI]})},
        "DIGEST_MISMATCH",
    ),
    "a manifest of another edition": (
        {"bundle.cbor": mixed(manifest=NEWER.manifest)},
        "DIGEST_MISMATCH",
    ),
    "a trust list of another edition": (
        {"bundle.cbor": mixed(trust=NEWER.trust)},
        "DIGEST_MISMATCH",
    ),
    "without its list": ({"bundle.cbor": mixed(lists={})}, "LIST_MISSING"),
    "of another root": (
        {"bundle.cbor": replace(WORLD, root=Signer()).bundle().encode()},
        "ROOT_UNKNOWN",
    ),
    "signed by nobody we know": (
        {
            "bundle.cbor": replace(WORLD, content=WORLD.trust_list(), status=Signer())
            .bundle()
            .encode()
        },
        "LIST_NOT_SIGNED",
    ),
    "a damaged record of what was seen": (
        {"bundle.cbor": GOOD.encode(), "highest-seen.json": SEEN.to_json().encode()[:-4]},
        "LIST_MALFORMED",
    ),
    "an empty record of what was seen": (
        {"bundle.cbor": GOOD.encode(), "highest-seen.json": b""},
        "LIST_MALFORMED",
    ),
}


def test_the_cache_itself_is_good(tmp_path: Path, authorities: Authorities, log: Log) -> None:
    files = {"bundle.cbor": GOOD.encode(), "highest-seen.json": SEEN.to_json().encode()}
    with a_node_with(tmp_path, authorities, files) as node:
        assert outcome(node) == "VALID"
        assert "cache" not in health(node)["wrong"]
    assert not log.lines("bundle.cache_refused")


@pytest.mark.parametrize("cache", CACHES)
def test_a_cache_that_is_not_good_is_refused_by_name_and_never_valid(
    tmp_path: Path, authorities: Authorities, log: Log, cache: str
) -> None:
    files, reason = CACHES[cache]
    with a_node_with(tmp_path, authorities, files) as node:
        assert outcome(node) == "INDETERMINATE"
        told = health(node)
    assert told["data"] == "none"
    assert told["wrong"]["cache"] == reason
    (line,) = log.lines("bundle.cache_refused")
    assert line["reason"] == reason


def test_a_cache_of_another_environment_is_named_and_never_valid(
    tmp_path: Path, authorities: Authorities, log: Log
) -> None:
    other = replace(WORLD, environment="production").bundle()
    with a_node_with(tmp_path, authorities, {"bundle.cbor": other.encode()}) as node:
        assert outcome(node) == "INVALID"
        assert health(node)["wrong"]["environment"] == "ENVIRONMENT_MISMATCH"
    (line,) = log.lines("bundle.refused")
    assert (line["reason"], line["is_of"]) == ("ENVIRONMENT_MISMATCH", "production")


def test_a_refused_cache_is_written_over_by_the_next_good_bundle(
    tmp_path: Path, authorities: Authorities, log: Log
) -> None:
    with (
        a_registry(Publisher(WORLD), authorities) as registry,
        a_node_with(tmp_path, authorities, {"bundle.cbor": b""}, registry.address) as node,
    ):
        until(lambda: outcome(node) == "VALID")
        until(lambda: "cache" not in health(node)["wrong"])
    kept = Bundle.decode((tmp_path / "cache" / "bundle.cbor").read_bytes())
    assert kept.read_manifest()[1].seq == WORLD.seq


def full(draft: Path) -> None:
    """Every byte written there meets a full disk."""
    draft.symlink_to("/dev/full")


def blocked(draft: Path) -> None:
    """It can't be opened for writing, by root neither."""
    draft.mkdir()


@pytest.mark.parametrize(("spoil", "reason"), [(full, "ENOSPC"), (blocked, "EISDIR")])
def test_a_disk_that_takes_nothing_stops_no_verdict_and_is_told(
    tmp_path: Path,
    authorities: Authorities,
    log: Log,
    spoil: Callable[[Path], None],
    reason: str,
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    spoil(cache / "bundle.cbor.new")
    files = {"highest-seen.json": SEEN.to_json().encode()}
    with (
        a_registry(Publisher(NEXT), authorities) as registry,
        a_node_with(tmp_path, authorities, files, registry.address) as node,
    ):
        until(lambda: outcome(node) == "VALID")
        until(lambda: health(node)["wrong"].get("disk") == reason)
    assert log.lines("bundle.not_kept")[0]["reason"] == reason
    assert not (cache / "bundle.cbor").exists()
    # What was not kept is not there after a restart, and nothing says that it is.
    with a_node_with(tmp_path, authorities, {}) as node:
        assert outcome(node) == "INDETERMINATE"
        assert health(node)["data"] == "none"


def test_a_page_says_so_too(tmp_path: Path, authorities: Authorities, log: Log) -> None:
    with a_node_with(tmp_path, authorities, {"bundle.cbor": b""}) as node:
        page: httpx.Response = node.scan(SCAN)
    assert page.status_code == 200
    assert "无法确认" in page.text
