"""Import runs and what is said of their rows, on the wire."""

import re

from license_verify.refusal import FieldViolation
from registry_service.domain.entity import COUNTER
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.import_run import ImportKind, ImportRun, Remark, RemarkKind, Share
from registry_service.domain.reading import Reader
from registry_service.operations.import_file import File
from registry_service.operations.import_rows import Cells
from registry_service.rpc import names
from registry_service.rpc.convert_values import (
    date_from_pb,
    date_to_pb,
    text_from_pb,
    time_to_pb,
)
from yizhao.registry.v1 import import_run_pb2 as pb

_SHORT = 128
_COLUMN = re.compile(r"[A-Za-z_]{1,32}", re.ASCII)
_SOURCE = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)
_PROVINCIAL = "provincial"
_SHA256 = 32
_MOST_COLUMNS = 200
_MOST_ROWS = 100_000_000
_MOST_LINES = 1 << 40


def run_to_pb(run: ImportRun) -> pb.ImportRun:
    """A run with its shares."""
    return pb.ImportRun(
        name=run_name(run.number),
        kind=pb.ImportKind.Value(f"IMPORT_KIND_{run.kind.upper()}"),
        state=pb.ImportRunState.Value(f"IMPORT_RUN_STATE_{run.state.upper()}"),
        source=run.source,
        file_name=run.file_name,
        row_count=run.rows,
        loaded_count=run.loaded,
        dry_run=run.dry_run,
        sent_by=names.staff_name(run.staff_no),
        start_time=time_to_pb(run.started_at),
        update_time=time_to_pb(run.updated_at) if run.updated_at else None,
        shares=[_share_to_pb(share) for share in run.shares],
        source_date=date_to_pb(run.source_date),
        complete=run.complete,
    )


def _share_to_pb(share: Share) -> pb.ImportShare:
    return pb.ImportShare(
        unit=names.unit_name(share.unit),
        new_count=share.new,
        unchanged_count=share.unchanged,
        rejected_count=share.rejected,
        quarantined_count=share.quarantined,
        warned_count=share.warned,
        applied_count=share.applied,
        changed_count=share.changed,
        late_count=share.late,
        decide_count=share.decide,
        missing_count=share.missing,
        state=pb.ImportShareState.Value(f"IMPORT_SHARE_STATE_{share.state.upper()}"),
        signed_by=names.staff_name(share.signed_by),
        sign_time=time_to_pb(share.signed_at) if share.signed_at else None,
    )


def remark_to_pb(remark: Remark) -> pb.ImportRemark:
    """What is said of a row."""
    return pb.ImportRemark(
        import_run=run_name(remark.run),
        line=remark.line,
        kind=pb.ImportRemarkKind.Value(f"IMPORT_REMARK_KIND_{remark.kind.upper()}"),
        field=remark.field,
        reason=remark.reason,
        text=remark.text,
        unit=names.unit_name(remark.unit),
        fields={name: text or "" for name, text in remark.fields.items()},
        state=pb.ImportRemarkState.Value(f"IMPORT_REMARK_STATE_{remark.state.upper()}"),
        decided_by=names.staff_name(remark.decided_by),
        decision=remark.decision,
    )


def kinds_from_pb(kinds: "list[pb.ImportRemarkKind.ValueType]") -> list[RemarkKind]:
    """Which remarks are asked for; all where none are named."""
    asked = [pb.ImportRemarkKind.Name(kind).removeprefix("IMPORT_REMARK_KIND_") for kind in kinds]
    return [kind for kind in RemarkKind if not asked or kind.upper() in asked]


def file_from_pb(kind: ImportKind, header: pb.ImportHeader) -> File:
    """What a header tells of its file.

    Raises:
        InvalidRequest: it lacks the digest, tells of columns or rows beyond all measure, or comes
            from no source.
    """
    if len(header.sha256) != _SHA256:
        raise InvalidRequest(
            FieldViolation("header.sha256", "is not a SHA-256", "文件摘要须为 SHA-256")
        )
    if not 0 <= header.row_count <= _MOST_ROWS:
        raise InvalidRequest(
            FieldViolation("header.row_count", f"is more than {_MOST_ROWS}", "文件行数过多")
        )
    columns = [column for column in header.columns if column]
    if not columns or len(header.columns) > _MOST_COLUMNS or len(set(columns)) < len(columns):
        raise InvalidRequest(
            FieldViolation("header.columns", "are none, doubled, or too many", "表头缺失或重复")
        )
    if not all(_COLUMN.fullmatch(column) for column in columns):
        raise InvalidRequest(
            FieldViolation("header.columns", "must be field names", "表头须为字段名")
        )
    reader = Reader()
    source_date = date_from_pb("header.source_date", header.source_date, reader)
    reader.finish()
    return File(
        kind=kind,
        source=_source(header.source),
        name=text_from_pb("header.file_name", header.file_name, _SHORT),
        sha256=header.sha256,
        rows=header.row_count,
        dry_run=header.dry_run,
        source_date=source_date if kind is ImportKind.SYNC else None,
        complete=header.complete and kind is ImportKind.SYNC,
    )


def _source(text: str) -> str:
    """Where a file comes from; what was told at the counter is no file's."""
    if not text:
        return _PROVINCIAL
    if text == COUNTER.system or _SOURCE.fullmatch(text) is None:
        raise InvalidRequest(
            FieldViolation(
                "header.source",
                f"must be small letters, digits and hyphens, such as {_PROVINCIAL}; "
                f"{COUNTER.system} is no file's",
                f"来源须为小写字母、数字和连字符，如 {_PROVINCIAL}；"
                f"{COUNTER.system} 为窗口登记，不能用于导入",
            )
        )
    return text


def cells_from_pb(row: pb.ImportRow) -> Cells:
    """A row as it came.

    Raises:
        InvalidRequest: it stands on no line, or mends a row of no run.
    """
    if not 1 <= row.line < _MOST_LINES or row.mends_line >= _MOST_LINES:
        raise InvalidRequest(FieldViolation("rows.line", "is no line", "行号有误"))
    mends = None
    if row.mends_import_run:
        mends = (run_number(row.mends_import_run, "rows.mends_import_run"), row.mends_line)
    return Cells(row.line, row.values, mends)


def run_name(number: int) -> str:
    """`importRuns/{run}`."""
    return f"importRuns/{number}"


def run_number(name: str, field: str = "name") -> int:
    """The number in `importRuns/{run}`."""
    return int(names.split(name, "importRuns/*", field)[0])
