"""The chart of a year's checks: what it says, and that it asks nobody for anything."""

import re
import sys
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from google.type.date_pb2 import Date

from clients.cli.usage_chart import draw
from clients.sdk.usage import Usage
from yizhao.verify.v1.usage_pb2 import UsageRow


def rows(*partners: str) -> list[UsageRow]:
    return [
        UsageRow(partner=partner, day=Date(year=2026, month=month, day=1), count=1000 * month)
        for month in range(1, 12)
        for partner in partners
    ]


def chart(found: Sequence[UsageRow], *by: str, whose: str = "") -> bytes:
    return draw(Usage(whose, tuple(found)), by or ("partner",), 2026)


def texts(svg: bytes) -> str:
    return " ".join("".join(ET.fromstring(svg).itertext()).split())  # noqa: S314 - our own


def test_it_tells_the_year_the_sum_the_series_and_the_citys_figure() -> None:
    said = texts(chart(rows("partner/icbank", "page")))
    for part in (
        "2026 年",
        "132,000",
        "partner/icbank",
        "公众扫码",
        "1,300,000",
        "108,333",
        "12 月",
    ):
        assert part in said


def test_it_says_whose_checks_it_shows_if_not_the_citys() -> None:
    assert "2026 年 partner/icbank 执照核验" in texts(chart(rows("x"), whose="partner/icbank"))


def test_operators_of_two_partners_called_the_same_are_two_series() -> None:
    found = [
        UsageRow(partner=partner, operator_reference="1", day=Date(year=2026, month=3), count=7)
        for partner in ("partner/icbank", "partner/unicom")
    ]
    said = texts(chart(found, "partner", "operator"))
    assert "partner/icbank · 1" in said
    assert "partner/unicom · 1" in said


def test_a_partner_is_told_by_its_name_and_by_its_id() -> None:
    told = [
        UsageRow(partner=each.partner, partner_title="济宁虚构银行", day=each.day, count=each.count)
        for each in rows("partner/icbank")
    ]
    assert "济宁虚构银行 partner/icbank" in texts(chart(told))


def test_no_round_number_is_written_over_the_citys_figure() -> None:
    said = texts(chart(rows(*(f"partner/p{number:02}" for number in range(40)))))
    assert "108,333" in said
    assert "100,000" not in said


def test_it_loads_nothing_and_runs_nothing() -> None:
    svg = chart(rows("partner/icbank")).decode()
    assert not re.search(r"""(?:href|src)\s*=\s*["']\s*(?:https?:)?//""", svg)
    assert not re.search(r"<script[^>]*src|url\(\s*['\"]?http", svg)


def test_more_series_than_colours_are_told_as_one() -> None:
    said = texts(chart(rows(*(f"partner/p{number:02}" for number in range(14)))))
    assert "其他 others (5)" in said


def test_a_year_without_checks_is_drawn_too() -> None:
    assert "108,333" in texts(chart([]))


def test_importing_the_charts_leaves_other_imports_alone() -> None:
    assert [each for each in sys.meta_path if type(each).__module__ == "pygal"] == []


def test_what_a_partner_is_called_is_no_markup() -> None:
    svg = chart(rows("<script>alert(1)</script>"))
    assert b"<script>alert" not in svg
