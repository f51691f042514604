"""Tables at 80 columns: what is copied from the screen stands there in one piece."""

from collections.abc import Iterator

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from clients.cli.partner_tables import show_changes, show_grants
from clients.cli.say import console, table
from clients.cli.usage_tables import show_receipts, show_usage
from clients.sdk.usage import Usage
from yizhao.verify.v1 import partner_pb2, receipt_pb2, usage_pb2, verdict_pb2

AT, DAY = Timestamp(seconds=1_795_000_000), Date(year=2026, month=11, day=24)
CODE, FORMER, ID = (
    "91370811MAJN000108", "91370811MAJN00X29R", "0192f3c4-5d6e-7abc-8def-0123456789ab"
)  # fmt: skip
PARTNER = "济宁虚构银行股份有限公司任城支行"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "80")
    console.cache_clear()
    yield
    console.cache_clear()


def test_ids_codes_and_times_of_receipts_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_receipts(
        [
            receipt_pb2.Receipt(
                name=f"receipts/{ID}",
                verify_time=AT,
                uscc=CODE,
                outcome=verdict_pb2.OUTCOME_INDETERMINATE,
                purpose="banking",
                case_number="（2026）济银开户字第000123号",
            )
        ],
        50,
    )
    shown = capsys.readouterr().out
    for whole in (ID, CODE, "2026-11-18 19:06:40"):
        assert whole in shown


def test_days_and_operators_of_usage_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    row = usage_pb2.UsageRow(
        partner="partner/icbank",
        partner_title=PARTNER,
        purpose="banking",
        operator_reference="window-3-teller-17",
        day=DAY,
        count=123_456,
    )
    show_usage(Usage("", (row,)), ["partner", "purpose", "operator", "day"])
    shown = capsys.readouterr().out
    for whole in ("window-3-teller-17", "2026-11-24", "123,456"):
        assert whole in shown


def test_names_of_items_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    items = ["registered_capital", "former_names", "legal_person", "business_scope"]
    grant = partner_pb2.Grant(
        purpose="banking", title="银行开户", items=items, claims=["name", "address"],
        from_date=DAY, until_date=DAY, in_force=True,
    )  # fmt: skip
    show_grants([grant])
    shown = capsys.readouterr().out
    assert [name for name in (*items, "2026-11-24") if name not in shown] == []


def test_both_codes_of_a_watched_change_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    change = partner_pb2.WatchedChange(
        number=12, uscc=FORMER, current_uscc=CODE, text="吊销营业执照", effective_date=DAY,
        record_time=AT,
    )  # fmt: skip
    show_changes([change])
    shown = capsys.readouterr().out
    assert [whole for whole in (FORMER, CODE, "2026-11-24") if whole not in shown] == []


def test_wide_heads_of_short_cells_leave_words_their_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heads = ("凭据编号", "首次核验时间与经办窗口", "次数", "备案单位", "所在区县", "说明")
    table("核验", heads, [(ID, "1", "2", "3", "4", "吊销营业执照")])
    shown = capsys.readouterr().out
    assert all(letter in shown for letter in "吊销营业执照")
