"""The text of `docs/lifecycle.md`: the table of lifecycles and its picture."""

from typing import Final

from registry_service.domain.entity import EntityState
from registry_service.domain.lifecycle import TABLE, Step

_HEAD: Final = """\
<!-- Made by `make docs` from registry_service/domain/lifecycle.py; edit that. -->
# 主体的状态与业务 Lifecycle of an entity

每个状态下能办哪些业务、办后成为什么状态，都以此表为准，并有测试逐格核对。格中写明办后的状态；\
“·”表示可以办理、状态不变；空格表示不能办理（`STATE_FORBIDS`，变更和吊销为 `ENTITY_ENDED`，\
恢复为 `NOT_REVERSIBLE`，简易注销为 `SIMPLE_PROCEDURE_BARRED`）。由谁办理、是否须复核，见 \
[authority.md](authority.md)。

A cell names the state that the act leads to; a dot leaves the state as it is; an empty cell is
refused. Reinstatement leads to the state from before the act that it takes back.

注销和撤销设立登记时，全部经营场所在同一事务中终止，未办结的备案撤回；恢复时，随主体终止的经营场所照原状恢复，已撤回的备案不恢复。歇业时经营场所暂停，\
期满自动恢复。吊销后备案冻结，只能注销、恢复、列入名录、登记限制和更正。
"""


def lifecycle_page() -> str:
    """`docs/lifecycle.md`."""
    head = "| 业务 | " + " | ".join(state.zh for state in EntityState) + " |"
    rule = "|---" * (len(EntityState) + 1) + "|"
    rows = [
        f"| {step.zh} | " + " | ".join(_cell(step, state) for state in EntityState) + " |"
        for step in Step
    ]
    return "\n".join([_HEAD, *_picture(), "", head, rule, *rows, ""])


def _cell(step: Step, state: EntityState) -> str:
    target = TABLE[step].get(state)
    if target is None:
        return ""
    if step is Step.REINSTATE:
        return "原状态"
    return "·" if target is state else target.zh


def _picture() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {state.zh}" for state in EntityState]
    lines.append(f"    [*] --> {EntityState.ACTIVE.value}: 设立登记")
    lines += [
        f"    {source.value} --> {target.value}: {_arrow(source, target)}"
        for source in EntityState
        for target in EntityState
        if source is not target and _steps(source, target)
    ]
    return [*lines, "```"]


def _steps(source: EntityState, target: EntityState) -> list[Step]:
    """The acts that lead from one state to another, reinstatement included."""
    steps: list[Step] = [
        step
        for step, row in TABLE.items()
        if step is not Step.REINSTATE and row.get(source) is target
    ]
    if source in TABLE[Step.REINSTATE] and any(
        row.get(target) is source for step, row in TABLE.items() if step is not Step.REINSTATE
    ):
        steps.append(Step.REINSTATE)
    return steps


def _arrow(source: EntityState, target: EntityState) -> str:
    return "、".join(step.zh for step in _steps(source, target))
