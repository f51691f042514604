"""Receipts and usage by commands, and receipts across a change of their key."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.local.control import wait_until
from clients.local.receipt_keys import carry
from clients.sample.codes import uscc
from license_verify.receipt import RECEIPT_BYTES, TYP
from license_verify.token import cose
from tests.e2e.cli.instance import Yizhao
from tests.e2e.cli.test_keys import confirmed, keys_of, licence

MATTER = ("--case", "KH-7", "--item", "RW-01", "--operator", "window-3")
BANK, CITY, WINDOW = ("--as", "partner/icbank"), ("--as", "0900"), ("--as", "0101")


@pytest.fixture
def yizhao(tmp_path: Path) -> Iterator[Yizhao]:
    made = Yizhao(tmp_path)
    made.start()
    yield made
    assert made.end(signal.SIGINT)[0] == 0
    made.remove()


def check(yizhao: Yizhao, scan: str) -> str:
    """The receipt's name of a check by the bank, once it can be fetched."""
    words = ("verify", scan, "--purpose", "banking", *MATTER)
    name: str = yizhao.ask(*BANK, *words)["receipt"]
    assert name.startswith("receipts/")
    assert wait_until(lambda: name in listed(yizhao), 60)
    return name


def listed(yizhao: Yizhao) -> set[str]:
    return {each["name"] for each in yizhao.ask(*BANK, "receipt", "list")["receipts"]}


def kid(file: Path) -> str:
    return cose.decode(file.read_bytes(), max_bytes=RECEIPT_BYTES, typ=TYP).kid.hex()


def test_receipts_are_fetched_counted_and_good_after_their_key_was_replaced(
    yizhao: Yizhao,
) -> None:
    scan = licence(yizhao, 1)
    # The verifier fetches what is published; a check by an inspector is listed to nobody.
    inspector = (*WINDOW, "--purpose", "inspection")
    assert wait_until(lambda: yizhao.outcome(scan, *inspector) == "VALID", 60)
    instance = yizhao.folder / ".yizhao"
    before, after = yizhao.folder / "before.cose", yizhao.folder / "after.cose"
    yizhao.run(*BANK, "receipt", "get", check(yizhao, scan), "--out", str(before))

    confirmed(yizhao, "create", "receipt")
    (next_key,) = keys_of(yizhao, "RECEIPT", "NEXT")
    assert carry(instance / "keys", instance / "receipt-keys") == [f"receipt-{next_key}.pem"]
    confirmed(yizhao, "activate", next_key, "--now")

    def signed_anew() -> bool:
        yizhao.run(*BANK, "receipt", "get", check(yizhao, scan), "--out", str(after))
        return kid(after) == next_key

    assert wait_until(signed_anew, 60)
    assert kid(before) != next_key
    yizhao.run(*WINDOW, "bundle", "save", "published.bundle")
    for file in (before, after):
        yizhao.run("verify", "receipt", str(file), "--bundle", "published.bundle")

    asked = yizhao.ask("verify", "receipt", str(after), "--bundle", "published.bundle")["asked"]
    assert (asked["case_number"], asked["item_code"], asked["operator"]) == MATTER[1::2]
    yizhao.run("verify", scan, "--bundle", "published.bundle", "--item", "RW-01", exits=2)

    usage = yizhao.ask(*BANK, "usage", "show", "--by", "partner,purpose,item,operator")["rows"]
    kept = [(row["partner"], row["purpose"], row["item_code"]) for row in usage]
    assert kept == [("partner/icbank", "banking", "RW-01")]
    assert usage[0]["operator_reference"] == "window-3"
    assert int(usage[0]["count"]) == len(listed(yizhao))
    totals = yizhao.ask(*CITY, "usage", "totals", "--by", "unit", "--chart", "year.svg")
    assert (totals["whose"], [row["unit"] for row in totals["rows"]]) == ("", ["units/11"])
    own = yizhao.ask(*WINDOW, "usage", "totals")
    assert (own["whose"], {row["partner"] for row in own["rows"]}) == ("staff/0101", {"staff/0101"})
    assert "仅统计 staff/0101 的核验，并非全市数据" in yizhao.run(*WINDOW, "usage", "totals").out
    assert "任城区" in (yizhao.folder / "year.svg").read_text("utf-8")
    code = uscc("91", "370811", 1)
    told = yizhao.ask(*WINDOW, "--why", "企业申请查询", "usage", "checks", code)["checks"]
    assert {each["partner"] for each in told} == {"partner/icbank"}
    assert len(told) == len(listed(yizhao))
    shown = yizhao.run(*WINDOW, "--why", "企业申请查询", "usage", "checks", code).out
    assert "有效 VALID" in shown
    assert "济宁虚构银行" in shown
    assert '"dropped": 0' in yizhao.spawn("verify-service", "retain").err
    assert yizhao.spawn("verify-service", "recheck").out == "0 wrong\n"
    yizhao.run(*BANK, "usage", "show", "--by", "nonsense", exits=2)
    yizhao.run(*BANK, "usage", "show", "--partner", "partner/unicom", exits=1)
    of_bank = yizhao.ask(*CITY, "receipt", "list", "--partner", "icbank")["receipts"]
    assert {each["name"] for each in of_bank} == listed(yizhao)
    yizhao.run(*CITY, "receipt", "list", "--partner", "nobody", exits=1)
