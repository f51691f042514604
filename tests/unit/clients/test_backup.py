"""Where a backup of the database may go."""

import os
import stat
from pathlib import Path

import pytest

from clients.exits import Failure
from clients.local.backup import dump


def test_a_backup_takes_the_place_of_no_device_pipe_or_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path, Path("/dev/null")):
        with pytest.raises(Failure, match="is no file") as refused:
            dump("postgresql://127.0.0.1:1/none", place)
        assert "不是文件" in refused.value.zh
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]
