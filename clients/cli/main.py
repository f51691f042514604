"""Entry point: reads the global options, loads the one command asked for, tells failures.

Only the command that is called gets imported, so `yizhao --help` does not wait for gRPC.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from clients import exits
from clients.cli.flowing_helps import let_helps_flow
from clients.cli.session import DEFAULT_INSTANCE, Session
from clients.cli.wide_characters import keep_last_words

EPILOG: Final = (
    "The options --as, --why, --case, --instance and --json may stand anywhere on the line.\n\n"
    "Exit codes: 0 done · 1 refused, with the reason · 2 wrong usage · 3 service unreachable · "
    "4 licence INVALID · 5 INDETERMINATE · 130 interrupted."
)


class Entry(NamedTuple):
    """A command of the first level."""

    module: str
    summary: str
    group: bool
    panel: str


_RUN, _COUNTER, _CHECK = "Run it", "Registry 登记", "Licences 执照"
COMMANDS: Final = {
    "up": Entry("up", "Start everything on this machine 一键启动, until Ctrl-C.", False, _RUN),
    "down": Entry("up:down", "Stop what `yizhao up` started.", False, _RUN),
    "demo": Entry("demo", "Play the main job from start to end 演示.", False, _RUN),
    "sample": Entry("sample", "Write a CSV of an invented city 虚构城市样例.", False, _RUN),
    "sample codes": Entry("sample_codes", "Write a code for each answer.", False, _RUN),
    "import": Entry("imports", "Take a city's files, check and sign off 批量导入.", True, _RUN),
    "mass": Entry("mass", "Issue, renew, revoke or list many at once 批量办理.", True, _RUN),
    "sync": Entry("sync", "Take daily deltas, decide what differs 每日同步.", True, _RUN),
    "registry": Entry("processes:registry", "Run the registry service.", True, _RUN),
    "verify-service": Entry("processes:verifier", "Run the verifying service.", True, _RUN),
    "db": Entry("processes:database", "Prepare, back up, restore the database.", True, _RUN),
    "recover": Entry("processes:recover", "Go on after a restore 恢复续接.", False, _RUN),
    "fsck": Entry("processes:fsck", "Recheck every stored fact and token 数据自检.", False, _RUN),
    "doctor": Entry("doctor", "Find what is wrong, and the next command 故障诊断.", False, _RUN),
    "entity": Entry("entity", "Businesses 市场主体.", True, _COUNTER),
    "application": Entry("application", "Visits and their receipts 申请受理.", True, _COUNTER),
    "filing": Entry("filing", "Filings of places of business 经营场所备案.", True, _COUNTER),
    "premises": Entry("premises", "Filed places of business 经营场所.", True, _COUNTER),
    "handover": Entry("handover", "Premises handed to the host unit 抄告接收.", True, _COUNTER),
    "act": Entry("act", "Acts that wait for a second person 复核.", True, _COUNTER),
    "recovery": Entry("recovery", "What a restore lost 恢复待办.", True, _COUNTER),
    "policy": Entry("policy", "What review goes by 审查政策.", True, _COUNTER),
    "person": Entry("person", "Persons who may not apply 限制申请登记.", True, _COUNTER),
    "feed": Entry("feed", "Events, as they happen 事件流.", True, _COUNTER),
    "unit": Entry("unit", "Administrative units 管辖单位.", True, _COUNTER),
    "staff": Entry("staff", "People who act on the register 工作人员.", True, _COUNTER),
    "keys": Entry("keys", "Keys, hosts and the root 密钥管理.", True, _RUN),
    "access": Entry("access", "Who looked at what 查阅记录.", True, _COUNTER),
    "license": Entry("license", "Issue and print licences and site codes 发照.", True, _CHECK),
    "verify": Entry("verify", "Check a licence, picture, code or list 核验.", False, _CHECK),
    "verify statement": Entry("verify_statement", "Check a list of places.", False, _CHECK),
    "verify receipt": Entry("verify_receipt", "Check a receipt of a check.", False, _CHECK),
    "receipt": Entry("receipts", "Receipts of checks 核验凭据.", True, _CHECK),
    "usage": Entry("usage", "How many checks there were 核验用量.", True, _CHECK),
    "partner": Entry("partner", "Partners and what they may check 合作单位.", True, _CHECK),
    "bench": Entry("bench", "Measure speed 测速.", True, _RUN),
    "bundle": Entry("bundle", "Take signed data along, to verify offline 离线数据.", True, _CHECK),
}
_SPELLED: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("verify", "serve"): ("verify-service", "serve"),
    ("verify", "statement"): ("verify statement",),
    ("verify", "receipt"): ("verify receipt",),
    ("sample", "codes"): ("sample codes",),
}
"""What is called by two words on the line, and by which command."""
HIDDEN: Final = frozenset(command[0] for command in _SPELLED.values())
"""Commands that the help does not list under their own names."""
GLOBAL: Final = {
    "--as": True,
    "--why": True,
    "--case": True,
    "--instance": True,
    "--json": False,
}
"""Options that may stand anywhere, and whether a value follows."""


def hoist(argv: Sequence[str]) -> list[str]:
    """Move the global options in front of the command, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, _ = word.partition("=")
        if word == "--":
            rest += [word, *words]
        elif name not in GLOBAL:
            rest.append(word)
        else:
            front.append(word)
            if GLOBAL[name] and not equals:
                front += [value for value in [next(words, None)] if value is not None]
    return front + _spelled(rest)


