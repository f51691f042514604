"""`yizhao keys`: keys and hosts, from their making to their end 密钥."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli import ceremony, transcript
from clients.cli.asking import ask, somebody_there
from clients.cli.key_tables import ACTS, show_key_act, show_key_acts, show_keys
from clients.cli.say import as_dict, errors, plain, say, write_json, write_message
from clients.cli.secrets import read_secret
from clients.cli.session import Session, session_of
from clients.whole_files import write_whole

if TYPE_CHECKING:
    from clients.sdk import RegistryClient
    from yizhao.registry.v1 import key_pb2

app = typer.Typer()
hosts = typer.Typer(no_args_is_help=True)
app.add_typer(hosts, name="host", help="Hosts that codes may name 核验域名.")
app.add_typer(ceremony.app, name="ceremony", help="The root signs 根密钥签署仪式.")
app.add_typer(transcript.app, name="transcript", help="What a ceremony left 签署记录.")

USES: Final = ("token", "status", "publication", "statement", "receipt")
Kid = Annotated[str, typer.Argument(metavar="KID", help="16 digits, as `keys list` shows them.")]
Use = Annotated[str, typer.Argument(metavar="USE", help=f"One of {', '.join(USES)}.")]
Reason = Annotated[str, typer.Option(help="Why 理由; kept with the act.")]
Now = Annotated[
    bool,
    typer.Option("--now", help="Before offline checkers had time to learn of it: an emergency."),
]
Number = Annotated[str, typer.Argument(metavar="ACT", help="A number, as `keys acts` shows it.")]


@app.command("list")
def list_keys(context: typer.Context) -> None:
    """List keys and hosts, and whether the root has to sign."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.keys.list()
    if session.as_json:
        write_message(found)
    else:
        show_keys(found)


@app.command()
def create(context: typer.Context, use: Use, reason: Reason) -> None:
    """Ask for a key 生成密钥; it is announced once another key custodian confirms."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.create(_use(use), reason))


@app.command()
def activate(context: typer.Context, kid: Kid, reason: Reason, now: Now = False) -> None:
    """Ask to let a key sign 启用密钥; the one before it is retired."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.activate(f"keys/{kid}", reason, early=now))


@app.command()
def rotate(context: typer.Context, use: Use, reason: Reason) -> None:
    """Do the next step from one key to the next 更换密钥: ask for it, wait, or activate it."""
    from yizhao.registry.v1 import key_pb2

    session, wanted = session_of(context), _use(use)
    with session.registry() as registry:
        waiting = [
            key
            for key in registry.keys.list().keys
            if key.use == wanted and key.state == key_pb2.KEY_STATE_NEXT
        ]
        if not waiting:
            _show(session, registry.keys.create(wanted, reason))
        else:  # what comes too early is refused, with the time from which on it may be asked
            _show(session, registry.keys.activate(waiting[0].name, reason))


@app.command()
def retire(context: typer.Context, kid: Kid, reason: Reason) -> None:
    """Ask to give up a key that never signed 停用密钥."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.retire(f"keys/{kid}", reason))


@app.command()
def distrust(context: typer.Context, kid: Kid, reason: Reason) -> None:
    """Ask to distrust a key 宣布不可信: all that it signed is good no more."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.distrust(f"keys/{kid}", reason))


@app.command()
def documents(context: typer.Context, kid: Kid) -> None:
    """List documents in use that a key signed, one a line: what to issue anew 须重新签发."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.keys.documents(f"keys/{kid}")
        if session.as_json:
            write_json({"documents": list(found)})
            return
        for name in found:
            typer.echo(name)


@hosts.command("add")
def add_host(
    context: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="As zz.jining.example.")],
    reason: Reason,
) -> None:
    """Ask to accept a host and issue on it 增加域名; codes with the former stay good."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.add_host(host, reason))


@hosts.command("retire")
def retire_host(
    context: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="As `keys list` shows it.")],
    reason: Reason,
) -> None:
    """Ask to accept a host no longer 停用域名; codes that name it fail from then on."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.retire_host(host, reason))


@app.command()
def acts(context: typer.Context) -> None:
    """List acts on keys and hosts, newest first 密钥事项."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.keys.acts())
    if session.as_json:
        write_json({"key_acts": [as_dict(act) for act in found]})
    else:
        show_key_acts(found)


