"""At the counters: register, file premises across counties, hand over."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clients.cli.demo.play import Play, Unmet
from clients.sample.codes import uscc
from clients.sdk import names

SCOPE: Final = (
    "一般项目：国内货物运输代理；装卸搬运；普通货物仓储服务"
    "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
)
CITY_SCOPE: Final = (
    "一般项目：以自有资金从事投资活动（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
)
QUFU: Final = "山东省济宁市曲阜市时庄街道裕隆路66号"
ZOUCHENG: Final = "山东省济宁市邹城市钢山街道太平西路9号（铁山公园向南200米）"


@dataclass(frozen=True, slots=True)
class Firm:
    """The company of the demonstration."""

    code: str
    name: str
    person: str
    address: str
    filings: tuple[str, ...] = ()


def subject(play: Play, csv: Path | None) -> Firm:
    """The company that everything happens to: registered here, or taken from the file."""
    if csv is not None:
        return _imported(play)
    play.step("任城区登记一家公司", "a registrar of 任城 registers a company")
    code = uscc("91", "370811", 1)
    firm = Firm(
        code, "济宁市鸿途智运物流有限公司", "王立新", "山东省济宁市任城区阜桥街道建设路88号"
    )
    play.run(
        *("--as", "0101", "entity", "register", code, "--name", firm.name, "--type", "1130"),
        *("--person", firm.person, "--address", firm.address, "--capital", "500万元人民币"),
        *("--established", "2024-03-18", "--scope", SCOPE),
    )
    found = play.ask("--as", "0101", "entity", "get", code)
    play.expect(
        found["state"] == "ENTITY_STATE_ACTIVE" and found["registrar"] == "units/11",
        "已登记，登记机关为任城区 registered under 任城区",
    )
    return firm


def _imported(play: Play) -> Firm:
    play.step("选取一家已导入的任城区公司", "take a company of 任城 from the file")
    words = ("--as", "0101", "entity", "list", "--unit", "任城区", "--limit", "1000")
    entities = play.ask(*words)["entities"]
    found = next((each for each in entities if _fit(each)), None)
    if found is None:
        raise Unmet("the file has no company of 任城区 with person, capital, date and scope")
    face, code = found["face"], found["uscc"]
    if not face.get("type_code"):
        play.tell("来源未提供类型，登记员依档案更正 — the source did not tell its type:")
        play.run(
            *("--as", "0101", "entity", "correct", code, "--type", "1130"),
            *("--basis", "纸质档案核对：导入数据缺少类型"),
        )
    shown = play.ask("--as", "0101", "entity", "get", code)
    play.run("--as", "0101", "entity", "get", code)
    play.expect(shown["face"].get("type_code", 0) != 0, "照面事项齐全 its face is complete")
    return Firm(code, face["business_name"], face["person"], face["address"]["text"])


def _fit(entity: dict[str, Any]) -> bool:
    face = entity["face"]
    return (
        entity["state"] == "ENTITY_STATE_ACTIVE"
        and face.get("business_name", "").endswith(("有限公司", "有限责任公司"))
        and face.get("type_code", 1130) in (1100, 1130, 1151, 1190)
        and all(face.get(item) for item in ("person", "capital", "establish_date", "scope"))
    )


def foreign_registrar(play: Play, csv: Path | None) -> None:
    """A registrar of 邹城 can't act on an entity of 曲阜, and is told whose it is."""
    play.step("邹城登记员办理曲阜主体：拒绝", "邹城 acts on an entity of 曲阜: refused")
    words = ("--as", "0201", "entity", "list", "--unit", "曲阜市", "--limit", "1")
    found = play.ask(*words)["entities"]
    if not found:
        raise Unmet(f"{csv or 'the invented city'} has no entity of 曲阜市")
    act = ("--as", "0301", "application", "create", found[0]["uscc"], "--applicant", "来人")
    play.run(*act, exits=1)
    told = play.ask(*act, exits=1)["error"]
    play.expect(
        told["reason"] == "NOT_YOUR_UNIT" and told.get("owner") == "曲阜市",
        "拒绝并告知归属：曲阜市 refused, and told that 曲阜市 owns it",
    )


