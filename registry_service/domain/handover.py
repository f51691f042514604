"""What may become of a hand-over 抄告: one table, state × act × side (domain.md §6)."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from registry_service.domain.errors import HandoverNotOpen, HandoverNotTaken, NotDisputed
from registry_service.domain.premises import HandoverState

ANSWER_DAYS: Final = 5
"""Working days in which the host unit answers a hand-over; no national rule is known."""

FLAG_DAYS: Final = 5
"""Working days in which the home unit answers a flag."""


class HandoverAct(StrEnum):
    """What is done with a hand-over."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    FORWARD = "forward"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    REPORT = "report"

    @property
    def zh(self) -> str:
        """In Chinese, for refusals."""
        return _ACTS[self]


class Side(StrEnum):
    """From which side it is done."""

    HOST = "host"
    """The unit that has it, or one above."""
    HOME = "home"
    """The entity's registrar."""
    CITY = "city"

    @property
    def zh(self) -> str:
        """In Chinese, for refusals."""
        return _SIDES[self]


_ACTS: Final = {
    HandoverAct.ACKNOWLEDGE: "接收",
    HandoverAct.DECLINE: "退回",
    HandoverAct.FORWARD: "转办",
    HandoverAct.DISPUTE: "提请裁定管辖",
    HandoverAct.RESOLVE: "裁定管辖",
    HandoverAct.REPORT: "反馈现场核查结果",
}
_SIDES: Final = {Side.HOST: "承办单位", Side.HOME: "登记机关", Side.CITY: "市级"}

_S, _A = HandoverState, HandoverAct
_WAITING: Final = {
    (_A.ACKNOWLEDGE, Side.HOST): _S.ACKNOWLEDGED,
    (_A.DECLINE, Side.HOST): _S.DECLINED,
    (_A.FORWARD, Side.HOST): _S.FORWARDED,
    (_A.DISPUTE, Side.HOST): _S.DISPUTED,
}
"""What the unit may do in whose inbox it waits."""

TRANSITIONS: Final[dict[HandoverState, dict[tuple[HandoverAct, Side], HandoverState]]] = {
    _S.PENDING: _WAITING,
    # Whoever got it passed on answers as if it had come straight; home may think otherwise.
    _S.FORWARDED: _WAITING | {(_A.DISPUTE, Side.HOME): _S.DISPUTED},
    # A unit that took it on may still give it to its station, or find that the place is another's.
    _S.ACKNOWLEDGED: {
        (_A.FORWARD, Side.HOST): _S.FORWARDED,
        (_A.DISPUTE, Side.HOST): _S.DISPUTED,
        (_A.REPORT, Side.HOST): _S.REPORTED,
    },
    _S.DECLINED: {
        (_A.FORWARD, Side.HOME): _S.FORWARDED,
        (_A.DISPUTE, Side.HOME): _S.DISPUTED,
    },
    # The city's decision binds: nothing is left to be answered.
    _S.DISPUTED: {(_A.RESOLVE, Side.CITY): _S.ACKNOWLEDGED},
    # An inspection may show that the place lies elsewhere.
    _S.REPORTED: {
        (_A.REPORT, Side.HOST): _S.REPORTED,
        (_A.DISPUTE, Side.HOST): _S.DISPUTED,
    },
    # The place is gone; only its own return opens the hand-over again.
    _S.CLOSED: {},
}
"""Every move there is; each cell that is not here is refused."""

_NOW: Final = {
    _S.PENDING: ("待接收", "请等待承办单位接收、退回或转办"),
    _S.FORWARDED: ("已转办", "请等待承办单位接收、退回或转办"),
    _S.ACKNOWLEDGED: ("已接收", "可由承办单位核查、转办或提请市级裁定"),
    _S.DECLINED: ("已退回", "请由登记机关转办或提请市级裁定"),
    _S.DISPUTED: ("争议待裁定", "请等待市级裁定"),
    _S.REPORTED: ("已反馈核查结果", "可由承办单位再次核查或提请市级裁定"),
    _S.CLOSED: ("已关闭", "场所已不在备案之列，无须办理；恢复备案后将重新抄告"),
}

WAITS: Final = frozenset({_S.PENDING, _S.FORWARDED})
"""States in which the host unit's clock runs."""

OPEN: Final = WAITS | {_S.DECLINED, _S.DISPUTED}
"""States in which somebody still has to act; what was taken on stays so for good."""


def title(state: HandoverState) -> str:
    """A state in Chinese."""
    return _NOW[state][0]


def move(state: HandoverState, act: HandoverAct, sides: Collection[Side]) -> HandoverState:
    """The state that an act leads to, done by somebody who stands on these sides.

    Raises:
        HandoverNotOpen, NotDisputed, HandoverNotTaken: the table has no such move.
    """
    for side in sides:
        after = TRANSITIONS[state].get((act, side))
        if after is not None:
            return after
    who = "、".join(side.zh for side in sides)
    now, then = _NOW[state]
    refusal = _REFUSALS.get(act, HandoverNotOpen)
    raise refusal(
        f"the hand-over is {state.value}; {' and '.join(sides)} can't {act.value} it",
        zh=f"该抄告当前为“{now}”，{who}不能{act.zh}；{then}",
        state=state.value,
        act=act.value,
        side=",".join(sides),
    )


_REFUSALS: Final = {HandoverAct.RESOLVE: NotDisputed, HandoverAct.REPORT: HandoverNotTaken}
"""Refusals with a reason of their own; the others say that it is not open."""
