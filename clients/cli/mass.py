"""`yizhao mass`: one act on many entities, as on a city's first day."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.field_limits import UINT64
from clients.cli.mass_tables import REMARKS_SHOWN, show_remarks, show_run, show_runs
from clients.cli.own_unit import Unit
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.standing import MARKS
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.sdk import RegistryClient
    from yizhao.registry.v1 import mass_run_pb2

app = typer.Typer()

Basis = Annotated[str, typer.Option(help="Legal ground or document number 依据.")]
File = Annotated[
    Path,
    typer.Argument(metavar="FILE.csv", help="One code a line, or a column 统一社会信用代码."),
]
Listing = Annotated[
    str,
    typer.Option(
        "--kind",
        help="unreachable 无法联系, abnormal 其他经营异常, serious 严重违法, special 特别标注.",
    ),
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="As `mass list` shows it.")]


@app.command()
def issue(context: typer.Context, basis: Basis, unit: Unit = "") -> None:
    """Ask for a licence for every live entity that has none 批量签发, of a unit or of all.

    Nothing is issued before another person of the city confirms it.
    """
    from yizhao.registry.v1 import mass_run_pb2 as pb

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = units.parse(unit, session.today()) if unit else ""
        run = registry.mass.start(pb.MASS_KIND_ISSUE, basis, unit=where)
        _tell(session, registry, run)


@app.command()
def reissue(
    context: typer.Context,
    basis: Basis,
    unit: Unit = "",
    kid: Annotated[
        str, typer.Option("--key", metavar="KID", help="Only licences that this key signed.")
    ] = "",
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="Only licences that name this host.")
    ] = "",
    sites: Annotated[
        bool, typer.Option("--sites", help="Codes of filed places instead of licences.")
    ] = False,
) -> None:
    """Ask for a new licence for every entity that has one 批量换发: for a changed key or host.

    The old one is superseded together with the new one's issue, entity by entity. With --sites the
    codes of places are, in a run of its own after that of the licences. Nothing is done before
    another person of the city confirms it.
    """
    from yizhao.registry.v1 import mass_run_pb2 as pb

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = units.parse(unit, session.today()) if unit else ""
        kind = pb.MASS_KIND_REISSUE_SITES if sites else pb.MASS_KIND_REISSUE
        run = registry.mass.start(kind, basis, unit=where, kid=kid, host=host)
        _tell(session, registry, run)


@app.command()
def revoke(context: typer.Context, file: File, basis: Basis) -> None:
    """Ask for the revocation of the licences 吊销 of those in a file. For their registrars.

    Nothing is done before the city confirms it; then each is done as a single one would be.
    """
    from yizhao.registry.v1 import mass_run_pb2 as pb

    _ask(context, pb.MASS_KIND_REVOKE, file, basis)


@app.command()
def mark(context: typer.Context, file: File, kind: Listing, basis: Basis) -> None:
    """Ask to put those in a file on a list of the regulator 列入名录. For their supervisors."""
    from yizhao.registry.v1 import mass_run_pb2 as pb

    _ask(context, pb.MASS_KIND_MARK, file, basis, kind)


@app.command()
def unmark(context: typer.Context, file: File, kind: Listing, basis: Basis) -> None:
    """Ask to take those in a file off a list of the regulator 移出名录. For their supervisors."""
    from yizhao.registry.v1 import mass_run_pb2 as pb

    _ask(context, pb.MASS_KIND_UNMARK, file, basis, kind)


def _ask(
    context: typer.Context,
    act: "mass_run_pb2.MassKind.ValueType",
    path: Path,
    basis: str,
    kind: str = "",
) -> None:
    from clients.importing.code_list import WrongCodes, read_codes
    from clients.importing.table import UnreadableFile
    from yizhao.registry.v1 import entity_pb2

    if kind and kind not in MARKS:
        raise exits.no_choice("--kind", kind, MARKS)
    listing = entity_pb2.MarkKind.Value(f"MARK_KIND_{MARKS.get(kind, 'UNSPECIFIED')}")
    session = session_of(context)
    try:
        codes = read_codes(path)
    except (WrongCodes, UnreadableFile) as error:
        raise exits.Failure(str(error), zh="文件有误，未提交任何一户") from error
    with session.registry() as registry:
        _tell(session, registry, registry.mass.start_act(act, codes, basis, listing))


@app.command()
def confirm(
    context: typer.Context,
    run: Run,
    expect: Annotated[
        int,
        typer.Option("--expect", min=0, max=UINT64, metavar="N", help="Entities as you saw them."),
    ],
) -> None:
    """Let a run begin 复核, as its second person, and watch it. Ctrl-C ends the watching alone."""
    from clients.cli.mass_progress import watching

    session = session_of(context)
    with session.registry() as registry:
        registry.mass.confirm(_name(run), expect)
        _tell(session, registry, watching(registry.mass, _name(run), quiet=session.as_json))


@app.command("list")
def list_runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 20,
) -> None:
    """List runs, newest first."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(islice(registry.mass.list(), limit))
        if session.as_json:
            write_json({"mass_runs": [as_dict(run) for run in found]})
        else:
            show_runs(found)


@app.command()
def show(
    context: typer.Context,
    run: Run,
    watch: Annotated[
        bool, typer.Option("--watch", help="Wait until it is over; Ctrl-C ends that alone.")
    ] = False,
) -> None:
    """Show a run, how far it is, and which entities it could not be done to."""
    from clients.cli.mass_progress import watching

    session = session_of(context)
    with session.registry() as registry:
        if watch:
            found = watching(registry.mass, _name(run), quiet=session.as_json)
        else:
            found = registry.mass.get(_name(run))
        _tell(session, registry, found)


@app.command()
def remarks(
    context: typer.Context,
    run: Run,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many.")] = 200,
) -> None:
    """List entities that it could not be done to, and why 问题清单."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.mass.remarks(_name(run))
        if session.as_json:
            write_json({"remarks": [as_dict(remark) for remark in islice(found, limit)]})
        else:
            show_remarks(found, UnitNames(registry), limit, _name(run))


@app.command()
def pause(context: typer.Context, run: Run) -> None:
    """Pause a run 暂停 after what it is at."""
    session = session_of(context)
    with session.registry() as registry:
        _tell(session, registry, registry.mass.pause(_name(run)))


@app.command()
def resume(context: typer.Context, run: Run) -> None:
    """Let a paused run go on 继续, and watch it. After a restart a run goes on by itself."""
    from clients.cli.mass_progress import watching

    session = session_of(context)
    with session.registry() as registry:
        registry.mass.resume(_name(run))
        _tell(session, registry, watching(registry.mass, _name(run), quiet=session.as_json))


@app.command()
def cancel(context: typer.Context, run: Run) -> None:
    """End a run 取消 after what it is at; what was done stays."""
    session = session_of(context)
    with session.registry() as registry:
        _tell(session, registry, registry.mass.cancel(_name(run)))


def _tell(session: "Session", registry: "RegistryClient", run: "mass_run_pb2.MassRun") -> None:
    if session.as_json:
        write_message(run)
        return
    units = UnitNames(registry)
    show_run(run, units)
    if run.failed_count:
        show_remarks(registry.mass.remarks(run.name), units, REMARKS_SHOWN, run.name)


def _name(run: str) -> str:
    return run if run.startswith("massRuns/") else f"massRuns/{run}"
