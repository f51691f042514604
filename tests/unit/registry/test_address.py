"""What an address says of its county and unit, in the manner of real ones; nothing is guessed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_service.domain.address import Place, address_of, is_complete, locate, without_door
from registry_service.domain.premises import Building, Site

RENCHENG, YANZHOU, JIAXIANG, QUFU, ZOUCHENG = 11, 12, 16, 20, 21
HIGH_TECH, TAIBAI_LAKE, ECONOMIC = 31, 32, 33
UNCLEAR = Place(None, None, outside=False)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("山东省济宁市任城区阜桥街道样例路2号", RENCHENG),
        ("济宁市任城区阜桥街道样例路2号", RENCHENG),
        ("山东济宁任城区样例路2号", RENCHENG),
        ("任城区样例路2号", RENCHENG),
        ("中国山东省济宁市曲阜市样例路2号", QUFU),
        ("山东省曲阜市样例路2号", QUFU),
        ("山东省 济宁市 曲阜市 样例路2号", QUFU),
        ("邹城市铁山路中段", ZOUCHENG),
        ("嘉祥县省道252线路东", JIAXIANG),
        ("嘉祥县城呈祥街3号", JIAXIANG),
        ("兖州市样例路2号", YANZHOU),
        ("山东省济宁市兖州市样例路2号", YANZHOU),
        ("济宁市市中区样例路2号", RENCHENG),
        ("济宁市中区样例路2号", RENCHENG),
        ("市中区样例路2号", RENCHENG),
    ],
)
def test_a_county_in_front_is_county_and_unit(text: str, unit: int) -> None:
    assert locate(text) == Place(unit, unit, outside=False)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("济宁高新区柳行街道样例路2号", HIGH_TECH),
        ("济宁市高新区样例路2号", HIGH_TECH),
        ("山东省济宁市高新技术产业开发区样例路2号", HIGH_TECH),
        ("济宁国家高新技术产业开发区样例路2号", HIGH_TECH),
        ("高新区样例路2号", HIGH_TECH),
        ("济宁太白湖新区许庄街道样例路2号", TAIBAI_LAKE),
        ("济宁市北湖新区样例路2号", TAIBAI_LAKE),
        ("济宁经济开发区疃里镇样例路2号", ECONOMIC),
        ("山东省济宁市经济开发区样例路2号", ECONOMIC),
    ],
)
def test_a_zone_alone_leaves_the_county_open(text: str, zone: int) -> None:
    assert locate(text) == Place(None, zone, outside=False)


def test_a_zone_inside_a_county_is_the_unit() -> None:
    assert locate("济宁市任城区高新区柳行街道样例路2号") == Place(
        RENCHENG, HIGH_TECH, outside=False
    )
    assert locate("嘉祥县济宁经济开发区疃里镇样例路2号") == Place(JIAXIANG, ECONOMIC, outside=False)


@pytest.mark.parametrize(
    "text",
    [
        "济宁市太白中路28号",
        "人民北路西端",
        "县城中心街5号",
        "北宿镇小贾村东岚济路南",
        "济宁市邹城路5号",
        "济宁市兖州路曲阜街1号",
        "济宁开发区王因镇驻地",
        "",
    ],
)
def test_an_address_without_a_county_is_unclear(text: str) -> None:
    """Streets bear the names of counties; they place nothing."""
    assert locate(text) == UNCLEAR


def test_a_street_named_after_another_county_changes_nothing() -> None:
    assert locate("任城区邹城市路3号").unit != ZOUCHENG
    assert locate("济宁市任城区兖州路3号").unit == RENCHENG


def test_two_counties_leave_everything_open() -> None:
    assert locate("曲阜市邹城市样例路2号") == UNCLEAR
    assert locate("济宁市任城区曲阜市样例路2号") == UNCLEAR
    assert locate("济宁市高新区太白湖新区样例路2号").unit is None


@pytest.mark.parametrize(
    "text",
    [
        "山东省泰安市宁阳县样例路2号",
        "泰安市样例路2号",
        "枣庄市滕州市样例路2号",
        "江苏省徐州市样例路2号",
        "中国江苏省徐州市样例路2号",
        "北京市朝阳区样例路2号",
        "内蒙古自治区呼和浩特市样例路2号",
        "广西壮族自治区南宁市样例路2号",
        "新疆维吾尔自治区样例路2号",
        "香港特别行政区样例路2号",
    ],
)
def test_another_city_or_province_lies_outside(text: str) -> None:
    assert locate(text) == Place(None, None, outside=True)


def test_what_is_known_goes_before_what_the_text_says() -> None:
    address = address_of("济宁市任城区柳行街道样例路2号", unit=HIGH_TECH, county=None)
    assert (address.county, address.unit) == (RENCHENG, HIGH_TECH)
    assert address.normalised == "任城区柳行街道样例路2号"


@pytest.mark.parametrize(
    "text",
    [
        "曲阜市鲁城街道样例街8号",
        "梁山县人民北路86号(县质监站西临)",
        "任城区某小区5号楼1-107号商铺",
        "汶上县南站镇李街村村委会西50米",
        "济宁市太白东路洸府河桥东南300米",
        "济宁市太白路与火炬路交汇处西北角",
        "邹城市中心店镇样例村一百二十号",
        "任城区样例路１２号",
    ],
)
def test_a_door_or_a_bearing_completes_an_address(text: str) -> None:
    assert is_complete(address_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "曲阜市",
        "曲阜市鲁城街道",
        "曲阜市鲁城街道办事处",
        "济宁市红星东路",
        "微山县欢城镇袁堂村",
        "曲阜市鲁城街道8号",
    ],
)
def test_without_door_and_bearing_it_is_incomplete(text: str) -> None:
    """A subdistrict 街道 is no street."""
    assert not is_complete(address_of(text))


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    place = locate(text)
    assert place.unit is None or not place.outside
    is_complete(address_of(text))


@pytest.mark.parametrize(
    ("text", "unit"), [("任城区省立路2号", RENCHENG), ("曲阜市省庄街2号", QUFU)]
)
def test_a_street_whose_name_begins_with_the_word_for_province_lies_here(
    text: str, unit: int
) -> None:
    assert locate(text) == Place(unit, unit, outside=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("曲阜市鲁城街道样例街8号3单元501室", "曲阜市鲁城街道"),
        ("山东省济宁市任城区 阜桥街道样例小区5号楼101", "山东省济宁市任城区阜桥街道"),
        ("嘉祥县纸坊镇样例村王家胡同三号", "嘉祥县纸坊镇"),
        ("微山县某某乡样例村7号", "微山县某某乡"),
        ("邹城市样例大道66号2单元", "邹城市"),
        ("邹城市样例路2号镇政府旁501室", "邹城市"),
        ("邹城市样例村东头镇西王家", "邹城市"),
        ("样例路2号", "（详细地址不公开）"),
    ],
)
def test_of_a_home_the_township_is_told_and_nothing_nearer(text: str, shown: str) -> None:
    assert without_door(address_of(text)) == shown


@given(st.text(max_size=60))
def test_no_text_leaves_a_number_of_a_door(text: str) -> None:
    shown = without_door(address_of(f"曲阜市{text}样例街8号"))
    assert shown
    assert not re.search("[0-9０-９]", shown)


@pytest.mark.parametrize(
    ("building", "use", "masked"),
    [
        (Building.DWELLING, "商业服务", True),
        (Building.COMMERCIAL, "住宅", True),
        (Building.UNSPECIFIED, "农村自建住房", True),
        (Building.COMMERCIAL, "商业服务", False),
        (Building.NEXT_TO_DWELLINGS, "商业服务", False),
        (Building.UNSPECIFIED, "", False),
    ],
)
def test_a_place_is_masked_where_people_live(building: Building, use: str, masked: bool) -> None:
    site = Site("", address_of("曲阜市鲁城街道样例街8号"), use=use, building=building)
    assert site.masked_address == ("曲阜市鲁城街道" if masked else "")