def _spelled(words: list[str]) -> list[str]:
    """`verify serve`, `sample codes` … are commands; other words behind `verify` are subjects."""
    return [*_SPELLED.get(tuple(words[:2]), words[:2]), *words[2:]]


def chosen(argv: Sequence[str]) -> str:
    """The command that `argv`, after `hoist`, calls; empty if none."""
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif not word.startswith("-"):
            return word
        else:
            skip = GLOBAL.get(word, False)
    return ""


def build(command: str) -> typer.Typer:
    """The application with `command` loaded and the others as names with a summary."""
    keep_last_words()
    app = typer.Typer(
        name="yizhao",
        help="Yizhao 一照: the registry of one licence for many addresses, and its checks.",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_root,
    )
    for name, entry in COMMANDS.items():
        if name != command:
            hidden = name in HIDDEN  # their names on the line are two words
            app.command(name, help=entry.summary, rich_help_panel=entry.panel, hidden=hidden)(
                _not_loaded
            )
            continue
        module, _, attribute = entry.module.partition(":")
        loaded = importlib.import_module(f"clients.cli.{module}")
        if entry.group:
            group: typer.Typer = getattr(loaded, attribute or "app")
            alone = group.info.invoke_without_command is True  # does something without a command
            app.add_typer(group, name=name, help=entry.summary, no_args_is_help=not alone)
        else:
            app.command(name, epilog=EPILOG)(getattr(loaded, attribute or "run"))
    let_helps_flow(app)
    return app


def _not_loaded() -> None:
    raise AssertionError("the command that is called is always loaded")


def _root(
    context: typer.Context,
    acting: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="WHO",
            envvar="YIZHAO_AS",
            help="Whose certificate: a staff number (0101) or partner/icbank.",
        ),
    ] = "",
    why: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            envvar="YIZHAO_WHY",
            help="Why you look 事由; kept with each business that you read.",
        ),
    ] = "",
    case_number: Annotated[
        str,
        typer.Option(
            "--case",
            metavar="NUMBER",
            envvar="YIZHAO_CASE",
            help="For which case 案号; kept too.",
        ),
    ] = "",
    instance: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", envvar="YIZHAO_INSTANCE", help="Folder that `yizhao up` works in."
        ),
    ] = DEFAULT_INSTANCE,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for scripts; refusals too.")
    ] = False,
) -> None:
    context.obj = Session(acting, instance, as_json, os.environ, why, case_number)


def _let_go_of_output() -> None:
    """Where standard output takes no more, drop what waits for it.

    Python would try once more at the end of the process, and end it with a code of its own.
    """
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code, never a traceback."""
    argv = hoist(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in argv[: argv.index("--") if "--" in argv else None]
    try:
        # Not `standalone`: Typer would tell in English alone what it refuses, and never as JSON.
        code = build(chosen(argv))(args=argv, prog_name="yizhao", standalone_mode=False)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else exits.DONE
    except (KeyboardInterrupt, typer.Abort):  # Typer makes the second of the end of input
        return exits.INTERRUPTED
    except Exception as error:
        if os.environ.get("YIZHAO_DEBUG"):
            raise
        from clients.cli import failures

        told = failures.tell(error, as_json=as_json)
        _let_go_of_output()
        return told
    return code if isinstance(code, int) else exits.DONE
