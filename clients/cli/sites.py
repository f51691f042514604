"""A place of business and its documents, as options on the line have them."""

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.dates import wire_date
from clients.cli.words import BUILDINGS

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import premises_pb2

Address = Annotated[str, typer.Option(help="经营场所 as printed, from county to door.")]
Title = Annotated[str, typer.Option(help="场所名称.")]
Unit = Annotated[str, typer.Option(help="管辖单位; empty: the registry reads it from the text.")]
Scope = Annotated[str, typer.Option(help="经营范围 there; empty: the entity's.")]
Use = Annotated[str, typer.Option(help="Use of the building: 商业, 办公, 仓储, 住宅 …")]
Tenancy = Annotated[str, typer.Option("--tenancy-end", metavar="DATE", help="租赁期限至.")]
Building = Annotated[
    str,
    typer.Option(
        help="What it is, decides rules 16 and 17: commercial, dwelling, mixed_without_flue, "
        "next_to_dwellings."
    ),
]
Documents = Annotated[
    list[str] | None,
    typer.Option(
        "--document",
        metavar="KIND=FILE[@SIGNER]",
        help="commitment, tenancy, permit, consent or other; only its SHA-256 is sent.",
    ),
]
KINDS: Final = ("commitment", "tenancy", "permit", "consent", "other")


def site_of(
    units: "UnitNames",
    today: date,
    address: str,
    title: str,
    unit: str,
    scope: str,
    use: str,
    building: str,
    tenancy_end: str,
) -> "premises_pb2.Site":
    """The place as the contract has it.

    Raises:
        Failure: unit, building or date can't be read.
    """
    from yizhao.registry.v1 import entity_pb2, premises_pb2

    place = entity_pb2.Address(text=address, unit=units.parse(unit, today) if unit else "")
    site = premises_pb2.Site(
        title=title, address=place, scope=scope, use=use, building=building_of(building)
    )
    if tenancy_end:
        site.tenancy_end_date.CopyFrom(wire_date(tenancy_end, "--tenancy-end"))
    return site


def building_of(text: str) -> "premises_pb2.Building.ValueType":
    """What a building is, by its name in the contract or in Chinese; empty: not told.

    Raises:
        Failure: there is no such kind.
    """
    from yizhao.registry.v1 import premises_pb2

    chinese = {words: name for name, words in BUILDINGS.items()}
    name = chinese.get(text, _BUILDINGS.get(text, text.upper()))
    if name and name not in BUILDINGS:
        raise exits.Failure(
            f"building {text!r}: one of {', '.join(known.lower() for known in BUILDINGS)}",
            exit_code=exits.USAGE,
            zh=f"建筑“{text}”无法识别，应为：{'；'.join(BUILDINGS.values())}",
        )
    return premises_pb2.Building.Value(f"BUILDING_{name or 'UNSPECIFIED'}")


_BUILDINGS: Final = {
    "商业": "COMMERCIAL",
    "办公": "COMMERCIAL",
    "工业": "COMMERCIAL",
    "仓储": "COMMERCIAL",
    "商住综合楼（无专用烟道）": "MIXED_WITHOUT_FLUE",
    "商住综合楼（与居住层相邻）": "NEXT_TO_DWELLINGS",
}


def documents_of(words: list[str] | None) -> "list[premises_pb2.Document]":
    """Documents by their digests.

    Raises:
        Failure: a word is no document.
        OSError: a file can't be read.
    """
    found = []
    for word in words or []:
        kind, equals, rest = word.partition("=")
        file, _, signer = rest.partition("@")
        if not equals or not file or kind not in KINDS:
            raise exits.Failure(
                f"--document {word!r}: write KIND=FILE or KIND=FILE@SIGNER, "
                f"as commitment=承诺书.pdf@王立新; KIND is {', '.join(KINDS)}",
                exit_code=exits.USAGE,
                zh=f"--document 应写成 类别=文件 或 类别=文件@签署人，类别为 {'、'.join(KINDS)}",
            )
        found.append(document(kind, Path(file).read_bytes(), signer))
    return found


def document(kind: str, content: bytes, signer: str) -> "premises_pb2.Document":
    """A document by the digest of its content."""
    from yizhao.registry.v1 import premises_pb2

    digest = hashlib.sha256(content).digest()
    return premises_pb2.Document(kind=kind, sha256=digest, signer=signer)
