"""The people and the addresses of the model: few, so that they meet."""

from typing import Final

from clients.sample.codes import uscc

UNITS: Final = (11, 20, 21)
CITY_UNIT: Final = 1
REGISTRARS: Final = {"0101": 11, "0103": 11, "0201": 20, "0301": 21}
HEADS: Final = {"0103": 11, "0203": 20}
"""0103 is registrar too; 21 has no head, so the city stands in."""
SUPERVISORS: Final = {"0102": 11, "0202": 20, "0302": 21}
CITY: Final = "0900"
AUDITOR: Final = "0999"
PEOPLE: Final = (*REGISTRARS, "0203", *SUPERVISORS, CITY, AUDITOR)

_ROADS: Final = {11: "任城区阜桥街道", 20: "曲阜市鲁城街道", 21: "邹城市钢山街道"}
ADDRESSES: Final = {
    f"{road}试验路{number}号": unit for unit, road in _ROADS.items() for number in range(1, 5)
}
"""Complete addresses, each with the unit that administers it."""
INCOMPLETE: Final = "曲阜市鲁城街道"
OUTSIDE: Final = "山东省泰安市泰山区试验路5号"
SITES: Final = (*ADDRESSES, INCOMPLETE, OUTSIDE)
PERSONS: Final = ("测试甲", "测试乙")
NAMES: Final = ("济宁市青禾物流有限公司", "济宁市白杨商贸有限公司")
SCOPES: Final = ("一般项目：普通货物仓储服务；日用百货销售。", "一般项目：日用百货销售。")
CODES: Final = ("91370811MAJN000108", "91370829MAJN000298", "93370828MAJN000459")
SPARE_CODES: Final = (uscc("91", "370811", 600_001), uscc("91", "370811", 600_002))
"""For corrections."""
