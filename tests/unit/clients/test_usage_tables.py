"""Usage as tables: whose it is, and whose operators."""

import pytest

from clients.cli.say import console
from clients.cli.usage import _dimensions
from clients.cli.usage_tables import show_usage
from clients.sdk.usage import Usage
from yizhao.verify.v1.usage_pb2 import UsageRow


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        ("staff/0101", "仅统计 staff/0101 的核验，并非全市数据 only the checks of staff/0101"),
        ("", "全市，含公众扫码 of everybody"),
    ],
)
def test_sums_say_whose_they_are(whose: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    console.cache_clear()
    show_usage(Usage(whose, (UsageRow(partner="partner/icbank", count=7),)), ["partner"])
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("month,operator", ["month", "partner", "operator"]),
        ("operator,partner", ["operator", "partner"]),
        ("purpose", ["purpose"]),
    ],
)
def test_operators_are_told_apart_by_partner_whose_own_references_they_are(
    by: str, told: list[str]
) -> None:
    assert [name for _, name in _dimensions(by)] == told
