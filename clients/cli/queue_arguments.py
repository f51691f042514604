"""Options that the queues share."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits

if TYPE_CHECKING:
    from clients.cli.session import Session

Assignee = Annotated[
    str, typer.Option(help="Only of this person: a staff number, `me`, or `-` for nobody's.")
]
DueBy = Annotated[str, typer.Option("--due-by", metavar="DATE", help="Only those due by then.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")]


def assignee_of(session: "Session", text: str) -> str:
    """`staff/{staff}`; `staff/-` for nobody; empty for anybody.

    Raises:
        Failure: `me`, but no person acts.
    """
    if not text:
        return ""
    number = session.staff_number() if text == "me" else text.removeprefix("staff/")
    if not number:
        raise exits.Failure(
            "`me` is no person: say --as STAFF_NO",
            exit_code=exits.USAGE,
            zh="me 指操作人本人，请用 --as 填写工号",
        )
    return f"staff/{number}"


def state_of(text: str, known: dict[str, str]) -> str:
    """Name of a state by its name or in Chinese; `UNSPECIFIED` where empty.

    Raises:
        Failure: there is none like that.
    """
    chinese = {words: name for name, words in known.items()}
    name = chinese.get(text, text.upper()) or "UNSPECIFIED"
    if name not in known and name != "UNSPECIFIED":
        words = "、".join(f"{zh} {short}" for short, zh in known.items())
        raise exits.Failure(
            f"--state {text!r}: one of {', '.join(known)}",
            exit_code=exits.USAGE,
            zh=f"--state 应为：{words}",
        )
    return name
