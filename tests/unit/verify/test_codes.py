"""Codes of the field against their published and computed vectors."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from license_verify.codes import document_id, registration_number, unit, uscc
from license_verify.codes.document_id import DocumentId, InvalidDocumentId
from license_verify.codes.entity_type import (
    TYPES,
    EntityKind,
    UnknownEntityType,
    by_code,
    by_label,
)
from license_verify.codes.registration_number import (
    InvalidRegistrationNumber,
    Origin,
    RegistrationNumber,
)
from license_verify.codes.unit import UnitKind, UnknownUnit, named_in, resolve
from license_verify.codes.uscc import ALPHABET, InvalidUscc, Uscc

PUBLISHED = ["91330106673959654P", "91110105MA003A481G", "914403001922038216", "11370800MB28559184"]
INVENTED = ["91370811MAJN000108", "91370829MAJN000298", "92370883MAJN000376", "93370828MAJN000459"]
TODAY = date(2026, 11, 2)


@pytest.mark.parametrize("text", PUBLISHED + INVENTED)
def test_a_code_of_the_vectors_is_read_and_its_check_computed(text: str) -> None:
    assert Uscc.parse(text).text == text
    assert uscc.check_character(text[:17]) == text[17]
    assert Uscc.parse(text).organisation_check_passes


@given(st.sampled_from(PUBLISHED), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_misprint_of_a_code_is_caught(text: str, at: int, wrong: str) -> None:
    assume(text[at] != wrong)
    with pytest.raises(InvalidUscc):
        Uscc.parse(text[:at] + wrong + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "91330106673959654p", "9133010667395965 4P", "９1330106673959654P", "I" * 18, "0" * 99],
)
def test_what_is_no_code_is_refused_with_a_chinese_sentence(text: str) -> None:
    with pytest.raises(InvalidUscc) as caught:
        Uscc.parse(text)
    assert caught.value.zh


def test_a_failing_organisation_code_is_a_warning_only() -> None:
    body = "91370811MAJN00011"
    code = Uscc.parse(body + uscc.check_character(body))
    assert not code.organisation_check_passes


def test_an_old_registration_number_is_read() -> None:
    number = RegistrationNumber.parse("120118000032322")
    assert (number.region, number.origin) == ("120118", Origin.DOMESTIC)


@given(st.integers(0, 14), st.sampled_from("0123456789"))
def test_any_single_misprint_of_a_registration_number_is_caught(at: int, wrong: str) -> None:
    text = "120118000032322"
    assume(text[at] != wrong)
    with pytest.raises(InvalidRegistrationNumber):
        RegistrationNumber.parse(text[:at] + wrong + text[at + 1 :])


@pytest.mark.parametrize(("digit", "origin"), [("4", Origin.FOREIGN), ("6", Origin.HOUSEHOLD)])
def test_the_series_of_a_registration_number_is_told(digit: str, origin: Origin) -> None:
    body = "370811" + digit + "0000001"
    number = RegistrationNumber.parse(body + registration_number.check_digit(body))
    assert number.origin is origin


@pytest.mark.parametrize(("version", "check"), [(1, "S"), (2, "Q")])
def test_a_document_identifier_has_the_computed_check(version: int, check: str) -> None:
    made = DocumentId(
        document_id.BUSINESS_LICENSE, "11370800MB28559184", "91370811MAJN000108", version
    )
    assert made.check == check
    assert str(made) == (
        "1.2.156.3005.2.11100000MB0143028R001.11370800MB28559184."
        f"91370811MAJN000108.{version:03}.{check}"
    )
    assert DocumentId.parse(str(made)) == made


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "1.2.156.3005.2.A.B.C.001.0", "1.2.156.3005.2.A.B.C.1.K"]
)
def test_a_wrong_document_identifier_is_refused(text: str) -> None:
    with pytest.raises(InvalidDocumentId):
        DocumentId.parse(text)


@pytest.mark.parametrize(
    ("source", "code", "name"),
    [
        ("gb2260", "370812", "兖州区"),
        ("city-approvals", "370882", "兖州区"),
        ("city-approvals", "370890", "高新区"),
        ("city-approvals", "370892", "经开区"),
        ("another-feed", "370892", "太白湖新区"),
        ("statistics", "370871", "高新区"),
        ("name", "兖州市", "兖州区"),
        ("name", "市中区", "任城区"),
        ("name", "济宁市", "济宁市"),
    ],
)
def test_a_foreign_code_is_resolved_with_its_source(source: str, code: str, name: str) -> None:
    assert resolve(source, code, TODAY).name == name


def test_a_retired_code_holds_for_its_own_time_only() -> None:
    assert resolve("gb2260", "370882", date(2005, 1, 1)).name == "兖州区"
    assert resolve("gb2260", "370802", date(2005, 1, 1)).name == "任城区"
    with pytest.raises(UnknownUnit):
        resolve("gb2260", "370882", TODAY)
    with pytest.raises(UnknownUnit):
        resolve("gb2260", "370812", date(2005, 1, 1))


def test_a_code_of_an_unknown_source_is_not_guessed() -> None:
    with pytest.raises(UnknownUnit):
        resolve("somewhere", "370811", TODAY)


def test_there_are_one_city_eleven_counties_and_three_zones() -> None:
    kinds = [one.kind for one in unit.UNITS.values()]
    assert [kinds.count(kind) for kind in UnitKind] == [1, 11, 3]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("山东省济宁市任城区阜桥街道某路2号", {"任城区"}),
        ("济宁市市中区某路2号", {"任城区"}),
        ("邹城市钢山街道", {"邹城市"}),
        ("济宁高新区黄屯街道", {"高新区"}),
        ("某路2号", set()),
        ("曲阜市与邹城市交界", {"曲阜市", "邹城市"}),
    ],
)
def test_units_named_in_an_address_are_found_and_none_is_guessed(
    address: str, names: set[str]
) -> None:
    assert {one.name for one in named_in(address)} == names


def test_the_common_types_have_their_kinds() -> None:
    kinds = {1130: "COMPANY", 1151: "COMPANY", 1222: "COMPANY", 2130: "BRANCH"}
    kinds |= {4531: "PARTNERSHIP", 4532: "PARTNERSHIP", 4533: "PARTNERSHIP", 4540: "SOLE_OWNER"}
    kinds |= {9100: "COOPERATIVE", 9500: "HOUSEHOLD"}
    assert {code: by_code(code).kind.name for code in kinds} == kinds
    assert {row.kind for row in TYPES.values()} == set(EntityKind)


def test_a_printed_type_is_found_whatever_the_width_of_its_brackets() -> None:
    assert by_label("有限责任公司(自然人独资)").code == 1151
    assert by_label("集体分支机构(非法人)").kind is EntityKind.BRANCH
    with pytest.raises(UnknownEntityType):
        by_label("N/A")
    with pytest.raises(UnknownEntityType):
        by_code(1)


def test_only_a_household_has_a_form_and_may_lack_a_name() -> None:
    for kind in EntityKind:
        household = kind is EntityKind.HOUSEHOLD
        assert kind.labels.has_form == kind.labels.name_optional == household
    assert not EntityKind.BRANCH.labels.has_capital
    assert EntityKind.PARTNERSHIP.labels.address == "主要经营场所"
    assert EntityKind.BRANCH.zh == "分支机构"
