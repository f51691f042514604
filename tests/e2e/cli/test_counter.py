"""The registrar's and the supervisor's day by commands, each at least once, on real services."""

import itertools
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.local.control import wait_until
from clients.sample.codes import misread, uscc
from tests.e2e.cli.instance import Yizhao
from tests.e2e.cli.terminal import at_terminal

REN, HEAD, REN_SUPERVISOR = ("--as", "0101"), ("--as", "0103"), ("--as", "0102")
QUFU, QUFU_SUPERVISOR, ZOU_SUPERVISOR = ("--as", "0201"), ("--as", "0202"), ("--as", "0302")
CITY, OPERATOR, AUDITOR = ("--as", "0900"), ("--as", "0001"), ("--as", "0999")
_NUMBERS = itertools.count(101)
PAPER = ("--document", "commitment=承诺书.txt@王立新")


class Firm:
    """A company of 任城区 of the test's own."""

    def __init__(self, yizhao: Yizhao) -> None:
        number = next(_NUMBERS)
        self.yizhao, self.number = yizhao, number
        self.code, self.name = uscc("91", "370811", number), f"济宁市鸿途{number}号物流有限公司"
        yizhao.run(
            *REN, "entity", "register", self.code, "--name", self.name, "--type", "1130",
            "--person", "王立新", "--capital", "500万元人民币", "--established", "2024-03-18",
            "--address", f"山东省济宁市任城区阜桥街道建设路{number}号",
            "--scope", "一般项目：国内货物运输代理",
        )  # fmt: skip

    def visit(self) -> str:
        """A new visit, as `CODE/RECEIPT`."""
        made = self.yizhao.ask(*REN, "application", "create", self.code)
        return f"{self.code}/{made['receipt_number']}"

    def address(self, town: str = "曲阜市时庄街道裕隆路") -> str:
        """A place that no other test uses."""
        return f"山东省济宁市{town}{self.number * 100 + next(_NUMBERS)}号"

    def filed(self, town: str = "曲阜市时庄街道裕隆路") -> int:
        """Number of a place that was filed."""
        visit, place = self.visit(), ("--address", self.address(town), "--title", "分拨点")
        filing = self.yizhao.ask(*REN, "filing", "create", visit, *place, *PAPER)["name"]
        done = self.yizhao.ask(*REN, "filing", "submit", filing)
        return int(done["premises"].rpartition("/")[2])


@pytest.fixture(scope="module")
def yizhao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yizhao]:
    made = Yizhao(tmp_path_factory.mktemp("counter"))
    try:
        made.start()
        (made.folder / "承诺书.txt").write_text("申报承诺书", "utf-8")
        yield made
        assert made.end(signal.SIGTERM)[0] == 0
    finally:
        made.remove()


@pytest.fixture
def firm(yizhao: Yizhao) -> Firm:
    return Firm(yizhao)


def test_a_business_is_found_by_what_is_known_of_it(yizhao: Yizhao, firm: Firm) -> None:
    former, new = firm.name, f"济宁市白鹭{firm.number}号物流有限公司"
    yizhao.run(*REN, "entity", "change", firm.code, "--name", new)
    search = (*QUFU, "entity", "search")
    told = yizhao.run(*search, former).out
    assert firm.code in told
    assert f"曾用名 {former}" in " ".join(told.split())
    assert "任城区" in told
    assert "在营 ACTIVE" in told
    by_all = ("--person", "王立新", "--address", f"建设路{firm.number}号", "--state", "在营")
    for known in (
        (firm.code.lower(),),
        ("--code", firm.code),
        (f"白鹭{firm.number}号",),
        ("--name", new, "--exact"),
        ("--name", f"白鹭{firm.number}", *by_all, "--unit", "任城区"),
    ):
        results = yizhao.ask(*search, *known)["results"]
        assert [result["entity"]["uscc"] for result in results] == [firm.code], known
    nobody = yizhao.run(*search, "--name", new, "--unit", "曲阜市").out
    assert "没有查到" in nobody
    assert yizhao.ask(*search, "龘龘龘龘") == {"results": []}


