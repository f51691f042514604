"""Business scopes as licences print them (domain.md §11), item by item."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.sample.trades import GENERAL_END, PERMIT_END, TRADES, Trade
from registry_service.domain.scope import covers, parse_scope

BOTH = (
    f"一般项目：日用百货销售；食用农产品零售。{GENERAL_END}许可项目：药品零售；食品销售{PERMIT_END}"
)


def texts(scope: str) -> list[str]:
    return [item.text for item in parse_scope(scope)]


def within(scope: str, site: str) -> bool:
    return all(covers(parse_scope(scope), item) for item in parse_scope(site))


def test_blocks_tell_what_needs_a_permit() -> None:
    assert [(item.text, item.permit) for item in parse_scope(BOTH)] == [
        ("日用百货销售", False),
        ("食用农产品零售", False),
        ("药品零售", True),
        ("食品销售", True),
    ]


def test_either_block_may_come_first_or_alone() -> None:
    turned = f"许可项目：药品零售{PERMIT_END}一般项目：日用百货销售{GENERAL_END}"
    assert [(i.text, i.permit) for i in parse_scope(turned)] == [
        ("药品零售", True),
        ("日用百货销售", False),
    ]
    assert [i.permit for i in parse_scope("许可项目：药品零售")] == [True]


def test_older_headings_are_read_and_nothing_is_no_item() -> None:
    assert [
        (i.text, i.permit) for i in parse_scope("许可经营项目：无。一般经营项目：建材销售")
    ] == [("建材销售", False)]


@pytest.mark.parametrize(
    ("free", "items"),
    [
        ("日用百货、五金、文具销售", ["日用百货销售", "五金销售", "文具销售"]),
        ("五金、交电批发、零售", ["五金批发", "五金零售", "交电批发", "交电零售"]),
        ("服装批发兼零售；卷烟、雪茄烟零售。", ["服装批发", "服装零售", "卷烟零售", "雪茄烟零售"]),
        ("技术服务、技术开发、技术咨询", ["技术服务", "技术开发", "技术咨询"]),
        ("化肥（不含危险化学品、农药）销售;装卸", ["化肥销售", "装卸"]),
        ("1.煤炭销售；2.建材销售等", ["煤炭销售", "建材销售"]),
        (
            "经营范围：种子销售。(依法须经批准的项目,经相关部门批准后方可开展经营活动)",
            ["种子销售"],
        ),
        ("果蔬种植，以上经营范围涉及许可的，凭许可证经营", ["果蔬种植"]),
        ("法律咨询服务（不含依法须律师事务所执业许可的业务）", ["法律咨询服务"]),
        ("", []),
        ("；；、。", []),
    ],
)
def test_free_text_is_read_item_by_item(free: str, items: list[str]) -> None:
    assert texts(free) == items


def test_notes_in_brackets_stay_with_their_item() -> None:
    (item,) = parse_scope("食品销售（仅销售预包装食品）（有效期以许可证为准）")
    assert item.notes == ("仅销售预包装食品", "有效期以许可证为准")
    assert item.limits == {"仅销售预包装食品"}


def test_what_brackets_exclude_is_not_named() -> None:
    (item,) = parse_scope("普通货物仓储服务（不含危险化学品等需许可审批的项目）")
    assert item.names("仓储")
    assert not item.names("危险化学品")


@pytest.mark.parametrize(
    "site",
    [
        "日用百货零售",
        "日用百货批发",
        "日用百货批发、零售",
        "日 用 百 货 销 售；药品零售",
        "药品零售（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        "食品销售(仅销售预包装食品)",
        "一般项目：食用农产品零售",
        BOTH,
    ],
)
def test_a_site_stays_within_the_scope(site: str) -> None:
    assert within(BOTH, site)


@pytest.mark.parametrize(
    ("registered", "site"),
    [
        (BOTH, "药品批发"),
        (BOTH, "食用农产品销售"),
        (BOTH, "日用百货销售；烟花爆竹零售"),
        ("食品销售（仅销售预包装食品）", "食品销售"),
        ("五金、文具销售", "五金、文具生产"),
        ("", "日用百货销售"),
    ],
)
def test_a_site_goes_beyond_the_scope(registered: str, site: str) -> None:
    assert not within(registered, site)


def test_retail_and_wholesale_together_are_sale() -> None:
    assert within("建材批发、零售", "建材销售")
    assert not within("建材批发", "建材销售")


@pytest.mark.parametrize("trade", TRADES, ids=lambda trade: trade.word)
def test_every_sample_scope_is_read_into_its_items(trade: Trade) -> None:
    general, permits = trade.general, trade.permits
    scope = f"一般项目：{'；'.join(general)}{GENERAL_END}"
    if permits:
        scope += f"许可项目：{'；'.join(permits)}{PERMIT_END}"
    read = parse_scope(scope)
    assert {item.permit for item in read} == ({False, True} if permits else {False})
    assert all(within(scope, item) for item in (*general, *permits))


@given(st.text(max_size=200))
def test_any_text_is_read_and_lies_within_itself(text: str) -> None:
    assert within(text, text)


def test_a_scope_of_the_greatest_length_is_read_quickly() -> None:
    for piece in ("（", "五金、", "零售", "许可项目：", "批发、零售、"):
        began = process_time()
        parse_scope((piece * 4000)[:4000])
        assert process_time() - began < 2.0, piece  # far above the time it takes
