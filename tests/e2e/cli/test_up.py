"""`yizhao up` after violent ends."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.local.instance import Instance
from tests.e2e.cli.instance import Yizhao


@pytest.fixture
def yizhao(tmp_path: Path) -> Iterator[Yizhao]:
    made = Yizhao(tmp_path)
    yield made
    made.remove()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="leftovers are found in /proc")
def test_a_killed_up_is_survived_and_a_killed_service_ends_all_in_order(yizhao: Yizhao) -> None:
    instance = Instance(yizhao.folder / ".yizhao")
    yizhao.start()
    units = yizhao.ask("--as", "0999", "unit", "list")
    before = instance.running()
    assert yizhao.up is not None
    os.kill(before.up, signal.SIGKILL)
    yizhao.up.communicate(timeout=60)
    (found,) = (
        each
        for each in yizhao.ask("doctor", exits=1)["findings"]
        if each["check"] == "instance" and each["outcome"] == "fail"
    )
    assert str(before.processes["registry"]) in found["en"]
    assert found["next"] == "yizhao up"

    yizhao.start()
    after = instance.running()
    assert (after.registry, after.verify, after.page) == (
        before.registry,
        before.verify,
        before.page,
    )
    assert yizhao.ask("--as", "0999", "unit", "list") == units
    assert instance.folder.stat().st_mode & 0o077 == 0

    os.kill(after.processes["registry"], signal.SIGKILL)
    said, _ = yizhao.up.communicate(timeout=60)
    assert yizhao.up.returncode == 1
    assert "registry ended by itself" in said
    assert "停止 stopping PostgreSQL" in said
    assert not instance.running_file.exists()


def test_an_interrupted_start_leaves_nothing_behind(yizhao: Yizhao) -> None:
    said = yizhao.start(until="registry init")
    assert "PostgreSQL" in said
    code, said = yizhao.end(signal.SIGINT)
    assert code == 130, said
    assert "停止 stopping PostgreSQL" in said
    assert not Instance(yizhao.folder / ".yizhao").running_file.exists()
