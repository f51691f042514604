"""Which act is possible in which state of an entity, and where it leads (domain.md §6).

The one table; `docs/lifecycle.md` shows it, a test tries every cell.
"""

from enum import StrEnum
from typing import Final

from registry_service.domain.entity import EntityState
from registry_service.domain.errors import EntityEnded, NotReversible, RegistryError, StateForbids

_ACTIVE: Final = EntityState.ACTIVE
_DORMANT: Final = EntityState.DORMANT
_LIQUIDATING: Final = EntityState.LIQUIDATING
_REVOKED: Final = EntityState.REVOKED
_DEREGISTERED: Final = EntityState.DEREGISTERED
_ANNULLED: Final = EntityState.ANNULLED


class Step(StrEnum):
    """What can be done to an entity, as far as its state has a say."""

    CHANGE = "change"
    CORRECT = "correct"
    CORRECT_CODE = "correct_code"
    MOVE = "move"
    SUSPEND = "suspend"
    EXTEND = "extend"
    RESUME = "resume"
    LIQUIDATE = "liquidate"
    DEREGISTER = "deregister"
    DEREGISTER_SIMPLY = "deregister_simply"
    REVOKE = "revoke"
    ANNUL = "annul"
    ANNUL_VERSION = "annul_version"
    REINSTATE = "reinstate"
    RESTRICT = "restrict"
    LIFT = "lift"
    MARK = "mark"
    MARK_SPECIALLY = "mark_specially"
    UNMARK = "unmark"

    @property
    def zh(self) -> str:
        """What officials call it."""
        return _TITLES[self]


_TITLES: Final = {
    Step.CHANGE: "变更登记",
    Step.CORRECT: "更正登记",
    Step.CORRECT_CODE: "更正统一社会信用代码",
    Step.MOVE: "迁移登记",
    Step.SUSPEND: "歇业备案",
    Step.EXTEND: "延长歇业期限",
    Step.RESUME: "恢复营业",
    Step.LIQUIDATE: "清算备案",
    Step.DEREGISTER: "注销登记",
    Step.DEREGISTER_SIMPLY: "简易注销登记",
    Step.REVOKE: "吊销营业执照",
    Step.ANNUL: "撤销设立登记",
    Step.ANNUL_VERSION: "撤销变更登记",
    Step.REINSTATE: "恢复登记",
    Step.RESTRICT: "登记限制",
    Step.LIFT: "解除限制",
    Step.MARK: "列入名录",
    Step.MARK_SPECIALLY: "特别标注",
    Step.UNMARK: "移出名录",
}


def _stays(*states: EntityState) -> dict[EntityState, EntityState]:
    return {state: state for state in states}


def _leads(target: EntityState, *states: EntityState) -> dict[EntityState, EntityState]:
    return dict.fromkeys(states, target)


TABLE: Final[dict[Step, dict[EntityState, EntityState]]] = {
    Step.CHANGE: _stays(_ACTIVE, _DORMANT, _LIQUIDATING),
    # What is on record may be wrong in any state.
    Step.CORRECT: _stays(*EntityState),
    Step.CORRECT_CODE: _stays(*EntityState),
    Step.MOVE: _stays(_ACTIVE, _DORMANT),
    Step.SUSPEND: _leads(_DORMANT, _ACTIVE),
    Step.EXTEND: _stays(_DORMANT),
    Step.RESUME: _leads(_ACTIVE, _DORMANT),
    Step.LIQUIDATE: _leads(_LIQUIDATING, _ACTIVE),
    # Households and branches don't liquidate, and a liquidation may be over when it is told.
    Step.DEREGISTER: _leads(_DEREGISTERED, _ACTIVE, _DORMANT, _LIQUIDATING, _REVOKED),
    Step.DEREGISTER_SIMPLY: _leads(_DEREGISTERED, _ACTIVE, _DORMANT, _LIQUIDATING),
    Step.REVOKE: _leads(_REVOKED, _ACTIVE, _DORMANT, _LIQUIDATING),
    Step.ANNUL: _leads(_ANNULLED, _ACTIVE, _DORMANT, _LIQUIDATING),
    Step.ANNUL_VERSION: _stays(_ACTIVE, _DORMANT, _LIQUIDATING),
    # Leads to the state from before the act that is taken back.
    Step.REINSTATE: _stays(_REVOKED, _DEREGISTERED, _ANNULLED),
    Step.RESTRICT: _stays(*EntityState),
    Step.LIFT: _stays(*EntityState),
    Step.MARK: _stays(*EntityState),
    Step.MARK_SPECIALLY: _stays(_REVOKED),
    Step.UNMARK: _stays(*EntityState),
}
"""Step → state in which it is possible → state that it leads to."""


def after(state: EntityState, step: Step) -> EntityState:
    """The state that a step leads to; a reinstatement's own is found from its history.

    Raises:
        EntityEnded: a change or a revocation of what is 吊销, 注销 or 撤销.
        NotReversible: nothing of that kind is there to be taken back.
        StateForbids: the step is not possible in that state.
    """
    found = TABLE[step].get(state)
    if found is not None:
        return found
    refusal: type[RegistryError] = StateForbids
    if step is Step.REINSTATE:
        refusal = NotReversible
    elif step in (Step.CHANGE, Step.REVOKE) and state.ended:
        refusal = EntityEnded
    raise refusal(
        f"the entity is {state.value}; {step.value.replace('_', ' ')} is not possible",
        zh=f"该主体当前状态为{state.zh}，不能办理{step.zh}",
        state=state.value,
    )
