"""Tables of import runs, their shares, and what is said of their rows."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from clients.cli.say import facts, plain, say, styled, table, time_text
from clients.cli.words import IMPORT_KINDS, IMPORT_STATES, REMARK_KINDS, SHARE_STATES

if TYPE_CHECKING:
    from rich.text import Text

    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import import_run_pb2

REMARKS_SHOWN: Final = 20


def show_runs(runs: Sequence["import_run_pb2.ImportRun"]) -> None:
    """One line a run."""
    from yizhao.registry.v1 import import_run_pb2 as pb

    table(
        f"导入批次 import runs（{len(runs)}）",
        ("编号", "内容", "文件", "来源", "行数", "状态", "导入人", "时间"),
        [
            (
                run.name.removeprefix("importRuns/"),
                IMPORT_KINDS[pb.ImportKind.Name(run.kind)],
                run.file_name,
                run.source,
                f"{run.row_count:,}",
                _state(run),
                run.sent_by.removeprefix("staff/"),
                time_text(run.start_time),
            )
            for run in runs
        ],
    )


def show_run(
    run: "import_run_pb2.ImportRun", units: "UnitNames", *, unused: Sequence[str] = ()
) -> None:
    """A run with its counts by unit, and what to do next."""
    from yizhao.registry.v1 import import_run_pb2 as pb

    facts(
        f"导入批次 {run.name.removeprefix('importRuns/')}",
        [
            ("文件 file", run.file_name),
            ("内容 kind", IMPORT_KINDS[pb.ImportKind.Name(run.kind)]),
            ("来源 source", run.source),
            ("状态 state", _state(run)),
            ("行数 rows", f"{run.row_count:,}（已读入 {run.loaded_count:,}）"),
            ("未用的列 unused columns", "、".join(unused)),
            ("导入人 sent by", run.sent_by.removeprefix("staff/")),
        ],
    )
    if run.shares:
        _show_shares(run, units)
    _show_next(run)


def _show_shares(run: "import_run_pb2.ImportRun", units: "UnitNames") -> None:
    from yizhao.registry.v1 import import_run_pb2 as pb

    rows: list[tuple[str | Text, ...]] = []
    tried = run.state == pb.IMPORT_RUN_STATE_TRIED  # nothing waits for anybody
    for share in run.shares:
        state = "" if tried else SHARE_STATES[pb.ImportShareState.Name(share.state)]
        signed = f"{share.signed_by.removeprefix('staff/')} {time_text(share.sign_time)}".strip()
        waits = not tried and share.state == pb.IMPORT_SHARE_STATE_OPEN and share.new_count > 0
        rows.append(
            (
                units.title(share.unit) if share.unit else "管辖区域存疑",
                *(f"{count:,}" for count in _counts(share)),
                f"{share.applied_count:,}",
                styled(state, "yellow") if waits else state,
                signed,
            )
        )
    sums = [sum(counts) for counts in zip(*map(_counts, run.shares), strict=True)]
    applied = sum(share.applied_count for share in run.shares)
    rows.append(("合计", *(f"{count:,}" for count in sums), f"{applied:,}", "", ""))
    columns = ("单位", "新增", "无变化", "退回", "待定", "提示", "已入册", "签收", "签收人")
    table("按单位 by unit", columns, rows)
    new, unchanged, rejected, quarantined, _ = sums
    say(
        f"{new:,} 新增 + {unchanged:,} 无变化 + {rejected:,} 退回 + {quarantined:,} 待定 = "
        f"{new + unchanged + rejected + quarantined:,}（文件 {run.row_count:,} 行）"
    )


def _counts(share: "import_run_pb2.ImportShare") -> tuple[int, ...]:
    return (
        share.new_count,
        share.unchanged_count,
        share.rejected_count,
        share.quarantined_count,
        share.warned_count,
    )


def _show_next(run: "import_run_pb2.ImportRun") -> None:
    from yizhao.registry.v1 import import_run_pb2 as pb

    number = run.name.removeprefix("importRuns/")
    waits = [share for share in run.shares if share.state == pb.IMPORT_SHARE_STATE_OPEN]
    if run.state == pb.IMPORT_RUN_STATE_LOADING:
        say("尚未读完：请重新导入同一文件，将从中断处继续 send the same file again to go on")
    elif run.state == pb.IMPORT_RUN_STATE_CHECKED and any(share.new_count for share in waits):
        say(
            "核对后由各单位登记科长签收，签收后入册；尚未签收的可以撤回 next: "
            f"[bold]yizhao import sign-off {number}[/]，[bold]yizhao import undo {number}[/]"
        )
    elif run.state == pb.IMPORT_RUN_STATE_TRIED:
        say(
            "试运行：除问题清单外未保留任何数据"
            " a dry run: nothing was kept but what is said of rows"
        )


def _state(run: "import_run_pb2.ImportRun") -> str:
    from yizhao.registry.v1 import import_run_pb2 as pb

    return IMPORT_STATES[pb.ImportRunState.Name(run.state)]


def show_remarks(
    remarks: Iterable["import_run_pb2.ImportRemark"], units: "UnitNames", at_most: int
) -> None:
    """What is said of rows, by line; says so where there is more."""
    from yizhao.registry.v1 import import_run_pb2 as pb

    found = iter(remarks)
    shown = list(islice(found, at_most))
    if not shown:
        return
    more = sum(1 for _ in found)
    table(
        f"问题清单 remarks（{len(shown)}" + (f" / {len(shown) + more:,}）" if more else "）"),
        ("行", "单位", "处理", "字段", "原因", "说明", "名称"),
        [
            (
                str(each.line),
                units.title(each.unit) if each.unit else "",
                REMARK_KINDS[pb.ImportRemarkKind.Name(each.kind)],
                each.field,
                each.reason,
                each.text,
                _subject(each),
            )
            for each in shown
        ],
    )
    if more:
        say(plain(f"另有 {more:,} 条：yizhao import remarks {_run_of(shown)}"))


def _run_of(shown: Sequence["import_run_pb2.ImportRemark"]) -> str:
    return shown[0].import_run.removeprefix("importRuns/")


def _subject(remark: "import_run_pb2.ImportRemark") -> str:
    fields = remark.fields
    return fields.get("entname") or fields.get("traname") or fields.get("uniscid", "")