@pytest.mark.parametrize(
    ("line", "exits", "told"),
    [
        ((), 1, "请至少填写一项检索条件"),
        (("王",), 1, "至少输入 2 个字"),
        (("--exact", "试写"), 2, "--exact 须与 --name 一起使用"),
        (("试写", "--state", "打烊"), 2, "--state 应为"),
        (("试写", "--unit", "火星"), 2, "no unit is called"),
    ],
)
def test_a_search_that_can_find_nothing_is_refused(
    yizhao: Yizhao, line: tuple[str, ...], exits: int, told: str
) -> None:
    assert told in yizhao.run(*REN, "entity", "search", *line, exits=exits).err


def test_a_counter_clerks_session(yizhao: Yizhao, firm: Firm) -> None:
    """Scan, take the visit, file a chain's shops, tell the defects, complete, see all filed."""
    yizhao.run(*REN, "license", "issue", firm.code)
    scan = yizhao.ask(*REN, "license", "get", firm.code)["scan_text"]
    assert wait_until(lambda: yizhao.outcome(scan) == "VALID", 10)
    seen = at_terminal(yizhao, *REN, "entity", "get", answers=[misread(firm.code), scan])
    assert seen.code == 0, seen.screen
    assert "请扫描或输入统一社会信用代码" in seen.screen
    assert "校验不通过" in seen.screen
    assert "已扫描" in seen.screen
    assert firm.name in seen.screen

    visit = firm.visit()
    rows = [(f"{n}号店", firm.address(), "承诺书.txt") for n in range(118)]
    rows += [("无门牌", "曲阜市", "承诺书.txt"), ("未签", firm.address(), "")]
    text = "场所名称,地址,承诺书\n" + "".join(f"{','.join(row)}\n" for row in rows)
    (yizhao.folder / "shops.csv").write_text(text, "gb18030")
    words = ("filing", "batch", visit, "shops.csv", "--signer", "王立新")
    shown = yizhao.run(*REN, *words, exits=1).out
    assert "合计 120 件：已备案 118，退回补正 2" in shown
    assert "第 1 号一次性告知书" in shown
    assert shown.count("号店") >= 118

    notices = yizhao.ask(*REN, "application", "notices", visit)["notices"]
    assert [len(notice["defects"]) for notice in notices] == [2]
    for number in (119, 120):
        filing, place = f"{firm.code}/{number}", ("--address", firm.address())
        yizhao.run(*REN, "filing", "update", filing, *place, *PAPER)
    assert "已办结" in yizhao.run(*REN, "application", "submit", visit).out
    items = yizhao.ask(*REN, "application", "get", visit)["items"]
    assert {item["outcome"] for item in items} == {"filed"}


def test_a_filing_goes_from_hand_to_hand(yizhao: Yizhao, firm: Firm) -> None:
    visit = firm.visit()

    def doubtful() -> str:
        """A filing of which text and unit disagree: for an official."""
        place = ("--address", firm.address(), "--unit", "邹城市", *PAPER)
        made = yizhao.ask(*REN, "filing", "create", visit, *place)["name"]
        assert "转人工审查" in yizhao.run(*REN, "filing", "submit", made).out
        return str(made)

    first, second, third = doubtful(), doubtful(), doubtful()
    assert "承办人" in yizhao.run(*REN, "filing", "assign", first).out
    mine = yizhao.ask(*REN, "filing", "queue", "--assignee", "me", "--state", "转人工审查")
    assert first in [each["name"] for each in mine["filings"]]
    assert "备案待办" in yizhao.run(*REN, "filing", "queue").out
    decided = ("filing", "decide", first, "--reason", "现场核实")
    assert "请指明" in yizhao.run(*REN, *decided, exits=2).err
    assert "现场核实" in yizhao.run(*REN, *decided, "--accept").out
    told = yizhao.run(*REN, "filing", "return", second, "--defect", "缺平面图").out
    assert "缺平面图" in told
    assert "一次性告知书" in told
    assert "已撤回" in yizhao.run(*REN, "filing", "withdraw", third).out
    assert "已提交或已办结" in yizhao.run(*REN, "filing", "submit", first, exits=1).err
    assert len(yizhao.ask(*REN, "filing", "list", firm.code)["filings"]) == 3
    assert "待补正" in yizhao.run(*REN, "application", "list").out
    assert yizhao.ask(*REN, "application", "assign", visit)["assignee"] == "staff/0101"
    assert (
        "登记科长"
        in yizhao.run(*REN, "application", "extend", visit, "--basis", "待核", exits=1).err
    )
    yizhao.run(*HEAD, "application", "extend", visit, "--basis", "待核")
    kept = yizhao.ask(*REN, "application", "add-document", visit, "承诺书.txt")
    assert len(kept["sha256"]) == 64


