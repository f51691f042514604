"""The help of every command, as a terminal of 80 columns shows it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from clients import exits
from clients.cli.main import COMMANDS, build, main


def spellings() -> Iterator[tuple[str, ...]]:
    """Every command, with those of every group."""
    yield ()
    for name in COMMANDS:
        yield from _below(get_command(build(name)).commands[name], (name,))  # type: ignore[attr-defined]


def _below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from _below(each, (*words, name))


@pytest.mark.parametrize("words", list(spellings()), ids=" ".join)
def test_no_line_of_a_help_is_cut_at_80_columns(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some texts end in … themselves, in any width."""
    shown = {}
    for columns in (80, 400):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main([*words, "--help"]) == exits.DONE
        shown[columns] = re.sub(r"[\s│]+", "", capsys.readouterr().out)
    assert shown[80].count("…") == shown[400].count("…")


def test_paragraphs_of_a_help_go_on_to_the_end_of_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["demo", "--help"]) == exits.DONE
    assert " each time and stopped at the end." in capsys.readouterr().out
