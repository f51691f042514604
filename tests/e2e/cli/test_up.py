"""`yizhao up` after a violent end."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.cli.instance import Yizhao


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="leftovers are found in /proc")
def test_a_killed_up_is_survived_by_the_next_start_with_the_same_ports(tmp_path: Path) -> None:
    yizhao = Yizhao(tmp_path)
    yizhao.start()
    first = yizhao.ask("--as", "0999", "unit", "list")
    assert yizhao.up is not None
    before = (tmp_path / ".yizhao" / "ports.json").read_text()
    os.kill(yizhao.up.pid, signal.SIGKILL)
    yizhao.up.communicate(timeout=60)
    yizhao.start()
    try:
        assert yizhao.ask("--as", "0999", "unit", "list") == first
        assert (tmp_path / ".yizhao" / "ports.json").read_text() == before
    finally:
        code, _ = yizhao.end(signal.SIGINT)
    assert code == 0
    assert (tmp_path / ".yizhao").stat().st_mode & 0o077 == 0
