"""Published documents over HTTP: whole, unchanged, cacheable for as long as they may be."""

import re
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from license_verify import Anchor, Bundle, Status, Trust
from license_verify.lists.manifest import TYP as MANIFEST_TYP
from license_verify.rpc.identity import Authority
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import HOST, INDEX, URI, World

DOCUMENTS = {
    "/manifest": MANIFEST_TYP,
    "/bundle": "application/vnd.yizhao.bundle+cbor",
    "/trust-list": "application/vnd.yizhao.trust-list+cose",
    "/s/0": "application/statuslist+cwt",
}
KEPT = ("/trust-list", "/s/0")


def seconds_kept(answer: httpx.Response) -> int:
    """The max-age that an answer gives."""
    found = re.fullmatch(r"public, max-age=(\d+), must-revalidate", answer.headers["cache-control"])
    assert found, answer.headers["cache-control"]
    return int(found[1])


def head(node: Node, path: str) -> httpx.Response:
    trusted = ssl.create_default_context(
        cadata=node.authorities.of[Authority.SERVICES].pem.decode()
    )
    address = f"https://{node.page_address}{path}"
    return httpx.head(address, headers={"Host": HOST}, verify=trusted, trust_env=False, timeout=30)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_says_what_it_is_and_is_left_out_for_who_has_it(node: Node, path: str) -> None:
    whole = node.get(path)
    assert (whole.status_code, whole.headers["content-type"]) == (200, DOCUMENTS[path])
    assert whole.headers["vary"] == "Accept"
    assert whole.headers["access-control-allow-origin"] == "*"
    etag = whole.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    for known in (etag, f'"other", W/{etag}', "*"):
        again = node.get(path, **{"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert "cache-control" in again.headers
    assert node.get(path, **{"If-None-Match": '"other"'}).content == whole.content


@pytest.mark.parametrize("path", DOCUMENTS)
def test_head_tells_the_size_and_sends_nothing(node: Node, path: str) -> None:
    whole, told = node.get(path), head(node, path)
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["content-length"] == str(len(whole.content))
    assert told.headers["etag"] == whole.headers["etag"]


def test_the_bundle_is_the_file_that_checkers_take_along(node: Node, publisher: Publisher) -> None:
    world = publisher.world
    answer = node.get("/bundle")
    bundle = Bundle.decode(answer.content)
    assert Trust.from_bundle(bundle, Anchor((world.root.public,), "test")).environment == "test"
    assert bundle.etag == answer.headers["etag"]
    parts = [node.get(path).content for path in ("/manifest", "/trust-list", "/s/0")]
    assert parts == [bundle.manifest, bundle.trust, bundle.lists[URI]]


@pytest.mark.parametrize("path", ["/manifest", "/bundle"])
def test_what_dates_the_data_is_asked_for_each_time(node: Node, path: str) -> None:
    assert node.get(path).headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(("path", "ttl"), [("/trust-list", 60), ("/s/0", 300)])
def test_lists_are_kept_for_what_is_left_of_their_time(node: Node, path: str, ttl: int) -> None:
    assert 0 < seconds_kept(node.get(path)) <= ttl - 3  # published three seconds ago


def test_a_list_is_kept_no_longer_than_it_is_good(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    ending = replace(world, list_life=timedelta(minutes=2))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "bundle.cbor").write_bytes(ending.bundle().encode())
    config = settings(tmp_path, authorities, ending, "127.0.0.1:1")
    with a_node(config, authorities) as node:
        assert seconds_kept(node.get("/s/0")) < 120


@pytest.mark.parametrize("path", KEPT)
def test_old_data_is_not_kept_at_all(
    tmp_path: Path, authorities: Authorities, world: World, log: Log, path: str
) -> None:
    old = replace(world, published_at=world.published_at - timedelta(hours=1))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "bundle.cbor").write_bytes(old.bundle().encode())
    with a_node(settings(tmp_path, authorities, old, "127.0.0.1:1"), authorities) as node:
        assert node.get(path).headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_node_without_data_says_that_it_has_none(
    tmp_path: Path, authorities: Authorities, world: World, log: Log, path: str
) -> None:
    with a_node(settings(tmp_path, authorities, world, "127.0.0.1:1"), authorities) as node:
        answer = node.get(path)
    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "no-store"
    assert "稍后再试" in answer.text


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/statuslist+cwt", 200),
        ("application/statuslist+jwt, application/statuslist+cwt;q=0.5", 200),
        ("text/html, */*;q=0.8", 200),
        ("application/*", 200),
        ("", 200),
        ("application/statuslist+jwt", 406),
        ("application/statuslist+cwt;q=0, */*", 406),
        ("text/html", 406),
    ],
)
def test_a_list_is_given_in_the_one_form_that_there_is(
    node: Node, accept: str, status: int
) -> None:
    assert node.get("/s/0", Accept=accept).status_code == status


def test_a_list_of_the_past_is_not_given_for_that_of_now(node: Node) -> None:
    answer = node.get("/s/0?time=1760000000")
    assert answer.status_code == 501
    assert "time" in answer.text


def test_what_changed_has_another_etag(node: Node, publisher: Publisher, world: World) -> None:
    before = {path: node.get(path).headers["etag"] for path in DOCUMENTS}
    publisher.world = replace(world, seq=world.seq + 1, statuses={INDEX: Status.REVOKED})
    until(lambda: node.get("/manifest").headers["etag"] != before["/manifest"])
    for path in ("/bundle", "/s/0"):
        answer = node.get(path, **{"If-None-Match": before[path]})
        assert answer.status_code == 200
        assert answer.headers["etag"] != before[path]
