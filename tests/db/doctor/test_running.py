"""How the checks are run: all of them, bounded, without changing or betraying anything."""

import json
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clients.doctor
from clients import exits
from clients.cli.main import COMMANDS, hoist, main
from clients.doctor.checks import CHECKS, Check
from clients.doctor.examine import examine
from clients.doctor.finding import Finding, Outcome, ok
from clients.doctor.holidays import holidays
from clients.doctor.subject import Subject, read_subject
from clients.local.instance import Instance, Running
from clients.local.lock import hold
from clients.local.ports import Ports
from clients.local.services import MARK
from tests.db.doctor.installation import Installation
from tests.unit.clients.test_documented_commands import options_of

COMING = {"recover"}
"""Commands that doctor names and that come with the recovery of a restored register."""
_NEXT = re.compile(r'"((?:yizhao [a-z][^"]*))"')


def nothing(folder: Path) -> Subject:
    """A subject without any setting."""
    return read_subject(folder, {})


def test_what_is_well_is_told_as_well_and_exits_with_zero(installed: Installation) -> None:
    with installed.serving():
        installed.fetch()
        del installed.environ["YIZHAO_VERIFY_LISTEN"]  # no verifier runs here; its port is open
        said = installed.doctor()
    bad = [each for each in said.findings if each["outcome"] == "fail"]
    assert (said.code, bad) == (exits.DONE, [])
    for check in ("database", "schema", "keys", "certificates", "clock", "publishing", "verifier"):
        assert said.outcomes(check) == {"ok"}, check


def test_a_check_that_breaks_does_not_hide_the_others(tmp_path: Path) -> None:
    def broken(subject: Subject) -> Iterator[Finding]:
        yield ok("first", "好", "good")
        raise RuntimeError("with a secret in its text")

    found = examine(nothing(tmp_path), [Check("broken", "坏", broken), *CHECKS])
    (told,) = (f for f in found if f.check == "broken" and f.outcome is Outcome.FAIL)
    assert "bug of yizhao" in told.en
    assert "secret" not in str(found)
    assert {check.name for check in CHECKS} <= {finding.check for finding in found} | {"settings"}


def test_a_check_that_hangs_is_told_and_not_waited_for(tmp_path: Path) -> None:
    never = threading.Event()

    def hangs(subject: Subject) -> Iterator[Finding]:
        never.wait()
        yield ok("late", "迟", "late")

    found = examine(nothing(tmp_path), [Check("hangs", "停", hangs)], seconds=0.05)
    assert ["no answer in time" in each.en for each in found] == [True]
    never.set()


_WITHOUT = """
import sys
sys.modules |= dict.fromkeys({missing})
from clients.cli.main import main
sys.exit(main(["--json", "--instance", {folder!r}, "doctor"]))
"""


