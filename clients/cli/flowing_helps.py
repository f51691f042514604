"""Docstrings as helps: their lines end where those of the code do, a screen's somewhere else."""

import inspect
import re
from typing import Final

from typer import Typer
from typer.models import CommandInfo

_END_OF_LINE: Final = re.compile(r"(?<=\S)\n(?=\S)")


def let_helps_flow(app: Typer) -> None:
    """Give the commands of `app`, and of its groups, helps whose paragraphs are one line each.

    Typer does so for the first paragraph alone, and keeps the ends of lines of the others.
    """
    for command in app.registered_commands:
        command.help = _flowing(command)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            let_helps_flow(group.typer_instance)


def _flowing(command: CommandInfo) -> str:
    written = command.help or inspect.getdoc(command.callback) or ""
    return _END_OF_LINE.sub(" ", written)
