"""`yizhao filing batch`: a chain's shops from a CSV file, each with its own outcome."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.codes import named
from clients.cli.filing_tables import filing_words
from clients.cli.notice_tables import show_notice
from clients.cli.say import as_dict, plain, say, table, write_json
from clients.cli.session import session_of
from clients.cli.sites import KINDS, document, site_of
from clients.cli.unit_names import UnitNames
from clients.sdk import names

if TYPE_CHECKING:
    from clients.importing.shops import Shop
    from yizhao.registry.v1 import premises_pb2, premises_service_pb2

app = typer.Typer()


@app.command()
def batch(
    context: typer.Context,
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="CODE/RECEIPT, with its 受理编号.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="场所名称, 地址, 用途, 承诺书 …; ≤ 300 rows.")
    ],
    signer: Annotated[
        str, typer.Option(help="Who signed the documents, where the file does not tell.")
    ] = "",
    problems: Annotated[
        bool, typer.Option("--problems", help="Show only those that were not filed.")
    ] = False,
) -> None:
    """File a chain's shops at once 批量备案, UTF-8 or GB18030; files of documents lie beside it.

    Columns: 场所名称, 地址, 管辖单位, 经营范围, 用途, 建筑, 租赁期限至, 标准地址编码, 签署人, and
    the files 承诺书, 租赁合同, 许可证, 业主同意书, 其他材料. Exit 1 if any was returned, rejected
    or not taken.
    """
    from clients.importing.shops import read_shops
    from clients.importing.table import UnreadableFile

    session = session_of(context)
    visit = named(application, "applications")
    try:
        shops = read_shops(file)
    except UnreadableFile as error:
        raise exits.Failure(str(error), zh="文件无法读取") from error
    with session.registry() as registry:
        units = UnitNames(registry)
        wanted = _filings(shops, file, units, session.today(), signer)
        outcomes = list(registry.filings.batch(visit, wanted).outcomes)
        if session.as_json:
            rows = zip(shops, outcomes, strict=True)
            write_json({"outcomes": [{"line": shop.line} | as_dict(came) for shop, came in rows]})
        else:
            _show(shops, outcomes, problems)
            if any(_state(came) == "RETURNED" for came in outcomes):
                show_notice(list(registry.applications.notices(visit))[-1])
    if any(_state(came) not in ("FILED", "MANUAL") for came in outcomes):
        raise typer.Exit(exits.REFUSED)


def _filings(
    shops: "Sequence[Shop]", file: Path, units: UnitNames, today: date, signer: str
) -> "list[premises_service_pb2.BatchFiling]":
    from yizhao.registry.v1 import premises_service_pb2

    found, content = [], cache(Path.read_bytes)
    for shop in shops:
        try:
            site = site_of(
                units, today, shop["address"], shop["title"], shop["unit"], shop["scope"],
                shop["use"], shop["building"], shop["tenancy_end"],
            )  # fmt: skip
            site.address.standard_code = shop["standard_code"]
            papers = [
                document(kind, content(file.parent / shop[kind]), shop["signer"] or signer)
                for kind in KINDS
                if shop[kind]
            ]
        except (exits.Failure, OSError) as error:
            told = f"{file}, line {shop.line}: {error}"
            raise exits.Failure(told, zh=f"第 {shop.line} 行有误，未提交任何一件") from error
        found.append(premises_service_pb2.BatchFiling(site=site, documents=papers))
    return found


def _state(came: "premises_service_pb2.BatchOutcome") -> str:
    from yizhao.registry.v1 import premises_pb2

    if not came.HasField("filing"):
        return ""
    return premises_pb2.FilingState.Name(came.filing.state).removeprefix("FILING_STATE_")


def _show(
    shops: "Sequence[Shop]",
    outcomes: "Sequence[premises_service_pb2.BatchOutcome]",
    problems: bool,
) -> None:
    rows = [
        (
            str(shop.line),
            names.short(came.filing.name).rpartition("/")[2],
            shop["title"],
            shop["address"],
            filing_words(came.filing.state) if _state(came) else "未受理",
            came.error or _reasons(came.filing),
        )
        for shop, came in zip(shops, outcomes, strict=True)
        if not problems or _state(came) != "FILED"
    ]
    table(f"批量备案 {len(outcomes)} 件", ("行", "备案号", "场所", "地址", "状态", "理由"), rows)
    counts = Counter(
        filing_words(came.filing.state) if _state(came) else "未受理" for came in outcomes
    )
    told = "，".join(f"{words} {number}" for words, number in counts.most_common())
    say(f"[bold]合计 {len(outcomes)} 件[/]：{plain(told)}")


def _reasons(filing: "premises_pb2.PremisesFiling") -> str:
    return "；".join(
        f"{finding.reason}（{finding.remedy}）" if finding.remedy else finding.reason
        for finding in filing.findings
    )
