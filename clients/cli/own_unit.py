"""The unit of the person who acts, for commands that were not told one."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.sdk import RegistryClient
    from yizhao.registry.v1 import unit_pb2

Unit = Annotated[str, typer.Option("--unit", help="任城区 or 370811; your own unit if absent.")]


def unit_of(session: "Session", registry: "RegistryClient", units: UnitNames, given: str) -> str:
    """`units/{unit}` as given, else where the acting person works today.

    Raises:
        Failure: they have no role today, or roles in several units.
    """
    today = session.today()
    if given:
        return units.parse(given, today)
    name = f"staff/{session.staff_number()}"
    mine = next((each for each in registry.admin.staff() if each.name == name), None)
    held = mine.assignments if mine else ()
    found = sorted({each.unit for each in held if _in_force(each, today)})
    if len(found) != 1:
        where = "、".join(units.titles(found))
        several = f"您在多个单位任职（{where}），" if found else ""
        raise exits.Failure(
            f"{name} works in {where or 'no unit today'}: say which with --unit",
            exit_code=exits.USAGE,
            zh=f"{several}请用 --unit 指明单位",
        )
    return found[0]


def _in_force(assignment: "unit_pb2.Assignment", today: date) -> bool:
    since, until = assignment.from_date, assignment.until_date
    day = (today.year, today.month, today.day)
    if assignment.HasField("end_time") or (since.year, since.month, since.day) > day:
        return False
    return not until.year or day <= (until.year, until.month, until.day)
