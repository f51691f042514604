"""What national and provincial files call states and units."""

from datetime import date

import pytest

from registry_service.domain.entity import EntityState
from registry_service.domain.import_row import ImportedRow, read_row

_TODAY = date(2026, 11, 23)


def _row(**values: str) -> ImportedRow:
    told = {"uniscid": "91370811MAJN000108", "entname": "济宁市安澜物流有限公司", "dom": "某路2号"}
    return read_row(2, told | values, "provincial", _TODAY)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("存续（在营、开业、在册）", EntityState.ACTIVE),
        ("在营(开业)企业", EntityState.ACTIVE),
        ("吊销，未注销", EntityState.REVOKED),
        ("注销", EntityState.DEREGISTERED),
        ("", EntityState.ACTIVE),
    ],
)
def test_a_state_is_read_as_national_files_write_it(text: str, state: EntityState) -> None:
    row = _row(regstateCn=text)
    assert (row.state, row.rejects) == (state, ())


def test_an_unknown_state_is_refused_by_name() -> None:
    assert [reject.field for reject in _row(regstateCn="搬走了").rejects] == ["regstateCn"]


@pytest.mark.parametrize(
    ("code", "approved"),
    [
        ("370812", "2001-05-01"),  # today's code of 兖州区 on a record from before it was made
        ("370882", "2001-05-01"),  # the code of that day
        ("370812000000", "2020-05-01"),
    ],
)
def test_a_unit_is_read_by_the_code_of_today_or_of_its_day(code: str, approved: str) -> None:
    row = _row(regorg=code, apprdate=approved)
    assert (row.registrar, row.rejects) == (12, ())


def test_a_retired_code_on_a_newer_record_is_refused() -> None:
    assert [r.field for r in _row(regorg="370882", apprdate="2020-05-01").rejects] == ["regorg"]
