"""Tables of mass runs, and of entities that they could not be done to."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from clients.cli.say import facts, plain, say, table, time_text
from clients.cli.words import MARK_KINDS, MASS_KINDS, MASS_STATES

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import mass_run_pb2

REMARKS_SHOWN: Final = 20


def show_runs(runs: Sequence["mass_run_pb2.MassRun"]) -> None:
    """One line a run."""
    table(
        f"批量任务 mass runs（{len(runs)}）",
        ("编号", "种类", "状态", "户数", "已办", "未办", "发起", "复核", "时间"),
        [
            (
                _number(run),
                MASS_KINDS[_kind(run)],
                MASS_STATES[_state(run)],
                f"{run.wanted_count:,}",
                f"{run.issued_count:,}",
                f"{run.failed_count:,}",
                run.asked_by.removeprefix("staff/"),
                run.confirmed_by.removeprefix("staff/"),
                time_text(run.create_time),
            )
            for run in runs
        ],
    )


def show_run(run: "mass_run_pb2.MassRun", units: "UnitNames") -> None:
    """A run, how far it is, and what to do next."""
    from yizhao.registry.v1 import mass_run_pb2 as pb

    facts(
        f"批量任务 {_number(run)}",
        [
            ("种类 kind", MASS_KINDS[_kind(run)]),
            ("状态 state", MASS_STATES[_state(run)]),
            ("单位 unit", units.title(run.unit) if run.unit else "全部"),
            ("密钥 key", run.kid),
            ("主机 host", run.host),
            ("名录 list", _mark(run)),
            ("依据 basis", run.basis),
            ("户数 entities", f"{run.wanted_count:,}"),
            ("已办 done", f"{run.issued_count:,}"),
            ("期间变更、已重办 done again", f"{run.voided_count:,}"),
            ("未办 not done", f"{run.failed_count:,}"),
            ("发起 asked by", run.asked_by.removeprefix("staff/")),
            ("复核 confirmed by", run.confirmed_by.removeprefix("staff/")),
        ],
    )
    if run.state == pb.MASS_RUN_STATE_WAITING:
        say(
            "待另一名市级管理员复核 waits for a second person: "
            f"[bold]yizhao mass confirm {_number(run)} --expect {run.wanted_count}[/]"
        )
    elif run.state == pb.MASS_RUN_STATE_PAUSED:
        say(f"已暂停 paused: [bold]yizhao mass resume {_number(run)}[/]")


def show_remarks(
    found: Iterable["mass_run_pb2.MassRemark"], units: "UnitNames", limit: int, name: str
) -> None:
    """Entities that it could not be done to, and why; where to read on, if there are more."""
    remarks = iter(found)
    shown = list(islice(remarks, limit))
    if not shown:
        return
    table(
        "未办的主体 entities not done",
        ("代码", "名称", "单位", "原因"),
        [
            (
                remark.entity.removeprefix("entities/"),
                remark.business_name,
                _unit(units, remark),
                remark.text,
            )
            for remark in shown
        ],
    )
    if next(remarks, None) is not None:
        run = name.removeprefix("massRuns/")
        say(f"还有更多 there are more: [bold]yizhao mass remarks {plain(run)} --limit 100000[/]")


def _number(run: "mass_run_pb2.MassRun") -> str:
    return run.name.removeprefix("massRuns/")


def _kind(run: "mass_run_pb2.MassRun") -> str:
    from yizhao.registry.v1 import mass_run_pb2 as pb

    return pb.MassKind.Name(run.kind)


def _mark(run: "mass_run_pb2.MassRun") -> str:
    from yizhao.registry.v1 import entity_pb2

    if not run.mark_kind:
        return ""
    return MARK_KINDS[entity_pb2.MarkKind.Name(run.mark_kind).removeprefix("MARK_KIND_")]


def _unit(units: "UnitNames", remark: "mass_run_pb2.MassRemark") -> str:
    if remark.unit:
        return units.title(remark.unit)
    return "管辖区域存疑" if remark.business_name else ""


def _state(run: "mass_run_pb2.MassRun") -> str:
    from yizhao.registry.v1 import mass_run_pb2 as pb

    return pb.MassRunState.Name(run.state)
