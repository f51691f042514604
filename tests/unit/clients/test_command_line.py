"""The command line: options anywhere, help everywhere, failures as sentences and exit codes."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clients import exits
from clients.cli.main import COMMANDS, HIDDEN, chosen, hoist, main
from clients.cli.os_errors import told_of


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


WRONG = (
    (("receipt", "get"), "缺少 RECEIPT", "yizhao receipt get [OPTIONS]"),
    (("verify", "receipt"), "缺少 FILE", "yizhao verify receipt [OPTIONS]"),
    (("partner", "enrol", "x", "--title", "y"), "缺少 --reason", "yizhao partner enrol -h"),
    (("nosuch",), "没有命令 nosuch", "yizhao -h"),
    (("receipt", "nosuch"), "没有命令 nosuch", "yizhao receipt -h"),
    (("receipt", "lst"), "没有命令 lst，近似的有 list", "yizhao receipt -h"),
    (
        ("receipt", "list", "--frm", "x"),
        "没有选项 --frm，近似的有 --from",
        "yizhao receipt list -h",
    ),
    (("receipt", "list", "--xyz", "x"), "没有选项 --xyz", "yizhao receipt list -h"),
    (("receipt", "list", "--from"), "选项 --from 缺少取值", ""),
    (("receipt", "list", "--limit", "0"), "--limit 应不小于 1", "yizhao receipt list -h"),
    (("receipt", "list", "--limit", "x"), "--limit 应为整数", "yizhao receipt list -h"),
    (
        ("receipt", "list", "--limit", "1000000"),
        "--limit 应不大于 100000",
        "yizhao receipt list -h",
    ),
    (("receipt", "list", "more"), "多余的参数：more", "yizhao receipt list -h"),
    (("partner", "enrol", "x", "--rate", "9" * 30), "--rate 应不大于", "yizhao partner enrol -h"),
    (("partner", "changes", "--after", "9" * 30), "--after 应不大于", "yizhao partner changes -h"),
    (("feed", "watch", "--after", "9" * 30), "--after 应不大于", "yizhao feed watch -h"),
)


@pytest.mark.parametrize(("words", "chinese", "hint"), WRONG)
def test_wrong_usage_says_in_both_languages_what_is_wrong_and_the_right_form(
    words: tuple[str, ...], chinese: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == exits.USAGE
    shown = capsys.readouterr().err
    assert chinese in shown
    assert hint in shown
    assert main(["--json", *words]) == exits.USAGE
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["zh"].startswith(chinese)
    assert told["message"] in shown
    assert hint in told.get("hint", "")


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        (("usage", "show", "--by", "purpose,nonsense"), "--by 不能是“nonsense”"),
        (("usage", "show", "--by", ""), "--by 不能是“”"),
        (("usage", "totals", "--by", "purpose,unit"), "--by 不能是“purpose,unit”"),
        (("usage", "totals", "--by", "day"), "--by 不能是“day”"),
        (("usage", "checks", "91370811MAJN000108"), "请用 --why 填写查询事由"),
        (("verify", "x", "--root", "root.pem"), "须与 --bundle 一起使用"),
        (("verify", "x", "--bundle", "b", "--environment", "prod"), "--environment 不能是“prod”"),
        (("verify", "x", "--bundle", "b", "--statement", "s"), "请用 --address 填写要核对的地址"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_is_asked(
    words: tuple[str, ...], chinese: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--instance", str(tmp_path), "--as", "0101", *words]) == exits.USAGE
    assert chinese in capsys.readouterr().err


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


PUBLISHED = Path(__file__).parents[3] / "docs" / "integrators"
OFFLINE = ("--root", str(PUBLISHED / "root.pub.pem"), "--environment", "integrators")
BUNDLE, PICTURE = str(PUBLISHED / "bundle.cbor"), str(PUBLISHED / "licence.png")


@pytest.mark.parametrize("content", [b"", b"\x82", b"no bundle", Path(PICTURE).read_bytes()])
def test_a_bundle_that_is_none_is_named_with_what_to_do(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.cbor"
    file.write_bytes(content)
    assert main(["--json", "verify", PICTURE, "--bundle", str(file), *OFFLINE]) == exits.REFUSED
    told = json.loads(capsys.readouterr().out)["error"]
    for said in (told["message"], told["zh"]):
        assert str(file) in said
        assert "yizhao bundle save" in said


READING = (
    ("verify", "FOLDER", "--bundle", BUNDLE, *OFFLINE),
    ("verify", PICTURE, "--bundle", "FOLDER", *OFFLINE),
    ("verify", PICTURE, "--bundle", BUNDLE, "--root", "FOLDER"),
    (
        "verify",
        PICTURE,
        "--bundle",
        BUNDLE,
        "--statement",
        "FOLDER",
        "--address",
        "x",
        *OFFLINE,
    ),
    ("verify", "statement", "FOLDER", "--bundle", BUNDLE, *OFFLINE),
    ("verify", "statement", PICTURE, "--bundle", "FOLDER", *OFFLINE),
    ("verify", "receipt", "FOLDER", "--bundle", BUNDLE, *OFFLINE),
    ("verify", "receipt", PICTURE, "--bundle", "FOLDER", *OFFLINE),
)
FOLDER, BELOW_A_FILE = ("", "这是文件夹，不是文件"), ("/a-file/x", "路径有误：其中一段不是文件夹")


@pytest.mark.parametrize(
    ("words", "below", "said"),
    [
        *((words, *FOLDER) for words in READING),
        # As a subject it is a text, like any that names no file.
        *((words, *BELOW_A_FILE) for words in READING[1:]),
    ],
)
def test_what_cannot_be_opened_is_named_in_both_languages(
    words: tuple[str, ...],
    below: str,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a-file").touch()
    place = f"{tmp_path}{below}"
    given = [place if word == "FOLDER" else word for word in words]
    assert main(given) == exits.REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert place in told.err.replace("\n", "")
    assert main(["--json", *given]) == exits.REFUSED
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["zh"] == said
    assert place in error["message"]


def test_a_verdict_names_the_reason_that_decided_and_nothing_that_is_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clocks = json.loads((PUBLISHED / "codes.json").read_text("utf-8"))["clocks"]
    asked = ("verify", PICTURE, "--bundle", BUNDLE, *OFFLINE, "--purpose", "telecom", "--now")
    for clock, code, reason in (
        ("fresh", exits.DONE, "OK"),
        ("stale", exits.INDETERMINATE, "DATA_STALE"),
    ):
        assert main(["--json", *asked, clocks[clock]]) == code
        assert json.loads(capsys.readouterr().out)["reason"] == reason
    main([*asked, clocks["fresh"]])
    assert "（）" not in capsys.readouterr().out


def test_a_certificate_that_is_none_is_not_called_an_unreachable_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("no certificate")
    monkeypatch.setenv("YIZHAO_VERIFY", "127.0.0.1:1")
    for name in ("CERT", "KEY", "CA"):
        monkeypatch.setenv(f"YIZHAO_{name}", str(garbage))
    assert main(["verify", PICTURE]) == exits.USAGE
    told = capsys.readouterr().err.replace("\n", "")
    assert "证书或私钥无法使用" in told
    assert str(garbage) in told
    monkeypatch.setenv("YIZHAO_CERT", str(tmp_path / "none.pem"))
    assert main(["verify", PICTURE]) == exits.REFUSED
    assert "找不到该文件或文件夹" in capsys.readouterr().err


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_is_told_and_not_taken_for_an_answer(options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run(*options, "verify", PICTURE, "--bundle", BUNDLE, *OFFLINE, stdout=full)
    assert ended.returncode == exits.REFUSED
    assert "磁盘空间不足" in ended.stderr
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_a_file_whose_name_is_no_text_is_told_of_whatever_the_terminal_writes(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", f"{encoding}:strict")
    name = os.fsdecode(b"/\xff.jpg")
    ended = run("--json", "verify", name, encoding=encoding)
    assert (ended.returncode, ended.stderr) == (exits.REFUSED, "")
    assert json.loads(ended.stdout)["error"] == {
        "message": f"{name}: no such file",
        "zh": "找不到该文件",
    }


def test_the_end_of_input_at_a_question_interrupts_and_is_no_bug(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-D where a passphrase is asked for."""

    def over(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("clients.cli.secrets.somebody_there", lambda: True)
    monkeypatch.setattr("clients.cli.secrets.getpass", over)
    assert main(["keys", "encrypt", str(tmp_path)]) == exits.INTERRUPTED
    assert capsys.readouterr().err.strip() == ""


def test_closed_streams_are_no_bug() -> None:
    asked = ("verify", "-", "--bundle", BUNDLE, *OFFLINE)
    without_input = run(*asked, closed="<&-")
    assert (without_input.returncode, "标准输入已关闭" in without_input.stderr) == (1, True)
    silent = run("verify", "x", "--bundle", BUNDLE, *OFFLINE, closed=">&-")
    assert (silent.returncode, silent.stderr) == (exits.INVALID, "")


def run(
    *words: str, stdout: Any = subprocess.PIPE, closed: str = "", encoding: str = "utf-8"
) -> Any:
    """The command in a process of its own, with a stream closed by the shell."""
    code = "import sys; from clients.cli.start import main; sys.exit(main())"
    shell = ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", code, *words]
    return subprocess.run(
        shell, stdout=stdout, stderr=subprocess.PIPE, encoding=encoding, check=False
    )


@pytest.mark.parametrize(
    "number", [errno.EACCES, errno.ENOENT, errno.EIO, errno.EROFS, errno.ENOTBLK, None]
)
def test_whatever_the_system_refuses_is_told_in_chinese_too(number: int | None) -> None:
    error = OSError("strange") if number is None else OSError(number, os.strerror(number), "a file")
    told = told_of(error)
    assert re.search("[\u4e00-\u9fff]", told["zh"])
    assert told["message"] == ("strange" if number is None else f"a file: {os.strerror(number)}")


def test_a_bug_is_a_sentence_without_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIZHAO_DEBUG", raising=False)
    monkeypatch.setitem(COMMANDS, "unit", COMMANDS["unit"]._replace(module="no_such_module"))
    assert main(["unit", "list"]) == exits.BUG
    told = capsys.readouterr().err
    assert "bug of yizhao" in told
    assert "Traceback" not in told