@app.command()
def confirm(
    context: typer.Context,
    number: Number,
    expect: Annotated[
        str, typer.Option("--expect", help="The kid, use or host that you believe it is about.")
    ] = "",
) -> None:
    """Confirm an act, which does it 复核. For another key custodian than the one who asked."""
    session, name = session_of(context), f"keyActs/{number}"
    with session.registry() as registry:
        expected = expect or _typed(registry, name)
        _show(session, registry.keys.confirm(name, expected))


@app.command()
def refuse(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is turned down.")],
) -> None:
    """Turn an act down 不予通过."""
    session = session_of(context)
    with session.registry() as registry:
        _show(session, registry.keys.refuse(f"keyActs/{number}", reason))


@app.command()
def roots(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the PEM.")],
) -> None:
    """Write the root that signs now, for checkers that are set up from now on to pin."""
    from yizhao.registry.v1 import key_pb2

    session = session_of(context)
    with session.registry() as registry:
        pem = "".join(
            key.public_key
            for key in registry.keys.list().keys
            if key.use == key_pb2.KEY_USE_ROOT and key.state == key_pb2.KEY_STATE_ACTIVE
        )
    write_whole(out, pem.encode())
    if session.as_json:
        write_json({"file": str(out)})
    else:
        say(f"[green]✓[/] 已写入 written: {plain(str(out))}")


@app.command()
def encrypt(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Of keys.")],
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the new passphrase; else asked.")
    ] = None,
    old_passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the one before, if there is one.")
    ] = None,
) -> None:
    """Write a folder's keys anew under a passphrase 加密密钥; then give it to the registry.

    Stop the registry first, and start it with YIZHAO_REGISTRY_KEYS_PASSPHRASE or …_FILE.
    """
    from registry_service.issuing.errors import KeyFolderRefused
    from registry_service.issuing.keys import encrypt as write_anew

    session = session_of(context)
    new = read_secret("passphrase", passphrase_file, "新口令（不显示）", twice=True)
    old = read_secret("passphrase", old_passphrase_file, "") if old_passphrase_file else ""
    try:
        written = write_anew(folder, old.encode() or None, new.encode())
    except KeyFolderRefused as error:
        raise exits.Failure(str(error), zh="密钥文件夹不可用，或原口令有误") from error
    if session.as_json:
        write_json({"keys": [key.kid.hex() for key in written]})
    else:
        say(f"[green]✓[/] 已加密 encrypted: {len(written)} 把密钥 in {plain(str(folder))}")


def _use(use: str) -> "key_pb2.KeyUse.ValueType":
    from yizhao.registry.v1 import key_pb2

    if use not in USES:
        raise exits.Failure(
            f"{use} is no use of a key: {', '.join(USES)}; the root changes by a ceremony",
            exit_code=exits.USAGE,
            zh=f"密钥用途须为 {'、'.join(USES)}；根密钥通过签署仪式更换",
        )
    return key_pb2.KeyUse.Value(f"KEY_USE_{use.upper()}")


def _typed(registry: "RegistryClient", name: str) -> str:
    """What the second person typed after they saw what the act is about.

    Raises:
        Failure: nobody is there to be asked, there is no such act, or they typed nothing.
    """
    if not somebody_there():
        raise exits.Failure(
            "say what you believe it is about: --expect KID",
            exit_code=exits.USAGE,
            zh="请用 --expect 填写密钥编号、用途或域名",
        )
    found = next((act for act in registry.keys.acts() if act.name == name), None)
    if found is None:
        raise exits.Failure(f"there is no {name}", zh="没有该密钥事项")
    console = errors()
    console.print(f"[bold yellow]即将办理：{plain(ACTS.get(found.act, found.act))}[/]")
    console.print(f"  对象  [bold]{plain(found.subject)}[/]")
    console.print(f"  理由  {plain(found.reason)}")
    if found.affected_count:
        console.print(f"  后果  [bold red]{found.affected_count} 份在用证照或清单失效[/]")
    typed = ask("请输入对象（密钥编号、用途或域名）以确认（直接回车取消）").strip()
    if not typed:
        raise exits.Failure("cancelled, nothing was done", zh="已取消，未办理")
    return typed


def _show(session: Session, act: "key_pb2.KeyAct") -> None:
    if session.as_json:
        write_message(act)
    else:
        show_key_act(act)
