"""Several worker processes on one port, as operators run them."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.e2e.page.node import Node, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.page.test_process import environment, started
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import World


def children(parent: int) -> set[int]:
    """Ids of a process's living children."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {int(each) for each in listed}


@contextmanager
def two_workers(
    folder: Path, authorities: Authorities, world: World, publisher: Publisher
) -> Iterator[tuple[subprocess.Popen[str], Node]]:
    with a_registry(publisher, authorities) as registry:
        told = environment(folder, authorities, world, registry.address)
        with started(told | {"YIZHAO_VERIFY_PROCESSES": "2"}) as process:
            assert process.stderr is not None
            line: dict[str, object] = {}
            while line.get("processes") != 2:
                line = json.loads(process.stderr.readline())
            node = Node(str(line["address"]), str(line["page"]), authorities)
            until(lambda: node.has("live"))
            yield process, node


def answers(node: Node, world: World) -> bool:
    try:
        return 'class="verdict ok"' in node.scan(world.scan()).text
    except httpx.HTTPError:  # the connection of a worker that was killed
        return False


def test_a_killed_worker_is_replaced_and_all_end_together(
    tmp_path: Path, authorities: Authorities, world: World, publisher: Publisher
) -> None:
    with two_workers(tmp_path, authorities, world, publisher) as (process, node):
        first = children(process.pid)
        assert len(first) == 2
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(children(process.pid) - {min(first)}) == 2)
        until(lambda: all(answers(node, world) for _ in range(8)))
        living = children(process.pid)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert not any(Path(f"/proc/{one}").exists() for one in living)


def test_workers_end_when_their_supervisor_is_killed(
    tmp_path: Path, authorities: Authorities, world: World, publisher: Publisher
) -> None:
    with two_workers(tmp_path, authorities, world, publisher) as (process, _):
        living = children(process.pid)
        process.kill()
        until(lambda: not any(Path(f"/proc/{one}").exists() for one in living))
