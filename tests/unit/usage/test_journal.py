"""The node's journal: durable before the answer, bounded, and taken over from the dead."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.server.usage.entry import (
    Entry,
    EntryDamaged,
    EntryKind,
    PageScans,
    pack,
    unpack,
)
from license_verify.server.usage.ids import day_of, receipt_id
from license_verify.server.usage.journal import Journal, JournalUnwritable
from license_verify.server.usage.journal_file import PATTERN, JournalFile
from tests.rpc.verify.logs import Log, configured_log

ROOT = Path(__file__).parents[3]
MUCH = 1 << 30
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from(EntryKind),
        st.integers(0, 2**32 - 1),
        st.binary(max_size=600),
        st.none(),
    ),
    max_size=20,
)


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


def an_entry(number: int = 0) -> Entry:
    return Entry(EntryKind.SIGNED, 11, b"receipt %d" % number)


def only_left(folder: Path) -> JournalFile:
    (path,) = folder.glob(PATTERN)
    left = JournalFile.left_behind(path)
    assert left is not None
    return left


def entries_of(file: JournalFile) -> list[Entry]:
    return [entry for piece in file.read(0, 10_000) for entry in unpack(piece.body)]


def turn(journal: Journal) -> None:
    """Let the writer finish a whole turn: it writes, then forgets, then writes again."""
    journal.append([Entry(EntryKind.SIGNED, 11, b"")])
    journal.append([Entry(EntryKind.SIGNED, 11, b"")])


@given(ENTRIES)
def test_entries_are_read_back_as_they_were_packed(entries: list[Entry]) -> None:
    assert unpack(pack(entries)) == entries


@given(ENTRIES.filter(bool), st.data())
def test_a_cut_piece_is_noticed(entries: list[Entry], data: st.DataObject) -> None:
    piece = pack(entries)
    whole = {0}
    for entry in entries:
        whole.add(max(whole) + len(entry.packed()))
    at = data.draw(st.integers(1, len(piece) - 1).filter(lambda n: n not in whole))
    with pytest.raises(EntryDamaged):
        unpack(piece[:at])


def test_a_count_of_the_page_is_read_back() -> None:
    scans = PageScans(UUID(int=7), date(2026, 11, 26), 12, 345)
    assert PageScans.of(scans.entry()) == scans
    with pytest.raises(EntryDamaged):
        PageScans.of(an_entry())


@given(st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_id_tells_the_beijing_day_of_its_moment(moment: datetime) -> None:
    id_ = receipt_id(moment)
    assert (id_.version, id_.variant) == (7, "specified in RFC 4122")
    assert day_of(id_) == date.fromordinal(
        int((moment.timestamp() + 8 * 3600) // 86_400) + date(1970, 1, 1).toordinal()
    )


@pytest.mark.parametrize("text", ["f" * 32, "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_id_of_ours_has_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="id"):
        day_of(UUID(text))


def test_what_was_appended_is_there_for_another_process(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    journal.append([an_entry(1), an_entry(2)])
    with sqlite3.connect(f"file:{journal.path}?mode=ro", uri=True) as other:
        (body,) = other.execute("SELECT body FROM piece").fetchone()
    other.close()
    assert unpack(body) == [an_entry(1), an_entry(2)]
    assert (journal.backlog.entries, journal.backlog.bytes) == (2, len(body))
    journal.close()


def test_callers_of_many_threads_share_commits_and_none_is_lost(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)

    def append(first: int) -> None:
        for number in range(first, first + 50):
            journal.append([an_entry(number)])

    threads = [threading.Thread(target=append, args=(first,)) for first in range(0, 800, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [entry for piece in journal.read(0, 10_000) for entry in unpack(piece.body)]
    assert sorted(entry.body for entry in found) == sorted(an_entry(n).body for n in range(800))
    journal.close()


def test_what_is_forgotten_is_gone_and_an_empty_file_is_removed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    journal.append([an_entry()])
    journal.append([an_entry()])
    (first, second) = journal.read(0, 10)
    journal.forget(first.seq)
    turn(journal)
    assert first.seq not in {piece.seq for piece in journal.read(0, 10)}
    journal.forget(second.seq + 2)
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_what_waits_stays_in_the_file_of_a_journal_that_is_closed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    journal.append([an_entry(5)])
    journal.close()
    with pytest.raises(JournalUnwritable):
        journal.append([an_entry()])
    left = only_left(tmp_path)
    assert entries_of(left) == [an_entry(5)]
    left.forget(1)
    left.close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_set_aside_twice_is_there_once(tmp_path: Path) -> None:
    file = JournalFile.create(tmp_path)
    for entry in (an_entry(1), an_entry(1), an_entry(2)):  # killed before it was forgotten
        file.refuse("DataError", entry.packed())
    assert file.refused() == 2
    file.close()


def test_a_journal_whose_process_lives_is_nobody_elses(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    journal.append([an_entry()])
    assert JournalFile.left_behind(journal.path) is None
    journal.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 MiB."""
    mounted = ("mount", "-t", "tmpfs", "-o", "size=80m", "none", str(tmp_path))
    if os.geteuid() != 0 or subprocess.run(mounted, check=False, capture_output=True).returncode:
        pytest.skip("a disk of our own can be mounted by root alone")
    yield tmp_path
    unmounted = ("umount", "--lazy", str(tmp_path))
    subprocess.run(unmounted, check=True)


