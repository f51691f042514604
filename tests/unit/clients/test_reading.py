"""What people type and show: dates, spans, units, faces, pictures."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import qrcode
from PIL import Image

from clients import exits
from clients.cli.dates import read_date, read_moment, read_span, wire_date
from clients.cli.faces import FaceOptions, type_code
from clients.cli.say import plain, span_text
from clients.cli.subjects import read_subject
from clients.cli.unit_names import UnitNames
from clients.exits import Failure

NOW = datetime(2024, 5, 31, 10, tzinfo=UTC)
DAY = date(2024, 5, 31)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-31T18:00:00+08:00", NOW),
        ("2024-05-31T18:00:00", NOW),
        ("+25h", NOW + timedelta(hours=25)),
        ("+0s", NOW),
    ],
)
def test_a_clock_is_read_as_the_city_s_or_from_now_on(text: str, moment: datetime) -> None:
    assert read_moment(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "0001-01-01T00:00:00+08:00", "+999999999d", "+1y"]
)
def test_what_is_no_time_is_told_in_both_languages(text: str) -> None:
    with pytest.raises(Failure, match=r"--now .*: give") as told:
        read_moment(text, NOW)
    assert "有误，应写成" in told.value.zh


def test_what_is_no_day_is_told_in_both_languages() -> None:
    with pytest.raises(Failure, match="give a date as") as told:
        read_date("2026-13-01", "--as-of")
    assert told.value.zh == "日期“2026-13-01”有误，应写成 2024-05-31"


@pytest.mark.parametrize("text", ["", "25", "h", "-1h", "1.5h", "١h", "9999999999d", "1y"])
def test_a_length_of_time_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(Failure, match="give a length of time"):
        read_span(text, "--max-age")


@pytest.mark.parametrize("text", ["", "31.5.2024", "2024-02-30", "now"])
def test_a_wrong_date_is_named_with_its_option(text: str) -> None:
    with pytest.raises(Failure, match="--established"):
        read_date(text, "--established")


def test_a_date_goes_to_the_wire_whole() -> None:
    sent = wire_date("2024-05-31", "--effective")
    assert (sent.year, sent.month, sent.day) == (2024, 5, 31)


@pytest.mark.parametrize("text", ["任城区", "济宁市任城区", "370811", "任城", "units/11"])
def test_a_unit_is_known_by_name_short_name_code_and_number(text: str) -> None:
    assert UnitNames().parse(text, DAY) == "units/11"


def test_a_retired_code_means_its_unit_only_in_its_time() -> None:
    assert UnitNames().parse("370882", date(2010, 1, 1)) == "units/12"
    with pytest.raises(Failure, match="no unit is called"):
        UnitNames().parse("370882", DAY)


def test_an_unknown_unit_keeps_its_name_on_screen() -> None:
    assert UnitNames().title("units/9999") == "units/9999"
    assert UnitNames().title("units/20") == "曲阜市"


def test_only_items_that_were_given_are_changed() -> None:
    options = FaceOptions(person="孔维康", address="曲阜市某路1号", address_unit="曲阜市")
    face = options.face(UnitNames(), DAY)
    assert options.items() == ["person", "address"]
    assert (face.person, face.address.text, face.address.unit) == (
        "孔维康",
        "曲阜市某路1号",
        "units/20",
    )
    assert not face.HasField("establish_date")


def test_a_unit_of_an_address_needs_the_address() -> None:
    with pytest.raises(Failure, match="--address-unit goes with --address"):
        FaceOptions(address_unit="曲阜市").items()


@pytest.mark.parametrize("text", ["1130", "有限责任公司(自然人投资或控股)"])
def test_a_type_is_read_by_code_or_label(text: str) -> None:
    assert type_code(text) == 1130


@pytest.mark.parametrize("text", ["1", "99999", "火箭公司", ""])
def test_an_unknown_type_is_refused(text: str) -> None:
    with pytest.raises(Failure, match="no such type"):
        type_code(text)


def _picture(path: Path, *texts: str) -> Path:
    codes = [qrcode.make(text).convert("L") for text in texts]
    sheet = Image.new("L", (sum(code.width for code in codes) or 100, 500), 255)
    left = 0
    for code in codes:
        sheet.paste(code, (left, 0))
        left += code.width
    sheet.save(path)
    return path


def test_a_picture_with_one_code_is_read(tmp_path: Path) -> None:
    read = read_subject(str(_picture(tmp_path / "one.png", "https://zz.example/123")))
    assert (read.kind, read.text) == ("scan", "https://zz.example/123")


@pytest.mark.parametrize(
    ("texts", "said"), [((), "no code found"), (("one", "two"), "2 different codes")]
)
def test_a_picture_without_exactly_one_code_is_refused(
    tmp_path: Path, texts: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Failure, match=said):
        read_subject(str(_picture(tmp_path / "picture.png", *texts)))


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (9_000, 9_000)).save(path)
    with pytest.raises(Failure, match="pixels"):
        read_subject(str(path))


def test_a_broken_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    content = BytesIO()
    qrcode.make("x").save(content)
    path.write_bytes(content.getvalue()[:60])
    with pytest.raises(Failure, match="no readable picture"):
        read_subject(str(path))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("91370811MAJN000108", "uscc"),
        ("120118000032322", "uscc"),
        ("91370811MAJN00010", "uscc"),
        ("91370811MAJN0001088", "uscc"),
        ("1.2.156.3005.2.11100000MB0143028R001.X.Y.001.S", "license_number"),
        ("https://localhost:1/1", "scan"),
        ("anything else", "scan"),
    ],
)
def test_a_word_is_a_code_a_number_or_a_scan(word: str, kind: str) -> None:
    assert read_subject(word).kind == kind


def test_a_text_longer_than_any_file_name_is_a_text() -> None:
    assert read_subject("1" * 5_000).kind == "scan"


def test_a_code_is_one_where_a_folder_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("91370811MAJN000108").mkdir()
    assert read_subject("91370811MAJN000108").kind == "uscc"


@pytest.mark.parametrize(
    "word", ["nothing-here.png", "nothing.PDF", "places.cose", "./nothing", "/nothing/here"]
)
def test_a_file_that_is_not_there_is_no_scan(word: str) -> None:
    with pytest.raises(Failure, match="no such file"):
        read_subject(word)


@pytest.mark.parametrize("content", ["", "\n", " \r\n"])
def test_an_empty_file_is_named_and_never_sent(tmp_path: Path, content: str) -> None:
    file = tmp_path / "scan.txt"
    file.write_text(content)
    with pytest.raises(Failure, match=r"scan\.txt is empty") as told:
        read_subject(str(file))
    assert str(file) in told.value.zh


def test_no_subject_is_wrong_usage() -> None:
    with pytest.raises(Failure) as told:
        read_subject("")
    assert told.value.exit_code == exits.USAGE


def test_nothing_that_is_printed_moves_the_cursor_or_is_taken_for_markup() -> None:
    assert plain("a\x1b[2Jb\r[bold]c\u202ed") == "a�[2Jb�\\[bold]c�d"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (3_725, "1 h 2 min"), (90_000, "1 d 1 h")]
)
def test_ages_are_told_in_two_units(seconds: float, text: str) -> None:
    assert span_text(seconds) == text
