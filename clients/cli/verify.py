"""`yizhao verify`: check a licence, by the service or offline by the library."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.check_arguments import Bundle, Item, Operator, require_one_way
from clients.cli.dates import read_date, wire_date
from clients.cli.say import errors
from clients.cli.session import Session, session_of
from clients.cli.subjects import Subject, read_subject
from clients.cli.verdict_tables import show_verdict
from clients.cli.verdicts import Shown, from_service

if TYPE_CHECKING:
    from yizhao.verify.v1 import verify_service_pb2

_EXITS: Final = {"VALID": exits.DONE, "INVALID": exits.INVALID}


@dataclass(frozen=True, slots=True)
class Matter:
    """What the check is for, as receipt and usage keep it; empty: not said."""

    purpose: str
    item: str
    """事项编码, the caller's own."""
    operator: str
    """The caller's reference to who asks, never a name."""
    case_number: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the caller believes; empty: not asked."""

    name: str
    person: str
    address: str


def run(
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT", help="A picture, the text of a code, a 统一社会信用代码, or `-`."
        ),
    ],
    purpose: Annotated[str, typer.Option(help="As banking or counter; decides ages, fields.")] = "",
    item: Item = "",
    operator: Operator = "",
    name: Annotated[str, typer.Option(help="Compare the 名称.")] = "",
    person: Annotated[str, typer.Option(help="Compare the 法定代表人 or 经营者.")] = "",
    address: Annotated[str, typer.Option(help="Compare the 住所 or place.")] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="Was it good on that day? Asks the live register.")
    ] = "",
    bundle: Bundle = None,
    statement: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Offline: a 经营场所清单 to find --address on."),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(metavar="PEM", help="Pinned root key, offline; this instance's if absent."),
    ] = None,
    environment: Annotated[
        str,
        typer.Option(help="Offline, of the data: production, test, development, integrators."),
    ] = "",
    now: Annotated[
        str, typer.Option(metavar="TIME", help="Offline: another clock, ISO or as +8d.")
    ] = "",
    max_age: Annotated[
        str, typer.Option(metavar="SPAN", help="Offline: oldest data allowed, as 24h or 7d.")
    ] = "",
) -> None:
    """Check a licence 核验. `yizhao verify statement` checks a list of places, `yizhao verify
    receipt` an earlier check's receipt; `yizhao verify serve` runs the verifying service.

    Exit code: 0 VALID, 4 INVALID, 5 INDETERMINATE.
    """
    session = session_of(context)
    require_one_way(
        bundle,
        {"--statement": statement, "--root": root, "--environment": environment, "--now": now,
         "--max-age": max_age},
        {"--item": item, "--operator": operator},
    )  # fmt: skip
    if statement and not address:
        raise exits.Failure(
            "--statement is looked at for --address: give that too",
            exit_code=exits.USAGE,
            zh="使用 --statement 时，请用 --address 填写要核对的地址",
        )
    read, claimed = read_subject(subject), Claimed(name, person, address)
    if read.left_out:
        told = f"图中另有 {read.left_out} 个其他系统的二维码，未核验"
        errors().print(f"[yellow]{told} {read.left_out} other codes in the picture left out[/]")
    if bundle is None:
        matter = Matter(purpose, item, operator, session.case_number)
        shown = _by_service(session, read, matter, claimed, as_of)
    else:
        from clients.cli.offline import Offline

        offline = Offline.read(session, bundle, root, environment, now, max_age)
        day = read_date(as_of, "--as-of") if as_of else None
        with offline.judging(session, purpose):
            shown = offline.check(read, purpose, claimed, statement, day)
    if session.as_json:
        from clients.cli.say import write_json

        write_json(shown.as_dict())
    else:
        show_verdict(shown)
    raise typer.Exit(_EXITS.get(shown.outcome, exits.INDETERMINATE))


def _by_service(
    session: Session, subject: Subject, matter: Matter, claimed: Claimed, as_of: str
) -> Shown:
    from yizhao.verify.v1 import verify_service_pb2

    claims = None
    if claimed != Claimed("", "", ""):
        claims = verify_service_pb2.Claims(
            name=claimed.name, person=claimed.person, address=claimed.address
        )
    day = wire_date(as_of, "--as-of") if as_of else None
    with session.verifier() as verifier:
        verdict = verifier.verify(
            _wire(subject),
            claims=claims,
            purpose=matter.purpose,
            as_of_date=day,
            item_code=matter.item,
            case_number=matter.case_number,
            operator_reference=matter.operator,
        )
        return from_service(verdict)


def _wire(subject: Subject) -> "verify_service_pb2.Subject":
    from yizhao.verify.v1 import verify_service_pb2

    match subject.kind:
        case "uscc":
            return verify_service_pb2.Subject(uscc=subject.text)
        case "license_number":
            return verify_service_pb2.Subject(license_number=subject.text)
    return verify_service_pb2.Subject(scan=subject.text)
