"""The invented city."""

from collections import Counter
from itertools import islice
from random import Random

import pytest

from clients.sample import COPIES_FIELDS, FIELDS, PREMISES_FIELDS, city, copies, premises
from clients.sample.codes import misread, organisation_code, uscc
from clients.sample.long import lengthen
from clients.sample.places import AREAS
from license_verify.codes.entity_type import EntityKind, by_label
from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.limits import ADDRESS_CHARACTERS, NAME_CHARACTERS

ROWS = list(city(1_500, seed=7))


def _valid(code: str) -> bool:
    try:
        return Uscc.parse(code.strip(" 　")).organisation_check_passes
    except InvalidUscc:
        return False


def test_codes_are_those_of_the_domain_notes() -> None:
    assert uscc("91", "370811", 1) == "91370811MAJN000108"
    assert uscc("91", "370829", 2) == "91370829MAJN000298"


def test_the_same_seed_gives_the_same_city() -> None:
    assert list(city(50, seed=3)) == list(islice(city(80, seed=3), 50))
    assert list(city(50, seed=3)) != list(city(50, seed=4))


def test_codes_check_and_are_unique_except_in_the_few_faulty_rows() -> None:
    wrong = [row for row in ROWS if not _valid(row["uniscid"])]
    assert 0 < len(wrong) < len(ROWS) * 0.02
    assert len({row["uniscid"] for row in ROWS}) == len(ROWS)


def test_every_county_zone_and_the_city_registers() -> None:
    offices = Counter(row["regorgCn"].strip(" 　") for row in ROWS)
    wanted = {f"{'济宁' if area.zone else ''}{area.name}行政审批服务局" for area in AREAS}
    assert wanted | {"济宁市行政审批服务局"} <= offices.keys()


def test_every_kind_of_entity_occurs_and_households_are_the_most() -> None:
    labels = [row["enttypeCn"].strip(" 　") for row in ROWS]
    kinds = Counter(by_label(label).kind for label in labels if label != "N/A")
    assert set(kinds) == set(EntityKind)
    assert kinds.most_common(1)[0][0] is EntityKind.HOUSEHOLD


def test_rows_have_the_provincial_fields_and_texts_of_real_length() -> None:
    for row in ROWS:
        assert set(row) == set(FIELDS)
        assert 6 <= len(row["entname"] or row["traname"]) <= 100
        assert len(row["dom"] or row["oploc"]) <= 60
        assert len(row["opscope"]) <= 800


def test_households_and_branches_have_no_capital() -> None:
    for row in ROWS:
        if row["enttypeCn"] == "个体工商户":
            assert not row["regcap"] or row["regcap"].endswith("(万元人民币)")


def test_a_misread_code_fails_its_check() -> None:
    with pytest.raises(InvalidUscc):
        Uscc.parse(misread(uscc("92", "370883", 1_234)))


def test_organisation_codes_differ_beyond_the_first_block() -> None:
    codes = {organisation_code(number) for number in range(923_000, 924_000)}
    assert len(codes) == 1_000


def test_more_than_there_are_codes_is_refused() -> None:
    with pytest.raises(ValueError, match="a sample has"):
        next(city(10**9, seed=1))


def test_places_and_copies_are_of_businesses_of_the_city() -> None:
    known = {row["uniscid"].strip(" 　") for row in ROWS if _valid(row["uniscid"])}
    filed, printed = list(premises(1_500, seed=7)), list(copies(1_500, seed=7))
    assert all(tuple(row) == PREMISES_FIELDS for row in filed)
    assert all(tuple(row) == COPIES_FIELDS for row in printed)
    assert len(filed) > 10
    assert len(printed) == 3_000
    missing = {row["uniscid"] for row in (*filed, *printed)} - known
    assert len(missing) < 30, "but for the rows whose codes are misread"


def test_long_rows_reach_the_register_s_limits_and_never_pass_them() -> None:
    random = Random(3)  # noqa: S311 - an invented city
    names, addresses = set(), set()
    for row in ROWS[:300]:
        longer = lengthen(row, random)
        assert longer != row
        names.add(len(longer["entname"] or longer["traname"]))
        addresses.add(len(longer["dom"] or longer["oploc"]))
    assert 90 < max(names) <= NAME_CHARACTERS
    assert 240 < max(addresses) <= ADDRESS_CHARACTERS