def test_filed_places_change_and_are_given_up(yizhao: Yizhao, firm: Firm) -> None:
    first, second = firm.filed(), firm.filed()
    visit, moved = firm.visit(), firm.address()
    asked = ("filing", "create", visit)
    yizhao.run(*REN, *asked, "--change", str(first), "--address", moved, *PAPER)
    assert "取消第" in yizhao.run(*REN, *asked, "--remove", str(second)).out
    both = ("--change", "1", "--remove", "2", "--address", moved)
    assert "不能同时" in yizhao.run(*REN, *asked, *both, exits=2).err
    yizhao.run(*REN, "application", "submit", visit)
    states = [p["state"] for p in yizhao.ask(*REN, "premises", "list", firm.code)["premises"]]
    assert states == ["PREMISES_STATE_LIVE", "PREMISES_STATE_REMOVED"]


def test_a_refused_filing_shows_every_finding_with_its_remedy(yizhao: Yizhao, firm: Firm) -> None:
    home = f"山东省济宁市任城区阜桥街道建设路{firm.number}号"
    filing = yizhao.ask(*REN, "filing", "create", firm.visit(), "--address", home, *PAPER)["name"]
    refused = yizhao.run(*REN, "filing", "submit", filing, exits=1)
    assert "审查意见" in refused.out
    assert "不予备案：地址重复" in refused.err
    assert "请求编号" in refused.err
    checked = ("filing", "check", firm.code, "--address", home)
    assert "地址重复" in yizhao.run(*REN, *checked, exits=1).out


def test_an_entity_sleeps_wakes_and_moves_house(yizhao: Yizhao, firm: Firm) -> None:
    until = ("--until", "2028-05-31")
    assert "歇业期限至" in yizhao.run(*REN, "entity", "suspend", firm.code, *until).out
    again = yizhao.run(*REN, "entity", "suspend", firm.code, "--until", "2028-06-30", exits=1)
    assert "EXTENSION_TOO_EARLY" in again.err
    yizhao.run(*REN, "entity", "resume", firm.code)
    address = ("--address", f"山东省济宁市曲阜市鲁城街道静轩路{firm.number}号")
    assert "已由任城区迁入" in yizhao.run(*QUFU, "entity", "move", firm.code, *address).out
    right = uscc("91", "370881", firm.number)
    basis = ("--basis", "省局赋码更正函")
    yizhao.run(*QUFU, "entity", "correct-code", firm.code, "--to", right.lower(), *basis)
    assert "曾用代码" in yizhao.run(*QUFU, "entity", "get", f" {firm.code.lower()} ").out
    yizhao.run(*QUFU, "entity", "liquidate", right)
    named = ("--expect-name", firm.name)
    assert "已注销" in yizhao.run(*QUFU, "entity", "deregister", right, *named).out


def test_lists_and_holds_are_shown_and_named_by_what_they_block(yizhao: Yizhao, firm: Firm) -> None:
    yizhao.run(
        *REN_SUPERVISOR, "entity", "mark", firm.code, "--kind", "abnormal", "--basis", "列异1号"
    )
    court = ("--authority", "任城区人民法院", "--basis", "执12号", "--act", "change")
    yizhao.run(*REN, "entity", "restrict", firm.code, *court)
    shown = yizhao.run(*REN, "entity", "get", firm.code).out
    assert "经营异常名录（其他）" in shown
    assert "变更、迁移和更正" in shown
    held = yizhao.run(*REN, "entity", "change", firm.code, "--person", "孔维康", exits=1).err
    assert "任城区人民法院" in held
    barred = ("entity", "deregister", firm.code, "--simple", "--expect-name", firm.name)
    assert "SIMPLE_PROCEDURE_BARRED" in yizhao.run(*REN, *barred, exits=1).err
    yizhao.run(*REN, "entity", "lift", f"{firm.code}/1", "--basis", "执12号之一")
    yizhao.run(*REN_SUPERVISOR, "entity", "unmark", f"{firm.code}/1", "--basis", "移异1号")
    assert "marks" not in yizhao.ask(*REN, "entity", "get", firm.code)