def city_company(play: Play) -> None:
    """The city registers too."""
    play.step("市级登记一家公司", "the city itself registers a company and issues its licence")
    code = uscc("91", "370800", 2)
    play.run(
        *("--as", "0901", "entity", "register", code, "--name", "济宁市运河城际投资有限公司"),
        *("--type", "1140", "--person", "季云帆", "--capital", "2亿元人民币"),
        *("--address", "山东省济宁市任城区金宇路52号", "--established", "2019-06-06"),
        *("--scope", CITY_SCOPE),
    )  # fmt: skip
    found = play.ask("--as", "0901", "entity", "get", code)
    play.expect(
        found["registrar"] == "units/1" and found["face"]["address"]["unit"] == "units/11",
        "登记机关为济宁市，地址在任城区 registered by the city, standing in 任城区",
    )
    play.ask("--as", "0901", "license", "issue", code)
    play.run("--as", "0101", "license", "issue", code, exits=1)
    play.expect(True, "任城区登记员不能办理市级登记的公司 任城's registrar can't act on it")


def filings(play: Play, firm: Firm) -> None:
    """Two premises in two other counties, without branches."""
    play.step("跨县区备案经营场所：曲阜、邹城", "premises filed in 曲阜 and 邹城, no branches")
    visit = play.ask(
        *("--as", "0101", "application", "create", firm.code, "--applicant", firm.person)
    )
    play.tell(f"受理编号 receipt number: {visit['receipt_number']}")
    paper = _commitment(play, firm)
    play.run("--as", "0101", "filing", "check", firm.code, "--address", QUFU)
    play.run("--as", "0101", "filing", "check", firm.code, "--address", QUFU, *paper)
    for title, address in (("曲阜分拨点", QUFU), ("邹城营业部", ZOUCHENG)):
        filing = _draft(play, visit["name"], title, address, paper)
        play.run("--as", "0101", "filing", "submit", filing)
    places = play.ask("--as", "0101", "premises", "list", firm.code)["premises"]
    units = [place["site"]["address"]["unit"] for place in places]
    play.expect(
        units == ["units/20", "units/21"],
        "曲阜、邹城两处场所均已备案 both places are filed, each under its own unit",
    )
    play.run("--as", "0101", "premises", "list", firm.code)


def blocked_filing(play: Play, firm: Firm) -> None:
    """A place that is the domicile already."""
    play.step("不予备案：与住所相同", "one filing is blocked, with its reason")
    visit = play.ask(
        *("--as", "0101", "application", "create", firm.code, "--applicant", firm.person)
    )
    filing = _draft(play, visit["name"], "总部", firm.address, _commitment(play, firm))
    play.run("--as", "0101", "filing", "submit", filing, exits=1)
    found = play.ask("--as", "0101", "filing", "get", filing)
    reasons = [finding.get("reason", "") for finding in found.get("findings", [])]
    play.expect(
        found["state"] == "FILING_STATE_REJECTED" and "地址重复" in "".join(reasons),
        "不予备案，理由：地址重复 rejected: the address is the domicile already",
    )


def handovers(play: Play, firm: Firm) -> None:
    """The host unit takes the place on."""
    play.step("曲阜监管员接收抄告并核查", "曲阜's supervisor takes the place on and inspects it")
    inbox = ("--as", "0202", "handover", "list", "--state", "待接收")
    play.run(*inbox)
    pending = [each for each in play.ask(*inbox)["handovers"] if f"/{firm.code}/" in each["name"]]
    play.expect(len(pending) == 1, "曲阜收到一件 one hand-over waits for 曲阜")
    handover = pending[0]
    play.run("--as", "0202", "handover", "acknowledge", names.short(handover["name"]))
    play.run(
        *("--as", "0202", "handover", "report", names.short(handover["name"])),
        *("--result", "as-filed", "--inspector", "颜若水", "--inspector", "孔庆文"),
        *("--report", "现场核查，与备案一致"),
    )
    left = [each for each in play.ask(*inbox)["handovers"] if f"/{firm.code}/" in each["name"]]
    play.expect(not left, "已接收 acknowledged; 邹城's still waits for 邹城")


def _commitment(play: Play, firm: Firm) -> tuple[str, str]:
    """The commitment 申报承诺书 that the firm's person signed, as the commands take it."""
    paper = play.folder / "承诺书.txt"
    paper.write_text(f"申报承诺书：所报场所真实、合法、安全。{firm.person}\n", "utf-8")
    return "--document", f"commitment={paper}@{firm.person}"


def _draft(play: Play, application: str, title: str, address: str, paper: tuple[str, str]) -> str:
    drafted = play.ask(
        *("--as", "0101", "filing", "create", names.short(application)),
        *("--title", title, "--address", address, "--use", "商业", *paper),
    )
    return names.short(drafted["name"])
