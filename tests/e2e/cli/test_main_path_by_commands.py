"""The commands against real services, as a counter, a supervisor and a bank use them."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.local.control import wait_until
from clients.sample.codes import misread, uscc
from tests.e2e.cli.instance import ROOT, Yizhao

CODE = uscc("91", "370811", 1)
NAME = "济宁市鸿途智运物流有限公司"
FACE = (
    *("--name", NAME, "--type", "1130", "--person", "王立新", "--capital", "500万元人民币"),
    *("--address", "山东省济宁市任城区阜桥街道建设路88号", "--established", "2024-03-18"),
    *("--scope", "一般项目：国内货物运输代理"),
)
HOME = ("--as", "0101")


@pytest.fixture(scope="module")
def yizhao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yizhao]:
    """Everything up, with one company that holds a licence and a site in 曲阜."""
    made = Yizhao(tmp_path_factory.mktemp("instance"))
    try:
        _prepare(made)
        yield made
        code, said = made.end(signal.SIGTERM)
        assert (code, "已全部停止" in said) == (0, True), said
        assert not (made.folder / ".yizhao" / "instance.json").exists()
    finally:
        made.remove()


def _prepare(made: Yizhao) -> None:
    made.start()
    made.run(*HOME, "entity", "register", CODE, *FACE)
    visit = made.ask(*HOME, "application", "create", CODE, "--applicant", "王立新")["name"]
    (made.folder / "承诺书.txt").write_text("申报承诺书", "utf-8")
    site = ("--title", "曲阜分拨点", "--address", "山东省济宁市曲阜市时庄街道裕隆路66号")
    paper = ("--document", "commitment=承诺书.txt@王立新")
    filing = made.ask(*HOME, "filing", "create", visit, *site, *paper)["name"]
    made.run(*HOME, "filing", "submit", filing)
    made.run(*HOME, "license", "statement", CODE, "--out", "places.cose")
    # Whoever sees the licence, issued after it, sees the statement too.
    made.run(*HOME, "license", "issue", CODE)
    made.run(*HOME, "license", "site-code", CODE, "1")
    made.run(*HOME, "license", "render", CODE, "--out", "licence.png")
    made.run(*HOME, "license", "print-copy", CODE, "--original")
    scan = made.ask(*HOME, "license", "get", CODE)["scan_text"]
    # The verifier fetches what is published once a second.
    assert wait_until(lambda: made.outcome(scan) == "VALID", 10)
    made.run(*HOME, "bundle", "save", "bundle.cbor")


@pytest.mark.parametrize(
    ("which", "file", "begins", "paper"),
    [
        ((), "licence.html", b"<!doctype html>", "297 × 210 mm"),
        (("--copy", "1"), "original.svg", b"<svg ", "420 × 297 mm"),
        (("--premises", "1"), "site.svg", b"<svg ", "297 × 210 mm"),
    ],
)
def test_a_licence_a_copy_and_the_sheet_of_a_place_are_written_to_print(
    yizhao: Yizhao, which: tuple[str, ...], file: str, begins: bytes, paper: str
) -> None:
    told = yizhao.ask(*HOME, "license", "page", CODE, *which, "--out", file)
    assert (told["files"], told["paper"], told["sheets"]) == ([file], paper, 1)
    assert (yizhao.folder / file).read_bytes().startswith(begins)


def test_a_picture_is_checked_by_the_service_and_offline_with_one_answer(yizhao: Yizhao) -> None:
    # On a busy machine the verifier may not have reached the registry within its four seconds.
    assert wait_until(lambda: yizhao.ask("verify", "licence.png")["source"] == "live", 30)
    live = yizhao.ask("verify", "licence.png")
    offline = yizhao.ask("verify", "licence.png", "--bundle", "bundle.cbor")
    assert (live["outcome"], offline["outcome"]) == ("VALID", "VALID")
    assert offline["source"] == "bundled"
    assert live["face"] == offline["face"]
    assert live["checks"] == offline["checks"]


def test_old_data_is_indeterminate_and_says_so_by_exit_code(yizhao: Yizhao) -> None:
    words = ("verify", "licence.png", "--bundle", "bundle.cbor", "--now", "+25h")
    assert yizhao.ask(*words, exits=5)["outcome"] == "INDETERMINATE"
    assert yizhao.ask(*words, "--max-age", "7d")["outcome"] == "VALID"


OFFLINE = ("--bundle", "bundle.cbor")
SHOP = "山东省济宁市曲阜市时庄街道裕隆路66号"


def test_a_list_of_places_is_checked_offline_and_told_to_a_clerk(yizhao: Yizhao) -> None:
    words = ("verify", "statement", "places.cose", *OFFLINE)
    found = yizhao.ask(*words, "--address", SHOP)
    assert (found["outcome"], found["uscc"], found["version"]) == ("VALID", CODE, 1)
    assert [place["address"] for place in found["premises"]] == [SHOP]
    assert found["found"] == 1
    shown = yizhao.run(*words, "--address", "曲阜市别处路1号").out
    assert "清单有效" in shown
    assert "载明经营场所1处" in shown
    assert "不在清单上" in shown
    assert yizhao.ask(*words, "--now", "+25h", exits=5)["reason"] == "DATA_STALE"


def test_the_service_gives_the_same_answer_and_counts_it_for_what_it_was(yizhao: Yizhao) -> None:
    words = ("verify", "statement", "places.cose", "--address", SHOP, "--purpose", "banking")
    matter = ("--case", "KH-9", "--item", "RW-02", "--operator", "window-3")
    bank = ("--as", "partner/icbank")
    told, offline = yizhao.ask(*bank, *words, *matter), yizhao.ask(*words, *OFFLINE)
    same = {"outcome", "reason", "uscc", "version", "issued_at", "premises", "zh", "found"}
    for name in same | {"address_answer"}:
        assert told[name] == offline[name], name
    assert "在清单上：第 1 号" in yizhao.run(*bank, *words, *matter).out
    kept = {"item_code": "RW-02", "operator_reference": "window-3", "count": "2"}.items()
    by = (*bank, "usage", "show", "--by", "purpose,item,operator")
    assert wait_until(lambda: any(kept <= row.items() for row in yizhao.ask(*by)["rows"]), 60)
    of_case = yizhao.ask(*bank, "receipt", "list", "--of-case", "KH-9")["receipts"]
    assert [each["uscc"] for each in of_case] == [CODE, CODE]


def test_an_altered_list_of_places_is_refused_by_name(yizhao: Yizhao) -> None:
    content = (yizhao.folder / "places.cose").read_bytes()
    (yizhao.folder / "altered.cose").write_bytes(content.replace("66号".encode(), "67号".encode()))
    said = yizhao.run("verify", "statement", "altered.cose", *OFFLINE, exits=4)
    beside = ("--address", SHOP, "--statement", "altered.cose")
    said_beside = yizhao.run("verify", "licence.png", *OFFLINE, *beside, exits=4)
    assert "STATEMENT_FORGED" in said_beside.err
    asked = yizhao.run("verify", "statement", "altered.cose", exits=4)
    assert "STATEMENT_FORGED" in asked.err
    assert "STATEMENT_FORGED" in said.err
    assert "no such file" in yizhao.run("verify", "statement", "no.cose", *OFFLINE, exits=1).err


def test_with_the_list_in_hand_a_place_is_established_offline(yizhao: Yizhao) -> None:
    place = ("--purpose", "charging-point", "--address", SHOP)
    words = ("verify", "licence.png", *OFFLINE, *place)
    assert yizhao.ask(*words, exits=5)["outcome"] == "INDETERMINATE"
    found = yizhao.ask(*words, "--statement", "places.cose")
    assert found["outcome"] == "VALID"
    reasons = {check["name"]: check["reason"] for check in found["checks"]}
    assert reasons["PLACE"] == "PLACE_ON_STATEMENT"


def test_a_bundle_of_another_system_is_not_believed(yizhao: Yizhao) -> None:
    root = yizhao.folder / "other.pem"
    subprocess.run([sys.executable, "-c", _OTHER_ROOT, str(root)], check=True, env=yizhao.environ)
    words = ("verify", "licence.png", "--bundle", "bundle.cbor", "--root", str(root))
    assert "is not believed" in yizhao.run(*words, exits=1).err


_OTHER_ROOT = """
import sys, pathlib
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives import serialization as s
key = ec.generate_private_key(ec.SECP256R1()).public_key()
pem = key.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
pathlib.Path(sys.argv[1]).write_bytes(pem)
"""


def test_production_checkers_never_call_a_development_licence_valid(yizhao: Yizhao) -> None:
    root = str(yizhao.folder / ".yizhao" / "keys" / "root.pub.pem")
    words = ("verify", "licence.png", "--bundle", "bundle.cbor", "--root", root)
    assert yizhao.run(*words, "--json", exits=4).json["outcome"] == "INVALID"


def test_a_registrar_of_another_county_is_told_whose_it_is(yizhao: Yizhao) -> None:
    words = ("--as", "0301", "application", "create", CODE, "--applicant", "来人")
    refused = yizhao.run(*words, exits=1).err
    assert "任城区" in refused
    assert "NOT_YOUR_UNIT" in refused
    told = yizhao.ask(*words, exits=1)["error"]
    assert (told["reason"], told["owner"]) == ("NOT_YOUR_UNIT", "任城区")


def test_the_host_unit_finds_its_hand_over_by_name_or_code(yizhao: Yizhao) -> None:
    for unit in ("曲阜市", "曲阜", "370881"):
        found = yizhao.ask("--as", "0202", "handover", "list", "--unit", unit)["handovers"]
        assert [each["business_name"] for each in found] == [NAME]


def test_events_tell_who_did_what_by_name(yizhao: Yizhao) -> None:
    shown = yizhao.run("--as", "0999", "entity", "events", CODE).out
    assert "任秋实 0101" in shown
    assert "设立登记" in shown


def test_an_import_accounts_for_every_row_and_repeats_without_harm(yizhao: Yizhao) -> None:
    yizhao.run("sample", "--entities", "300", "--seed", "5", "--out", "city.csv")
    words = ("--as", "0001", "import", "entities", "city.csv", "--rejects", "rejects.csv")
    first = yizhao.ask(*words)
    bad = first["rejected"] + first["quarantined"]
    assert first["new"] + first["unchanged"] + bad == first["rows"] == 300
    signed = yizhao.ask("--as", "0900", "import", "sign-off", first["import_run"], "--all")
    assert signed["state"] == "IMPORT_RUN_STATE_DONE"
    again = yizhao.ask(*words)
    assert (again["new"], again["unchanged"]) == (0, first["new"] + first["unchanged"])
    rejects = (yizhao.folder / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert len(rejects) == 1 + bad
    shown = yizhao.run("--as", "0103", "import", "remarks", first["import_run"]).out
    assert "问题清单" in shown


def test_two_people_issue_every_licence_that_is_missing(yizhao: Yizhao) -> None:
    code = uscc("91", "370811", 7_001)
    yizhao.run(*HOME, "entity", "register", code, *FACE)
    asked = ("--as", "0001", "mass", "issue", "--basis", "首日批量签发")
    run = yizhao.ask(*asked)
    assert "MASS_RUN_OPEN" in yizhao.run(*asked, exits=1).err
    wanted = run["wanted_count"]
    shown = yizhao.run("--as", "0900", "mass", "show", run["name"]).out
    assert f"--expect {wanted}" in shown
    done = yizhao.run("--as", "0900", "mass", "confirm", run["name"], "--expect", wanted).out
    assert "已完成 DONE" in done
    assert yizhao.ask(*HOME, "license", "get", code)["scan_text"]
    runs = yizhao.ask("--as", "0900", "mass", "list")["mass_runs"]
    (listed,) = (each for each in runs if each["name"] == run["name"])
    assert listed["asked_by"] == "staff/0001"
    # Of a city that was imported by another test some faces can't be printed.
    remarks = yizhao.ask("--as", "0900", "mass", "remarks", run["name"])["remarks"]
    assert int(listed["issued_count"]) + len(remarks) == int(wanted)
    cancel = ("--as", "0900", "mass", "cancel", run["name"])
    assert "MASS_RUN_STATE" in yizhao.run(*cancel, exits=1).err


def test_a_list_of_codes_is_revoked_from_a_file(yizhao: Yizhao, tmp_path: Path) -> None:
    code, nobody = uscc("91", "370811", 7_002), uscc("91", "370811", 7_003)
    yizhao.run(*HOME, "entity", "register", code, *FACE)
    file = tmp_path / "list.csv"
    file.write_text(f"统一社会信用代码\n{code}\n9137\n", encoding="utf-8")
    asked = (*HOME, "mass", "revoke", str(file), "--basis", "任市监处罚〔2026〕7号")
    assert "line 3" in yizhao.run(*asked, exits=1).err
    file.write_text(f"{code}\n{nobody}\n", encoding="utf-8")
    run = yizhao.ask(*asked)
    done = yizhao.run("--as", "0900", "mass", "confirm", run["name"], "--expect", "2").out
    assert "批量吊销 REVOKE" in done
    assert nobody in done
    assert yizhao.ask(*HOME, "entity", "get", code)["state"] == "ENTITY_STATE_REVOKED"
    marked = (*HOME, "mass", "mark", str(file), "--kind", "x", "--basis", "x")
    assert "--kind" in yizhao.run(*marked, exits=2).err


@pytest.mark.parametrize(
    ("words", "exits", "said"),
    [
        (("entity", "register", misread(CODE), *FACE), 1, "校验不通过"),
        (("entity", "get", "91370811MAJN000205"), 1, "ENTITY_UNKNOWN"),
        (("entity", "list", "--unit", "火星"), 2, "no unit is called"),
        (("entity", "change", CODE), 2, "name at least one item"),
        (("license", "render", CODE, "--out", "x.pdf"), 2, "*.png, *.svg"),
        (("license", "page", CODE, "--out", "x.png"), 2, "*.html, *.svg, *.pdf"),
        (("license", "page", CODE, "--copy", "9", "--out", "x.pdf"), 1, "COPY_UNKNOWN"),
        (("license", "site-code", CODE, "9"), 1, "PREMISES_UNKNOWN"),
        (("import", "entities", "city.csv"), 1, "ROLE_MISSING"),
        (("filing", "check", CODE, "--address", "任城区阜桥街道建设路88号"), 1, ""),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    yizhao: Yizhao, words: tuple[str, ...], exits: int, said: str
) -> None:
    (yizhao.folder / "city.csv").touch()
    if words[0] == "import":
        (yizhao.folder / "city.csv").write_text("uniscid\nX\n", encoding="utf-8")
    before = _told(yizhao)
    ran = yizhao.run(*HOME, *words, exits=exits)
    assert said in ran.err
    assert _told(yizhao) == before


def _told(yizhao: Yizhao) -> list[dict[str, str]]:
    """The events, without the feed numbers that the last ones may still wait for."""
    events = yizhao.ask("--as", "0999", "entity", "events", CODE)["events"]
    return [{**each, "feed_number": ""} for each in events]


@pytest.mark.parametrize("scan", ["not a number", "https://localhost:1/12", "9" * 1_700])
def test_a_bad_scan_is_a_verdict(yizhao: Yizhao, scan: str) -> None:
    ran = yizhao.run("verify", "-", "--json", exits=4, stdin=f"{scan}\n")
    assert ran.json["outcome"] == "INVALID"
    assert ran.json["face"] is None


def test_a_megabyte_of_digits_is_refused_by_name(yizhao: Yizhao) -> None:
    ran = yizhao.run("verify", "-", exits=1, stdin="7" * 1_000_000)
    assert "SCAN_TOO_LARGE" in ran.err


def test_a_second_up_is_refused(yizhao: Yizhao) -> None:
    assert "it is up already" in yizhao.spawn("up", exits=1).err


def test_everything_stored_holds_when_rechecked(yizhao: Yizhao) -> None:
    assert "全部一致" in yizhao.spawn("fsck").out
    assert yizhao.ask("db", "migrate")["applied"] == []


def test_verification_goes_on_while_the_registry_is_stopped(yizhao: Yizhao) -> None:
    yizhao.run("registry", "stop")
    try:
        gone = yizhao.run(*HOME, "entity", "get", CODE, exits=3)
        assert "yizhao up" in gone.err
        assert yizhao.ask("verify", "licence.png")["outcome"] == "VALID"
    finally:
        yizhao.run("registry", "start")
    assert yizhao.ask(*HOME, "entity", "get", CODE)["uscc"] == CODE


def test_doctor_finds_all_well_and_then_the_registry_stopped(yizhao: Yizhao) -> None:
    well = yizhao.ask("doctor")["findings"]
    assert {each["check"] for each in well if each["outcome"] == "ok"} >= {
        *("settings", "instance", "disk", "database", "schema", "keys", "certificates", "clock"),
        *("ports", "publishing", "intents", "feed", "verifier", "registry-link", "rollback"),
    }
    yizhao.run("registry", "stop")
    try:
        ill = yizhao.ask("doctor", exits=1)["findings"]
        shown = yizhao.run("doctor", exits=1).out
    finally:
        yizhao.run("registry", "start")
    failed = [(each["check"], each["next"]) for each in ill if each["outcome"] == "fail"]
    assert failed == [("ports", "yizhao registry start")]
    assert "yizhao registry start" in shown


def test_the_first_program_of_the_readme_runs_as_written(yizhao: Yizhao) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    program = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert program is not None
    Path(yizhao.folder / "check.py").write_text(program[1], encoding="utf-8")
    scan = yizhao.ask(*HOME, "license", "get", CODE)["scan_text"]
    done = subprocess.run(
        [sys.executable, "check.py"],
        cwd=yizhao.folder,
        env=yizhao.environ,
        input=f"{scan}\n",
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith("VALID VALID")
    assert f"{NAME} {CODE} 任城区" in done.stdout