def test_terminal_acts_show_what_follows_and_want_the_name_typed(
    yizhao: Yizhao, firm: Firm
) -> None:
    basis = ("--basis", "处罚1号")
    words = (*REN, "entity", "revoke", firm.code, *basis)
    assert "--expect-name" in yizhao.run(*words, exits=2).err
    wrong = at_terminal(yizhao, *words, answers=["别家公司"])
    assert wrong.code == 1
    assert "未办理" in wrong.screen
    assert "吊销营业执照" in wrong.screen
    assert "登记科长" in wrong.screen
    assert at_terminal(yizhao, *words, answers=[""]).code == 1
    assert at_terminal(yizhao, *words, answers=[firm.name]).code == 0
    assert firm.code in yizhao.run(*HEAD, "act", "list").out
    confirmed = at_terminal(yizhao, *HEAD, "act", "confirm", f"{firm.code}/1", answers=[firm.name])
    assert "已复核办理" in confirmed.screen
    named = ("--expect-name", firm.name)
    yizhao.run(*REN, "entity", "reinstate", firm.code, *basis, *named)
    refused = ("act", "refuse", f"{firm.code}/2", "--reason", "证据不足")
    assert "复核未通过" in yizhao.run(*HEAD, *refused).out


def test_a_version_is_annulled_by_two(yizhao: Yizhao, firm: Firm) -> None:
    yizhao.run(*REN, "entity", "change", firm.code, "--person", "孔维康")
    named = ("--expect-name", firm.name)
    words = ("entity", "annul", firm.code, "--version", "2", "--items", "person")
    yizhao.run(*REN, *words, "--basis", "撤1号", *named)
    yizhao.run(*HEAD, "act", "confirm", f"{firm.code}/1", *named)
    assert yizhao.ask(*REN, "entity", "get", firm.code)["face"]["person"] == "王立新"


def test_a_handover_is_declined_passed_on_disputed_and_decided(yizhao: Yizhao, firm: Firm) -> None:
    firm.filed()
    item, why = f"{firm.code}/1", ("--reason", "门牌属邹城")
    assert item in yizhao.run(*QUFU_SUPERVISOR, "handover", "list", "--limit", "1000").out
    yizhao.run(*QUFU_SUPERVISOR, "handover", "decline", item, *why)
    back = yizhao.run(*REN, "handover", "list", "--home", "--state", "已退回").out
    assert item in back
    yizhao.run(*REN, "handover", "forward", item, "--to", "邹城市", *why)
    yizhao.run(*ZOU_SUPERVISOR, "handover", "dispute", item, "--reason", "在曲阜界内")
    decided = ("handover", "resolve", item, "--to", "曲阜市", "--reason", "以测绘为准")
    assert "曲阜市 → 邹城市" in yizhao.run(*CITY, *decided).out
    seen = ("--inspector", "颜若水", "--inspector", "孔庆文", "--report", "属实")
    report = ("handover", "report", item, "--result", "as-filed", *seen)
    assert "与备案一致" in yizhao.run(*QUFU_SUPERVISOR, *report).out
    assert "颜若水、孔庆文" in yizhao.run(*QUFU_SUPERVISOR, "handover", "get", item).out
    again = yizhao.run(*QUFU_SUPERVISOR, "handover", "acknowledge", item, exits=1)
    assert "HANDOVER_NOT_OPEN" in again.err


