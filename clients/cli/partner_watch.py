"""`yizhao partner watch`: codes whose changes a partner is told 关注名单."""

from typing import Annotated, Final

import typer

from clients import exits
from clients.cli.codes import tidied
from clients.cli.field_limits import UINT64
from clients.cli.partner_tables import show_changes
from clients.cli.say import as_dict, plain, say, table, time_text, write_json
from clients.cli.session import Session, session_of
from license_verify.codes.uscc import InvalidUscc, Uscc

_NAMED: Final = 10
"""Wrong codes at most that a refusal names."""

Codes = Annotated[list[str], typer.Argument(metavar="USCC…", help="统一社会信用代码.")]
Whose = Annotated[str, typer.Option("--partner", metavar="PARTNER", help="Your own if absent.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to `yizhao partner`."""
    app.command("watch")(watch)
    app.command("unwatch")(unwatch)
    app.command("watched")(watched)
    app.command("changes")(changes)


def watch(context: typer.Context, usccs: Codes) -> None:
    """Ask to be told of changes to codes 关注. For a partner: --as partner/icbank."""
    session = session_of(context)
    with session.partners() as partners:
        _counted(session, partners.watch(_partner_acting(session), _checked(usccs)))


def unwatch(context: typer.Context, usccs: Codes) -> None:
    """Ask to be told no more 取消关注."""
    session = session_of(context)
    with session.partners() as partners:
        _counted(session, partners.unwatch(_partner_acting(session), _checked(usccs)))


def watched(context: typer.Context, whose: Whose = "") -> None:
    """List the codes that a partner watches 关注名单."""
    session = session_of(context)
    with session.partners() as partners:
        found = list(partners.watched(_own(session, whose)))
    if session.as_json:
        write_json({"codes": [as_dict(each) for each in found]})
        return
    rows = [(each.uscc, time_text(each.create_time)) for each in found]
    table(f"关注名单 {len(found)}", ("代码", "自"), rows)


def changes(
    context: typer.Context,
    after: Annotated[
        int, typer.Option(min=0, max=UINT64, help="Only what came after this number.")
    ] = 0,
    whose: Whose = "",
) -> None:
    """Tell what happened to watched codes, oldest first 关注变动.

    Keep the last number that is told, and give it as --after the next time.
    """
    session = session_of(context)
    with session.partners() as partners:
        pages = list(partners.changes(_own(session, whose), after))
    found = [change for page in pages for change in page.changes]
    last = pages[-1].last_number
    if session.as_json:
        write_json({"changes": [as_dict(each) for each in found], "last_number": last})
        return
    show_changes(found)
    say(f"下次自此继续 go on with --after {last}")


def _checked(usccs: list[str]) -> list[str]:
    """The codes, tidied; they go in several calls, so all are looked at before the first.

    Raises:
        Failure: some are none, by name; nothing is sent.
    """
    codes = [tidied(each).upper() for each in usccs]
    wrong = [each for each in codes if not _is_code(each)]
    if wrong:
        named = ", ".join(wrong[:_NAMED]) + (" …" if len(wrong) > _NAMED else "")
        raise exits.Failure(
            f"{len(wrong)} of {len(codes)} are no credit codes: {named}; nothing was sent",
            zh=f"{len(codes)} 个代码中有 {len(wrong)} 个校验不通过，未作提交：{named}",
        )
    return codes


def _is_code(text: str) -> bool:
    try:
        Uscc.parse(text)
    except InvalidUscc:
        return False
    return True


def _own(session: Session, whose: str) -> str:
    """`partners/{partner}`, as named or as the certificate of the one who acts."""
    if whose:
        return f"partners/{whose}"
    return _partner_acting(session, " or --partner icbank", "或 --partner ")


def _partner_acting(session: Session, instead: str = "", instead_zh: str = "") -> str:
    """The partner whose certificate is used; `instead` is what else would name one."""
    kind, _, name = session.acting.partition("/")
    if kind == "partner" and name:
        return f"partners/{name}"
    raise exits.Failure(
        f"say whose: --as partner/icbank{instead}",
        exit_code=exits.USAGE,
        zh=f"请用 --as partner/标识 {instead_zh}指明合作单位",
    )


def _counted(session: Session, count: int) -> None:
    if session.as_json:
        write_json({"watched_count": count})
    else:
        say(f"[green]✓[/] 现关注 {plain(str(count))} 个代码 codes are watched")
