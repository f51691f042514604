"""Partners: what they may see, the receipt that they keep, and what is counted."""

from typing import Final

from clients.cli.demo.checking import Prints
from clients.cli.demo.counter import Firm
from clients.cli.demo.play import Play
from clients.cli.demo.probe import Probe

TELECOM: Final = ("--as", "partner/sdmobile")
CASE: Final = "SIM-2026-0117"
INSPECTOR: Final = ("--as", "0202")


def sees_what_was_granted(play: Play, prints: Prints) -> None:
    """A telecom shop sees name, type and registrar, and for its own purpose alone."""
    play.step("合作单位只见获准的事项", "a partner sees what it was granted, and no more")
    play.run(*TELECOM, "partner", "show", "sdmobile")
    play.run(*TELECOM, "verify", str(prints.licence), "--purpose", "telecom")
    found = play.ask(*TELECOM, "verify", str(prints.licence), "--purpose", "telecom")
    face = found["face"]
    play.expect(
        face["name"] != "" and (face["person"], face["address"], face["capital"]) == ("", "", ""),
        "移动入网：只见名称、类型和登记机关 no person, address or capital for a SIM card",
    )
    words = ("verify", str(prints.licence), "--purpose", "banking")
    refused = play.ask(*TELECOM, *words, exits=1)["error"]
    play.expect(
        refused["reason"] == "PURPOSE_NOT_GRANTED", f"其他用途不予核验 refused: {refused['zh']}"
    )


def receipt(play: Play, firm: Firm, prints: Prints) -> None:
    """The receipt of a check: fetched again, checked with nothing but the bundle."""
    play.step("核验凭据", "the receipt of a check, to be shown years later")
    found = play.ask(
        *(*TELECOM, "verify", str(prints.licence), "--purpose", "telecom"),
        *("--case", CASE, "--item", "RW-01", "--operator", "window-3"),
    )
    kept = play.folder / "receipt.cose"
    Probe(play).until_kept(found["receipt"], "partner/sdmobile")
    play.run(*TELECOM, "receipt", "get", found["receipt"], "--out", str(kept))
    checked = ("--bundle", str(prints.bundle), "--root", str(play.instance.root_key),
               "--environment", "development")  # fmt: skip
    play.run("verify", "receipt", str(kept), *checked)
    told = play.ask("verify", "receipt", str(kept), *checked)
    play.expect(
        (told["uscc"], told["asked"]["case_number"]) == (firm.code, CASE),
        "凭据真实：何时、为何、核验了谁 the receipt proves what was checked, when and for what",
    )
    altered = play.folder / "receipt-altered.cose"
    content = bytearray(kept.read_bytes())
    content[-1] ^= 1
    altered.write_bytes(content)
    play.run("verify", "receipt", str(altered), *checked, exits=4)
    play.expect(True, "改动一位即不认可 one bit changed: not genuine")


def usage(play: Play, firm: Firm, prints: Prints) -> None:
    """The partner's own usage, the city's totals, and what a business is told of its checks."""
    play.step("核验用量和被核验记录", "usage, and what a business learns of its checks")
    secret = play.ask(*INSPECTOR, "verify", str(prints.licence), "--purpose", "inspection")
    Probe(play).until_kept(secret["receipt"], "staff/0202")
    play.run(*TELECOM, "usage", "show", "--by", "purpose,item,operator")
    rows = play.ask(*TELECOM, "usage", "show", "--by", "item")["rows"]
    counted = [row["count"] for row in rows if row.get("item_code") == "RW-01"]
    play.expect(counted == ["1"], "按事项计数，恰好一次 counted once, by item")
    chart = play.folder / "usage.svg"
    play.run("--as", "0900", "usage", "totals", "--chart", str(chart))
    play.expect(chart.exists(), "全市核验总量表和图 the city's totals, as a table and a chart")
    listed = ("--as", "0101", "--why", "企业申请查询", "usage", "checks", firm.code)
    seen = play.run(*listed).output
    play.expect(
        "移动入网" in seen and "inspection" not in seen,
        "企业可查谁核验过它，现场检查不在其列 who checked it, inspections left out",
    )
