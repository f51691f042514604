"""`yizhao registry`, `yizhao verify serve`, `yizhao db`: the services by themselves."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from clients import exits
from clients.cli.say import plain, say, write_json
from clients.cli.session import Session, session_of

DATABASE_URL: Final = "YIZHAO_REGISTRY_DATABASE_URL"
VERIFY_DATABASE_URL: Final = "YIZHAO_VERIFY_DATABASE_URL"
KEYS: Final = "YIZHAO_REGISTRY_KEYS"

registry = typer.Typer()
verifier = typer.Typer()
database = typer.Typer()


@registry.command()
def init() -> None:
    """Make tables, units and keys that are missing; settings from YIZHAO_REGISTRY_…"""
    _become("registry_service", "init")


@registry.command("serve")
def serve_registry() -> None:
    """Serve in the foreground; settings from YIZHAO_REGISTRY_…"""
    _become("registry_service", "serve")


@registry.command("stop")
def stop_registry(context: typer.Context) -> None:
    """Stop the registry of a running `yizhao up`; verification goes on without it."""
    _tell(session_of(context), "stop", "registry")


@registry.command("start")
def start_registry(context: typer.Context) -> None:
    """Start the registry of a running `yizhao up` again."""
    _tell(session_of(context), "start", "registry")


@verifier.callback()
def verify_service() -> None:
    """Run the verifying service."""


@verifier.command("serve")
def serve_verifier() -> None:
    """Serve in the foreground; settings from YIZHAO_VERIFY_…"""
    _become("license_verify.server")


@verifier.command("init")
def init_verifier() -> None:
    """Make the tables of the verifying side; settings from YIZHAO_VERIFY_…"""
    _become("license_verify.server", "init")


@verifier.command("retain")
def retain(context: typer.Context) -> None:
    """Drop receipts older than RETENTION_MONTHS 到期清理; sums of usage stay.

    Takes the settings YIZHAO_VERIFY_…, or those of the running `yizhao up`.
    """
    _on_tables(context, "retain")


@verifier.command("recheck")
def recheck(context: typer.Context) -> None:
    """Recheck usage against receipts, and each receipt's signature 复查; exit 1 if one is wrong.

    Takes the settings YIZHAO_VERIFY_…, or those of the running `yizhao up`.
    """
    _on_tables(context, "recheck")


@database.callback()
def db() -> None:
    """Prepare the database, back it up and restore it."""


@database.command("migrate")
def migrate(
    context: typer.Context,
    attempts: Annotated[
        int, typer.Option(min=1, max=1000, help="How often to try for a lock before giving up.")
    ] = 5,
) -> None:
    """Bring the tables of both sides to this release, also beside running services.

    Of YIZHAO_REGISTRY_DATABASE_URL and YIZHAO_VERIFY_DATABASE_URL, one alone allowed, or of the
    running `yizhao up`. Whoever holds a lock for long is named, and nothing is changed.
    """
    from license_verify.database.migrate import Patience
    from license_verify.server.database import migrate as verify_tables
    from registry_service.store import migrate as tables

    session, patience = session_of(context), Patience(attempts=attempts)
    url, verify_url = (
        session.environ.get(each, "") for each in (DATABASE_URL, VERIFY_DATABASE_URL)
    )
    if not url and not verify_url:
        running = session.instance.running()
        url, verify_url = running.database, running.verify_database
    applied = tables.migrate(url, patience=patience) if url else []
    verify_applied = verify_tables.migrate(verify_url, patience) if verify_url else []
    if session.as_json:
        write_json({"applied": applied, "verify_applied": verify_applied})
        return
    for side, numbers in (("登记库 registry", applied), ("核验库 verify", verify_applied)):
        told = "、".join(map(str, numbers)) or "无 none, it is up to date"
        say(f"[green]✓[/] {side}: 已执行迁移 migrations applied: {plain(told)}")


@database.command("backup")
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
) -> None:
    """Write the whole database to a file 备份, also while the registry serves.

    Of YIZHAO_REGISTRY_DATABASE_URL, or of the running `yizhao up`. Keys and documents are not in
    it: docs/recovery.md says what else to keep.
    """
    from clients.local.backup import dump

    session = session_of(context)
    url = session.environ.get(DATABASE_URL) or session.instance.running().database
    size = dump(url, file)
    if session.as_json:
        write_json({"file": str(file), "bytes": size})
    else:
        say(f"[green]✓[/] 已备份 backed up: {plain(str(file))}, {size:,} bytes")


@database.command("restore")
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As `db backup` wrote it.")],
) -> None:
    """Put the database of a file in place 还原; the former one is kept under another name.

    Of YIZHAO_REGISTRY_DATABASE_URL, or of the instance, which must not be up. Then run
    `yizhao recover`: the registry does not serve before.
    """
    from clients.local import backup
    from clients.local.recovery import at_rest

    session = session_of(context)
    with at_rest(session.folder, session.environ, lambda _: None) as url:
        kept = backup.restore(url, file, session.now())
    if session.as_json:
        write_json({"file": str(file), "former": kept})
        return
    say(f"[green]✓[/] 已还原 restored: {plain(str(file))}")
    if kept:
        say(f"  原数据库保留为 the former database is kept as {plain(kept)}")
    say("  请继续运行 now run: yizhao recover --bundle FILE")


def recover(
    context: typer.Context,
    bundle: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="The newest bundle of any verifier, or its cache folder; may be repeated. The"
            " instance's own verifier if absent.",
        ),
    ] = None,
    newest_there_is: Annotated[
        bool, typer.Option("--newest-there-is", help="Nobody kept a newer bundle: I looked.")
    ] = False,
    nothing_lost: Annotated[
        bool,
        typer.Option("--nothing-lost", help="The database was not restored; this host is new."),
    ] = False,
) -> None:
    """Go on behind what was published, after a restore from a backup 恢复续接.

    No number is given twice, checkers see no rollback, and no licence reads better than it was
    published. Runs on the registry's host while every registry is stopped: with the settings
    YIZHAO_REGISTRY_…, or on the instance. Repeating it changes nothing.
    """
    from clients.local.recovery import at_rest
    from clients.local.recovery import recover as recover_instance

    session = session_of(context)
    told = [f"--bundle={path}" for path in bundle or ()]
    told += ["--newest-there-is"] * newest_there_is + ["--nothing-lost"] * nothing_lost
    told += ["--json"] * session.as_json
    if KEYS in session.environ:
        _become("registry_service.recover", *told)
    if not (bundle or newest_there_is or nothing_lost):
        told.append(f"--bundle={session.folder / 'cache'}")
    with at_rest(session.folder, session.environ, lambda _: None) as url:
        code = recover_instance(session.folder.resolve(), url, told)
    raise typer.Exit(code)


def fsck(context: typer.Context) -> None:
    """Recheck every stored fact, token and invariant 数据自检; exit 1 if one is broken.

    Takes the settings YIZHAO_REGISTRY_…, or those of the running `yizhao up`.
    """
    session = session_of(context)
    if DATABASE_URL not in session.environ:
        running = session.instance.running()
        os.environ[DATABASE_URL] = running.database
        os.environ[KEYS] = str(session.instance.keys)
    _become("registry_service.fsck", *(["--json"] if session.as_json else []))


def _become(module: str, *words: str) -> NoReturn:
    """Let the service take this process: signals and exit code are its own."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *words])  # noqa: S606 - our own program


