"""The command `yizhao`, also where only the checker's library was installed."""

import os
import sys
from typing import Final

_NEEDED: Final = frozenset({"typer", "rich"})
_USAGE: Final = 2


def main() -> int:
    """Run the command line, or say what has to be installed for it."""
    if sys.stdout is None:  # closed by the caller, who wants the exit code alone
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
    try:
        from clients.cli.main import main as run
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        sys.stderr.write(
            "本机只安装了核验库，命令行需要另行安装：pip install 'yizhao[up]'\n"
            "only the library is installed; the command needs: pip install 'yizhao[up]' "
            "(or 'yizhao[clients]' to check licences alone)\n"
        )
        return _USAGE
    return run()
