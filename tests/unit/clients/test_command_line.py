"""The command line: options anywhere, help everywhere, failures as sentences and exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clients import exits
from clients.cli.main import COMMANDS, HIDDEN, chosen, hoist, main


@pytest.mark.parametrize(
    ("given", "hoisted"),
    [
        (["entity", "get", "X", "--as", "0101"], ["--as", "0101", "entity", "get", "X"]),
        (["entity", "get", "X", "--as=0101"], ["--as=0101", "entity", "get", "X"]),
        (["verify", "-", "--json"], ["--json", "verify", "-"]),
        (["verify", "--", "--json"], ["verify", "--", "--json"]),
        (["up", "--instance", "here", "--as"], ["--instance", "here", "--as", "up"]),
        (["verify", "serve"], ["verify-service", "serve"]),
        (["verify", "statement", "a.cose"], ["verify statement", "a.cose"]),
        (["verify", "./statement"], ["verify", "./statement"]),
        ([], []),
    ],
)
def test_global_options_may_stand_anywhere(given: list[str], hoisted: list[str]) -> None:
    assert hoist(given) == hoisted


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["--as", "entity", "--json", "license", "get"], "license"),
        (["--as=entity", "license"], "license"),
        (["--help"], ""),
        ([], ""),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option(words: list[str], command: str) -> None:
    assert chosen(words) == command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_a_chinese_term_or_two(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == exits.DONE
    assert "Usage: yizhao" in capsys.readouterr().out


def test_help_of_the_whole_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == exits.DONE
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS.keys() - HIDDEN)


def test_help_of_the_whole_waits_for_no_heavy_library() -> None:
    script = (
        "import sys\nfrom clients.cli.main import main\nmain(['--help'])\n"
        "heavy = {'grpc', 'google.protobuf', 'cryptography', 'PIL'} & sys.modules.keys()\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("words", [["nosuch"], ["entity"], ["verify"], ["entity", "get"]])
def test_wrong_usage_exits_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == exits.USAGE
    assert "Traceback" not in capsys.readouterr().err


def test_without_anything_running_the_text_says_how_to_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--instance", str(tmp_path), "--as", "0101", "entity", "get", "X"]
    assert main(words) == exits.UNREACHABLE
    told = capsys.readouterr().err
    assert "yizhao up" in told
    assert "服务未启动" in told


def test_nobody_acts_without_saying_who(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--instance", str(tmp_path), "entity", "get", "X"]) == exits.USAGE
    assert "--as" in capsys.readouterr().err


def test_json_carries_the_failure_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--json", "--instance", str(tmp_path), "--as", "0101", "unit", "list"]
    assert main(words) == exits.UNREACHABLE
    assert "yizhao up" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.csv"
    assert (
        main(["--instance", str(tmp_path), "--as", "0001", "import", "entities", str(missing)]) == 1
    )
    assert str(missing) in capsys.readouterr().err.replace("\n", "")


def test_a_bug_is_a_sentence_without_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIZHAO_DEBUG", raising=False)
    monkeypatch.setitem(COMMANDS, "unit", COMMANDS["unit"]._replace(module="no_such_module"))
    assert main(["unit", "list"]) == exits.BUG
    told = capsys.readouterr().err
    assert "bug of yizhao" in told
    assert "Traceback" not in told
