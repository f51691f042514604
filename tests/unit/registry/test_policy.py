"""Review policies: kept as strict JSON, narrowed by a unit, never widened."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from license_verify.codes.entity_type import EntityKind
from registry_service.domain.many_addresses import MarkMode, Reissue
from registry_service.domain.months import add_months
from registry_service.domain.person import persons_of, same_person
from registry_service.domain.premises import Outcome
from registry_service.domain.review import JINING_2023
from registry_service.domain.review.policy import (
    ListedBuilding,
    NegativeEntry,
    narrowed,
    wider_choices,
)
from registry_service.domain.review.policy_json import PolicyUnreadable, from_json, to_json

WHOLE = replace(
    JINING_2023,
    negative_list=(NegativeEntry(("木材加工",), "", "地方政府令", "生态环境局"),),
    listed_buildings=(ListedBuilding("曲阜市样例街8号", "危险房屋"),),
)


def test_a_policy_is_read_back_as_it_was_written() -> None:
    assert from_json(WHOLE.version, to_json(WHOLE)) == WHOLE


def test_a_policy_of_the_release_before_means_what_it_meant() -> None:
    content = to_json(JINING_2023)
    assert not {"mark_mode", "reissue"} & set(content), "that release would not read them"
    read = from_json("1", content)
    assert (read.mark_mode, read.reissue) == (MarkMode.SUFFIX_PLUS_QR_LIST, Reissue.FIRST_ONLY)
    chosen = replace(read, mark_mode=MarkMode.SUFFIX, reissue=Reissue.NEVER)
    assert from_json("1", to_json(chosen)) == chosen
    assert narrowed(chosen, read).reissue is Reissue.NEVER, "the city's alone counts"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("area", "province"),
        ("reissue", "sometimes"),
        ("mark_mode", None),
        ("area", ["city"]),
        ("eligible_kinds", ["company", "club"]),
        ("eligible_kinds", "company"),
        ("pre_approval_items", [""]),
        ("permit_items", ["x" * 257]),
        ("permit_items", ["食品经营"] * 2001),
        ("permit_outcome", "manual"),
        ("negative_list", [{"items": ["木材加工"], "area": "", "basis": "令"}]),
        ("listed_buildings", [{"address": "甲", "cause": "乙", "more": 1}]),
        ("listed_buildings", ["甲"]),
        ("most_premises", -1),
        ("most_premises", True),
        ("most_premises", 1.5),
        ("struck_months", 1201),
        ("unreachable_blocks", "yes"),
    ],
)
def test_a_policy_of_another_shape_is_refused_by_field(field: str, value: object) -> None:
    content: dict[str, Any] = to_json(WHOLE) | {field: value}
    with pytest.raises(PolicyUnreadable, match=field):
        from_json("1", content)


def test_missing_and_unknown_fields_are_refused() -> None:
    content = to_json(WHOLE)
    with pytest.raises(PolicyUnreadable, match="colour: is not known"):
        from_json("1", content | {"colour": "red"})
    del content["area"]
    with pytest.raises(PolicyUnreadable, match="area: is missing"):
        from_json("1", content)
    with pytest.raises(PolicyUnreadable):
        from_json("1", [])


OWN = replace(
    JINING_2023,
    version="7",
    area="registrar",
    eligible_kinds=frozenset({EntityKind.COMPANY, EntityKind.HOUSEHOLD}),
    permit_items=("自有项目",),
    permit_outcome=Outcome.BLOCK,
    most_premises=0,
    most_entities_at_address=5,
    least_tenancy_months=1,
    struck_months=36,
    unreachable_blocks=False,
)


def test_of_two_policies_the_narrower_choice_holds() -> None:
    both = narrowed(JINING_2023, OWN)
    assert both.version == "jining-2023-1+7"
    assert (both.area, both.permit_outcome) == ("registrar", Outcome.BLOCK)
    assert both.eligible_kinds == {EntityKind.COMPANY}
    assert set(both.permit_items) == {*JINING_2023.permit_items, "自有项目"}
    assert (both.most_premises, both.most_entities_at_address) == (300, 5)
    assert (both.least_tenancy_months, both.struck_months) == (6, 36)
    assert both.unreachable_blocks


def test_wider_choices_are_named_and_a_narrowed_policy_has_none() -> None:
    assert wider_choices(JINING_2023, OWN) == (
        "eligible_kinds",
        "most_premises",
        "least_tenancy_months",
        "unreachable_blocks",
    )
    assert wider_choices(JINING_2023, narrowed(JINING_2023, OWN)) == ()
    assert wider_choices(JINING_2023, JINING_2023) == ()


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 2), -12, date(2025, 11, 2)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2026, 1, 1), 10**6, date.max),
        (date(2026, 1, 1), -(10**6), date.min),
    ],
)
def test_months_are_of_the_calendar(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_a_partnership_prints_its_partner_with_the_delegate() -> None:
    printed = "济宁市某某投资有限公司（委派代表：钱试写）"
    assert persons_of(printed) == {"济宁市某某投资有限公司", "钱试写"}
    assert persons_of("钱试写、孙试改") >= {"钱试写", "孙试改"}
    assert persons_of("") == frozenset()
    assert same_person("钱试写 ", "钱试写")
    assert not same_person("", "")
