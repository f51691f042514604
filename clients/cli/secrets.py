"""Passphrases and PINs: from a file, or typed where nobody else sees them; never on the line."""

from getpass import getpass
from pathlib import Path

from clients import exits
from clients.cli.asking import somebody_there


def read_secret(what: str, file: Path | None, question: str, *, twice: bool = False) -> str:
    """A secret.

    Args:
        what: it is, for errors.
        file: that holds it; else a person is asked.
        question: for that person.
        twice: ask for it twice, as for a new one.

    Raises:
        Failure: the file is empty, nobody is there, or the two differ.
    """
    if file is not None:
        text = file.read_text("utf-8").rstrip("\r\n")
        if not text:
            raise exits.Failure(f"{file} holds no {what}: it is empty", zh="口令文件为空")
        return text
    if not somebody_there():
        raise exits.Failure(
            f"name a file that holds the {what}", exit_code=exits.USAGE, zh="请指明口令文件"
        )
    text = getpass(f"{question}: ")
    if twice and text != getpass("再次输入 again: "):
        raise exits.Failure("the two differ, nothing was done", zh="两次输入不一致")
    if not text:
        raise exits.Failure(f"no {what} was typed, nothing was done", zh="未输入口令")
    return text
