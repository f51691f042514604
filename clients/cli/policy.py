"""`yizhao policy`: what review goes by, version by version."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.own_unit import Unit
from clients.cli.policy_tables import show_policies, show_policy
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from yizhao.registry.v1 import policy_pb2

app = typer.Typer()

_BYTES = 1 << 20
Version = Annotated[str, typer.Argument(metavar="VERSION", help="As `policy list` shows it.")]


@app.command("list")
def list_policies(context: typer.Context, unit: Unit = "") -> None:
    """List versions of the review policy, newest first; every unit's if none is named."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = units.parse(unit, session.today()) if unit else ""
        found = list(registry.policies.list(where))
        if session.as_json:
            write_json({"review_policies": [as_dict(each) for each in found]})
        else:
            show_policies(found, units)


@app.command()
def show(context: typer.Context, version: Version) -> None:
    """Show one version whole; with --json as `policy create` takes it."""
    session = session_of(context)
    wanted = version if version.startswith("reviewPolicies/") else f"reviewPolicies/{version}"
    with session.registry() as registry:
        found = next((each for each in registry.policies.list() if each.name == wanted), None)
        if found is None:
            raise exits.Failure(f"there is no {wanted}", zh=f"没有第 {version} 版审查政策")
        if session.as_json:
            write_message(found)
        else:
            show_policy(found, UnitNames(registry))


@app.command()
def create(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.json", help="A ReviewPolicy, as `policy show --json`.")
    ],
) -> None:
    """Enter a version 录入审查政策; it holds once another policy keeper confirms it."""
    policy = _read(file)
    session = session_of(context)
    with session.registry() as registry:
        found = registry.policies.create(policy)
        if session.as_json:
            write_message(found)
        else:
            show_policy(found, UnitNames(registry))


@app.command()
def confirm(context: typer.Context, version: Version) -> None:
    """Confirm a version that another policy keeper entered 确认审查政策."""
    session = session_of(context)
    name = version if version.startswith("reviewPolicies/") else f"reviewPolicies/{version}"
    with session.registry() as registry:
        found = registry.policies.confirm(name)
        if session.as_json:
            write_message(found)
        else:
            show_policy(found, UnitNames(registry))


def _read(file: Path) -> "policy_pb2.ReviewPolicy":
    from google.protobuf.json_format import Parse, ParseError

    from yizhao.registry.v1 import policy_pb2

    content = file.read_bytes()
    if len(content) > _BYTES:
        raise exits.Failure(f"{file} is larger than {_BYTES} bytes", zh="文件过大")
    try:
        return Parse(content.decode("utf-8-sig"), policy_pb2.ReviewPolicy())
    except (ParseError, UnicodeDecodeError) as error:
        raise exits.Failure(
            f"{file} is no review policy: {error}", zh="文件不是审查政策"
        ) from error
