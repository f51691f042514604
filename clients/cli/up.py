"""`yizhao up` and `yizhao down`: everything on this machine."""

import os
import signal
import sys
from typing import Annotated

import typer

from clients import exits
from clients.cli.say import errors, plain, say, table, write_json
from clients.cli.session import Session, session_of
from clients.local.instance import Running


def run(
    context: typer.Context,
    https_port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port of the page; chosen once if absent."),
    ] = None,
) -> None:
    """Start everything on this machine 一键启动: database, certificates, registry, verifier.

    Runs until Ctrl-C and then stops all in order. Set YIZHAO_REGISTRY_DATABASE_URL to use a
    PostgreSQL of your own.
    """
    from clients.local.stack import STOP, opened

    session = session_of(context)
    os.umask(0o077)
    progress = errors() if session.as_json else None

    def told(text: str) -> None:
        (progress.print if progress else say)(f"[dim]· {plain(text)}[/]")

    # A signal while things start must run the same clean-up as one afterwards.
    signal.signal(signal.SIGTERM, _interrupt)
    with opened(session.folder, session.environ, https_port, told) as stack:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stack.heard.put(STOP))
        _ready(session, stack.facts)
        stack.watch()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # once is enough; the stop is bounded
    told("已全部停止 all stopped")


def down(
    context: typer.Context,
    wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for it.")] = 60,
) -> None:
    """Stop what `yizhao up` started in this instance folder."""
    from clients.local.control import wait_until
    from clients.local.lock import is_held

    session = session_of(context)
    running = session.instance.running()
    try:
        os.kill(running.up, signal.SIGTERM)
    except ProcessLookupError:
        raise exits.Failure(
            f"`yizhao up` (process {running.up}) was killed; the next `yizhao up` cleans up",
            zh="服务已异常退出，下次运行 yizhao up 时自动清理",
        ) from None
    if not wait_until(lambda: not is_held(session.folder), wait):
        raise exits.Failure(
            f"it still runs after {wait:.0f} s", zh=f"等待 {wait:.0f} 秒后服务仍未停止"
        )
    if session.as_json:
        write_json({"stopped": running.up})
    else:
        say("[green]✓[/] 已停止 stopped")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _ready(session: Session, facts: Running) -> None:
    from clients.local.people import PARTNERS, PEOPLE

    if session.as_json:
        from dataclasses import asdict

        write_json(asdict(facts))
        sys.stdout.flush()
        return
    folder = session.folder
    table(
        "服务已启动 up",
        ("服务", "地址", "说明"),
        [
            ("registry", facts.registry, "gRPC, mutual TLS"),
            ("verify", facts.verify, "gRPC, mutual TLS"),
            ("page", f"https://{facts.page}/", f"CA: {folder / 'ca' / 'page' / 'cert.pem'}"),
            ("database", "PostgreSQL", f"logs: {folder / 'logs'}"),
        ],
    )
    table(
        "人员 people (invented)",
        ("--as", "姓名", "职责"),
        [
            *((person.number, person.name, person.title) for person in PEOPLE),
            *((f"partner/{name}", "", "合作单位 partner") for name in PARTNERS),
        ],
    )
    where = "" if str(folder) == ".yizhao" else f" --instance {folder}"
    say(
        "试一试 try, in another terminal:\n"
        f"  yizhao{where} sample --entities 200 --out city.csv\n"
        f"  yizhao{where} --as 0001 import entities city.csv\n"
        f"  yizhao{where} --as 0900 import sign-off 1 --all\n"
        f"  yizhao{where} --as 0101 entity list --unit 任城区\n"
        f"  yizhao{where} demo\n"
        "Ctrl-C stops everything."
    )
    sys.stdout.flush()
