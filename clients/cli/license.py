"""`yizhao license`: issue, read and print licences, their copies, and site codes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.codes import read_code
from clients.cli.copies import add_copies, void_copy
from clients.cli.entity_arguments import Basis
from clients.cli.say import as_dict, facts, table, time_text, write_json, write_message
from clients.cli.session import Session, session_of
from clients.cli.words import LICENSE_STATES, STATEMENT_STATES, words_of
from clients.sdk import names
from clients.whole_files import write_whole

if TYPE_CHECKING:
    from yizhao.registry.v1 import license_pb2
    from yizhao.registry.v1 import license_service_pb2 as pb

app = typer.Typer()

Code = Annotated[
    str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
]
Version = Annotated[str, typer.Option(help="Version; `-` is the live one.")]
_RENDERED: Final = {
    "name": "证照 name",
    "media_type": "格式 media type",
    "symbol_version": "二维码版本 symbol version",
    "side_millimeters": "边长（毫米）side, mm",
}


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


@app.command("list")
def list_versions(context: typer.Context, code: Code = "") -> None:
    """List the versions of an entity's licence, newest first."""
    from yizhao.registry.v1 import license_pb2

    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        found = list(registry.licenses.list(code))
    if session.as_json:
        write_json({"licenses": [as_dict(version) for version in found]})
        return
    table(
        f"执照版本 {len(found)}",
        ("版本", "状态", "登记事项版本", "一照多址", "签发时间", "电子证照标识"),
        [
            (
                str(version.version),
                words_of(
                    license_pb2.LicenseState.Name(version.state), "LICENSE_STATE", LICENSE_STATES
                ),
                str(version.entity_version),
                "是" if version.multi_address else "否",
                time_text(version.issue_time),
                version.document_id,
            )
            for version in found
        ],
    )


@app.command()
def reissue(context: typer.Context, basis: Basis, code: Code = "") -> None:
    """Issue a new version of the same face 换发、补发; the one in force is superseded."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.licenses.reissue(code, basis), "营业执照")


@app.command("void-lost")
def void_lost(
    context: typer.Context,
    basis: Basis,
    code: Code = "",
    number: Annotated[
        int, typer.Argument(metavar="N", min=0, help="Number of the lost copy; it alone is void.")
    ] = 0,
    whole: Annotated[
        bool, typer.Option("--whole", help="The licence in force, with every copy of it.")
    ] = False,
) -> None:
    """Declare a lost copy void 声明作废, or with --whole the licence itself."""
    if whole == bool(number):
        raise exits.Failure(
            "name the lost copy by its number, or say --whole",
            zh="请写明遗失的正本、副本编号；执照整体作废请加 --whole",
            exit_code=exits.USAGE,
        )
    session = session_of(context)
    if number:
        void_copy(session, code, number, basis)
        return
    code = read_code(session, code)
    with session.registry() as registry:
        _told(session, registry.licenses.void_lost(code, basis), "营业执照")


add_copies(app)


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
    copy: Annotated[int, typer.Option(min=0, help="Number of the printed copy, for one.")] = 0,
) -> None:
    """Write the QR of a licence, copy or site code as PNG or SVG, read back by two decoders."""
    from yizhao.registry.v1 import license_service_pb2 as pb

    forms = {".png": pb.SYMBOL_FORMAT_PNG, ".svg": pb.SYMBOL_FORMAT_SVG}
    if out.suffix.lower() not in forms:
        raise exits.no_choice("--out", out.name, [f"*{each}" for each in forms])
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        if copy:
            name = registry.copies.get(code, copy).name
        elif premises:
            name = registry.licenses.get_site_code(code, premises, version).name
        else:
            name = registry.licenses.get(code, version).name
        found = registry.licenses.render(name, forms[out.suffix.lower()])
    write_whole(out, found.content)
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
        facts(f"已写入 written: {out}", [(_RENDERED[key], str(told[key])) for key in _RENDERED])


@app.command()
def page(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=".html, .svg or .pdf.")],
    code: Code = "",
    copy: Annotated[
        int, typer.Option(min=0, help="Number of the printed copy 正本, 副本; else the electronic.")
    ] = 0,
    premises: Annotated[
        int, typer.Option(min=0, help="Number of the premises, for the sheet on its wall 亮照.")
    ] = 0,
    version: Version = "-",
) -> None:
    """Write a licence as it is printed 打印版面: HTML and PDF hold every sheet, SVG one a file."""
    from yizhao.registry.v1 import license_service_pb2 as pb

    forms = {".html": pb.PAGE_FORM_HTML, ".svg": pb.PAGE_FORM_SVG, ".pdf": pb.PAGE_FORM_PDF}
    if out.suffix.lower() not in forms:
        raise exits.no_choice("--out", out.name, [f"*{each}" for each in forms])
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        name = names.below(code, "licenses", version)
        if premises:
            name = names.below(code, f"premises/{premises}/codes", version)
        elif copy:
            name = names.below(code, "copies", str(copy))
        found = registry.licenses.page(name, forms[out.suffix.lower()])
    files = [out, *(out.with_stem(f"{out.stem}-{n}") for n in range(2, len(found.files) + 1))]
    for file, content in zip(files, found.files, strict=True):
        write_whole(file, content)
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
    write_whole(out, found.content)
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


def _identity(
    found: "license_pb2.License | license_pb2.SiteCode",
) -> list[tuple[str, str]]:
    """What a licence is called elsewhere; a site code has no such name."""
    from yizhao.registry.v1 import license_pb2

    if not isinstance(found, license_pb2.License):
        return []
    return [
        ("证照编号", found.license_number),
        ("电子证照标识", found.document_id),
        ("一照多址", "是" if found.multi_address else "否"),
    ]


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
            *_identity(found),
            ("状态", words_of(state, "LICENSE_STATE", LICENSE_STATES)),
            ("签发时间", time_text(found.issue_time)),
            ("签名密钥", found.kid.hex()),
            ("状态列表", f"{found.status_uri} #{found.status_index}"),
            ("二维码内容", _short(found.scan_text)),
        ],
    )