def test_a_place_is_flagged_answered_struck_and_filed_again(yizhao: Yizhao, firm: Firm) -> None:
    number = firm.filed()
    yizhao.run(*REN, "license", "site-code", firm.code, str(number))
    door = yizhao.ask(*REN, "license", "site-code", firm.code, str(number), "--show")["scan_text"]
    found = ("--finding", "现场无人经营")
    assert wait_until(lambda: yizhao.outcome(door) == "VALID", 10)
    yizhao.run(*QUFU_SUPERVISOR, "premises", "flag", door, *found)
    assert "现场无人经营" in yizhao.run(*REN, "premises", "flags").out
    answer = ("premises", "answer-flag", f"{firm.code}/{number}/1", "--answer", "已责令改正")
    assert "已责令改正" in yizhao.run(*REN, *answer).out
    named = ("--basis", "撤备1号", "--expect-name", firm.name)
    for act, state, pending in (("strike", "STRUCK", 1), ("reinstate", "LIVE", 2)):
        yizhao.run(*REN, "premises", act, f"{firm.code}-{number}", *named)
        yizhao.run(*HEAD, "act", "confirm", f"{firm.code}/{pending}", *named[2:])
        place = yizhao.ask(*REN, "premises", "get", f"{firm.code}/{number}")
        assert place["state"] == f"PREMISES_STATE_{state}"


def test_a_policy_holds_once_another_keeper_confirms(yizhao: Yizhao) -> None:
    first = yizhao.ask("--as", "0801", "policy", "list")["review_policies"][-1]
    version = first["name"].rpartition("/")[2]
    policy = yizhao.ask("--as", "0801", "policy", "show", version)
    policy |= {"effective_date": {"year": 2031, "month": 1, "day": 1}, "most_premises": 200}
    Path(yizhao.folder / "policy.json").write_text(json.dumps(policy), "utf-8")
    made = yizhao.ask("--as", "0801", "policy", "create", "policy.json")["name"]
    assert "SAME_PERSON" in yizhao.run("--as", "0801", "policy", "confirm", made, exits=1).err
    assert "0802" in yizhao.run("--as", "0802", "policy", "confirm", made).out
    assert "200" in yizhao.run("--as", "0801", "policy", "show", made).out
    barred = ("person", "bar", "赵虚构", "--basis", "撤登1号", "--until", "2029-11-23")
    assert "赵虚构" in yizhao.run(*CITY, *barred).out
    station = yizhao.ask(*OPERATOR, "unit", "put", "鲁城市场监督管理所", "--parent", "曲阜市")
    assert station["parent"] == "units/20"


def test_the_feed_tells_a_line_an_event_and_goes_on_where_it_ended(
    yizhao: Yizhao, firm: Firm
) -> None:
    feed = ("--as", "0999", "feed", "watch", "--entity", firm.code)
    assert wait_until(lambda: "设立登记" in yizhao.run(*feed).out, 10)
    told = yizhao.run(*feed)
    assert len(told.out.splitlines()) == 1
    cursor = told.err.split()[1].partition("：")[0]
    firm.filed()

    def later() -> list[str]:
        lines = yizhao.run(*feed, "--after", cursor, "--kind", "filing.*", "--json").out
        return [json.loads(line)["kind"] for line in lines.splitlines()]

    assert wait_until(lambda: later() == ["filing.drafted", "filing.filed"], 10)
    ended = at_terminal(yizhao, *feed, "--follow", interrupt_at="filing.filed")
    assert ended.code == 130, ended.screen
    assert "cursor" in ended.screen
    assert "Traceback" not in ended.screen


@pytest.mark.parametrize(
    ("words", "exits", "said"),
    [
        (("entity", "get"), 2, "缺少统一社会信用代码"),
        (("premises", "get"), 2, "缺少经营场所编号"),
        (("entity", "get", "https://localhost:1/12345"), 4, "未通过验签"),
        (("filing", "queue", "--state", "睡觉"), 2, "--state 应为"),
        (("handover", "decline", "nothing", "--reason", "x"), 2, "统一社会信用代码/编号"),
        (("entity", "suspend", "X", "--until", "soon"), 2, "2024-05-31"),
        (("feed", "watch", "--after", "99999999"), 1, "CURSOR_AHEAD"),
        (("person", "bar", "某人", "--basis", "x", "--until", "2029-01-01"), 1, "ROLE_MISSING"),
        (("policy", "create", "承诺书.txt"), 1, "文件不是审查政策"),
        (("filing", "batch", "X/1", "承诺书.txt"), 1, "文件无法读取"),
    ],
)
def test_wrong_words_get_a_sentence_and_an_exit_code(
    yizhao: Yizhao, words: tuple[str, ...], exits: int, said: str
) -> None:
    assert said in yizhao.run(*REN, *words, exits=exits).err


