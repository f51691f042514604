"""Every cell of the table of hand-overs: state × act × side, tried one by one."""

from itertools import product

import pytest

from registry_service.domain.errors import (
    HandoverNotOpen,
    HandoverNotTaken,
    NotDisputed,
    RegistryError,
)
from registry_service.domain.handover import HandoverAct, Side, move
from registry_service.domain.premises import HandoverState

A, S = HandoverAct, HandoverState

# Written from domain.md §6 and the contract, not from the table.
MOVES = {
    (S.PENDING, A.ACKNOWLEDGE, Side.HOST): S.ACKNOWLEDGED,
    (S.PENDING, A.DECLINE, Side.HOST): S.DECLINED,
    (S.PENDING, A.FORWARD, Side.HOST): S.FORWARDED,
    (S.PENDING, A.DISPUTE, Side.HOST): S.DISPUTED,
    (S.FORWARDED, A.ACKNOWLEDGE, Side.HOST): S.ACKNOWLEDGED,
    (S.FORWARDED, A.DECLINE, Side.HOST): S.DECLINED,
    (S.FORWARDED, A.FORWARD, Side.HOST): S.FORWARDED,
    (S.FORWARDED, A.DISPUTE, Side.HOST): S.DISPUTED,
    (S.FORWARDED, A.DISPUTE, Side.HOME): S.DISPUTED,
    (S.ACKNOWLEDGED, A.FORWARD, Side.HOST): S.FORWARDED,
    (S.ACKNOWLEDGED, A.DISPUTE, Side.HOST): S.DISPUTED,
    (S.ACKNOWLEDGED, A.REPORT, Side.HOST): S.REPORTED,
    (S.DECLINED, A.FORWARD, Side.HOME): S.FORWARDED,
    (S.DECLINED, A.DISPUTE, Side.HOME): S.DISPUTED,
    (S.DISPUTED, A.RESOLVE, Side.CITY): S.ACKNOWLEDGED,
    (S.REPORTED, A.REPORT, Side.HOST): S.REPORTED,
    (S.REPORTED, A.DISPUTE, Side.HOST): S.DISPUTED,
}
REFUSALS: dict[HandoverAct, type[RegistryError]] = {
    A.RESOLVE: NotDisputed,
    A.REPORT: HandoverNotTaken,
}


@pytest.mark.parametrize(("state", "act", "side"), list(product(S, A, Side)))
def test_a_cell_moves_or_refuses(state: HandoverState, act: HandoverAct, side: Side) -> None:
    after = MOVES.get((state, act, side))
    if after is not None:
        assert move(state, act, [side]) is after
        return
    with pytest.raises(REFUSALS.get(act, HandoverNotOpen)) as refused:
        move(state, act, [side])
    assert refused.value.metadata["state"] == state.value
    assert act.zh in refused.value.zh
    assert side.zh in refused.value.zh


def test_who_stands_on_both_sides_uses_the_one_that_may() -> None:
    sides = [Side.HOST, Side.HOME]
    assert move(S.DECLINED, A.FORWARD, sides) is S.FORWARDED
    assert move(S.PENDING, A.FORWARD, sides) is S.FORWARDED


def test_a_refusal_says_in_chinese_what_comes_next() -> None:
    with pytest.raises(HandoverNotOpen) as refused:
        move(S.DECLINED, A.ACKNOWLEDGE, [Side.HOST])
    assert refused.value.zh == (
        "该抄告当前为“已退回”，承办单位不能接收；请由登记机关转办或提请市级裁定"
    )


@pytest.mark.parametrize("act", A)
def test_a_closed_hand_over_waits_for_nobody_and_says_when_it_opens_again(act: HandoverAct) -> None:
    with pytest.raises(RegistryError) as refused:
        move(S.CLOSED, act, list(Side))
    assert "已关闭" in refused.value.zh
    assert "恢复备案后将重新抄告" in refused.value.zh
