"""Rows under the provincial field names: codes by source, states, and what is refused."""

from datetime import date

import pytest

from clients.sample.codes import misread, registration_number
from registry_service.domain.entity import EntityState
from registry_service.domain.import_row import ImportedRow, read_row

TODAY = date(2026, 11, 2)
ROW = {
    "pripid": "JN-1",
    "uniscid": "91370811MAJN000108",
    "entname": "济宁市试写物流有限公司",
    "enttypeCn": "有限责任公司（自然人投资或控股）",
    "lerep": "钱试写",
    "dom": "山东省济宁市任城区阜桥街道样例路2号",
    "regcap": "100万元人民币",
    "estdate": "2019-05-06",
    "opfrom": "2019-05-06",
    "opto": "长期",
    "opscope": "日用百货销售",
    "apprdate": "2020-01-02",
    "regstateCn": "在营",
}


def read(source: str = "provincial", **other: str) -> ImportedRow:
    return read_row(2, ROW | other, source, TODAY)


def rejects(row: ImportedRow) -> list[tuple[str, str]]:
    return [(reject.field, reject.reason) for reject in row.rejects]


def test_a_whole_row_is_read() -> None:
    row = read()
    assert row.rejects == row.warnings == ()
    assert (row.uscc, row.registrar, row.effective_date) == (ROW["uniscid"], 11, date(2020, 1, 2))
    assert (row.face.type_code, row.face.term_end_date) == (1130, None)


def test_the_households_columns_are_read_too() -> None:
    columns = {"entname": "", "traname": "试写百货店", "lerep": "", "name": "钱试写", "dom": ""}
    row = read(**columns, oploc="曲阜市鲁城街道样例街8号", enttypeCn="个体工商户")
    assert (row.face.business_name, row.face.person) == ("试写百货店", "钱试写")
    assert row.face.address.unit == 20


@pytest.mark.parametrize(
    ("source", "code", "unit"),
    [
        ("provincial", "370811", 11),
        ("provincial", "370811000000", 11),
        ("provincial", "370800", 1),
        ("gb2260", "370881", 20),
        ("city-approvals", "370890", 31),
        ("city-approvals", "370891", 32),
        ("city-approvals", "370892", 33),
        ("city-approvals", "370882", 12),
        ("another-feed", "370871", 31),
        ("another-feed", "370892", 32),
        ("another-feed", "370893", 33),
        ("statistics", "370871", 31),
    ],
)
def test_a_unit_code_means_what_its_source_means(source: str, code: str, unit: int) -> None:
    assert read(source, regorg=code).registrar == unit


@pytest.mark.parametrize("code", ["370892", "370871", "370899", "37081", "济宁", "110105"])
def test_a_code_of_another_source_is_refused_not_guessed(code: str) -> None:
    assert rejects(read("provincial", regorg=code)) == [("regorg", "VALUE_UNFIT")]


def test_a_retired_code_holds_for_the_days_when_it_held() -> None:
    """兖州市 became a district in 2013."""
    assert read(regorg="370882", apprdate="2010-05-06").registrar == 12
    assert rejects(read(regorg="370882", apprdate="2020-05-06")) == [("regorg", "VALUE_UNFIT")]
    assert read(regorg="370802", apprdate="2010-05-06").registrar == 11


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("曲阜市行政审批服务局", 20),
        ("济宁市任城区行政审批服务局", 11),
        ("济宁高新区行政审批服务局", 31),
        ("济宁市行政审批服务局", 1),
        ("山东省市场监督管理局", None),
    ],
)
def test_a_registrar_is_told_by_name_too(name: str, unit: int | None) -> None:
    assert read(regorgCn=name).registrar == unit


def test_the_region_inside_the_code_is_never_asked() -> None:
    """It is the first registrar's, and the entity may have moved."""
    row = read(dom="人民北路1号")
    assert row.registrar is None
    assert [warning.reason for warning in row.warnings] == ["UNIT_UNCLEAR"]


@pytest.mark.parametrize(
    "nothing", ["N/A", "NULL", "null", "无", "-", "--", " ", "\u3000", "\ufeff"]
)
def test_words_for_nothing_are_nothing(nothing: str) -> None:
    row = read(regcap=nothing, estdate=nothing, opto=nothing, regno=nothing, enttypeCn=nothing)
    assert row.rejects == row.warnings == ()
    assert (row.face.capital, row.face.establish_date, row.face.type_code) == (None, None, 0)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", EntityState.ACTIVE),
        ("存续", EntityState.ACTIVE),
        ("在营（开业）企业", EntityState.ACTIVE),
        ("歇业", EntityState.DORMANT),
        ("清算", EntityState.LIQUIDATING),
        ("吊销，未注销", EntityState.REVOKED),
        ("已注销", EntityState.DEREGISTERED),
        ("撤销", EntityState.ANNULLED),
    ],
)
def test_states_are_read_as_the_province_writes_them(text: str, state: EntityState) -> None:
    row = read(regstateCn=text)
    assert (row.state, row.state_told) == (state, bool(text))


def test_an_unknown_state_is_refused() -> None:
    assert rejects(read(regstateCn="迁出")) == [("regstateCn", "VALUE_UNFIT")]


def test_an_old_number_is_kept_if_it_checks() -> None:
    number = registration_number("370811", household=False, number=5)
    assert read(regno=number).former_codes == (number,)
    wrong = number[:14] + str((int(number[14]) + 1) % 10)
    assert rejects(read(regno=wrong)) == [("regno", "REGISTRATION_NUMBER_CHECK")]


def test_each_fault_names_the_column_of_the_file() -> None:
    row = read(uniscid=misread(ROW["uniscid"]), dom="", estdate="昨天", entname="试\u202e写")
    assert sorted(rejects(row)) == [
        ("dom", "ADDRESS_UNFIT"),
        ("entname", "VALUE_UNFIT"),
        ("estdate", "VALUE_UNFIT"),
        ("uniscid", "USCC_CHECK"),
    ]
    assert all(reject.text for reject in row.rejects)


def test_an_approval_of_tomorrow_is_refused() -> None:
    """Else no change could be recorded until that day."""
    assert rejects(read(apprdate="2027-01-01")) == [("apprdate", "VALUE_UNFIT")]


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("梁山县试写化工厂", "人民路1号", "名称中出现“梁山县”"),
        ("济宁试写机械厂", "市任城区接庄镇驻地", "地址中出现“任城区”"),
    ],
)
def test_an_unclear_unit_is_told_with_its_leads_and_never_guessed(
    name: str, address: str, told: str
) -> None:
    row = read(entname=name, dom=address)
    assert row.registrar is None
    assert told in row.warnings[0].text


def test_a_code_in_small_letters_is_told_to_fit_in_capitals() -> None:
    row = read(uniscid=ROW["uniscid"].lower())
    assert "改为大写后校验通过" in row.rejects[0].text
    assert "改为大写" not in read(uniscid=misread(ROW["uniscid"])).rejects[0].text
