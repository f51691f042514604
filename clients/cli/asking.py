"""Questions to the person at the terminal; never asked where nobody can answer."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from clients import exits
from clients.cli.say import errors, plain
from license_verify.normalise import normalise_name

Answer = TypeVar("Answer")
_TRIES: Final = 3


def somebody_there() -> bool:
    """Whether a person sits at this terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """Ask on stderr, so that stdout stays what a script reads; returns the line as typed.

    Raises:
        KeyboardInterrupt: Ctrl-C or the end of input.
    """
    errors().print(f"[bold cyan]{plain(question)}[/]")
    with suppress(ImportError):
        import readline  # noqa: F401 - lets `input` edit Chinese and take 1,600 scanned digits
    try:
        return input("> " if sys.stdout.isatty() else "")
    except EOFError:
        raise KeyboardInterrupt from None


def ask_until(question: str, read: Callable[[str], Answer]) -> Answer:
    """Ask until `read` understands the answer, three times at most.

    Raises:
        Failure: of the third answer.
    """
    from clients.cli.failures import tell
    from clients.sdk.errors import ServiceError, Unreachable

    for left in reversed(range(_TRIES)):
        try:
            return read(ask(question))
        except (exits.Failure, ServiceError, Unreachable) as error:
            if not left:
                raise
            tell(error, as_json=False)
    raise AssertionError("the last try returns or raises")


def confirmed_name(expected: str, name: str, code: str, title: str, follows: str) -> str:
    """名称 that the person typed for an act that is hard to undo, or gave as `--expect-name`.

    Shows whose it is and what will happen before it asks. A household without a name is confirmed
    by its code.

    Raises:
        Failure: nobody is there to be asked, or they typed another name, or nothing.
    """
    if expected:
        return expected
    if not somebody_there():
        raise exits.Failure(
            "give the name that you believe it bears: --expect-name 名称",
            exit_code=exits.USAGE,
            zh=f"{title}须核对名称，请用 --expect-name 填写主体名称",
        )
    console = errors()
    console.print(f"[bold yellow]即将办理：{plain(title)}[/]")
    console.print(f"  名称  [bold]{plain(name or '（无字号）')}[/]")
    console.print(f"  代码  {plain(code)}")
    console.print(f"  后果  {plain(follows)}")
    wanted, what = (name, "名称") if name else (code, "统一社会信用代码")
    typed = ask(f"请输入该主体的{what}以确认（直接回车取消）")
    if not typed.strip():
        raise exits.Failure("cancelled, nothing was done", zh="已取消，未办理")
    if normalise_name(typed) != normalise_name(wanted):
        raise exits.Failure(
            f"typed {typed.strip()!r}, the register says {wanted!r}; nothing was done",
            zh=f"输入的{what}与登记的不一致，未办理",
        )
    return name
