"""`yizhao doctor` reads a running node's health."""

from datetime import timedelta
from pathlib import Path

from clients.doctor.finding import Outcome
from clients.doctor.node_health import serving
from clients.doctor.subject import read_subject
from license_verify.rpc.server import RpcServer
from tests.e2e.page.node import Node, a_node, settings, until
from tests.e2e.page.test_process import environment
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import World

NOWHERE = "127.0.0.1:1"


def found(folder: Path, authorities: Authorities, world: World, node: Node) -> list[Outcome]:
    """What doctor says with this node's settings, whose files are in `folder`."""
    told = environment(folder, authorities, world, NOWHERE)
    told["YIZHAO_VERIFY_LISTEN"] = node.rpc_address
    return [each.outcome for each in serving(read_subject(folder / "none", told))]


def test_a_fresh_a_stale_and_an_empty_node_are_told_apart(
    tmp_path: Path, authorities: Authorities, world: World, registry: RpcServer
) -> None:
    config = settings(tmp_path, authorities, world, registry.address)
    with a_node(config, authorities) as node:
        until(lambda: node.has("live"))
        until(lambda: found(tmp_path, authorities, world, node) == [Outcome.OK])
    world.published_at -= timedelta(minutes=6)
    world.seq += 1
    stale, empty = tmp_path / "stale", tmp_path / "empty"
    for folder in (stale, empty):
        folder.mkdir()
    config = settings(stale, authorities, world, registry.address)
    with a_node(config, authorities) as node:
        until(lambda: found(stale, authorities, world, node) == [Outcome.WARN])
    config = settings(empty, authorities, world, NOWHERE)
    with a_node(config, authorities) as node:
        assert found(empty, authorities, world, node) == [Outcome.FAIL]
    assert found(empty, authorities, world, node) == [Outcome.NOT_APPLICABLE]
