"""On paper: 副本 printed and one of them lost, the sheet for a wall, the list of places."""

import time

from clients.cli.demo.counter import QUFU, Firm
from clients.cli.demo.play import Play
from clients.cli.demo.probe import Probe


def print_and_lose(play: Play, firm: Firm) -> None:
    """Two 副本 with codes of their own; the lost one is void, the other and the licence are not."""
    play.step("打印两本副本，遗失一本", "two duplicates printed, one of them lost")
    words = ("--as", "0101", "license")
    printed = [play.ask(*words, "print-copy", firm.code) for _ in range(2)]
    numbers = [each["name"].rpartition("/")[2] for each in printed]
    pages = play.folder / "duplicate.html", play.folder / "wall.html"
    play.run(*words, "page", firm.code, "--copy", numbers[0], "--out", str(pages[0]))
    play.run(*words, "page", firm.code, "--premises", "1", "--out", str(pages[1]))
    play.expect(
        all(firm.code in page.read_text("utf-8") for page in pages),
        "副本和亮照版面已写入，可用浏览器打印 pages to print from a browser are written",
    )
    since, probe = time.monotonic(), Probe(play)
    basis = "2026年11月20日在公示系统声明遗失作废"
    play.run(*words, "void-lost", firm.code, numbers[1], "--basis", basis)
    probe.until_status(printed[1]["scan_text"], "LOST_VOID", since)
    play.expect(True, "遗失的副本：遗失作废 the lost one reads LOST_VOID")
    play.expect(
        probe.status(printed[0]["scan_text"]) == "VALID",
        "另一本副本仍有效 the other duplicate stays VALID",
    )
    play.run(*words, "copies", firm.code)


def statement(play: Play, firm: Firm) -> None:
    """The signed list of places, which answers for an address without a network."""
    play.step("经营场所清单", "the signed list of places, checked offline")
    listed, bundle = play.folder / "statement.cbor", play.folder / "bundle-2.cbor"
    play.run("--as", "0101", "license", "statement", firm.code, "--out", str(listed))
    play.run("--as", "0101", "bundle", "save", str(bundle))
    trusted = (
        *("--bundle", str(bundle), "--root", str(play.instance.root_key)),
        *("--environment", "development"),
    )
    play.run("verify", "statement", str(listed), *trusted)
    picture = play.folder / "licence.png"
    words = ("verify", str(picture), *trusted, "--statement", str(listed), "--address", QUFU)
    found = play.ask(*words)
    play.expect(
        found["outcome"] == "VALID" and found["answers"].get("address") == "MATCH",
        "离线确认：曲阜的地址是备案场所 offline: the address in 曲阜 is a filed place",
    )
