"""`yizhao filing`: filings of places of business 经营场所备案."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from clients import exits
from clients.cli import filing_batch, filing_decisions
from clients.cli.codes import named, read_code
from clients.cli.filing_tables import show_check, show_filings
from clients.cli.filing_told import Filing, tell_filing, with_findings
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.sites import (
    Address,
    Building,
    Documents,
    Scope,
    Tenancy,
    Title,
    Unit,
    Use,
    documents_of,
    site_of,
)
from clients.cli.unit_names import UnitNames
from clients.sdk import names

if TYPE_CHECKING:
    from yizhao.registry.v1 import premises_pb2

app = typer.Typer()
for part in (filing_decisions, filing_batch):
    app.add_typer(part.app)

Code = Annotated[
    str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
]
Change = Annotated[int, typer.Option("--change", metavar="N", help="变更: new data of place N.")]
Remove = Annotated[int, typer.Option("--remove", metavar="N", help="取消: place N is given up.")]


@app.command()
def check(
    context: typer.Context,
    code: Code = "",
    address: Address = "",
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    building: Building = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
    change: Change = 0,
    remove: Remove = 0,
) -> None:
    """Run the rules of review without filing 审查要点; exit 1 if a rule blocks."""
    from yizhao.registry.v1 import premises_pb2

    session = session_of(context)
    code = read_code(session, code)
    asked = _asked(code, address, change, remove)
    with session.registry() as registry:
        site = site_of(
            UnitNames(registry), session.today(), address, title, unit, scope, use, building,
            tenancy_end,
        )  # fmt: skip
        found = registry.filings.check(
            code, site, documents_of(document), act=asked.act, target=asked.target
        )
    if session.as_json:
        write_message(found)
    else:
        show_check(found)
    if any(each.outcome == premises_pb2.FINDING_OUTCOME_BLOCK for each in found.findings):
        raise typer.Exit(exits.REFUSED)


@app.command()
def create(
    context: typer.Context,
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="CODE/RECEIPT, with its 受理编号.")
    ],
    address: Address = "",
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    building: Building = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
    change: Change = 0,
    remove: Remove = 0,
) -> None:
    """Draft a filing within an application: a new place, or --change N or --remove N."""
    session = session_of(context)
    visit = named(application, "applications")
    asked = _asked(names.code_of(visit), address, change, remove)
    with session.registry() as registry:
        units = UnitNames(registry)
        site = None
        if not remove:
            site = site_of(
                units, session.today(), address, title, unit, scope, use, building, tenancy_end
            )
        filing = registry.filings.create(
            visit, site, documents_of(document), act=asked.act, target=asked.target
        )
        tell_filing(session, registry, filing)


@app.command()
def submit(context: typer.Context, filing: Filing) -> None:
    """Submit a drafted or returned filing for review; exit 1 if it is refused, with the reason."""
    session = session_of(context)
    with session.registry() as registry:
        read = registry.filings.get(named(filing, "filings"))
        with with_findings(session, registry, read.name):
            found = registry.filings.submit(read)
        tell_filing(session, registry, found)


@app.command()
def get(context: typer.Context, filing: Filing) -> None:
    """Read a filing with what the rules found."""
    session = session_of(context)
    with session.registry() as registry:
        tell_filing(session, registry, registry.filings.get(named(filing, "filings")))


@app.command("list")
def list_filings(context: typer.Context, code: Code = "") -> None:
    """List an entity's filings, newest first."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.filings.list(code))
        if session.as_json:
            write_json({"filings": [as_dict(filing) for filing in found]})
        else:
            show_filings(found, UnitNames(registry))


@app.command()
def update(
    context: typer.Context,
    filing: Filing,
    address: Address = "",
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    building: Building = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
) -> None:
    """Replace place and documents of a filing that is a draft or was returned 补正."""
    _require_address(address)
    session = session_of(context)
    with session.registry() as registry:
        site = site_of(
            UnitNames(registry), session.today(), address, title, unit, scope, use, building,
            tenancy_end,
        )  # fmt: skip
        read = registry.filings.get(named(filing, "filings"))
        found = registry.filings.update(read, site, documents_of(document))
        tell_filing(session, registry, found)


class _Asked(NamedTuple):
    """What a filing asks for."""

    act: "premises_pb2.FilingAct.ValueType"
    target: str


def _asked(code: str, address: str, change: int, remove: int) -> _Asked:
    from yizhao.registry.v1 import premises_pb2

    if change and remove:
        raise exits.Failure(
            "give --change or --remove, not both",
            exit_code=exits.USAGE,
            zh="变更和取消不能同时办理",
        )
    if remove:
        if address:
            raise exits.Failure(
                "--remove takes no --address", exit_code=exits.USAGE, zh="取消备案不需要填写地址"
            )
        return _Asked(premises_pb2.FILING_ACT_REMOVE, names.below(code, "premises", str(remove)))
    _require_address(address)
    if change:
        return _Asked(premises_pb2.FILING_ACT_CHANGE, names.below(code, "premises", str(change)))
    return _Asked(premises_pb2.FILING_ACT_ADD, "")


def _require_address(address: str) -> None:
    if not address:
        raise exits.Failure(
            "give the place: --address", exit_code=exits.USAGE, zh="请用 --address 填写地址"
        )