def _on_tables(context: typer.Context, act: str) -> NoReturn:
    """Do what is done on the verifying side's tables, and is over."""
    session = session_of(context)
    if VERIFY_DATABASE_URL not in session.environ:
        _as_the_verifier_of(session)
    _become("license_verify.server", act)


def _as_the_verifier_of(session: Session) -> None:
    """Take the settings of an instance's verifier, which runs."""
    from clients.local.ports import Ports
    from clients.local.services import Databases, settings

    running, folder = session.instance.running(), session.folder.resolve()
    ports = Ports.known(folder / "ports.json")
    assert ports is not None  # noqa: S101 - it runs, so they were chosen
    told = settings(folder, ports, Databases(running.database, running.verify_database))
    for name, value in told["verify"].items():
        os.environ[f"YIZHAO_VERIFY_{name}"] = str(value)


def _tell(session: Session, verb: str, name: str) -> None:
    from clients.local.control import NobodyListens, tell, wait_until

    instance = session.instance
    instance.running()
    try:
        tell(instance.folder / "control", f"{verb} {name}")
    except NobodyListens:
        raise exits.Failure(
            f"nothing runs in {instance.folder}: start it with `yizhao up`",
            exit_code=exits.UNREACHABLE,
            zh="服务未启动，请先运行 yizhao up",
        ) from None
    wanted = verb == "start"
    if not wait_until(lambda: (name in instance.running().processes) == wanted, 60):
        raise exits.Failure(
            f"{name} did not {verb} in 60 s; see {instance.log(name)}",
            zh=f"{name} 在 60 秒内未能{'启动' if wanted else '停止'}，日志见 {instance.log(name)}",
        )
    say(f"[green]✓[/] {plain(name)} {'已启动 serves' if wanted else '已停止 stopped'}")
