"""`yizhao license`: issue, read and print licences and site codes."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.codes import read_code
from clients.cli.say import facts, time_text, write_json, write_message
from clients.cli.session import Session, session_of
from clients.cli.words import LICENSE_STATES, words_of

if TYPE_CHECKING:
    from yizhao.registry.v1 import license_pb2
    from yizhao.registry.v1 import license_service_pb2 as pb

app = typer.Typer()

Code = Annotated[
    str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
]


class Sheet(StrEnum):
    """Which paper of a licence is drawn."""

    ELECTRONIC = "electronic"
    ORIGINAL = "original"
    DUPLICATE = "duplicate"


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
def page(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=".html, .svg or .pdf.")],
    code: Code = "",
    sheet: Annotated[
        Sheet, typer.Option(help="Which paper: the electronic licence, 正本 or 副本.")
    ] = Sheet.ELECTRONIC,
    premises: Annotated[
        int, typer.Option(min=0, help="Number of the premises, for the sheet on its wall 亮照.")
    ] = 0,
    version: Version = "-",
) -> None:
    """Write a licence as it is printed 打印版面: HTML and PDF hold every sheet, SVG one a file."""
    from yizhao.registry.v1 import license_service_pb2 as pb

    forms = {".html": pb.PAGE_FORM_HTML, ".svg": pb.PAGE_FORM_SVG, ".pdf": pb.PAGE_FORM_PDF}
    if out.suffix.lower() not in forms:
        raise exits.Failure(f"--out {out}: name a .html, .svg or .pdf file", exit_code=exits.USAGE)
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        if premises:
            name = registry.licenses.get_site_code(code, premises, version).name
        else:
            name = registry.licenses.get(code, version).name
        wanted = pb.PageSheet.Value(f"PAGE_SHEET_{sheet.name}")
        found = registry.licenses.page(name, forms[out.suffix.lower()], wanted)
    files = [out, *(out.with_stem(f"{out.stem}-{n}") for n in range(2, len(found.files) + 1))]
    for file, content in zip(files, found.files, strict=True):
        file.write_bytes(content)
    _told_page(session, name, files, found)


def _told_page(
    session: Session, name: str, files: list[Path], found: "pb.RenderLicenseResponse"
) -> None:
    paper = f"{found.width_millimeters:g} × {found.height_millimeters:g} mm"
    if session.as_json:
        told = {"files": [str(file) for file in files], "name": name, "sheets": found.sheets}
        write_json(told | {"paper": paper, "media_type": found.media_type})
        return
    names = "、".join(str(file) for file in files)
    facts(f"已写入 {names}", [("证照", name), ("张数", str(found.sheets)), ("纸张", paper)])


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