def test_another_countys_clerk_is_told_whose_it_is(yizhao: Yizhao, firm: Firm) -> None:
    told = yizhao.run(*QUFU, "entity", "liquidate", firm.code, exits=1).err
    assert "请转任城区办理" in told
    assert "owner 管辖单位: 任城区" in told
    assert "请求编号" in told


def test_a_forged_licence_is_not_believed_at_the_prompt(yizhao: Yizhao, firm: Firm) -> None:
    yizhao.run(*REN, "license", "issue", firm.code)
    scan = yizhao.ask(*REN, "license", "get", firm.code)["scan_text"]
    forged = scan[:-1] + ("1" if scan[-1] != "1" else "2")
    seen = at_terminal(yizhao, *REN, "entity", "get", answers=[forged, firm.code.lower()])
    assert seen.code == 0, seen.screen
    assert "未通过验签" in seen.screen


def test_a_business_is_shown_as_it_stood_and_how_it_came_so(yizhao: Yizhao, firm: Firm) -> None:
    registered = yizhao.ask(*REN, "entity", "show", firm.code)["create_time"]
    yizhao.run(*REN, "entity", "change", firm.code, "--person", "李向阳")
    told = yizhao.run(*REN, "entity", "history", firm.code).out
    assert all(words in told for words in ("首次记录", "王立新", "李向阳"))
    then = yizhao.ask(*REN, "entity", "show", firm.code, "--known-at", registered)
    assert then["face"]["person"] == "王立新"
    before = yizhao.run(*REN, "entity", "show", firm.code, "--as-of", "2020-01-01").out
    assert "尚未设立登记" in before
    assert firm.name not in before


def test_an_auditor_sees_who_looked_and_why(yizhao: Yizhao, firm: Firm) -> None:
    why = ("--why", "核对投诉", "--case", "济市监投〔2026〕7号")
    yizhao.run(*QUFU, *why, "entity", "versions", firm.code)
    seen = yizhao.run(*AUDITOR, "access", "list", "--entity", firm.code).out
    assert all(words in seen for words in ("0201", "窗口", "历次登记", "核对投诉"))
    kept = yizhao.ask(*AUDITOR, "access", "list", "--person", "0201")["accesses"][0]
    assert (kept["basis"], kept["case_number"]) == ("核对投诉", "济市监投〔2026〕7号")
    assert "ROLE_MISSING" in yizhao.run(*REN, "access", "list", "--person", "0201", exits=1).err


def test_a_licence_and_its_copies_are_kept_at_the_counter(yizhao: Yizhao, firm: Firm) -> None:
    license_, code = (*REN, "license"), firm.code
    issued = yizhao.run(*license_, "issue", code).out
    assert f"{code}001" in issued
    yizhao.run(*license_, "print-copy", code, "--original")
    told = yizhao.run(*license_, "print-copy", code).out
    assert "副本 1" in told
    yizhao.run(*license_, "collect", code, "2", "--by", "王立新")
    yizhao.run(*license_, "render", code, "--copy", "2", "--out", "副本.png")
    lost = yizhao.run(*license_, "void-lost", code, "2", "--basis", "公示声明作废").out
    assert "已作废 VOID" in lost
    back = yizhao.ask(*license_, "return", code, "1", "--basis", "破损")
    assert back["token_state"] == "LICENSE_STATE_SUPERSEDED"
    listed = yizhao.run(*license_, "copies", code).out
    assert "王立新" in listed
    wrong = yizhao.run(*license_, "void-lost", code, "--basis", "公示声明作废", exits=2)
    assert "--whole" in wrong.err
    yizhao.run(*license_, "void-lost", code, "--whole", "--basis", "公示声明作废")
    yizhao.run(*license_, "reissue", code, "--basis", "遗失补发")
    versions = yizhao.ask(*license_, "list", code)["licenses"]
    assert [each["state"] for each in versions] == [
        "LICENSE_STATE_ISSUED",
        "LICENSE_STATE_LOST_VOID",
    ]
    events = yizhao.run(*REN, "entity", "events", code).out
    assert "正本、副本声明作废" in events
    assert "copy.lost_void" in events
