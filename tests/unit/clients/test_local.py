"""One machine: ports, processes, leftovers, words to a running `up`."""

import os
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

from clients.local import control, leftovers
from clients.local.lock import Held, hold, is_held
from clients.local.ports import Ports, PortTaken
from clients.local.process import DidNotStart, Process
from clients.local.services import MARK, Service


def test_ports_are_chosen_once(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = Ports.of(file, None)
    assert len({first.registry, first.verify, first.page}) == 3
    assert Ports.of(file, None, is_free=lambda _: True) == first


def test_a_wanted_page_port_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    Ports.of(file, 8443, is_free=lambda _: True)
    assert Ports.of(file, None, is_free=lambda _: True).page == 8443


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    ports = Ports.of(file, None, is_free=lambda _: True)
    with pytest.raises(PortTaken, match=str(ports.page)):
        Ports.of(file, None, is_free=lambda port: port != ports.page)


def _service(module: str) -> Service:
    return Service("thing", module, "thing.serving", dict(os.environ))


def test_a_process_that_ends_before_it_serves_is_told_with_its_code(tmp_path: Path) -> None:
    ended: SimpleQueue[str] = SimpleQueue()
    process = Process(_service("this"), tmp_path / "logs" / "thing.log", ended)
    with pytest.raises(DidNotStart, match="ended with code 0"):
        process.wait_until_ready()
    assert ended.get(timeout=60) == f"ended thing {process.pid}"
    process.stop()


def test_the_last_words_of_a_failed_process_are_in_the_error(tmp_path: Path) -> None:
    process = Process(_service("no_such_module_here"), tmp_path / "logs" / "x.log", SimpleQueue())
    with pytest.raises(DidNotStart, match="no_such_module_here"):
        process.wait_until_ready()
    process.stop()


def test_only_processes_of_this_folder_are_leftovers(tmp_path: Path) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("without /proc leftovers can't be told from strangers")
    ours, others = tmp_path / "ours", tmp_path / "others"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", "print(flush=True); input()"],
            env=os.environ | {MARK: str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for folder in (ours, others)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        assert leftovers.marked(ours) == {children[0].pid}
        assert children[1].poll() is None
    finally:
        for child in children:
            child.kill()
            child.communicate()


def test_a_folder_is_held_by_one_only_and_free_again_after(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(Held), hold(tmp_path):
            raise AssertionError
    assert not is_held(tmp_path)


def test_words_reach_the_one_who_listens(tmp_path: Path) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    control.listen(tmp_path / "control", heard)
    control.tell(tmp_path / "control", "stop registry")
    control.tell(tmp_path / "control", "start registry")
    assert [heard.get(timeout=60) for _ in range(2)] == ["stop registry", "start registry"]


def test_words_to_nobody_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(control.NobodyListens):
        control.tell(tmp_path / "control", "stop registry")
    os.mkfifo(tmp_path / "control")
    with pytest.raises(control.NobodyListens):
        control.tell(tmp_path / "control", "stop registry")


def test_waiting_ends_with_the_time(tmp_path: Path) -> None:
    assert control.wait_until(tmp_path.exists, 5)
    assert not control.wait_until((tmp_path / "x").exists, 0.1)
