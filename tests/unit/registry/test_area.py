"""Whether an address lies in an area, and whether its text fixes its unit."""

import pytest

from registry_service.domain.address import address_of
from registry_service.domain.area import UnitDoubt, lies_in, unit_doubt

RENCHENG, YANZHOU, QUFU, ZOUCHENG, HIGH_TECH, TAIBAI = 11, 12, 20, 21, 31, 32


@pytest.mark.parametrize(
    ("text", "unit", "doubt"),
    [
        ("任城区阜桥街道样例路2号", RENCHENG, None),
        ("阜桥街道样例路2号", RENCHENG, None),
        ("任城区邹城路2号", RENCHENG, None),
        ("任城区阜桥街道样例路2号", QUFU, UnitDoubt.UNIT_DIFFERS),
        ("济宁高新区样例路2号", HIGH_TECH, None),
        ("任城区济宁高新区样例路2号", HIGH_TECH, None),
        ("任城区济宁高新区样例路2号", RENCHENG, UnitDoubt.UNIT_DIFFERS),
        ("任城区样例路2号", HIGH_TECH, UnitDoubt.ZONE_UNCLEAR),
        ("样例路2号", HIGH_TECH, UnitDoubt.ZONE_UNCLEAR),
        ("任城区许庄街道样例路2号", TAIBAI, None),
        ("任城区许庄街道样例路2号", HIGH_TECH, UnitDoubt.UNIT_DIFFERS),
        ("任城区许庄街道样例路2号", RENCHENG, UnitDoubt.UNIT_DIFFERS),
        ("兖州区王因街道样例路2号", HIGH_TECH, None),
        ("曲阜市王因镇样例路2号", QUFU, None),
        ("曲阜市济宁高新区样例路2号", HIGH_TECH, UnitDoubt.COUNTY_DIFFERS),
        ("曲阜市邹城市样例路2号", None, UnitDoubt.TWO_NAMED),
        ("样例路2号", None, None),
        ("徐州市沛县大屯镇样例路2号", RENCHENG, UnitDoubt.UNIT_DIFFERS),
        ("沛县样例路2号", RENCHENG, UnitDoubt.UNIT_DIFFERS),
        ("山东省济宁市阜桥街道样例路2号", RENCHENG, None),
        ("中心市场样例路2号", RENCHENG, None),
        ("城市花园样例路2号", RENCHENG, None),
        ("新城市花园2号楼", RENCHENG, None),
        ("百货超市东侧10米", RENCHENG, None),
        ("原县委大院东侧10米", RENCHENG, None),
        ("盐城市亭湖区样例路2号", RENCHENG, UnitDoubt.UNIT_DIFFERS),
    ],
)
def test_text_and_unit_agree_or_not(text: str, unit: int | None, doubt: UnitDoubt | None) -> None:
    assert unit_doubt(address_of(text, unit=unit), unit) is doubt


def test_a_county_that_the_text_does_not_name_is_noticed() -> None:
    address = address_of("任城区样例路2号", county=QUFU)
    assert unit_doubt(address, RENCHENG) is UnitDoubt.COUNTY_DIFFERS


@pytest.mark.parametrize(
    ("text", "area", "inside"),
    [
        ("山东省济宁市任城区阜桥街道样例路2号", "任城区阜桥街道", True),
        ("任城区 阜桥街道样例路２号", "山东省济宁市任城区阜桥街道", True),
        ("任城区阜桥街道样例路2号", "任城区", True),
        ("任城区阜桥街道样例路2号", "济宁市", True),
        ("任城区阜桥街道样例路2号", "", True),
        ("任城区阜桥街道样例路2号", "阜桥街道", True),
        ("任城区古槐街道样例路2号", "任城区阜桥街道", False),
        ("邹城市阜桥街道样例路2号", "任城区阜桥街道", False),
        ("任城区样例路12号", "任城区样例路1", False),
        ("任城区样例路1号楼", "任城区样例路1号", False),
        ("任城区样例路1号2层", "任城区样例路1号", True),
    ],
)
def test_an_address_lies_in_an_area_that_it_begins_with(text: str, area: str, inside: bool) -> None:
    assert lies_in(address_of(text), area) is inside


def test_a_unit_that_was_given_counts_where_the_text_leaves_it_out() -> None:
    assert lies_in(address_of("阜桥街道样例路2号", unit=RENCHENG), "任城区阜桥街道")
    assert not lies_in(address_of("阜桥街道样例路2号"), "任城区阜桥街道")
