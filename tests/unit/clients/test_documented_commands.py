"""What the pages tell people to type is what the command line takes."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from clients.cli.main import COMMANDS, GLOBAL, build, chosen, hoist

ROOT = Path(__file__).parents[3]
PAGES = (
    "README.md",
    "docs/counter.md",
    "docs/doctor.md",
    "docs/import.md",
    "docs/integrators.md",
    "docs/licences.md",
    "docs/keys.md",
    "docs/migrations.md",
    "docs/partners.md",
    "docs/recovery.md",
    "docs/usage.md",
)
_LINE = re.compile(r"^(?:\$ )?yizhao ((?:.*\\\n)*.*)", re.MULTILINE)
_INLINE = re.compile(r"`(?:yizhao )?([a-z]+ [^`]*)`")


def told(page: str) -> list[str]:
    """Every command of a page, in its examples and in its sentences."""
    text = (ROOT / page).read_text("utf-8")
    lines = [line.replace("\\\n", " ") for line in _LINE.findall(text)]
    inline = [words for words in _INLINE.findall(text) if words.split()[0] in COMMANDS]
    return [*lines, *inline]


def options_of(words: list[str]) -> set[str]:
    """Options of the command that the words call; they may stop at a group, followed by `…`."""
    command = typer.main.get_command(build(chosen(words)))
    for word in words[words.index(chosen(words)) :]:
        if not isinstance(command, TyperGroup) or word == "…":
            break
        assert word in command.commands, word
        command = command.commands[word]
    return {name for each in command.params for name in each.opts}


@pytest.mark.parametrize("line", [line for page in PAGES for line in dict.fromkeys(told(page))])
def test_a_command_that_a_page_tells_exists_with_its_options(line: str) -> None:
    words = hoist(shlex.split(line, comments=True))
    asked = {word for word in words if word.startswith("--")} - set(GLOBAL)
    assert asked <= options_of(words)


def test_every_page_tells_of_commands() -> None:
    assert min(len(told(page)) for page in PAGES) >= 3


def test_a_group_that_does_something_by_itself_is_not_answered_with_its_help() -> None:
    groups = typer.main.get_command(build("bench"))
    assert isinstance(groups, TyperGroup)
    assert not groups.commands["bench"].no_args_is_help
    others = typer.main.get_command(build("keys"))
    assert isinstance(others, TyperGroup)
    assert others.commands["keys"].no_args_is_help
