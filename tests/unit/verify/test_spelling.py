"""Which spellings of a claim match, and which near ones must never: realistic pairs, and all
variants of made-up addresses."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import Answer, Claimed
from license_verify.claimed import compare
from license_verify.spelling import (
    address_key,
    address_spellings,
    find_address,
    name_key,
    name_spellings,
    person_key,
)
from license_verify.token.face import digest
from tests.unit.verify.world import FACE

PRINTED = "山东省济宁市任城区阜桥街道样例路2号（样例路口向南100米）"
ROOM = "山东省济宁市曲阜市鲁城街道样例街5号楼1-107号商铺"

SAME_PLACE = [
    (PRINTED, PRINTED),
    (PRINTED, "济宁市任城区阜桥街道样例路2号（样例路口向南100米）"),
    (PRINTED, "任城区阜桥街道样例路2号（样例路口向南100米）"),
    (PRINTED, "山东济宁任城区阜桥街道样例路2号（样例路口向南100米）"),
    (PRINTED, "中国山东省济宁市任城区阜桥街道样例路2号（样例路口向南100米）"),
    (PRINTED, "山东省 济宁市 任城区 阜桥街道 样例路2号(样例路口向南100米)"),
    (PRINTED, "山东省济宁市任城区阜桥街道样例路２号（样例路口向南１００米）"),
    (PRINTED, "山东省济宁市任城区阜桥街道样例路二号（样例路口向南100米）"),
    (PRINTED, "任城区阜桥街道样例路2号【样例路口向南100米】"),
    (PRINTED, "任城区，阜桥街道，样例路2号（样例路口向南100米）。"),
    (PRINTED, "任城区阜桥街道“样例路”2号（样例路口向南100米）"),
    (PRINTED, PRINTED + "（一照多址）"),
    (PRINTED, PRINTED + "(一照多址企业)"),
    (PRINTED, PRINTED + "一照多址"),
    (PRINTED, PRINTED + "（自主申报）"),
    (PRINTED, PRINTED + "（自主申报）（一照多址）"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1-107号商铺"),
    (ROOM, "济宁曲阜市鲁城街道样例街5号楼1-107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街五号楼1—107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5#楼1－107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5#号楼1～107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1——107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街５号楼１－１０７号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1 107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1-一〇七号商铺"),
    (PRINTED, "任城区阜桥街道样例路2号"),  # without its landmark
    (PRINTED, "任城区阜桥街道样例路2号（一照多址）"),
    ("任城区样例路2号（万达广场对面）", "任城区样例路2号"),
    ("任城区样例路2号（样例小学旁）3号楼", "任城区样例路2号3号楼"),
    ("任城区样例路2号（样例小学旁）（3号楼）", "任城区样例路2号(3号楼)"),
    ("任城区样例路2-1号（十字路口东南角）", "任城区样例路2-1号"),
    ("任城区样例路2号（样例公园以东约1.5公里）", "任城区样例路2号"),
    ("任城区样例路2号（人民医院东侧）", "任城区样例路2号"),
    ("任城区样例路5①号", "任城区样例路5①号"),
    ("任城区样例路1²号", "任城区 样例路1²号"),
    ("任城区样例路①号", "任城区样例路1号"),
    ("邹城市钢山街道样例巷A座十二层", "邹城市钢山街道样例巷ａ座12层"),
    ("邹城市钢山街道样例巷二十号", "邹城市钢山街道样例巷20号"),
    ("微山县夏镇街道样例路一百零三号", "微山县夏镇街道样例路103号"),
    ("微山县夏镇街道样例路一百一十二号", "微山县夏镇街道样例路112号"),
    ("微山县夏镇街道样例路一百十二号", "微山县夏镇街道样例路112号"),
    ("微山县夏镇街道样例路两千零五号", "微山县夏镇街道样例路2005号"),
]
OTHER_PLACE = [
    (ROOM, "邹城市鲁城街道样例街5号楼1-107号商铺"),  # another county
    (ROOM, "鲁城街道样例街5号楼1-107号商铺"),  # which county is not said
    (ROOM, "曲阜市鲁城街道样例街5号1-107号商铺"),  # 号 is no 号楼
    (ROOM, "曲阜市鲁城街道样例街5号楼1107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼11-07号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1-107室商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1-107号"),
    (ROOM, "曲阜市鲁城街道样例街15号楼1-107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼2-107号商铺"),
    (ROOM, "曲阜市鲁城街道样例路5号楼1-107号商铺"),
    (ROOM, "曲阜市鲁城街道样例街5号楼1-107-1号商铺"),
    (ROOM, "曲阜市"),
    (PRINTED, "任城区阜桥街道样例路12号（样例路口向南100米）"),
    (PRINTED, "任城区阜桥街道样例路2号（样例路口向北100米）"),
    (PRINTED, "任城区阜桥街道样例路2号（万达广场对面）"),  # two landmarks
    (PRINTED, "任城区阜桥街道样例路2号楼（样例路口向南100米）"),
    (PRINTED, "任城区阜桥街道样例路2甲号（样例路口向南100米）"),
    (PRINTED, "兖州区阜桥街道样例路2号（样例路口向南100米）"),
    (PRINTED, "山东省菏泽市任城区阜桥街道样例路2号（样例路口向南100米）"),
    ("任城区样例路2号（3号楼）", "任城区样例路2号"),  # a number counts, and so does a room
    ("任城区样例路2号（三号楼）", "任城区样例路2号"),
    ("任城区样例路2号（3号楼对面）", "任城区样例路2号"),
    ("任城区样例路2号（A座旁）", "任城区样例路2号"),
    ("任城区样例路2号（一层）", "任城区样例路2号"),
    ("任城区样例路2号（地下室）", "任城区样例路2号"),
    ("任城区样例路2号（院内东侧）", "任城区样例路2号"),
    ("任城区样例路2号（东侧）", "任城区样例路2号"),  # of what, is not said
    ("任城区样例路2号（万达广场）", "任城区样例路2号"),
    ("任城区样例路2号（万达广场对面）", "任城区样例路2号（人民医院对面）"),
    ("任城区样例村（村委会对面）", "任城区样例村"),  # nothing else tells the house
    ("任城区样例路2（样例小学旁）3号", "任城区样例路23号"),
    ("任城区样例路2号（样例小学旁）", "任城区样例路3号"),
    ("任城区样例路1²号", "任城区样例路12号"),
    ("任城区样例路1 ²号", "任城区样例路12号"),
    ("任城区样例路1²号", "任城区样例路1-2号"),
    ("任城区样例路５①号", "任城区样例路51号"),
    ("任城区样例路5①号", "任城区样例路5①①号"),
    ("任城区样例路①②号", "任城区样例路12号"),
    ("任城区样例路²1号", "任城区样例路21号"),
    ("任城区样例路⒈2号", "任城区样例路1.2号"),
    ("任城区样例路5㉑号", "任城区样例路521号"),
    ("任城区样例路十㊀号", "任城区样例路11号"),
    ("任城区样例路十㊀号", "任城区样例路十一号"),
    ("任城区样例路1½号", "任城区样例路11/2号"),
    ("任城区样例路5㏠号", "任城区样例路51日号"),
    ("任城区样例路1、2号", "任城区样例路12号"),
    ("任城区样例路1 2号", "任城区样例路12号"),
    ("任城区样例路1.5号", "任城区样例路15号"),
    ("任城区样例路二十号", "任城区样例路210号"),
    ("任城区样例路二十一号", "任城区样例路201号"),
    ("任城区五一路3号", "任城区51路3号"),
    ("任城区济宁路5号", "任城区路5号"),
    ("济宁路5号", "路5号"),
    ("任城区样例路3号一二层", "任城区样例路3号12层"),  # two floors, and the twelfth
    ("任城区样例路3号一、二层", "任城区样例路3号12层"),
    ("任城区样例路3号一至二层", "任城区样例路3号12层"),
    ("任城区样例路5二楼", "任城区样例路52楼"),  # 5号 with its 号 left out
    ("任城区样例路5 二楼", "任城区样例路52楼"),
    ("任城区八一楼", "任城区81楼"),
    ("任城区样例路一百五号", "任城区样例路105号"),  # 150, as people say it
    ("任城区样例路十十号", "任城区样例路20号"),
    ("任城区样例路1，，2号", "任城区样例路12号"),
    ("任城区样例路1、、2号", "任城区样例路12号"),
    ("任城区样例路“1” 2号", "任城区样例路12号"),
    ("任城区样例路“1”2号", "任城区样例路12号"),
]
SAME_NAME = [
    ("济宁市试写（山东）物流有限公司", "济宁市试写(山东)物流有限公司"),
    ("济宁市试写物流有限公司", "济宁市试写 物流有限公司"),
    ("济宁市试写ＡＢＣ物流有限公司", "济宁市试写abc物流有限公司"),
    ("济宁市“试写”物流有限公司", "济宁市试写物流有限公司"),
    ("济宁阿里·试写店", "济宁阿里•试写店"),
]
OTHER_NAME = [
    ("济宁市试写物流有限公司", "试写物流有限公司"),
    ("济宁市试写物流有限公司", "济宁试写物流有限公司"),
    ("济宁市试写物流有限公司", "山东省济宁市试写物流有限公司"),
    ("济宁市试写物流有限公司", "济宁市试写物流有限责任公司"),
    ("济宁市试写物流有限公司", "济宁市试写物流有限公司曲阜分公司"),
    ("济宁市试写物流有限公司", "济宁市试写物流"),
    ("济宁市试写一店", "济宁市试写1店"),
    ("济宁市试写1²店", "济宁市试写12店"),
    ("济宁市试写5①店", "济宁市试写51店"),
    ("济宁市试写（山东）物流有限公司", "济宁市试写物流有限公司"),
]


@pytest.mark.parametrize(("printed", "claimed"), SAME_PLACE)
def test_another_spelling_of_a_place_matches(printed: str, claimed: str) -> None:
    assert address_of(printed, claimed) is Answer.MATCH


@pytest.mark.parametrize(("printed", "claimed"), OTHER_PLACE)
def test_a_place_that_is_only_like_it_differs(printed: str, claimed: str) -> None:
    assert address_of(printed, claimed) is Answer.DIFFERS


@pytest.mark.parametrize(("printed", "claimed"), SAME_NAME)
def test_another_spelling_of_a_name_matches(printed: str, claimed: str) -> None:
    assert name_of(printed, claimed) is Answer.MATCH


@pytest.mark.parametrize(("printed", "claimed"), OTHER_NAME)
def test_a_name_that_is_only_like_it_differs(printed: str, claimed: str) -> None:
    assert name_of(printed, claimed) is Answer.DIFFERS


def address_of(printed: str, claimed: str) -> Answer:
    face = replace(FACE, address=printed)
    return compare(Claimed(address=claimed), face, None).address


def name_of(printed: str, claimed: str) -> Answer:
    return compare(Claimed(name=claimed), replace(FACE, name=printed), None).name


@pytest.mark.parametrize(
    "claimed",
    [
        PRINTED,
        "济宁市任城区阜桥街道样例路2号（样例路口向南100米）",
        "任城区阜桥街道样例路2号(样例路口向南100米)",
        "任城区 阜桥街道 样例路2号(样例路口向南100米)",
    ],
)
def test_a_digest_knows_the_likely_spellings(claimed: str) -> None:
    face = replace(FACE, address=PRINTED).with_address_digest()
    assert compare(Claimed(address=claimed), face, None).address is Answer.MATCH
    assert compare(Claimed(address=claimed + "东"), face, None).address is Answer.NOT_COMPARED
    assert digest(PRINTED) in {digest(each) for each in address_spellings(claimed)}


def test_a_shortened_name_knows_both_kinds_of_brackets() -> None:
    whole = "济宁市" + "长" * 40 + "（山东）有限公司"
    face = replace(FACE, name=whole).with_name_shortened()
    narrow = whole.replace("（", "(").replace("）", ")")
    assert compare(Claimed(name=narrow), face, None).name is Answer.MATCH
    assert whole in name_spellings(narrow)


COUNTIES = st.sampled_from(["任城区", "兖州区", "曲阜市", "邹城市", "微山县", "梁山县"])
STREETS = st.sampled_from(["鲁城街道样例街", "鲁城街道样例路", "钢山街道样例街", "夏镇街道五一路"])
NUMBERS = st.integers(1, 130)
PLACES = st.tuples(COUNTIES, STREETS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS, NUMBERS)
Place = tuple[str, str, int, int | None, int | None, int]
_HAN = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """As people write it: 十二, 一百零三."""
    if number < 10:
        return _HAN[number]
    if number < 20:
        return f"十{_HAN[number % 10] if number % 10 else ''}"
    if number < 100:
        return f"{_HAN[number // 10]}十{_HAN[number % 10] if number % 10 else ''}"
    rest = number % 100
    if not rest:
        return f"{_HAN[number // 100]}百"
    if rest < 10:
        return f"{_HAN[number // 100]}百零{_HAN[rest]}"
    tail = f"一{chinese(rest)}" if rest < 20 else chinese(rest)
    return f"{_HAN[number // 100]}百{tail}"


@st.composite
def spelt(draw: st.DrawFn, place: Place) -> str:
    """One of the ways in which people write a place."""
    county, street, house, building, unit, room = place

    def number(value: int) -> str:
        wide = str(value).translate({48 + d: 0xFF10 + d for d in range(10)})
        return draw(st.sampled_from([str(value), wide, chinese(value)]))

    fronts = ["", "山东省济宁市", "济宁市", "山东济宁", "济宁", "山东省 济宁市"]
    front = draw(st.sampled_from(fronts))
    text = f"{front}{county}{draw(st.sampled_from(['', ' ', '，']))}{street}{number(house)}号"
    if building is not None:
        text += f"{draw(st.sampled_from(['', ' ', '，']))}{number(building)}号楼"
    if unit is not None:
        text += f"{number(unit)}单元"
    text += f"{number(room)}室"
    return text + draw(st.sampled_from(["", "（一照多址）", "(一照多址)", "。"]))


@given(st.data(), PLACES, PLACES)
def test_two_spellings_have_one_key_if_and_only_if_the_place_is_one(
    data: st.DataObject, one: Place, other: Place
) -> None:
    first, again = data.draw(spelt(one)), data.draw(spelt(one))
    assert address_key(first) == address_key(again)
    assert (address_key(first) == address_key(data.draw(spelt(other)))) == (one == other)


@given(st.data(), PLACES, PLACES)
def test_a_landmark_left_out_makes_no_other_place_and_joins_none(
    data: st.DataObject, one: Place, other: Place
) -> None:
    landmark = data.draw(st.sampled_from(["（万达广场对面）", "(样例路口向南100米)"]))
    filed = [address_key(data.draw(spelt(one))) + landmark]
    assert find_address(data.draw(spelt(one)), filed) == 0
    assert (find_address(data.draw(spelt(other)), filed) is None) == (one != other)


def test_the_very_address_is_found_before_one_without_its_landmark() -> None:
    bare, beside = "任城区样例路2号", "任城区样例路2号（样例小学旁）"
    assert find_address(bare, [beside, bare]) == 1
    assert find_address(beside, [bare, beside]) == 1


_NUMERIC = "0123456789零一二三四五六七八九十"
_THE_SAME = "⼀⼆⼋⼗〸"  # numerals by another code


def test_whatever_unicode_makes_a_number_of_is_kept_apart_from_the_number_beside_it() -> None:
    tried = 0
    for char in map(chr, range(0x80, 0x20000)):
        kind, folded = unicodedata.decomposition(char), unicodedata.normalize("NFKC", char)
        if not kind.startswith("<") or kind.startswith(("<wide>", "<font>")) or char in _THE_SAME:
            continue
        for number in ("1", "２", "十"):
            if folded[0] in _NUMERIC:
                assert address_key(f"{number}{char}号") != address_key(f"{number}{folded}号")
                tried += 1
            if folded[-1] in _NUMERIC:
                assert address_key(f"{char}{number}号") != address_key(f"{folded}{number}号")
    assert tried > 600


@given(st.text(max_size=40))
def test_a_key_is_made_of_any_text(text: str) -> None:
    for key in (address_key, name_key, person_key):
        key(text)


@given(PLACES, st.data())
def test_a_key_is_its_own_key(place: Place, data: st.DataObject) -> None:
    key = address_key(data.draw(spelt(place)))
    assert address_key(key) == key


DIGIT = st.sampled_from("0123456789")


@given(PLACES, st.data())
def test_one_other_digit_is_another_place(place: Place, data: st.DataObject) -> None:
    text = data.draw(spelt(place))
    at = data.draw(st.sampled_from([i for i, c in enumerate(text + "0") if c.isdigit()]))
    wrong = data.draw(DIGIT)
    if at < len(text) and str(int(text[at])) != wrong:
        assert address_key(text[:at] + wrong + text[at + 1 :]) != address_key(text)
