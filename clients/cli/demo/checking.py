"""Licence and site code: issued, printed, read back, verified offline, by RPC and as a page."""

import time
from dataclasses import dataclass
from pathlib import Path

from clients.cli.demo.counter import Firm
from clients.cli.demo.play import Play, Unmet
from clients.cli.demo.probe import Probe


@dataclass(frozen=True, slots=True)
class Prints:
    """What hangs on the walls, and what the counter took along."""

    licence: Path
    licence_scan: str
    site: Path
    site_scan: str
    bundle: Path


def issue(play: Play, firm: Firm) -> Prints:
    """Licence and the code for 曲阜's door, as pictures that zxing-cpp reads."""
    play.step("签发执照和场所码，打印二维码", "licence and site code issued, PNG written")
    play.run("--as", "0101", "license", "issue", firm.code)
    play.run("--as", "0101", "license", "site-code", firm.code, "1")
    made = Prints(
        play.folder / "licence.png",
        play.ask("--as", "0101", "license", "get", firm.code)["scan_text"],
        play.folder / "site.png",
        play.ask("--as", "0101", "license", "site-code", firm.code, "1", "--show")["scan_text"],
        play.folder / "bundle.cbor",
    )
    since, probe = time.monotonic(), Probe(play)
    for scan in (made.licence_scan, made.site_scan):
        probe.until_status(scan, "VALID", since)
    play.run("--as", "0101", "license", "render", firm.code, "--out", str(made.licence))
    play.run(
        *("--as", "0101", "license", "render", firm.code, "--premises", "1"),
        *("--out", str(made.site)),
    )
    svg = play.folder / "licence.svg"
    play.ask("--as", "0101", "license", "render", firm.code, "--out", str(svg))
    for picture, scan in ((made.licence, made.licence_scan), (made.site, made.site_scan)):
        play.expect(
            _zxing(picture) == scan,
            f"zxing-cpp 读出 {picture.name}，内容一致 zxing-cpp reads what was signed: "
            f"{len(scan)} characters",
        )
    return made


def _zxing(picture: Path) -> str:
    import zxingcpp
    from PIL import Image

    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image)
    if len(found) != 1:
        raise Unmet(f"zxing-cpp found {len(found)} codes in {picture}")
    text: str = found[0].text
    return text


def offline(play: Play, firm: Firm, prints: Prints) -> None:
    """Without the registry: only a bundle, the pinned root key and this machine's clock."""
    play.step("登记服务停止，离线核验", "verified offline, the registry stopped")
    play.run("--as", "0101", "bundle", "save", str(prints.bundle))
    play.run("registry", "stop")
    play.run("--as", "0101", "entity", "get", firm.code, exits=3)
    play.expect(True, "登记服务不可达 the registry is away")
    for picture in (prints.licence, prints.site):
        play.run("verify", str(picture), *_bundle(play, prints))
        found = play.ask("verify", str(picture), *_bundle(play, prints))
        play.expect(
            found["outcome"] == "VALID" and found["source"] == "bundled",
            f"{picture.name}：离线核验有效 VALID offline, data {found['age_seconds']} s old",
        )
    found = play.ask("verify", str(prints.licence))
    play.expect(
        found["outcome"] == "VALID",
        f"核验服务仍可应答，数据 {found['age_seconds']} 秒前 the verifier goes on",
    )
    play.run("registry", "start")


def by_rpc(play: Play, firm: Firm, prints: Prints) -> None:
    """By the service, as a bank asks."""
    play.step("通过 RPC 核验（银行开户）", "verified by RPC, as a bank does")
    words = ("verify", str(prints.licence), "--purpose", "banking", "--name", firm.name)
    play.run(*words)
    found = play.ask(*words)
    play.expect(
        found["outcome"] == "VALID" and found["answers"].get("name") == "MATCH",
        "有效，名称相符 VALID, the name matches",
    )
    site = play.ask("verify", str(prints.site))
    play.expect(site["outcome"] == "VALID", "场所码有效 the site code is VALID")
    typed = play.ask("verify", firm.code, exits=5)
    play.expect(
        typed["proof"] == "NONE" and typed["outcome"] != "VALID",
        "手工输入代码不能证明持有执照 a typed code proves no licence",
    )
    broken = prints.licence_scan[:-1] + ("1" if prints.licence_scan[-1] != "1" else "2")
    forged = play.ask("verify", broken, exits=4)
    play.expect(
        forged["outcome"] == "INVALID" and forged["face"] is None,
        "改动一位数字即无效，不显示照面 one digit changed: INVALID, and no face is shown",
    )


def by_page(play: Play, prints: Prints) -> None:
    """What a phone's camera opens."""
    play.step("手机扫码网页", "the page that a phone opens, over HTTPS")
    probe = Probe(play)
    for name, scan in (("执照 licence", prints.licence_scan), ("场所码 site", prints.site_scan)):
        page = probe.page(scan)
        play.tell(f"GET {scan[:60]}…")
        play.expect("有效" in page.headline, f"{name}：网页首先显示“{page.headline}”")
    probe.until_listed(prints.licence_scan, "裕隆路66号", time.monotonic())
    play.expect(True, "网页列出备案场所 the page lists the filed premises")
    text = probe.page(prints.licence_scan).text
    play.expect("不证明出示人" in text, "网页说明未核对出示人 the person was not checked")


def _bundle(play: Play, prints: Prints) -> tuple[str, ...]:
    return ("--bundle", str(prints.bundle), "--root", str(play.instance.root_key),
            "--environment", "development")  # fmt: skip
