"""A command line that Typer refuses, in the words of a clerk: what is wrong, and the right form."""

import re
from typing import Any, Final

import typer

Refused: Final[type[Exception]] = typer.BadParameter.__mro__[2]
"""All that Typer refuses; it gives their base no public name."""
_HELP_SHOWN: Final = "NoArgsIsHelpError"
_SAID: Final = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"Missing \w+ (?P<what>.+?)\.", "缺少 {what}"),
        (r"Missing command", "缺少命令"),
        (r"No such command (?P<what>'.*').*mean (?P<near>.*)", "没有命令 {what}，近似的有 {near}"),
        (r"No such command (?P<what>'[^']*')", "没有命令 {what}"),
        (r"No such option: (?P<what>\S+) \(.*: (?P<near>.*)\)", "没有选项 {what}，近似的有 {near}"),
        (r"No such option: (?P<what>\S+)", "没有选项 {what}"),
        (r"Option (?P<what>\S+) requires", "选项 {what} 后缺少内容"),
        (r"Option (?P<what>\S+) does not take", "选项 {what} 后不带内容"),
        (r"Got unexpected extra argument\S* \((?P<what>.*)\)", "多出的内容：{what}"),
        (r".* for (?P<what>\S+): .*greater than or equal to (?P<n>\S+)", "{what} 应不小于 {n}"),
        (r".* for (?P<what>\S+): .*less than or equal to (?P<n>\S+)", "{what} 应不大于 {n}"),
        (r".* for (?P<what>\S+): .*valid integer", "{what} 应为整数"),
        (r".* for (?P<what>\S+): ", "{what} 的内容有误"),
    )
)  # fmt: skip
_OTHER: Final = "命令用法有误"


def told_of(error: Any) -> dict[str, Any]:
    """A `Refused` for people and scripts; empty where the help was shown instead."""
    if type(error).__name__ == _HELP_SHOWN:
        return {}
    message = error.format_message()
    told = {"message": message, "zh": _chinese(message)}
    context = getattr(error, "ctx", None)
    if context is not None:
        usage = " ".join(context.get_usage().removeprefix("Usage: ").split())
        told["hint"] = f"用法 usage: {usage}；说明 more: {context.command_path} -h"
    return told


def _chinese(message: str) -> str:
    for english, chinese in _SAID:
        if found := english.match(message):
            said = {name: text.strip("'\"?") for name, text in found.groupdict().items()}
            return chinese.format_map(said)
    return _OTHER
