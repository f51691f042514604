"""Command lines that are refused: what is wrong, and the right form, in Chinese and English."""

import json
from pathlib import Path

import pytest

from clients import exits
from clients.cli.main import main

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
        (("verify", "statement", "x", "--now", "+1d"), "须与 --bundle 一起使用"),
        (("verify", "statement", "x", "--bundle", "b", "--item", "y"), "不能与 --bundle 一起使用"),
        (("verify", "x", "--bundle", "b", "--environment", "prod"), "--environment 不能是“prod”"),
        (("verify", "x", "--bundle", "b", "--statement", "s"), "请用 --address 填写要核对的地址"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_is_asked(
    words: tuple[str, ...], chinese: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--instance", str(tmp_path), "--as", "0101", *words]) == exits.USAGE
    assert chinese in capsys.readouterr().err
