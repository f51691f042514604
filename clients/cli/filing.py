"""`yizhao filing`: filings of places of business 经营场所备案."""

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.dates import wire_date
from clients.cli.filing_tables import show_check, show_filing, show_filings
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.sdk import names

if TYPE_CHECKING:
    from yizhao.registry.v1 import premises_pb2

app = typer.Typer()

Code = Annotated[str, typer.Argument(metavar="CODE", help="统一社会信用代码.")]
Filing = Annotated[str, typer.Argument(metavar="FILING", help="CODE/N, as `filing list` shows it.")]
Address = Annotated[str, typer.Option(help="经营场所 as printed, from county to door.")]
Title = Annotated[str, typer.Option(help="场所名称.")]
Unit = Annotated[str, typer.Option(help="管辖单位; empty: the registry reads it from the text.")]
Scope = Annotated[str, typer.Option(help="经营范围 there; empty: the entity's.")]
Use = Annotated[str, typer.Option(help="Use of the building: 商业, 办公, 仓储, 住宅 …")]
Tenancy = Annotated[str, typer.Option("--tenancy-end", metavar="DATE", help="租赁期限至.")]
Documents = Annotated[
    list[str] | None,
    typer.Option(
        "--document",
        metavar="KIND=FILE[@SIGNER]",
        help="commitment, tenancy, permit, consent or other; only its SHA-256 is sent.",
    ),
]


@app.command()
def check(
    context: typer.Context,
    code: Code,
    address: Address,
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
) -> None:
    """Run the rules of review without filing 审查要点; exit 1 if a rule blocks."""
    session = session_of(context)
    with session.registry() as registry:
        site = _site(
            UnitNames(registry), session.today(), address, title, unit, scope, use, tenancy_end
        )
        found = registry.filings.check(code, site, _documents(document))
    if session.as_json:
        write_message(found)
    else:
        show_check(found)
    if any(finding.outcome == 4 for finding in found.findings):  # BLOCK
        raise typer.Exit(exits.REFUSED)


@app.command()
def create(
    context: typer.Context,
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="CODE/RECEIPT, with its 受理编号.")
    ],
    address: Address,
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
) -> None:
    """Draft a filing within an application. Nothing is reviewed yet."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        site = _site(units, session.today(), address, title, unit, scope, use, tenancy_end)
        filing = registry.filings.create(
            names.whole(application, "applications"), site, _documents(document)
        )
        if session.as_json:
            write_message(filing)
        else:
            show_filing(filing, units)


@app.command()
def submit(context: typer.Context, filing: Filing) -> None:
    """Submit a drafted or returned filing for review; exit 1 if it is refused, with the reason."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.filings.submit(registry.filings.get(names.whole(filing, "filings")))
        if session.as_json:
            write_message(found)
        else:
            show_filing(found, UnitNames(registry))


@app.command()
def get(context: typer.Context, filing: Filing) -> None:
    """Read a filing with what the rules found."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.filings.get(names.whole(filing, "filings"))
        if session.as_json:
            write_message(found)
        else:
            show_filing(found, UnitNames(registry))


@app.command("list")
def list_filings(context: typer.Context, code: Code) -> None:
    """List an entity's filings, newest first."""
    session = session_of(context)
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
    address: Address,
    title: Title = "",
    unit: Unit = "",
    scope: Scope = "",
    use: Use = "",
    tenancy_end: Tenancy = "",
    document: Documents = None,
) -> None:
    """Replace place and documents of a filing that is a draft or was returned 补正."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        site = _site(units, session.today(), address, title, unit, scope, use, tenancy_end)
        found = registry.filings.update(
            registry.filings.get(names.whole(filing, "filings")), site, _documents(document)
        )
        if session.as_json:
            write_message(found)
        else:
            show_filing(found, units)


def _site(
    units: UnitNames,
    today: date,
    address: str,
    title: str,
    unit: str,
    scope: str,
    use: str,
    tenancy_end: str,
) -> "premises_pb2.Site":
    from yizhao.registry.v1 import entity_pb2, premises_pb2

    place = entity_pb2.Address(text=address, unit=units.parse(unit, today) if unit else "")
    site = premises_pb2.Site(title=title, address=place, scope=scope, use=use)
    if tenancy_end:
        site.tenancy_end_date.CopyFrom(wire_date(tenancy_end, "--tenancy-end"))
    return site


def _documents(words: list[str] | None) -> "list[premises_pb2.Document]":
    from yizhao.registry.v1 import premises_pb2

    found = []
    for word in words or []:
        kind, equals, rest = word.partition("=")
        file, _, signer = rest.partition("@")
        if not equals or not file:
            raise exits.Failure(
                f"--document {word!r}: write KIND=FILE or KIND=FILE@SIGNER, "
                "as commitment=承诺书.pdf@王立新",
                exit_code=exits.USAGE,
            )
        digest = hashlib.sha256(Path(file).read_bytes()).digest()
        found.append(premises_pb2.Document(kind=kind, sha256=digest, signer=signer))
    return found