def test_a_full_disk_leaves_room_to_forget_what_was_sent(small_disk: Path, log: Log) -> None:
    journal, large = Journal(small_disk, MUCH), Entry(EntryKind.SIGNED, 11, bytes(100_000))
    assert journal.takes
    with pytest.raises(JournalUnwritable, match="64 MiB"):
        list(map(journal.append, repeat([large])))
    assert "64 MiB" in log.lines("journal.unwritable")[0]["why"]
    assert not journal.takes
    (*_, last) = journal.read(0, 10_000)
    while pieces := journal.read(last.seq, 10_000):
        (*_, last) = pieces
    journal.forget(last.seq)
    assert journal.backlog.entries == 0
    journal.append([large])
    journal.close()


def test_what_can_be_forgotten_but_not_given_back_to_the_disk_is_forgotten(
    tmp_path: Path, log: Log
) -> None:
    """Else its bytes would count for ever, and the journal be full one day."""
    journal = Journal(tmp_path, MUCH)
    journal.append([an_entry()])
    (piece,) = journal.read(0, 10)
    journal.path.unlink()  # its disk can't be asked for room
    journal.forget(piece.seq)
    assert (journal.backlog.entries, journal.backlog.bytes) == (0, 0)
    assert len(log.lines("journal.not_shrunk")) == 1


def test_a_file_that_is_gone_is_told_in_the_log_by_its_path_and_to_callers_without(
    tmp_path: Path, log: Log
) -> None:
    journal = Journal(tmp_path, MUCH)
    journal.path.unlink()
    with pytest.raises(JournalUnwritable, match="No such file") as refused:
        journal.append([an_entry()])
    assert str(tmp_path) not in str(refused.value)
    (line,) = log.lines("journal.unwritable")
    assert str(journal.path) in line["why"]


def test_a_full_journal_takes_no_more_and_goes_on_once_it_was_emptied(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 200)
    big = Entry(EntryKind.SIGNED, 11, bytes(150))
    journal.append([big])
    with pytest.raises(JournalUnwritable, match="full"):
        journal.append([big])
    assert not journal.takes
    (piece,) = journal.read(0, 10)
    journal.forget(piece.seq)
    assert journal.takes
    turn(journal)
    journal.append([big])
    journal.close()


_WRITER = """
import resource, sys
from pathlib import Path
from license_verify.rpc.logging import configure
from license_verify.server.usage.entry import Entry, EntryKind
from license_verify.server.usage.journal import Journal, JournalUnwritable
configure("INFO")
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
journal, kept = Journal(Path(sys.argv[1]), 1 << 30), 0
try:
    while True:
        journal.append([Entry(EntryKind.SIGNED, 11, bytes(20_000))])
        kept += 1
except JournalUnwritable as refused:
    assert refused.kind.name == "UNAVAILABLE", refused
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append([Entry(EntryKind.SIGNED, 11, b"room again")])
print(kept, flush=True)
sys.stdin.read()
"""


def test_a_disk_that_refuses_is_told_and_what_was_told_durable_is_there(tmp_path: Path) -> None:
    path = os.pathsep.join((str(ROOT), str(ROOT / "proto/gen")))
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": path, "PATH": os.environ["PATH"]},
    ) as process:
        assert process.stdout is not None
        kept = int(process.stdout.readline())
        assert kept > 0
        process.send_signal(signal.SIGKILL)
    left = only_left(tmp_path)
    found = entries_of(left)
    assert len(found) == kept + 1
    assert found[-1].body == b"room again"
    left.close()
    assert len(list(tmp_path.glob(PATTERN))) == 1


def test_what_was_just_written_is_remembered_until_it_is_forgotten(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    entries = [an_entry(1), an_entry(2)]
    journal.append(entries)
    turn(journal)
    pieces = journal.read(0, 10)
    assert list(pieces[0].known) == entries == unpack(pieces[0].body)
    assert [piece.seq for piece in journal.read(pieces[0].seq, 1)] == [pieces[1].seq]
    journal.forget(pieces[0].seq)
    turn(journal)
    assert entries[0] not in [e for piece in journal.read(0, 10) for e in unpack(piece.body)]
    journal.close()


def test_what_is_too_much_to_remember_is_read_from_the_file_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path, MUCH)
    for first in range(0, 18_000, 6_000):
        journal.append([an_entry(number) for number in range(first, first + 6_000)])
    found, after = [], 0
    while pieces := journal.read(after, 1):
        found += [e for piece in pieces for e in piece.known or unpack(piece.body)]
        after = pieces[-1].seq
        journal.forget(after)
        turn(journal)
        if len(found) >= 18_000:
            break
    assert found[:18_000] == [an_entry(number) for number in range(18_000)]
    journal.close()
