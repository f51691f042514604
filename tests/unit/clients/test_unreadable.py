"""Files, streams and certificates that can't be read or written, told by name and as no bug."""

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
from clients.cli.main import main
from clients.cli.os_errors import told_of

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


THERE = ("--address", "x", *OFFLINE)
READING = (
    ("verify", "FOLDER", "--bundle", BUNDLE, *OFFLINE),
    ("verify", PICTURE, "--bundle", "FOLDER", *OFFLINE),
    ("verify", PICTURE, "--bundle", BUNDLE, "--root", "FOLDER"),
    ("verify", PICTURE, "--bundle", BUNDLE, "--statement", "FOLDER", *THERE),
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
    assert error["zh"].startswith(said)
    assert place in error["zh"]
    assert place in error["message"]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_full_disk_is_told_and_not_taken_for_an_answer(options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run(*options, "verify", PICTURE, "--bundle", BUNDLE, *OFFLINE, stdout=full)
    assert ended.returncode == exits.REFUSED
    assert "磁盘空间不足，未能写入：标准输出" in ended.stderr
    assert "standard output: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("sample", "--entities", "3", "--out"),
        ("sample", "--entities", "3", "--out", "OTHER", "--premises"),
        ("sample", "--entities", "3", "--out", "OTHER", "--copies"),
    ],
)
def test_a_file_on_a_full_disk_is_named_in_both_languages(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(tmp_path / "other.csv") if word == "OTHER" else word for word in words]
    assert main(["--json", *given, "/dev/full"]) == exits.REFUSED
    assert json.loads(capsys.readouterr().out)["error"] == {
        "message": "/dev/full: No space left on device",
        "zh": "磁盘空间不足，未能写入：/dev/full",
    }


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
