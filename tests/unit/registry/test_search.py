"""What finds an entity, and how much of the register a search reads."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from license_verify.normalise import normalise_name
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.search import (
    FEWEST_CHARACTERS,
    SLICE_DIGITS,
    SearchField,
    SearchRow,
    search_row,
    slice_of,
)
from registry_service.domain.search_query import (
    Criteria,
    Wanted,
    as_number,
    looks_like_number,
    wanted_texts,
)
from registry_service.store.search_blocks import END, Block, Blocks
from tests.load.bulk import code_of

CODE = "91370811MAJN000108"
NAMES = st.text("济宁市鸿达商贸有限公司（）() aAＢ１%_·\U00020bb7", min_size=1, max_size=20)


def row(name: str = "济宁市鸿达商贸有限公司", *former: str) -> SearchRow:
    return search_row(
        CODE, EntityState.ACTIVE, 11, name, "王立新", "任城区阜桥街道建设路2号", former
    )


@given(NAMES, st.data())
def test_any_part_of_a_name_finds_it_from_two_characters_up(name: str, data: st.DataObject) -> None:
    key = normalise_name(name)
    assume(len(key) >= FEWEST_CHARACTERS)
    start = data.draw(st.integers(0, len(key) - FEWEST_CHARACTERS))
    end = data.draw(st.integers(start + FEWEST_CHARACTERS, len(key)))
    wanted = Wanted(SearchField.NAME, key[start:end])
    assert set(wanted.terms) <= set(row(name).terms)
    assert wanted.fits(row(name).name_key)


@given(NAMES)
def test_the_whole_name_finds_it_now_and_as_a_former_one(name: str) -> None:
    key = normalise_name(name)
    assume(key)
    now, before = row(name), row("济宁新名有限公司", name)
    assert set(Wanted(SearchField.NAME, key, whole=True).terms) <= set(now.terms)
    assert set(Wanted(SearchField.FORMER_NAME, key, whole=True).terms) <= set(before.terms)


@given(NAMES, NAMES)
def test_a_row_is_a_function_of_the_facts_however_they_are_ordered(one: str, other: str) -> None:
    assert row("济宁新名有限公司", one, other) == row("济宁新名有限公司", other, one, other)


def test_a_name_that_never_changed_is_no_former_name() -> None:
    assert row("济宁市鸿达商贸有限公司", "济宁市鸿达商贸有限公司").former_name_keys == []
    assert row("济宁市鸿达（甲）店", "济宁市鸿达(甲)店").former_name_keys == []


def test_terms_of_one_field_do_not_find_another() -> None:
    terms = set(row("济宁鸿达商行", "王立新商行").terms)
    assert {"n鸿达", "p立新", "a建设", "f立新"} <= terms
    assert not {"n立新", "n建设", "p鸿达", "a鸿达", "f鸿达"} & terms
    assert {"u11", "sactive"} <= terms


def test_an_unclear_unit_has_a_term_of_its_own() -> None:
    made = search_row(CODE, EntityState.REVOKED, None, "", "", "")
    assert {"u0", "srevoked"} <= set(made.terms)
    assert not any(term.startswith("e") for term in made.terms), "nobody looks for no name"


def test_slices_are_a_fair_sample_of_codes_that_follow_each_other() -> None:
    slices = [slice_of(code_of(number)) for number in range(1, 20_001)]
    counts = [sum(each[0] == digit for each in slices) for digit in "0123456789abcdef"]
    assert min(counts) > 1_000, "of 1,250"
    assert max(counts) < 1_500
    assert {len(each) for each in slices} == {SLICE_DIGITS}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" 91370811majn000108 ", True),
        ("９１３７０８１１ＭＡＪＮ０００１０８", True),
        ("370811200012345", True),
        ("1.2.156.3005.2.11100000MB0143028R001.X.1.001.A", True),
        ("鸿达商贸", False),
        ("ABCDEFGH", False),
        ("KTV2000", False),
        ("建设路12号3701", False),
    ],
)
def test_codes_and_numbers_are_told_from_names(typed: str, number: bool) -> None:
    assert looks_like_number(as_number(typed)) is number


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        (Criteria(text="王"), "text"),
        (Criteria(text=" （ "), "text"),
        (Criteria(business_name="鸿"), "business_name"),
        (Criteria(person="王"), "person"),
        (Criteria(address="山东省济宁市"), "address"),
        (Criteria(address="路"), "address"),
    ],
)
def test_one_character_is_too_few(criteria: Criteria, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        wanted_texts(criteria)
    assert [fault.field for fault in refused.value.fields] == [field]
    assert "两" in refused.value.fields[0].zh or "2" in refused.value.fields[0].zh


def test_a_whole_name_may_be_short() -> None:
    (group,) = wanted_texts(Criteria(business_name="鸿", whole_name=True))
    assert [each.whole for each in group] == [True, True]


def test_the_city_alone_is_looked_for_in_names_only() -> None:
    (group,) = wanted_texts(Criteria(text="济宁市"))
    assert SearchField.ADDRESS not in {wanted.field for wanted in group}


def read(blocks: Blocks, *held: int) -> list[Block]:
    """The blocks that a search gets where each held so many; to the end if none is left."""
    found, given = 0, []
    for count in (*held, *[0] * 5_000):
        block = blocks.next(found)
        if block is None:
            break
        given.append(block)
        found += count
    return given


@given(
    st.integers(0, 16**SLICE_DIGITS - 1),
    st.booleans(),
    st.integers(1, 1001),
    st.lists(st.integers(0, 400), max_size=40),
)
def test_blocks_cover_every_slice_behind_the_start_once(
    start: int, first_page: bool, limit: int, held: list[int]
) -> None:
    after = "" if first_page else f"{start:03x}{CODE}"
    expected = 0 if first_page else start
    for block in read(Blocks(after, limit), *held):
        begins = int(block.after[:SLICE_DIGITS], 16) if block.after else 0
        assert begins == expected, "no gap and no repetition"
        width = 16 ** (SLICE_DIGITS - len(block.digits))
        first = int(block.digits.ljust(SLICE_DIGITS, "0"), 16)
        assert first <= begins < first + width
        expected = first + width
        assert block.before == (f"{expected:03x}" if expected < 4096 else END)
    assert expected == 16**SLICE_DIGITS


def test_what_is_rare_is_found_in_three_steps_and_what_is_frequent_in_one() -> None:
    assert [block.digits for block in read(Blocks("", 51))] == ["000", "0", ""]
    assert [block.digits for block in read(Blocks(f"0ff{CODE}", 51))] == ["0ff", "100", "1", ""]
    assert Blocks("", 51).next(0) == Block("000", "", "001")


@given(st.integers(1, 5_000_000), st.integers(1, 1000), st.floats(0, 1))
def test_no_block_holds_far_more_than_a_search_wants(size: int, limit: int, share: float) -> None:
    """In a register where every slice holds what it should."""
    density = size * share / 16**SLICE_DIGITS
    blocks, found = Blocks("", limit), 0.0
    for _ in range(60):
        block = blocks.next(int(found))
        if block is None or found >= limit:
            return
        held = density * 16 ** (SLICE_DIGITS - len(block.digits))
        assert held <= max(2_000, 5 * limit) or block.digits == "000"
        found += held
    raise AssertionError("it never ends")
