"""The face of an entity: its options on the line, its tables on the screen."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.dates import wire_date
from clients.cli.say import date_text

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import entity_pb2

Text = str | None
Name = Annotated[Text, typer.Option("--name", help="名称.")]
Type = Annotated[Text, typer.Option("--type", help="Type code (1130) or 类型 as printed.")]
Person = Annotated[Text, typer.Option("--person", help="法定代表人, 经营者, 负责人 …")]
Address = Annotated[Text, typer.Option("--address", help="住所 or 经营场所 as printed.")]
AddressUnit = Annotated[
    Text,
    typer.Option(
        "--address-unit", metavar="UNIT", help="管辖单位 of the address: 任城区 or 370811."
    ),
]
Capital = Annotated[Text, typer.Option("--capital", help="注册资本 as printed, as 100万元人民币.")]
Established = Annotated[Text, typer.Option("--established", metavar="DATE", help="成立日期.")]
Scope = Annotated[Text, typer.Option("--scope", help="经营范围.")]
TermStart = Annotated[Text, typer.Option("--term-start", metavar="DATE", help="营业期限自.")]
TermEnd = Annotated[Text, typer.Option("--term-end", metavar="DATE", help="营业期限至.")]
Form = Annotated[Text, typer.Option("--form", help="组成形式: 个人经营 or 家庭经营.")]


@dataclass(frozen=True, slots=True)
class FaceOptions:
    """Items given on the line; None where not given. Fields are named as in the contract."""

    business_name: Text = None
    type_code: Text = None
    person: Text = None
    address: Text = None
    capital: Text = None
    establish_date: Text = None
    scope: Text = None
    term_start_date: Text = None
    term_end_date: Text = None
    organization_form: Text = None
    address_unit: Text = None

    def items(self) -> list[str]:
        """Paths of the items given, as in an update mask."""
        if self.address_unit is not None and self.address is None:
            raise exits.Failure(
                "--address-unit goes with --address",
                exit_code=exits.USAGE,
                zh="--address-unit 须与 --address 一起使用",
            )
        names = [field.name for field in fields(self) if field.name != "address_unit"]
        return [name for name in names if getattr(self, name) is not None]

    def face(self, units: "UnitNames", today: date) -> "entity_pb2.Face":
        """The face with these items.

        Raises:
            Failure: a date, the type or the unit can't be read.
        """
        from yizhao.registry.v1 import entity_pb2

        self.items()
        address = None
        if self.address is not None:
            unit = units.parse(self.address_unit, today) if self.address_unit else ""
            address = entity_pb2.Address(text=self.address, unit=unit)
        face = entity_pb2.Face(
            business_name=self.business_name or "",
            type_code=type_code(self.type_code) if self.type_code else 0,
            person=self.person or "",
            address=address,
            capital=self.capital or "",
            scope=self.scope or "",
            organization_form=self.organization_form or "",
        )
        if self.establish_date:
            face.establish_date.CopyFrom(wire_date(self.establish_date, "--established"))
        if self.term_start_date:
            face.term_start_date.CopyFrom(wire_date(self.term_start_date, "--term-start"))
        if self.term_end_date:
            face.term_end_date.CopyFrom(wire_date(self.term_end_date, "--term-end"))
        return face


def type_code(text: str) -> int:
    """Read a four-digit type code or a type's label.

    Raises:
        Failure: the table of types has neither.
    """
    from license_verify.codes import entity_type

    try:
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return entity_type.by_code(int(text)).code
        return entity_type.by_label(text).code
    except entity_type.UnknownEntityType:
        raise exits.Failure(
            f"--type {text!r}: no such type; give a code as 1130, or its label as printed",
            exit_code=exits.USAGE,
            zh=f"主体类型“{text}”无法识别",
        ) from None


def face_rows(face: "entity_pb2.Face", units: "UnitNames") -> Iterator[tuple[str, str]]:
    """Items with the titles that this type of licence prints."""
    from license_verify.codes import entity_type

    found = entity_type.find(face.type_code)
    labels = found.kind.labels if found else None
    yield "名称", face.business_name
    yield "类型", f"{found.label} {found.code}" if found else "不明 not known"
    yield labels.person if labels else "负责人", face.person
    yield (labels.address if labels else "住所"), face.address.text
    unclear = "管辖区域存疑 unit unclear"
    yield "管辖单位", units.title(face.address.unit) if face.address.unit else unclear
    yield (labels.capital if labels and labels.capital else "注册资本"), face.capital
    yield "组成形式", face.organization_form
    yield "成立日期", date_text(face.establish_date)
    start, end = date_text(face.term_start_date), date_text(face.term_end_date)
    yield "营业期限", f"{start or '…'} 至 {end or '长期'}" if start or end else ""
    yield "经营范围", face.scope
