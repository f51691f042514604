"""What happens later: change, revocation, reinstatement, old data."""

import time

from clients.cli.demo.checking import Prints
from clients.cli.demo.counter import Firm
from clients.cli.demo.play import Play
from clients.cli.demo.probe import Probe
from clients.sdk import names

NEW_PERSON = "孔维康"


def change_person(play: Play, firm: Firm, prints: Prints) -> None:
    """A new representative: the old print is superseded, the code on the door stays."""
    play.step("变更法定代表人", "the company changes its representative")
    since = time.monotonic()
    play.run("--as", "0101", "entity", "change", firm.code, "--person", NEW_PERSON)
    probe = Probe(play)
    probe.until_status(prints.licence_scan, "SUPERSEDED", since)
    scan = play.ask("--as", "0101", "license", "get", firm.code)["scan_text"]
    probe.until_status(scan, "VALID", since)
    play.run("verify", str(prints.licence), exits=4)
    site = play.ask("verify", str(prints.site))
    play.expect(True, "旧执照：已被新版本取代 the old print says SUPERSEDED")
    play.expect(site["status"] == "VALID", "曲阜场所码仍有效 the 曲阜 site code stays VALID")
    new = play.folder / "licence-2.png"
    play.ask("--as", "0101", "license", "render", firm.code, "--out", str(new))
    found = play.ask("verify", str(new))
    play.expect(
        found["status"] == "VALID" and found["face"]["person"] == NEW_PERSON,
        f"新执照有效，法定代表人 {NEW_PERSON} the new licence is VALID and names the new person",
    )


def revoke(play: Play, firm: Firm, prints: Prints) -> None:
    """吊销: once a second person confirms, licence and site say so within five seconds."""
    play.step("吊销营业执照", "revoked by two people: everybody knows within 5 s")
    basis = "济任市监处罚〔2026〕1号；《公司法》第二百六十条"
    words = ("--as", "0101", "entity", "revoke", firm.code, "--basis", basis)
    wrong = play.ask(*words, "--expect-name", "济宁市另一家公司", exits=1)["error"]
    play.expect(
        wrong["reason"] == "EXPECTED_NAME_DIFFERS", "名称不符即停止 a wrong name stops the act"
    )
    act = _asked(play, *words, "--expect-name", firm.name)
    found = play.ask("--as", "0101", "entity", "get", firm.code)
    play.expect(
        found["state"] == "ENTITY_STATE_ACTIVE",
        "提请复核，尚未吊销 asked for, and nothing is done yet",
    )
    confirm = ("act", "confirm", act, "--expect-name", firm.name)
    told = play.ask("--as", "0101", *confirm, exits=1)["error"]
    play.expect(told["reason"] == "SAME_PERSON", "经办人不能自己复核 who asked can't confirm it")
    play.run("--as", "0103", "act", "list")
    since = time.monotonic()  # before the command starts: what is measured is an upper bound
    play.run("--as", "0103", *confirm)
    _everywhere(play, prints, "REVOKED", "吊销", since)
    play.run("verify", str(prints.site), exits=4)


def reinstate(play: Play, firm: Firm, prints: Prints) -> None:
    """恢复: the revocation is taken back by a new event."""
    play.step("恢复", "the revocation is taken back")
    basis = "济任行复决〔2026〕2号：撤销原处罚决定"
    act = _asked(
        play,
        *("--as", "0101", "entity", "reinstate", firm.code, "--expect-name", firm.name),
        *("--basis", basis),
    )
    since = time.monotonic()
    play.run("--as", "0103", "act", "confirm", act, "--expect-name", firm.name)
    probe = Probe(play)
    new = play.ask("--as", "0101", "license", "get", firm.code)["scan_text"]
    for name, scan in (("执照 licence", new), ("场所码 site", prints.site_scan)):
        seconds = probe.until_status(scan, "VALID", since)
        play.expect(True, f"{name}：{seconds:.1f} 秒内恢复有效 VALID again within {seconds:.1f} s")
    page = probe.page(prints.site_scan)
    play.expect("有效" in page.headline, f"网页：{page.headline}")


def _asked(play: Play, *words: str) -> str:
    """Ask for an act that needs a second person: its short name."""
    asked = play.ask(*words)
    return names.short(asked["pending_acts"][-1]["name"])


def old_bundle(play: Play, prints: Prints) -> None:
    """A counter without a network, with the bundle of the morning."""
    play.step("旧离线包", "the offline checker with its old bundle")
    words = (
        *("verify", str(prints.site), "--bundle", str(prints.bundle)),
        *("--root", str(play.instance.root_key), "--environment", "development"),
    )
    found = play.ask(*words)
    play.run(*words)
    play.expect(
        found["outcome"] == "VALID" and found["age_seconds"] >= 0,
        f"有效，并说明数据已有 {found['age_seconds']} 秒 VALID, with its age",
    )
    late = play.ask(*words, "--now", "+25h", exits=5)
    play.run(*words, "--now", "+25h", exits=5)
    play.expect(
        late["outcome"] == "INDETERMINATE",
        "超过最长期限后：无法确认 INDETERMINATE once the maximum age has passed",
    )


def who_did_what(play: Play, firm: Firm) -> None:
    """The events, by name."""
    play.step("谁做了什么", "who did what, by name")
    events = play.run("--as", "0999", "entity", "events", firm.code)
    named = all(name in events.output for name in ("任秋实", "任守成", "颜若水", "吊销", "恢复"))
    play.expect(named, "每一步都有办理人姓名 every act bears a name")
    play.run("--as", "0999", "entity", "versions", firm.code)


def recheck(play: Play) -> None:
    """Every stored fact, token and invariant, read again by other code."""
    play.step("数据自检", "every stored fact, token and invariant rechecked")
    play.run("fsck")
    play.expect(True, "全部一致 every invariant holds")


def _everywhere(play: Play, prints: Prints, status: str, word: str, since: float) -> None:
    probe = Probe(play)
    for name, scan in (("执照 licence", prints.licence_scan), ("场所码 site", prints.site_scan)):
        seconds = probe.until_status(scan, status, since)
        play.expect(True, f"{name}：RPC {seconds:.1f} 秒内 {status} within {seconds:.1f} s")
        seconds = probe.until_page(scan, word, since)
        headline = probe.page(scan).headline
        play.expect(True, f"{name}：网页 {seconds:.1f} 秒内“{headline}” within {seconds:.1f} s")
