"""Files as they come: encodings, headers, lines, parts."""

from pathlib import Path

import pytest

from clients.importing.columns import Columns, UnknownColumns
from clients.importing.rejects import write_rejects
from clients.importing.run import PART_ROWS, _parts, _row
from clients.importing.table import Table, UnreadableFile
from clients.importing.vocabulary import ENTITIES, PREMISES
from yizhao.registry.v1 import import_run_pb2 as pb

HEADER = "企业名称,统一社会信用代码,注册日期,法人代表,所在省份,注册地址\n"
ROW = "济宁市某某商贸有限公司,91370811MAJN000108,2001-02-03,王立新,山东,任城区某路2号\n"


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_that_are_met_are_read(tmp_path: Path, encoding: str) -> None:
    table = Table.open(_file(tmp_path, (HEADER + ROW).encode(encoding)))
    line = next(table.lines())
    assert table.count == 1
    assert table.columns.fields == ("entname", "uniscid", "estdate", "lerep", "", "dom")
    assert line.cells[0] == "济宁市某某商贸有限公司"
    assert table.columns.unused == ("所在省份",)


def test_lines_are_those_on_which_rows_start(tmp_path: Path) -> None:
    content = 'uniscid,opscope\nA,"one\ntwo"\n\nB,three\n'
    table = Table.open(_file(tmp_path, content.encode()))
    assert [(line.number, line.cells[0]) for line in table.lines()] == [(2, "A"), (5, "B")]
    assert table.count == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "no column for uniscid"),
        ("企业名称,名称,uniscid\n".encode(), "more than one column for entname"),
        (b"\xff\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (b'uniscid,dom\nA,"x"y\n', "line 2"),
        (b"uniscid\n" + b"x" * 200_000 + b"\n", "field larger"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_place(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        Table.open(_file(tmp_path, content))


def test_a_header_without_a_code_is_refused() -> None:
    with pytest.raises(UnknownColumns):
        Columns.read(["企业名称", "注册地址"], ENTITIES)


def test_each_kind_of_file_has_its_own_words() -> None:
    columns = Columns.read(["统一社会信用代码", "经营场所", "备案日期", "备注"], PREMISES)
    assert columns.fields == ("uniscid", "address", "filed_date", "")
    assert columns.unused == ("备注",)
    with pytest.raises(UnknownColumns, match="经营场所"):
        Columns.read(["统一社会信用代码", "备案日期"], PREMISES)


def test_parts_stay_within_their_bounds_and_lose_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(PART_ROWS * 2 + 7))
    table = Table.open(_file(tmp_path, f"uniscid,dom\n{rows}".encode()))
    parts = list(_parts(table.lines()))
    assert [len(part) for part in parts] == [PART_ROWS, PART_ROWS, 7]
    assert [line.cells[0] for part in parts for line in part] == [
        str(number) for number in range(table.count)
    ]


def test_large_rows_make_smaller_parts(tmp_path: Path) -> None:
    rows = "".join(f"{number},{'长' * 100_000}\n" for number in range(9))
    table = Table.open(_file(tmp_path, f"uniscid,opscope\n{rows}".encode()))
    assert [len(part) for part in _parts(table.lines())] == [3, 3, 3]


def test_the_file_of_rejects_can_be_mended_and_fed_again(tmp_path: Path) -> None:
    other = ROW.replace("王立新", "李立新").replace("108", "109")
    table = Table.open(_file(tmp_path, (HEADER + ROW + other).encode()))
    first, second = table.lines()
    out = tmp_path / "rejects.csv"
    told = [
        pb.ImportRemark(
            import_run="importRuns/7", line=3, field="uniscid", reason="USCC_CHECK", text="不通过"
        ),
        pb.ImportRemark(
            import_run="importRuns/7", line=3, field="dom", reason="ADDRESS_UNFIT", text="无地址"
        ),
    ]
    assert write_rejects(out, table, told) == 1
    read = Table.open(out)
    (line,) = read.lines()
    report = ("importRuns/7", "3", "uniscid；dom", "USCC_CHECK；ADDRESS_UNFIT", "不通过；无地址")
    assert line.cells == (*report, *second.cells)
    row = _row(read.columns, line)
    assert (row.mends_import_run, row.mends_line) == ("importRuns/7", 3)
    assert read.columns.fields == ("",) * 5 + table.columns.fields
    assert not _row(table.columns, first).mends_import_run
    assert read.columns.unused == table.columns.unused
