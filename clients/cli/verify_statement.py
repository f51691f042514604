"""`yizhao verify statement`: check the signed list of an entity's places, offline."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from clients import exits
from clients.cli.offline import Offline
from clients.cli.offline_arguments import Environment, Published, Root
from clients.cli.say import console, facts, plain, say, table, write_json
from clients.cli.session import session_of
from license_verify import Outcome, StatementVerdict
from license_verify.codes.unit import UNITS
from license_verify.statement import PlaceState, StatedPlace

_EXITS: Final = {Outcome.VALID: exits.DONE, Outcome.INVALID: exits.INVALID}
_COLOURS: Final = {Outcome.VALID: "green", Outcome.INVALID: "red"}
_STATES: Final = {PlaceState.LIVE: "已备案", PlaceState.SUSPENDED: "歇业中"}


def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The 经营场所清单, as a file.")],
    bundle: Published,
    address: Annotated[str, typer.Option(help="Look for this address on the list.")] = "",
    purpose: Annotated[str, typer.Option(help="As counter; decides how old data may be.")] = "",
    root: Root = None,
    environment: Environment = "",
    now: Annotated[str, typer.Option(metavar="TIME", help="Another clock, ISO or as +8d.")] = "",
    max_age: Annotated[
        str, typer.Option(metavar="SPAN", help="Oldest data allowed, as 24h or 7d.")
    ] = "",
) -> None:
    """Check a signed list of places 核验经营场所清单; nothing is asked of anybody.

    Exit code: 0 in force; 4 not genuine, replaced or void; 5 INDETERMINATE; 1 nothing was checked,
    as a file could not be read.
    """
    session = session_of(context)
    offline = Offline.read(session, bundle, root, environment, now, max_age)
    with offline.judging(session, purpose):
        verdict = offline.check_statement(file, purpose)
    found = verdict.statement.place_at(address) if address else None
    if session.as_json:
        write_json(_plain(verdict, address, found))
    else:
        _show(verdict, address, found)
    raise typer.Exit(_EXITS.get(verdict.outcome, exits.INDETERMINATE))


def _plain(verdict: StatementVerdict, address: str, found: StatedPlace | None) -> dict[str, Any]:
    statement, (chinese, english) = verdict.statement, verdict.words
    data = verdict.freshness.manifest_issued_at
    told: dict[str, Any] = {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason.value,
        "listed_status": verdict.listed.name if verdict.listed is not None else None,
        "environment": verdict.environment,
        "uscc": statement.uscc,
        "version": statement.version,
        "face_version": statement.face_version,
        "registrar": statement.registrar,
        "issued_at": statement.issued_at.isoformat(),
        "age_seconds": int(verdict.age.total_seconds()),
        "data_issued_at": data.isoformat() if data else None,
        "premises": [
            asdict(place) | {"filed": place.filed.isoformat(), "state": place.state.value}
            for place in statement.premises
        ],
        "zh": asdict(chinese),
        "en": asdict(english),
    }
    if address:
        told["found"] = found.number if found else None
    return told


def _show(verdict: StatementVerdict, address: str, found: StatedPlace | None) -> None:
    from rich.panel import Panel

    chinese, english = verdict.words
    lines = (
        f"[bold]{plain(chinese.headline)}[/]  [bold]{verdict.outcome.value}[/]",
        plain(chinese.sentence),
        plain(english.sentence),
        f"→ {plain(chinese.next_step)} {plain(english.next_step)}",
    )
    colour = _COLOURS.get(verdict.outcome, "yellow")
    console().print(Panel("\n".join(lines), border_style=colour))
    if address:
        where = f"在清单上：第 {found.number} 号经营场所" if found else "不在清单上"
        facts("所查地址", [("地址", address), ("结果", where)])
    rows = [
        (
            str(place.number),
            place.title or "",
            place.address,
            UNITS[place.unit].name if place.unit in UNITS else f"units/{place.unit}",
            place.filed.isoformat(),
            _STATES[place.state],
        )
        for place in verdict.statement.premises
    ]
    if rows:
        table("经营场所", ("序号", "名称", "地址", "监管单位", "备案日期", "状态"), rows)
    else:
        say("清单上没有经营场所。")
