"""Dates, times, addresses, sources between wire and domain."""

from datetime import UTC, date, datetime
from typing import Final, Protocol

from google.protobuf import timestamp_pb2
from google.type import date_pb2, latlng_pb2

from license_verify.refusal import FieldViolation
from registry_service.domain.access import Purpose
from registry_service.domain.address import Address
from registry_service.domain.entity import Source
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.reading import Reader
from registry_service.domain.unit import UnitTree
from registry_service.rpc import names
from yizhao.registry.v1 import entity_pb2

_BASIS: Final = 200
_CASE_NUMBER: Final = 64


class Looking(Protocol):
    """The request of a read of named entities."""

    basis: str
    case_number: str


def time_to_pb(at: datetime) -> timestamp_pb2.Timestamp:
    """A time on the wire."""
    stamp = timestamp_pb2.Timestamp()
    stamp.FromDatetime(at)
    return stamp


def time_from_pb(field: str, value: timestamp_pb2.Timestamp) -> datetime | None:
    """A time, aware; unset is None.

    Raises:
        InvalidRequest: it is none that a clock can tell.
    """
    if not (value.seconds or value.nanos):
        return None
    try:
        return value.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequest(FieldViolation(field, "is no time", "时间有误")) from None


def date_to_pb(day: date | None) -> date_pb2.Date | None:
    """A date on the wire; None leaves the field unset."""
    return date_pb2.Date(year=day.year, month=day.month, day=day.day) if day else None


def date_from_pb(field: str, value: date_pb2.Date, reader: Reader) -> date | None:
    """A whole date; unset is None, a partial date is a fault."""
    if not (value.year or value.month or value.day):
        return None
    try:
        return reader.day_in_range(field, date(value.year, value.month, value.day))
    except ValueError:
        reader.fault(field, "is not a whole date", "日期不完整或不存在")
        return None


def unit_from_pb(field: str, name: str) -> int | None:
    """A unit's number; None where the name is empty."""
    return names.unit_number(name, field) if name else None


def address_from_pb(field: str, value: entity_pb2.Address, reader: Reader) -> Address:
    """An address, placed by its text unless the message says more."""
    point = value.point if value.HasField("point") else None
    if point and not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        reader.fault(f"{field}.point", "is not on the earth", "经纬度超出范围")
    return reader.address(
        f"{field}.text",
        value.text,
        county=unit_from_pb(f"{field}.county", value.county),
        unit=unit_from_pb(f"{field}.unit", value.unit),
        standard_code=reader.text(f"{field}.standard_code", value.standard_code, 64),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
    )


def address_to_pb(address: Address) -> entity_pb2.Address:
    """An address on the wire."""
    point = None
    if address.latitude is not None and address.longitude is not None:
        point = latlng_pb2.LatLng(latitude=address.latitude, longitude=address.longitude)
    return entity_pb2.Address(
        text=address.text,
        county=names.unit_name(address.county),
        unit=names.unit_name(address.unit),
        standard_code=address.standard_code,
        point=point,
    )


def source_to_pb(source: Source) -> entity_pb2.Source:
    """A source on the wire."""
    run = f"importRuns/{source.run}" if source.run else ""
    return entity_pb2.Source(system=source.system, record_id=source.record_id, import_run=run)


def text_from_pb(field: str, value: str, limit: int) -> str:
    """A text that people will read; empty where absent.

    Raises:
        InvalidRequest: it is too long or unfit.
    """
    reader = Reader()
    text = reader.text(field, value, limit)
    reader.finish()
    return text


def purpose_from_pb(request: Looking) -> Purpose:
    """Why somebody looks, as the request of a read says.

    Raises:
        InvalidRequest: a text is too long or unfit.
    """
    reader = Reader()
    basis = reader.text("basis", request.basis, _BASIS)
    case_number = reader.text("case_number", request.case_number, _CASE_NUMBER)
    reader.finish()
    return Purpose(basis, case_number)


def known_places(field: str, address: Address, units: UnitTree) -> None:
    """Stop at an address whose county or unit does not exist, or is a station.

    A station works for the unit that administers the place; tokens and registrars name units.

    Raises:
        InvalidRequest: no county or zone has that number.
    """
    for part, number in (("county", address.county), ("unit", address.unit)):
        known_unit(f"{field}.{part}", number, units)
        if number is not None and units.administering(number) != number:
            zh = f"{units.title(number)}是监管所，请填写其所属的县（市、区）或功能区"
            raise InvalidRequest(FieldViolation(f"{field}.{part}", "is a station", zh))


def known_unit(field: str, number: int | None, units: UnitTree) -> None:
    """Stop at a unit that does not exist.

    Raises:
        InvalidRequest: no unit has that number.
    """
    if number is not None and units.get(number) is None:
        raise InvalidRequest(FieldViolation(field, f"there is no units/{number}", "没有该管辖单位"))
