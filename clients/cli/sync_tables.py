"""What became of a delta, and what is to be decided, as tables."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from clients.cli.say import facts, say, table, time_text
from clients.cli.words import SYNC_FIELDS, SYNC_ITEM_KINDS, SYNC_ITEM_STATES

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import import_run_pb2


def show_outcome(run: "import_run_pb2.ImportRun", day: date) -> None:
    """What became of the rows of a delta, and what to do next."""

    def count(name: str) -> str:
        return f"{sum(getattr(share, f'{name}_count') for share in run.shares):,}"

    waiting = sum(share.decide_count + share.missing_count for share in run.shares)
    facts(
        f"每日增量 {day} 批次 {run.name.removeprefix('importRuns/')}",
        [
            ("文件 file", run.file_name),
            ("来源 source", run.source),
            ("行数 rows", f"{run.row_count:,}"),
            ("新增 new", count("new")),
            ("变更 changed", count("changed")),
            ("迟到，仅入沿革 late", count("late")),
            ("无变化 unchanged", count("unchanged")),
            ("待决定 to decide", count("decide")),
            ("来源已无 missing", count("missing") if run.complete else ""),
            ("退回 rejected", count("rejected")),
            ("待定 quarantined", count("quarantined")),
        ],
    )
    if waiting:
        say("与本地办理不一致的未作覆盖，请登记机关决定：[bold]yizhao sync list[/]")


def show_items(items: Sequence["import_run_pb2.SyncItem"], units: "UnitNames") -> None:
    """One line an item."""
    from yizhao.registry.v1 import import_run_pb2 as pb

    table(
        f"同步待定事项 sync items（{len(items)}）",
        ("编号", "名称", "登记机关", "事由", "来源", "差异（本地 → 来源）", "状态", "时间"),
        [
            (
                item.name.removeprefix("entities/").replace("/syncItems/", "/"),
                item.business_name,
                units.title(item.unit) if item.unit else "管辖区域存疑",
                SYNC_ITEM_KINDS[pb.SyncItemKind.Name(item.kind)],
                item.source,
                _differences(item),
                SYNC_ITEM_STATES[pb.SyncItemState.Name(item.state)],
                time_text(item.create_time),
            )
            for item in items
        ],
    )


def _differences(item: "import_run_pb2.SyncItem") -> str:
    return "；".join(
        f"{SYNC_FIELDS.get(each.field, each.field)}：{each.ours or '无'} → {each.theirs or '无'}"
        for each in item.differences
    )
