"""Files as they come: encodings, headers, lines, parts."""

from pathlib import Path

import pytest

from clients.importing.columns import Columns, UnknownColumns
from clients.importing.run import PART_ROWS, Outcome, Reject, _add, _parts, write_rejects
from clients.importing.table import Table, UnreadableFile
from yizhao.registry.v1 import admin_service_pb2 as pb

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
    assert table.columns.row(line.cells) == {
        "entname": "济宁市某某商贸有限公司",
        "uniscid": "91370811MAJN000108",
        "estdate": "2001-02-03",
        "lerep": "王立新",
        "dom": "任城区某路2号",
    }
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
        (b"a,b\n1,2\n", "no column for the code"),
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
        Columns.read(["企业名称", "注册地址"])


def test_parts_stay_within_their_bounds_and_lose_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(PART_ROWS * 2 + 7))
    table = Table.open(_file(tmp_path, f"uniscid,dom\n{rows}".encode()))
    parts = list(_parts(table, Outcome()))
    assert [len(part) for part in parts] == [PART_ROWS, PART_ROWS, 7]
    assert [line.cells[0] for part in parts for line in part] == [
        str(number) for number in range(table.count)
    ]


def test_large_rows_make_smaller_parts(tmp_path: Path) -> None:
    rows = "".join(f"{number},{'长' * 100_000}\n" for number in range(9))
    table = Table.open(_file(tmp_path, f"uniscid,opscope\n{rows}".encode()))
    assert [len(part) for part in _parts(table, Outcome())] == [3, 3, 3]


def test_a_row_of_another_width_is_rejected_where_it_stands(tmp_path: Path) -> None:
    table = Table.open(_file(tmp_path, b"uniscid,dom\nA,x\nB,y,z\nC\n"))
    outcome = Outcome()
    assert sum(map(len, _parts(table, outcome))) == 1
    assert [(each.line, each.reason) for each in outcome.rejects] == [
        (3, "ROW_SHAPE"),
        (4, "ROW_SHAPE"),
    ]


def test_counts_add_up_over_answers(tmp_path: Path) -> None:
    table = Table.open(_file(tmp_path, b"uniscid,dom\nA,x\nB,y\nC,z\n"))
    outcome = Outcome()
    [part] = _parts(table, outcome)
    reject = pb.ImportReject(line=3, field="uniscid", reason="USCC_CHECK", text="校验不通过")
    answer = pb.ImportEntitiesResponse(
        import_run="importRuns/1", imported_count=1, unchanged_count=1, rejects=[reject]
    )
    _add(outcome, answer, {line.number: line for line in part})
    assert (outcome.rows, outcome.rejected) == (3, 1)
    assert outcome.rejects == [Reject(3, "uniscid", "USCC_CHECK", "校验不通过", ("B", "y"))]


def test_the_file_of_rejects_holds_the_rows_as_they_were(tmp_path: Path) -> None:
    table = Table.open(_file(tmp_path, (HEADER + ROW).encode()))
    cells = next(table.lines()).cells
    outcome = Outcome(rejects=[Reject(2, "uniscid", "USCC_CHECK", "校验不通过", cells)])
    out = tmp_path / "rejects.csv"
    write_rejects(out, table, outcome)
    read = Table.open(out)
    assert read.columns.header[:4] == ("line", "field", "reason", "text")
    assert next(read.lines()).cells == ("2", "uniscid", "USCC_CHECK", "校验不通过", *cells)
