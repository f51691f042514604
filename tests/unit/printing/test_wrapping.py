"""Breaking lines loses nothing and keeps within the width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.printing.widths import em_of, ems, is_certain
from registry_service.printing.wrapping import wrap

texts = st.text(
    st.one_of(
        st.sampled_from("，。；（）“”、：《》 ·-/.ABCwWi019"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
        st.characters(min_codepoint=0xC0, max_codepoint=0x24F),
    ),
    max_size=300,
)


@given(texts, st.floats(12, 60))
def test_the_lines_are_the_text_and_none_is_too_wide(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(lines)
    assert all(ems(line.rstrip(" ")) <= width + 1e-9 for line in lines)


@given(st.text("物流，。；（销售", min_size=1, max_size=200), st.integers(12, 40))
def test_no_line_begins_with_a_closing_sign(text: str, width: int) -> None:
    for before, line in zip(wrap(text, width), wrap(text, width)[1:], strict=False):
        if line[0] in "，。；":  # more such signs than can be carried over stood before it
            assert set(before[-4:]) & set("，。；（")


def test_no_line_ends_with_an_opening_bracket() -> None:
    assert wrap("物流服务（不含危险品）", 5) == ["物流服务", "（不含危险", "品）"]


def test_a_word_stays_whole() -> None:
    assert wrap("地址样例路2号楼B1-107号商铺", 10)[1].startswith("B1-107")


def test_a_rare_character_and_a_selector_count_once() -> None:
    assert ems("𠮷") == 1
    assert ems("葛\U000e0100") == 1


@pytest.mark.parametrize(("text", "certain"), [("山东A1（）", True), ("Ünal", False)])
def test_only_usual_characters_have_a_certain_width(text: str, certain: bool) -> None:
    assert is_certain(text) is certain


def test_latin_letters_are_taken_for_wider_than_half_a_han_character() -> None:
    assert em_of("W") > 1
    assert em_of("0") >= 0.6
