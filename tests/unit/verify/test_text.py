"""Clean text and the keys for comparing."""

import sys
import unicodedata

import pytest

from license_verify.normalise import normalise_address, normalise_name, normalise_person
from license_verify.text import UnfitText, clean, fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "\u3000",
        "济宁\u202e市",
        "济\u200b宁",
        "a\x00b",
        "a\nb",
        "\ue000",
        "\u3164",
        "x" * 101,
    ],
)
def test_text_that_a_reader_could_not_see_is_refused(text: str) -> None:
    with pytest.raises(UnfitText):
        clean(text, 100)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (" ", "is blank", "内容为空"),
        ("x" * 101, "has 101 characters, more than 100", "内容有 101 个字符，最多 100 个"),
        ("x" * 999, "has 999 characters, more than 100", "内容有 999 个字符，最多 100 个"),
        ("a\nb", "holds U+000A, which a reader could not see", "含有不可见字符 U+000A"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_with_which_field(
    text: str, english: str, chinese: str
) -> None:
    with pytest.raises(UnfitText) as refused:
        clean(text, 100, "claims.name")
    assert str(refused.value) == f"claims.name {english}"
    assert refused.value.zh == chinese
    assert [each.field for each in refused.value.fields] == ["claims.name"]


def test_every_control_and_format_character_is_refused() -> None:
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            assert fault(f"a{character}a", 9), hex(point)


def test_rare_characters_and_their_variants_stay() -> None:
    assert clean("㛃𬍛\U000e0100", 9) == "㛃𬍛\U000e0100"


def test_text_is_brought_to_one_form() -> None:
    assert clean(" e\u0301\u3000", 9) == "é"
    assert fault("e\u0301", 9)


def test_two_spellings_of_a_place_have_one_key() -> None:
    one = normalise_address("山东省济宁市任城区阜桥街道 某路２号（某路口向南100米）（一照多址）")
    assert one == normalise_address("任城区阜桥街道某路2号(某路口向南100米)")
    assert normalise_address("济宁市曲阜市某街1—2号") == normalise_address("曲阜市某街1-2号")
    assert normalise_address("任城区某路2号") != normalise_address("任城区某路12号")


def test_the_place_in_front_of_a_name_counts() -> None:
    assert normalise_name("济宁市某某公司（有限）") == normalise_name("济宁市某某公司(有限)")
    assert normalise_name("济宁市某某公司") != normalise_name("某某公司")


def test_the_dots_of_a_transliterated_name_are_alike() -> None:
    assert normalise_person("阿依·古丽") == normalise_person("阿依•古丽")
