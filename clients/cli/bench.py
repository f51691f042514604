"""`yizhao bench`: measure speed, as ratios of things timed in turns in one run."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from clients.cli.say import write_json
from clients.cli.session import session_of

if TYPE_CHECKING:
    from clients.bench.line import Line
    from clients.bench.stage import Stage

app = typer.Typer(invoke_without_command=True)


@app.callback()
def everything(context: typer.Context) -> None:
    """Measure everything, some minutes long, or the part that is named."""
    if context.invoked_subcommand is not None:
        return
    lines = _library()
    with _stage() as stage:
        for part in (_service, _page, _workers):
            lines += part(stage)
    _tell(context, lines)


@app.command()
def verify(context: typer.Context) -> None:
    """The library against raw signature checks and `cwt.decode`."""
    _tell(context, _library())


@app.command()
def service(context: typer.Context) -> None:
    """Single calls and batches of a node on one core, and waiting times at half load."""
    _of_a_node(context, _service)


@app.command()
def page(context: typer.Context) -> None:
    """The scanned page against a static one."""
    _of_a_node(context, _page)


@app.command()
def workers(context: typer.Context) -> None:
    """Two worker processes against one."""
    _of_a_node(context, _workers)


def _of_a_node(context: typer.Context, part: "Callable[[Stage], list[Line]]") -> None:
    with _stage() as stage:
        lines = part(stage)
    _tell(context, lines)


def _library() -> "list[Line]":
    from clients.bench import library

    return library.measure(_say)


def _service(stage: "Stage") -> "list[Line]":
    from clients.bench import requests, service

    return service.measure(stage, requests.Requests(stage.material.scans), _say)


def _page(stage: "Stage") -> "list[Line]":
    from clients.bench import page

    return page.measure(stage, _say)


def _workers(stage: "Stage") -> "list[Line]":
    from clients.bench import requests, workers

    return workers.measure(stage, requests.Requests(stage.material.scans), _say)


@contextmanager
def _stage() -> "Iterator[Stage]":
    import tempfile
    from pathlib import Path

    from clients.bench.accounts import a_database
    from clients.bench.requests import TOKENS
    from clients.bench.stage import CALLER, Stage
    from license_verify.rpc.logging import configure

    configure("WARNING")  # of what stands in for the register, here in this process
    with tempfile.TemporaryDirectory(prefix="yizhao-bench-") as folder:
        _say(f"starting a database, signing {TOKENS:,} tokens")
        with a_database(Path(folder), CALLER) as url:
            yield Stage.prepare(Path(folder), TOKENS, url)


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")


def _tell(context: typer.Context, lines: "list[Line]") -> None:
    from clients.bench.processor import load_average

    if session_of(context).as_json:
        write_json({line.what: line.as_dict() for line in lines})
        return
    for line in lines:
        typer.echo(f"{line.ratio:6.2f}  {line.judged}  {line.what}")
        typer.echo(f"        {line.note}")
        if line.profile:
            typer.echo(f"        where the time goes: {line.profile}")
    typer.echo(f"load average at the end: {load_average()}")
