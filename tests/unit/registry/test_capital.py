"""Capital as files write it: the text stays, the value is counted where the text tells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.text import UnfitText
from registry_service.domain.capital import Capital

WAN = 10_000 * 100


@pytest.mark.parametrize(
    ("text", "fen", "currency"),
    [
        ("66万人民币", 66 * WAN, "CNY"),
        ("0.5万人民币", WAN // 2, "CNY"),
        ("1,888(万元人民币)", 1888 * WAN, "CNY"),
        ("1，888（万元人民币）", 1888 * WAN, "CNY"),
        ("1000万元", 1000 * WAN, "CNY"),
        ("100万元人民币", 100 * WAN, "CNY"),
        ("50万(人民币)", 50 * WAN, "CNY"),
        ("200000", 200_000 * 100, "CNY"),
        ("1.5亿元", 15_000 * WAN, "CNY"),
        ("１００万元", 100 * WAN, "CNY"),
        ("100 万美元", 100 * WAN, "USD"),
        ("30万欧元", 30 * WAN, "EUR"),
        ("2000万港币", 2000 * WAN, "HKD"),
        ("5000万日元", 5000 * WAN, "JPY"),
        ("100万人民币元", 100 * WAN, "CNY"),
        ("0万人民币", 0, "CNY"),
    ],
)
def test_an_amount_is_counted_in_minor_units(text: str, fen: int, currency: str) -> None:
    assert Capital.parse(text) == Capital(text, fen, currency)


@pytest.mark.parametrize(
    "text",
    [
        "壹佰万元整",
        "人民币壹佰万元整",
        "若干",
        "-5万元",
        "1e6元",
        "0.001元",
        "999999999999亿元",
        "100万卢布",
        "人民币100万美元",
        "1.2.3万元",
    ],
)
def test_what_can_not_be_counted_stays_as_printed(text: str) -> None:
    assert Capital.parse(text) == Capital(text, None, None)


@pytest.mark.parametrize("text", ["", "   ", "万" * 65, "66万\u202e人民币", "66万\x00"])
def test_what_nobody_could_print_is_refused(text: str) -> None:
    with pytest.raises(UnfitText):
        Capital.parse(text)


@given(st.integers(0, 10**9))
def test_every_amount_in_wan_is_exact(number: int) -> None:
    assert Capital.parse(f"{number}万元").fen == number * WAN
