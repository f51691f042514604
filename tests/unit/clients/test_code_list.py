"""Lists of codes for a mass act: two forms, and every wrong line by its number."""

from pathlib import Path

import pytest

from clients.importing.code_list import WrongCodes, read_codes
from clients.sample.codes import uscc

CODES = [uscc("91", "370811", 3_000_000 + n) for n in range(3)]


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_one_code_a_line_is_a_list(tmp_path: Path) -> None:
    assert read_codes(file(tmp_path, f"{CODES[0]}\n\n {CODES[1].lower()} \n")) == CODES[:2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_column_of_a_table_is_a_list(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f"济宁某某店,{code}\n" for code in CODES)
    table = file(tmp_path, "企业名称,统一社会信用代码\n" + rows, encoding)
    assert read_codes(table) == CODES


def test_wrong_lines_are_told_by_number(tmp_path: Path) -> None:
    text = f"名称,统一社会信用代码\n甲,{CODES[0]}\n乙,9137\n丙\n丁,{CODES[0]}\n"
    with pytest.raises(WrongCodes) as caught:
        read_codes(file(tmp_path, text))
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0].split(", ")[1] for line in lines] == ["line 3", "line 4", "line 5"]
    assert "stands on line 2 already" in lines[2]


def test_only_the_first_of_many_wrong_lines_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(WrongCodes, match="and 30 more lines"):
        read_codes(file(tmp_path, "x\n" * 50))


@pytest.mark.parametrize("text", ["", "统一社会信用代码\n"])
def test_a_file_without_a_code_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongCodes, match="holds no code"):
        read_codes(file(tmp_path, text))
