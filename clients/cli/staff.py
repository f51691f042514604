"""`yizhao staff`: people who act on the register."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.say import as_dict, date_text, table, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import ROLES, words_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import unit_pb2

app = typer.Typer()


@app.command("list")
def list_staff(context: typer.Context) -> None:
    """List people with their roles and units."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.admin.staff())
        if session.as_json:
            write_json({"staff": [as_dict(person) for person in found]})
        else:
            show(found, UnitNames(registry))


@app.command()
def put(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="STAFF_NO", help="As in the certificate.")],
    name: Annotated[str, typer.Option(help="The person's name, as events tell it.")],
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE@UNIT", help="As registrar@任城区; may be repeated."),
    ] = None,
    disabled: Annotated[bool, typer.Option("--disabled", help="Refuse the certificates.")] = False,
) -> None:
    """Add a person, or change name and roles: a role left out ends at once. For operators.

    Nobody changes their own roles; a new name with the same roles is fine.
    """
    from yizhao.registry.v1 import unit_pb2

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        person = unit_pb2.Staff(name=f"staff/{number}", person_name=name, disabled=disabled)
        for word in role or []:
            person.assignments.append(assignment(word, units, session.today()))
        found = registry.admin.put_staff(person)
        if session.as_json:
            write_message(found)
        else:
            show([found], units)


def assignment(word: str, units: UnitNames, today: date) -> "unit_pb2.Assignment":
    """Read `registrar@任城区`.

    Raises:
        Failure: no such role or unit.
    """
    from yizhao.registry.v1 import unit_pb2

    role, _, unit = word.partition("@")
    if role.upper() not in ROLES or not unit:
        known = ", ".join(name.lower() for name in ROLES)
        raise exits.Failure(
            f"--role {word!r}: write ROLE@UNIT with one of {known}",
            exit_code=exits.USAGE,
            zh=f"--role 应写成 角色@单位，角色为 {known.replace(', ', '、')}",
        )
    return unit_pb2.Assignment(
        unit=units.parse(unit, today),
        role=unit_pb2.Role.Value(f"ROLE_{role.upper()}"),
    )


def show(found: Sequence["unit_pb2.Staff"], units: UnitNames) -> None:
    """People, a line each role."""
    from yizhao.registry.v1 import unit_pb2

    table(
        f"工作人员 {len(found)}",
        ("工号", "姓名", "职责", "单位", "自", "至"),
        [
            (
                person.name.removeprefix("staff/"),
                person.person_name + ("（停用）" if person.disabled else ""),
                words_of(unit_pb2.Role.Name(each.role), "ROLE", ROLES),
                units.title(each.unit),
                date_text(each.from_date),
                date_text(each.until_date) + ("（已免）" if each.HasField("end_time") else ""),
            )
            for person in found
            for each in person.assignments or [unit_pb2.Assignment()]
        ],
    )
