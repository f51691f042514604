"""Exit codes, and the failures of the command itself."""

from collections.abc import Iterable
from typing import Final

DONE: Final = 0
REFUSED: Final = 1
"""A service, or a rule of this command, said no; the text says why."""
USAGE: Final = 2
UNREACHABLE: Final = 3
INVALID: Final = 4
"""`verify`: do not rely on the licence, the list of places or the receipt."""
INDETERMINATE: Final = 5
"""`verify`: something required could not be established."""
BUG: Final = 70
INTERRUPTED: Final = 130


class Failure(Exception):
    """The command can't go on; the text says what to do.

    Attributes:
        exit_code: of the process.
        zh: the same in Chinese.
    """

    def __init__(self, text: str, *, zh: str, exit_code: int = REFUSED) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.zh = zh


def no_choice(option: str, given: str, known: Iterable[str]) -> Failure:
    """Of an option whose value is none of those that it takes."""
    told = list(known)
    return Failure(
        f"{option} {given!r}: give one of {', '.join(told)}",
        exit_code=USAGE,
        zh=f"{option} 不能是“{given}”，可用的有：{'、'.join(told)}",
    )
