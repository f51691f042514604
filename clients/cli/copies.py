"""`yizhao license`: printed copies 正本 and 副本, who holds them and what became of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.codes import read_code
from clients.cli.dates import wire_date
from clients.cli.say import as_dict, date_text, facts, table, time_text, write_json, write_message
from clients.cli.session import Session, session_of
from clients.cli.words import COPY_STATES, LICENSE_STATES, words_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import license_pb2

Code = Annotated[str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan.")]
Number = Annotated[
    int, typer.Argument(metavar="N", min=1, help="Number of the copy, as `license copies` shows.")
]


def add_copies(app: typer.Typer) -> None:
    """Add the commands on printed copies."""
    app.command("print-copy")(print_copy)
    app.command("copies")(copies)
    app.command("collect")(collect)
    app.command("return")(take_back)


def print_copy(
    context: typer.Context,
    code: Code,
    original: Annotated[bool, typer.Option("--original", help="正本; else the next 副本.")] = False,
) -> None:
    """Print a copy of the licence in force 打印正本、副本: its record, token and status entry."""
    from yizhao.registry.v1 import license_pb2

    kind = license_pb2.COPY_KIND_ORIGINAL if original else license_pb2.COPY_KIND_DUPLICATE
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.copies.print(code, kind), "已打印")


def copies(context: typer.Context, code: Code) -> None:
    """List an entity's printed copies of every version, by number."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.copies.list(code))
    if session.as_json:
        write_json({"copies": [as_dict(copy) for copy in found]})
        return
    table(
        f"正本、副本 {len(found)}",
        ("编号", "正副本", "执照版本", "状态", "二维码", "打印日期", "领取人", "领取日期"),
        [
            (
                _number(copy),
                _kind(copy),
                copy.license.rpartition("/")[2] or "导入",
                _state(copy),
                _token_state(copy),
                date_text(copy.printed_date),
                copy.collected_by,
                date_text(copy.collect_date),
            )
            for copy in found
        ],
    )


def collect(
    context: typer.Context,
    code: Code,
    number: Number,
    who: Annotated[str, typer.Option("--by", metavar="NAME", help="Who fetched it 领取人.")],
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="When; today if absent.")] = "",
) -> None:
    """Keep who fetched a copy, and when 领取."""
    when = wire_date(day, "--date") if day else None
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.copies.collect(code, number, who, when), "已领取")


def take_back(
    context: typer.Context,
    code: Code,
    number: Number,
    basis: Annotated[str, typer.Option(metavar="TEXT", help="Why, as 破损.")] = "",
) -> None:
    """Take a copy back 收回; its code reads superseded from then on."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.copies.take_back(code, number, basis), "已收回")


def void_copy(session: Session, code: str, number: int, basis: str) -> None:
    """Declare one lost copy void; the licence and its other copies stay in force."""
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.copies.void_lost(code, number, basis), "已声明作废")


def _told(session: Session, copy: "license_pb2.LicenseCopy", what: str) -> None:
    if session.as_json:
        write_message(copy)
        return
    facts(
        f"{what} {_kind(copy)} {copy.name}",
        [
            ("编号", _number(copy)),
            ("执照版本", copy.license.rpartition("/")[2] or "导入"),
            ("状态", _state(copy)),
            ("二维码", _token_state(copy)),
            ("证照编号", copy.license_number),
            ("电子证照标识", copy.document_id),
            ("打印", f"{date_text(copy.printed_date)} {copy.printed_by.removeprefix('staff/')}"),
            ("领取", f"{date_text(copy.collect_date)} {copy.collected_by}".strip()),
            ("收回或作废", f"{time_text(copy.end_time)} {copy.end_basis}".strip()),
            ("状态列表", f"{copy.status_uri} #{copy.status_index}" if copy.status_uri else ""),
        ],
    )


def _number(copy: "license_pb2.LicenseCopy") -> str:
    return copy.name.rpartition("/")[2]


def _kind(copy: "license_pb2.LicenseCopy") -> str:
    return f"副本 {copy.duplicate}" if copy.duplicate else "正本"


def _state(copy: "license_pb2.LicenseCopy") -> str:
    from yizhao.registry.v1 import license_pb2

    return words_of(license_pb2.CopyState.Name(copy.state), "COPY_STATE", COPY_STATES)


def _token_state(copy: "license_pb2.LicenseCopy") -> str:
    from yizhao.registry.v1 import license_pb2

    if not copy.token_state:
        return "无"
    state = license_pb2.LicenseState.Name(copy.token_state)
    return words_of(state, "LICENSE_STATE", LICENSE_STATES)