def test_a_node_without_the_registrys_libraries_is_looked_at_all_the_same(
    installed: Installation,
) -> None:
    missing = ["psycopg", "psycopg_pool", "chinese_calendar", "qrcode", "zxingcpp", "cv2"]
    environ = {k: v for k, v in installed.environ.items() if k.startswith("YIZHAO_VERIFY_")}
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(missing=missing, folder=str(installed.folder))],
        env=environ | {"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    findings = json.loads(done.stdout)["findings"]
    told = {(each["check"], each["outcome"]) for each in findings}
    assert {("certificates", "ok"), ("settings", "ok"), ("verifier", "warn")} <= told
    assert ("holidays", "not_applicable") in told
    assert "bug" not in done.stdout


def test_the_worst_comes_first(installed: Installation) -> None:
    order = ["fail", "warn", "ok", "not_applicable"]
    told = [order.index(each["outcome"]) for each in installed.doctor().findings]
    assert told == sorted(told)
    assert len(set(told)) > 2


def test_a_server_that_takes_connections_and_says_nothing_costs_seconds(
    installed: Installation,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        installed.set("registry", database_url=f"postgresql://127.0.0.1:{port}/yizhao")
        begun = time.monotonic()
        assert "nothing answers" in installed.doctor().wrong("database")["en"]
    assert time.monotonic() - begun < 60, "bounded, however busy this machine is"


def test_without_settings_and_instance_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIZHAO_REGISTRY_DATABASE_URL", raising=False)
    assert main(["--instance", str(tmp_path / "none"), "doctor"]) == exits.REFUSED
    shown = capsys.readouterr().out
    assert "yizhao up" in shown
    assert "故障 1 failed" in shown


def test_a_database_alone_is_looked_at(installed: Installation) -> None:
    installed.environ = {"YIZHAO_REGISTRY_DATABASE_URL": installed.database}
    said = installed.doctor()
    assert said.code == exits.DONE
    assert said.outcomes("settings") == {"not_applicable"}
    assert said.outcomes("schema") == {"ok"}


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.rglob("*")}


def test_nothing_is_changed(installed: Installation) -> None:
    installed.saw(3)
    instance = installed.folder / "none"
    instance.mkdir()
    (instance / "lock").touch()
    before = _tree(installed.folder)
    installed.doctor()
    assert _tree(installed.folder) == before


def test_no_secret_is_told(installed: Installation) -> None:
    installed.set("registry", keys_passphrase="pass-phrase")
    url = installed.environ["YIZHAO_REGISTRY_DATABASE_URL"]
    installed.set("registry", database_url=url.replace("yizhao@", "yizhao:pass-word@"))
    said = installed.doctor("--all")
    assert "pass-" not in said.text
    assert "PRIVATE KEY" not in said.text


def test_holidays_that_nobody_announced_yet(installed: Installation) -> None:
    subject = read_subject(installed.folder, installed.environ)

    def at(year: int, month: int) -> Finding:
        moment = datetime(year, month, 20, tzinfo=UTC)
        clocked = Subject(
            services=subject.services,
            instance=subject.instance,
            running=None,
            killed=False,
            database=None,
            refused=None,
            environ={},
            now=lambda: moment,
        )
        (found,) = holidays(clocked)
        return found

    assert at(2025, 3).outcome is Outcome.OK
    late = at(2099, 3)
    assert (late.outcome, "2099" in late.en) == (Outcome.FAIL, True)
    assert "chinesecalendar" in late.next


def an_instance(folder: Path, up: int) -> Path:
    """What `yizhao up` leaves when it is killed."""
    folder.mkdir()
    (folder / "lock").touch()
    Ports.of(folder / "ports.json", None)
    running = Running(up, "2026-01-05T01:00:00+00:00", "", "", "", "", "", {})
    Instance(folder).write_running(running)
    return folder


def a_dead_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def of_instance(folder: Path) -> Finding:
    return next(each for each in examine(nothing(folder)) if each.check == "instance")


def test_an_instance_that_was_killed(tmp_path: Path) -> None:
    found = of_instance(an_instance(tmp_path / "here", a_dead_process()))
    assert (found.outcome, "stale" in found.en) == (Outcome.WARN, True)
    assert found.next == "yizhao up"


def test_processes_that_a_killed_instance_left(tmp_path: Path) -> None:
    folder = an_instance(tmp_path / "here", a_dead_process())
    script = "import sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env={MARK: str(folder.resolve())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as left:
        assert left.stdout is not None
        left.stdout.readline()
        found = of_instance(folder)
        left.communicate(b"")
    assert (found.outcome, str(left.pid) in found.en) == (Outcome.FAIL, True)
    assert found.next == "yizhao up"


def test_a_folder_that_somebody_holds_without_serving(tmp_path: Path) -> None:
    folder = an_instance(tmp_path / "here", a_dead_process())
    with hold(folder):
        found = of_instance(folder)
    assert (found.outcome, "starts, stops or hangs" in found.en) == (Outcome.WARN, True)


def test_the_commands_that_it_names_exist() -> None:
    folder = Path(clients.doctor.__file__).parent
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))
    lines = {line for found in _NEXT.findall(text) for line in found.split(" && ")}
    assert len(lines) > 8
    for line in lines:
        words = hoist(shlex.split(line, comments=True)[1:])
        if words[0] in COMING - COMMANDS.keys():
            continue
        asked = {word for word in words if word.startswith("--")}
        assert asked <= options_of(words), line
