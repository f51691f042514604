"""The invented people and partners of a development instance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from google.type.date_pb2 import Date

from clients.sdk.admin import Admin
from license_verify.codes.unit import Source, resolve
from yizhao.registry.v1 import unit_pb2


@dataclass(frozen=True, slots=True)
class Person:
    """One who acts, with one role in one unit."""

    number: str
    name: str
    role: str
    unit: str

    @property
    def title(self) -> str:
        """As `任城区 登记员`."""
        return f"{self.unit} {TITLES[self.role]}"


TITLES: Final = {
    "OPERATOR": "运维 operator",
    "REGISTRAR": "登记员 registrar",
    "HEAD": "登记科长 head of registration",
    "SUPERVISOR": "监管员 supervisor",
    "CITY": "市级管理员 city administrator",
    "POLICY": "政策管理员 policy keeper",
    "AUDITOR": "审计员 auditor",
    "KEY_CUSTODIAN": "密钥保管员 key custodian",
}
OPERATOR: Final = "0001"
PEOPLE: Final = (
    Person(OPERATOR, "钱守信", "OPERATOR", "济宁市"),
    Person("0002", "卫思齐", "OPERATOR", "济宁市"),
    Person("0101", "任秋实", "REGISTRAR", "任城区"),
    Person("0102", "阮清河", "SUPERVISOR", "任城区"),
    Person("0103", "任守成", "HEAD", "任城区"),
    Person("0201", "孔令仪", "REGISTRAR", "曲阜市"),
    Person("0202", "颜若水", "SUPERVISOR", "曲阜市"),
    Person("0203", "孔维新", "HEAD", "曲阜市"),
    Person("0301", "孟知远", "REGISTRAR", "邹城市"),
    Person("0302", "邹以宁", "SUPERVISOR", "邹城市"),
    Person("0303", "孟广仁", "HEAD", "邹城市"),
    Person("0701", "金守钥", "KEY_CUSTODIAN", "济宁市"),
    Person("0702", "柯慎言", "KEY_CUSTODIAN", "济宁市"),
    Person("0801", "陈立规", "POLICY", "济宁市"),
    Person("0802", "范守章", "POLICY", "济宁市"),
    Person("0900", "尚如衡", "CITY", "济宁市"),
    Person("0901", "季怀民", "REGISTRAR", "济宁市"),
    Person("0903", "季明远", "HEAD", "济宁市"),
    Person("0999", "申明鉴", "AUDITOR", "济宁市"),
)
CITY: Final = "0900"
POLICY: Final = ("0801", "0802")
"""One asks, the other confirms."""

PARTNERS: Final = ("icbank", "sdmobile", "jngrid")
SERVICES: Final = ("registry", "verify")


def seed(admin: Admin, today: date) -> Iterator[Person]:
    """Put on the staff table who is missing there; yields those."""
    known = {staff.name for staff in admin.staff()}
    for person in PEOPLE:
        if f"staff/{person.number}" in known:
            continue
        unit = resolve(Source.NAME.value, person.unit, today).id
        assignment = unit_pb2.Assignment(
            unit=f"units/{unit}",
            role=unit_pb2.Role.Value(f"ROLE_{person.role}"),
            from_date=Date(year=2020, month=1, day=1),
        )
        admin.put_staff(
            unit_pb2.Staff(
                name=f"staff/{person.number}",
                person_name=person.name,
                assignments=[assignment],
            )
        )
        yield person
