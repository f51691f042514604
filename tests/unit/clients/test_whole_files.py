"""Files that a command writes: whole or not at all, and nothing else in their place."""

import errno
import os
import re
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from io import UnsupportedOperation
from pathlib import Path

import pytest

from clients.whole_files import naming, write_whole


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "bundle.cbor"
    for content in (b"old and longer", b"new"):
        write_whole(file, content)
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_others_may_not_read_stays_so_and_a_new_one_is_as_others(
    tmp_path: Path,
) -> None:
    private, new, usual = (tmp_path / name for name in ("private", "new", "usual"))
    private.touch(0o600)
    usual.write_bytes(b"")
    for file in (private, new):
        write_whole(file, b"x")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert new.stat().st_mode == usual.stat().st_mode


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives files away")
def test_a_file_of_another_account_stays_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bundle.cbor"
    file.touch(0o600)
    os.chown(file, 65_534, 65_534)
    write_whole(file, b"x")
    assert (file.stat().st_uid, file.stat().st_gid) == (65_534, 65_534)


def test_of_many_writers_at_once_one_stays_whole(tmp_path: Path) -> None:
    file, contents = tmp_path / "bundle.cbor", [bytes([n]) * 200_000 for n in range(8)]
    with ThreadPoolExecutor(len(contents)) as pool:
        list(pool.map(partial(write_whole, file), contents))
    assert file.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [file]


def test_a_failure_that_the_system_gives_no_number_keeps_its_words() -> None:
    with pytest.raises(OSError, match="not writable") as refused, naming("bundle.cbor"):
        raise UnsupportedOperation("not writable")
    assert refused.value.filename == "bundle.cbor"


def test_a_folder_is_named_as_what_it_is_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(IsADirectoryError) as refused:
        write_whole(folder, b"x")
    assert refused.value.filename == str(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_is_not_there_is_told_by_the_files_own_name(tmp_path: Path) -> None:
    file = tmp_path / "none" / "bundle.cbor"
    with pytest.raises(FileNotFoundError) as refused:
        write_whole(file, b"x")
    assert refused.value.filename == str(file)


def test_a_full_disk_is_told_by_the_files_name() -> None:
    """The system tells of none at a write or a close."""
    with pytest.raises(OSError, match="/dev/full") as refused:
        write_whole(Path("/dev/full"), b"x")
    assert (refused.value.errno, refused.value.filename) == (errno.ENOSPC, "/dev/full")


def test_a_failure_at_a_write_is_named_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = tmp_path / "bundle.cbor"
    file.write_bytes(b"before")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match=r"bundle\.cbor"):
        write_whole(file, b"x")
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_bytes() == b"before"


def test_no_command_writes_a_file_that_a_full_disk_would_leave_unnamed() -> None:
    """Each goes by `write_whole`, or opens its file inside `naming`."""
    root = Path(__file__).parents[3] / "clients"
    found = [
        f"{file.relative_to(root)}: {line.strip()}"
        for folder in ("cli", "importing", "integrators")
        for file in sorted((root / folder).rglob("*.py"))
        for line in file.read_text("utf-8").splitlines()
        if re.search(r"write_(bytes|text)\(|\.open\(.*[\"'][awx]", line) and "naming(" not in line
    ]
    assert [each for each in found if not each.startswith("cli/demo/")] == []


def test_a_pipe_or_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"content")
    reader.join()
    assert read == [b"content"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_a_link_names_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    """/dev/stdout is one, also where it leads to a file."""
    file, link = tmp_path / "kept" / "bundle.cbor", tmp_path / "stdout"
    file.parent.mkdir()
    link.symlink_to(file)
    for content in (b"there was none", b"new"):
        write_whole(link, content)
        assert link.readlink() == file
        assert file.read_bytes() == content
    assert set(tmp_path.iterdir()) == {file.parent, link}
    assert list(file.parent.iterdir()) == [file]


def test_a_link_that_leads_nowhere_is_no_bug(tmp_path: Path) -> None:
    link = tmp_path / "circle"
    link.symlink_to(link)
    with suppress(OSError):
        write_whole(link, b"x")
    assert not list(tmp_path.glob("*.new"))
