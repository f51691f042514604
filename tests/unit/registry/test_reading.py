"""Reading field by field: every fault is kept and told in both languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.errors import InvalidRequest
from registry_service.domain.reading import Reader, type_code_of


def read_day(text: str) -> tuple[date | None, list[str]]:
    reader = Reader()
    day = reader.day("estdate", text)
    return day, [fault.field for fault in reader.faults]


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-04",
        "2023-5-4",
        "2023/05/04",
        "2023/5/4",
        "2023年5月4日",
        "2023年05月04日",
        "20230504",
        "2023-05-04 00:00:00",
        "2023-05-04 00:00:00.0",
        "2023-05-04T00:00:00",
        " 2023-05-04 ",
    ],
)
def test_dates_are_read_as_files_write_them(text: str) -> None:
    assert read_day(text) == (date(2023, 5, 4), [])


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_an_absent_date_is_none(text: str) -> None:
    assert read_day(text) == (None, [])


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29",
        "2023-13-01",
        "23-05-04",
        "2023-05/04",
        "2023-05-04 13:30:00",
        "0000-01-01",
        "1899-12-31",
        "3000-01-01",
        "长期",
        "2023",
        "2023-05-04x",
    ],
)
def test_anything_else_is_a_fault_and_no_date(text: str) -> None:
    assert read_day(text) == (None, ["estdate"])


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\x00", "\n", "\u200b", "\ufeff", "\x7f"]
)
def test_a_character_that_nobody_sees_is_a_fault(character: str) -> None:
    reader = Reader()
    assert reader.text("name", f"试{character}写", 100) == ""
    (fault,) = reader.faults
    assert f"U+{ord(character):04X}" in fault.description
    assert fault.zh


def test_a_required_text_is_asked_for() -> None:
    reader = Reader()
    reader.text("name", "\u3000 ", 100, required=True)
    reader.text("agent", "", 100)
    assert [fault.field for fault in reader.faults] == ["name"]


def test_all_faults_are_told_at_once() -> None:
    reader = Reader()
    reader.uscc("uniscid", "91370811MAJN000109")
    reader.registration_number("regno", "370811000000000")
    reader.type_code("type", 4321)
    reader.capital("regcap", "x" * 65)
    with pytest.raises(InvalidRequest) as refusal:
        reader.finish()
    assert [f.field for f in refusal.value.fields] == ["uniscid", "regno", "type", "regcap"]
    assert refusal.value.zh.count("；") == 3


def test_type_labels_and_codes_are_read_and_never_guessed() -> None:
    assert type_code_of("1130") == 1130
    assert type_code_of("有限责任公司(自然人投资或控股)") == 1130
    assert type_code_of("9999") == 0
    assert type_code_of("有限公司一类") == 0
    assert type_code_of("") == 0


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text: str) -> None:
    reader = Reader()
    reader.day("day", text)
    reader.text("text", text, 20)
    reader.uscc("uscc", text)
    reader.registration_number("regno", text)
    reader.capital("capital", text)
    type_code_of(text)
