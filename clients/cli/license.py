"""`yizhao license`: issue, read and print licences and site codes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.codes import read_code
from clients.cli.say import facts, time_text, write_json, write_message
from clients.cli.session import Session, session_of
from clients.cli.words import LICENSE_STATES, STATEMENT_STATES, words_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import license_pb2

app = typer.Typer()

Code = Annotated[
    str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
]
Version = Annotated[str, typer.Option(help="Version; `-` is the live one.")]


@app.command()
def issue(context: typer.Context, code: Code = "") -> None:
    """Issue the licence of the face in force 签发营业执照."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.licenses.issue(code), "营业执照")


@app.command()
def get(context: typer.Context, code: Code = "", version: Version = "-") -> None:
    """Read a licence version, with the text of its QR."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.licenses.get(code, version), "营业执照")


@app.command("site-code")
def site_code(
    context: typer.Context,
    code: Code,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Number of the premises.")],
    show: Annotated[bool, typer.Option("--show", help="Read the live one, issue none.")] = False,
) -> None:
    """Issue the code of a filed place, for its door 签发场所码."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        read, make = registry.licenses.get_site_code, registry.licenses.issue_site_code
        _told(session, read(code, number) if show else make(code, number), "场所码")


@app.command()
def render(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=".png or .svg.")],
    code: Code = "",
    premises: Annotated[
        int, typer.Option(min=0, help="Number of the premises, for a site code.")
    ] = 0,
    version: Version = "-",
) -> None:
    """Write the QR of a licence or site code as PNG or SVG, read back by two decoders before."""
    from yizhao.registry.v1 import license_service_pb2 as pb

    forms = {".png": pb.SYMBOL_FORMAT_PNG, ".svg": pb.SYMBOL_FORMAT_SVG}
    if out.suffix.lower() not in forms:
        raise exits.Failure(f"--out {out}: name a .png or .svg file", exit_code=exits.USAGE)
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        if premises:
            name = registry.licenses.get_site_code(code, premises, version).name
        else:
            name = registry.licenses.get(code, version).name
        found = registry.licenses.render(name, forms[out.suffix.lower()])
    out.write_bytes(found.content)
    told = {
        "file": str(out),
        "name": name,
        "media_type": found.media_type,
        "symbol_version": found.symbol_version,
        "side_millimeters": round(found.side_millimeters, 2),
    }
    if session.as_json:
        write_json(told)
    else:
        facts(f"已写入 {out}", [(key, str(value)) for key, value in told.items()])


@app.command()
def statement(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")],
    code: Code = "",
    version: Annotated[str, typer.Option(help="Version; `-` is the list in force.")] = "-",
) -> None:
    """Write the signed list of an entity's places to a file 经营场所清单.

    Check it with `yizhao verify statement FILE --bundle BUNDLE`.
    """
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = registry.licenses.premises_statement(code, version)
    out.write_bytes(found.content)
    if session.as_json:
        write_message(found)
        return
    from yizhao.registry.v1 import premises_statement_pb2

    state = premises_statement_pb2.PremisesStatementState.Name(found.state)
    facts(
        f"已写入 {out}",
        [
            ("清单", found.name),
            ("版本", str(found.version)),
            ("状态", words_of(state, "PREMISES_STATEMENT_STATE", STATEMENT_STATES)),
            ("对应登记事项版本", str(found.entity_version)),
            ("经营场所", f"{found.premises_count} 处"),
            ("签发时间", time_text(found.issue_time)),
            ("签名密钥", found.kid.hex()),
            ("状态列表", f"{found.status_uri} #{found.status_index}"),
        ],
    )


def _short(scan: str) -> str:
    shown = 60
    more = f"…（共 {len(scan)} 个字符，--json 显示全文）"
    return scan if len(scan) <= shown else scan[:shown] + more


def _told(session: Session, found: "license_pb2.License | license_pb2.SiteCode", what: str) -> None:
    from yizhao.registry.v1 import license_pb2

    if session.as_json:
        write_message(found)
        return
    state = license_pb2.LicenseState.Name(found.state)
    facts(
        f"{what} {found.name}",
        [
            ("版本", str(found.version)),
            ("状态", words_of(state, "LICENSE_STATE", LICENSE_STATES)),
            ("签发时间", time_text(found.issue_time)),
            ("签名密钥", found.kid.hex()),
            ("状态列表", f"{found.status_uri} #{found.status_index}"),
            ("二维码内容", _short(found.scan_text)),
        ],
    )
