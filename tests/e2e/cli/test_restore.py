"""An instance loses its database and gets an old one back, all by commands."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.local.control import wait_until
from clients.sample.codes import uscc
from tests.e2e.cli.instance import Yizhao

CODE = uscc("91", "370811", 7)
NAME = "济宁市试写还原有限公司"
HOME, HEAD = ("--as", "0101"), ("--as", "0103")
FACE = (
    *("--name", NAME, "--type", "1130", "--person", "钱试写", "--capital", "500万元人民币"),
    *("--address", "山东省济宁市任城区阜桥街道样例路88号", "--established", "2024-03-18"),
    *("--scope", "一般项目：国内货物运输代理"),
)


@pytest.fixture
def yizhao(tmp_path: Path) -> Iterator[Yizhao]:
    made = Yizhao(tmp_path)
    yield made
    made.remove()


def test_a_backup_is_taken_restored_and_recovered_by_commands(yizhao: Yizhao) -> None:
    yizhao.start()
    yizhao.run(*HOME, "entity", "register", CODE, *FACE)
    yizhao.run(*HOME, "license", "issue", CODE)
    scan = yizhao.ask(*HOME, "license", "get", CODE)["scan_text"]
    assert wait_until(lambda: yizhao.outcome(scan) == "VALID", 10)
    assert yizhao.ask("db", "backup", "register.dump")["bytes"] > 10_000
    assert (yizhao.folder / "register.dump").stat().st_mode & 0o077 == 0
    expected = ("--expect-name", NAME)
    yizhao.run(*HOME, "entity", "revoke", CODE, "--basis", "济市监处罚〔2026〕7号", *expected)
    (waits,) = yizhao.ask(*HEAD, "act", "list")["pending_acts"]
    yizhao.run(*HEAD, "act", "confirm", waits["name"], *expected)
    assert wait_until(lambda: yizhao.outcome(scan) == "INVALID", 10)
    refused = yizhao.run("db", "restore", "register.dump", exits=1)
    assert "it is up already" in refused.err

    yizhao.end(signal.SIGTERM)
    restored = yizhao.run("db", "restore", "register.dump")
    assert "the former database is kept" in restored.out
    with pytest.raises(AssertionError, match="yizhao recover"):
        yizhao.start()
    assert yizhao.up is not None
    yizhao.up.communicate(timeout=60)
    yizhao.up = None
    recovered = yizhao.spawn("recover")  # from the instance's own verifier
    assert "已恢复，进入第 1 期" in recovered.out

    yizhao.start()
    assert yizhao.outcome(scan) == "INVALID", "the revocation is not forgotten"
    (item,) = yizhao.ask(*HOME, "recovery", "list")["recovery_items"]
    assert "已吊销" in yizhao.run(*HOME, "recovery", "list").out
    reason = ("--reason", "处罚决定已撤销", *expected)
    yizhao.run(*HEAD, "recovery", "close", item["name"], *reason)
    assert wait_until(lambda: yizhao.outcome(scan) == "VALID", 10)
    assert "没有" not in yizhao.spawn("fsck").out
    yizhao.end(signal.SIGTERM)
