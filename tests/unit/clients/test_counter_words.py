"""What a counter reads and types: codes, shops, states, days, next steps."""

import re
from datetime import date
from pathlib import Path

import pytest
from google.type.date_pb2 import Date

import registry_service
from clients import exits
from clients.cli.codes import named, tidied
from clients.cli.due_dates import due_cell
from clients.cli.main import main
from clients.cli.queue_arguments import state_of
from clients.cli.remedies import REMEDIES, remedy
from clients.cli.sites import building_of, documents_of
from clients.cli.words import APPLICATION_STATES, BUILDINGS, EVENTS
from clients.importing.shops import MOST_SHOPS, read_shops
from clients.importing.table import UnreadableFile
from clients.sdk import names
from registry_service.domain.errors import RegistryError
from yizhao.registry.v1 import premises_pb2

CODE = "91370811MAJN000108"
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f" {CODE}\r", CODE),
        ("91370811 MAJN 000108", CODE),
        ("９１３７０８１１ＭＡＪＮ０００１０８", CODE),
        ("ｈｔｔｐｓ：／／zz.example／12", "https://zz.example/12"),
    ],
)
def test_a_scanners_spaces_and_full_width_letters_are_tidied(typed: str, read: str) -> None:
    assert tidied(typed) == read


def test_short_names_are_read_in_any_case_and_whole_names_kept() -> None:
    whole = f"entities/{CODE}/filings/3"
    assert named(f"{CODE.lower()} / 3", "filings") == whole
    assert named(whole, "filings") == whole
    with pytest.raises(exits.Failure, match="CODE/N"):
        named("3", "filings")


def test_names_of_flags_go_both_ways() -> None:
    whole = f"entities/{CODE}/premises/2/flags/1"
    assert names.short(whole) == f"{CODE}/2/1"
    assert names.flag(f"{CODE}/2/1") == names.flag(whole) == whole


@pytest.mark.parametrize(
    ("day", "words"), [(22, "已逾期"), (23, "今日到期"), (24, "")], ids=["late", "today", "ahead"]
)
def test_a_late_day_is_told_in_words_not_only_in_red(day: int, words: str) -> None:
    due = Date(year=2026, month=11, day=day)
    assert due_cell(due, False, TODAY, waits=True).plain.endswith(words or "24")
    assert words == "" or words not in due_cell(due, False, TODAY, waits=False).plain


def test_a_day_that_may_move_says_so() -> None:
    assert "暂定" in due_cell(Date(year=2027, month=1, day=5), True, TODAY, waits=True).plain


def test_states_are_named_in_chinese_or_english() -> None:
    assert state_of("待审查", APPLICATION_STATES) == state_of("manual", APPLICATION_STATES)
    assert state_of("", APPLICATION_STATES) == "UNSPECIFIED"
    with pytest.raises(exits.Failure, match="CLOSED"):
        state_of("睡觉", APPLICATION_STATES)


def test_every_building_is_understood_as_it_is_shown() -> None:
    for name, words in BUILDINGS.items():
        value = premises_pb2.Building.Value(f"BUILDING_{name}")
        assert building_of(words) == building_of(name.lower()) == value
    with pytest.raises(exits.Failure, match="城堡"):
        building_of("城堡")


def test_a_document_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(exits.Failure, match="KIND"):
        documents_of([f"poem={tmp_path}"])


def test_every_next_step_belongs_to_a_refusal_of_the_registry() -> None:
    found, waiting = set(), [RegistryError]
    while waiting:
        for each in waiting.pop().__subclasses__():
            found.add(each.reason)
            waiting.append(each)
    assert REMEDIES.keys() <= found


def test_a_next_step_without_its_value_is_left_out() -> None:
    assert "法院" in remedy("ENTITY_HELD", {"authority": "任城区人民法院"})
    assert remedy("ENTITY_HELD", {}) == remedy("NO_SUCH_REASON", {}) == ""


def test_every_kind_of_event_has_its_chinese_words() -> None:
    folder = Path(registry_service.__file__).parent / "operations"
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    recorded = set(re.findall(r'record\([^"]*?"([a-z_]+\.[a-z_]+)"', text, re.DOTALL))
    assert len(recorded) > 15
    assert recorded <= EVENTS.keys()


def test_shops_are_read_with_chinese_or_english_headers(tmp_path: Path) -> None:
    chinese, english = tmp_path / "c.csv", tmp_path / "e.csv"
    chinese.write_text("场所名称,地址,承诺书\n一店,曲阜市裕隆路1号,承诺书.txt\n,,\n", "gb18030")
    english.write_text("title,address,commitment\n一店,曲阜市裕隆路1号,承诺书.txt\n", "utf-8-sig")
    (first,), (second,) = read_shops(chinese), read_shops(english)
    assert first == second
    assert (first.line, first["title"], first["permit"]) == (2, "一店", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("地址\n", "no shops"),
        ("店名,地址\nx,y\n", "unknown columns 店名"),
        ("场所名称\nx\n", "no column 地址"),
        ("地址,address\nx,y\n", "more than one column"),
        ("地址\nx,y\n", "line 2: 2 cells"),
        ("地址\n" + "某路1号\n" * (MOST_SHOPS + 1), f"more than {MOST_SHOPS}"),
    ],
)
def test_a_file_of_shops_that_is_not_understood_is_refused_whole(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "shops.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(UnreadableFile, match=re.escape(said)):
        read_shops(file)


def test_the_walk_through_shows_commands_and_options_that_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "counter.md").read_text("utf-8")
    lines = re.findall(r"^\$ yizhao (.*?)$", page.replace("\\\n", " "), re.MULTILINE)
    assert len(lines) > 20
    for line in lines:
        words = [word for word in re.sub(r"--as \d+|--json", "", line).split() if word != ">"]
        assert main([*words[:2], "--help"]) == exits.DONE
        shown = capsys.readouterr().out
        assert all(word in shown for word in words[2:] if word.startswith("--")), line
