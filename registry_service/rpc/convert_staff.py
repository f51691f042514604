"""People and their roles between wire and domain."""

from typing import Final

from license_verify import limits
from license_verify.refusal import FieldViolation
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.reading import Reader
from registry_service.domain.staff import Role, Staff
from registry_service.operations.put_staff import Wanted
from registry_service.rpc import names
from registry_service.rpc.convert_values import date_from_pb, date_to_pb, time_to_pb
from yizhao.registry.v1 import unit_pb2

_ROLES: Final = {role: unit_pb2.Role.Value(f"ROLE_{role.name}") for role in Role}
_STAFF_NUMBER: Final = 64
_MOST: Final = 1000
"""Roles of one person, with those that were ended."""


def staff_from_pb(staff: unit_pb2.Staff) -> tuple[str, str, list[Wanted]]:
    """Number, name and roles that a person shall have; roles that were ended are not read.

    Raises:
        InvalidRequest: fields are malformed; all of them are named.
    """
    if len(staff.assignments) > _MOST:
        zh = f"每人最多 {_MOST} 个角色"
        raise InvalidRequest(FieldViolation("staff.assignments", f"are more than {_MOST}", zh))
    number = staff.name.removeprefix("staff/")
    reader = Reader()
    if not staff.name.startswith("staff/") or not (
        number.isascii() and number.isalnum() and len(number) <= _STAFF_NUMBER
    ):
        reader.fault("staff.name", "is not staff/ and a number", "工号格式有误")
    person = reader.text(
        "staff.person_name", staff.person_name, limits.PERSON_CHARACTERS, required=True
    )
    wanted = [
        _wanted_from_pb(f"staff.assignments[{index}]", given, reader)
        for index, given in enumerate(staff.assignments)
        if not given.HasField("end_time")
    ]
    reader.finish()
    return number, person, wanted


def _wanted_from_pb(field: str, given: unit_pb2.Assignment, reader: Reader) -> Wanted:
    role = next((ours for ours, theirs in _ROLES.items() if theirs == given.role), None)
    if role is None:
        reader.fault(f"{field}.role", "is no role", "角色有误")
    first = date_from_pb(f"{field}.from_date", given.from_date, reader)
    last = date_from_pb(f"{field}.until_date", given.until_date, reader)
    unit = names.unit_number(given.unit, f"{field}.unit")
    return Wanted(field, unit, role or Role.AUDITOR, first, last)


def staff_to_pb(staff: Staff) -> unit_pb2.Staff:
    """A person with all their roles."""
    return unit_pb2.Staff(
        name=f"staff/{staff.number}",
        person_name=staff.person_name,
        assignments=[
            unit_pb2.Assignment(
                unit=names.unit_name(assignment.unit),
                role=_ROLES[assignment.role],
                from_date=date_to_pb(assignment.from_date),
                until_date=date_to_pb(assignment.until_date),
                end_time=time_to_pb(assignment.ended_at) if assignment.ended_at else None,
            )
            for assignment in staff.assignments
        ],
        disabled=staff.disabled,
    )
