"""`yizhao keys ceremony`: the root signs a trust list, on a machine without a network."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.asking import ask, somebody_there
from clients.cli.say import errors, plain, say, write_json
from clients.cli.secrets import read_secret
from clients.cli.session import Session, session_of
from clients.whole_files import write_whole

if TYPE_CHECKING:
    from registry_service.ceremony.sign import Looked, Signed
    from registry_service.issuing.key_places import Key, KeyPlaces

app = typer.Typer(no_args_is_help=True)

Present = Annotated[
    list[str], typer.Option("--present", metavar="NAME", help="Who is there; two at least.")
]
_HSM_SECONDS = 60.0
_SHOWN_DIGITS = 8
"""Of the draft's digest, that those present type."""


@app.command()
def draft(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the draft.")],
) -> None:
    """Write the next trust list, unsigned 拟定信任列表. For a key custodian, at the registry."""
    from registry_service.ceremony.draft import Draft

    session = session_of(context)
    with session.registry() as registry:
        found = registry.keys.draft()
    drafted = Draft(found.current, found.payload)
    write_whole(out, drafted.encode())
    if session.as_json:
        write_json({"file": str(out), "sha256": drafted.digest.hex(), "says_more": found.says_more})
        return
    say(f"[green]✓[/] 已拟定 drafted: {plain(str(out))}")
    say(f"  SHA-256 {drafted.digest.hex()}")
    if not found.says_more:
        say("  与现行信任列表相同，只有版本和日期不同 nothing changes but version and date")


@app.command()
def sign(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="DRAFT", help="As `draft` wrote it.")],
    present: Present,
    folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="That holds the root.")
    ] = None,
    new_root: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Change the root: a key made there signs from now on."),
    ] = None,
    expect: Annotated[
        str, typer.Option(help="First 8 digits of the draft's SHA-256, if nobody can type them.")
    ] = "",
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the root's passphrase; else asked.")
    ] = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Likewise, of the new root's folder.")
    ] = None,
    hsm_module: Annotated[
        Path | None, typer.Option(metavar="FILE", help="PKCS #11 library, if an HSM has the root.")
    ] = None,
    hsm_token: Annotated[str, typer.Option(metavar="LABEL", help="Of the token in it.")] = "",
    hsm_pin_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds its PIN; else asked.")
    ] = None,
) -> None:
    """Show a draft, sign it with the root, write a transcript 签署. Needs no network.

    Writes DRAFT.signed, for `import`, and DRAFT.transcript, to be kept.
    """
    from registry_service.ceremony.draft import Draft
    from registry_service.ceremony.sign import look
    from registry_service.ceremony.sign import sign as sign_draft

    session = session_of(context)
    with _stopping():
        drafted = Draft.decode(file.read_bytes())
        held = _at_hand(folder, passphrase_file, "根密钥口令（不显示）")
        if hsm_module is not None:
            pin = read_secret("PIN", hsm_pin_file, "HSM PIN（不显示）")
            held += _in_hsm(hsm_module, hsm_token, pin)
        new = _new_root(new_root, new_passphrase_file) if new_root is not None else None
        looked = look(drafted, held, _now(), new)
        if not session.as_json:
            _show(looked)
        _require_seen(drafted.digest, expect)
        signed = sign_draft(looked, tuple(present), _now)
    _write(session, file, signed)


@app.command("import")
def take(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.signed", help="As `sign` wrote it.")],
) -> None:
    """Publish what the root signed 公布. For a key custodian, at the registry."""
    session = session_of(context)
    with session.registry() as registry:
        answer = registry.keys.publish(file.read_bytes())
    root = answer.root.removeprefix("keys/")
    if session.as_json:
        write_json({"version": answer.version, "root": root})
    else:
        say(f"[green]✓[/] 已公布信任列表第 {answer.version} 版，根密钥 {plain(root)}")


@app.command()
def practise(
    context: typer.Context,
    present: Present,
    new_root: Annotated[
        bool, typer.Option("--new-root", help="Practise a change of root, too.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep the files there; else they are thrown away."),
    ] = None,
) -> None:
    """Do all steps with throw-away keys 演练; no register is touched."""
    from registry_service.ceremony.practice import prepare
    from registry_service.ceremony.sign import look
    from registry_service.ceremony.sign import sign as sign_draft
    from registry_service.issuing.keys import ROOT_FILE

    session = session_of(context)
    folder = keep or Path(tempfile.mkdtemp(prefix="yizhao-practice-"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "draft.json"
        with _stopping():
            drafted, old, new = prepare(folder, _now)
            write_whole(file, drafted.encode())
            looked = look(drafted, old.load(), _now(), _root_in(new) if new_root else None)
            if not session.as_json:
                say("[bold]演练 practice: 以下密钥用后即弃[/]")
                _show(looked)
            signed = sign_draft(looked, tuple(present), _now, practice=True)
        _write(session, file, signed)
        if keep is not None and not session.as_json:
            pinned = keep / "root" / ROOT_FILE
            say(f"  核对 check: yizhao keys transcript verify {plain(str(file))}.transcript"
                f" --root {plain(str(pinned))}")  # fmt: skip
    finally:
        if keep is None:
            shutil.rmtree(folder)


@contextmanager
def _stopping() -> Iterator[None]:
    """Tell what stops a ceremony; nothing was signed then."""
    from registry_service.ceremony.errors import CeremonyStopped
    from registry_service.issuing.errors import HsmUnavailable, KeyFolderRefused

    try:
        yield
    except (CeremonyStopped, KeyFolderRefused, HsmUnavailable) as stopped:
        raise exits.Failure(str(stopped), zh="签署中止，未签署任何文件") from stopped


def _now() -> datetime:
    return datetime.now(UTC)


def _show(looked: "Looked") -> None:
    for line in looked.shown:
        say(f"  {plain(line)}")


def _require_seen(digest: bytes, expect: str) -> None:
    """Stop if those present do not hold the draft that the registry showed."""
    wanted = digest.hex()[:_SHOWN_DIGITS]
    if not expect and not somebody_there():
        raise exits.Failure(
            "give the first 8 digits of the SHA-256 that the registry showed: --expect DIGITS",
            exit_code=exits.USAGE,
            zh="请用 --expect 填写拟定时显示的 SHA-256 前 8 位",
        )
    typed = expect or ask("请输入拟定时显示的 SHA-256 前 8 位以确认（直接回车取消）").strip()
    if typed != wanted:
        errors().print(f"  此文件 this file: {wanted}…")
        raise exits.Failure(
            "this is not the draft that the registry showed; nothing was signed",
            zh="与拟定时显示的不一致，未签署",
        )


def _at_hand(folder: Path | None, passphrase_file: Path | None, question: str) -> "list[Key]":
    """The keys of a folder; their passphrase is asked for if they are encrypted."""
    from registry_service.issuing.keys import is_encrypted, load

    if folder is None:
        return []
    if not is_encrypted(folder):
        errors().print("[yellow]此文件夹中的密钥未加密 these keys lie unencrypted[/]")
        return list(load(folder))
    return list(load(folder, read_secret("passphrase", passphrase_file, question).encode()))


def _in_hsm(module: Path, token: str, pin: str) -> "list[Key]":
    from registry_service.issuing.hsm import Hsm, HsmSettings

    return list(Hsm(HsmSettings(module, token, pin, frozenset(), _HSM_SECONDS)).held())


def _new_root(folder: Path, passphrase_file: Path | None) -> "Key":
    """The root of a folder, made under a passphrase if there is none."""
    from registry_service.issuing.key_places import KeyPlaces

    made = folder.exists()
    secret = read_secret("passphrase", passphrase_file, "新根密钥口令（不显示）", twice=not made)
    return _root_in(KeyPlaces(folder, secret.encode()))


def _root_in(places: "KeyPlaces") -> "Key":
    from registry_service.domain.key import KeyUse

    held = places.create_missing([KeyUse.ROOT])
    return next(key for key in held if key.use is KeyUse.ROOT)


def _write(session: Session, file: Path, signed: "Signed") -> None:
    listed, kept = file.with_name(f"{file.name}.signed"), file.with_name(f"{file.name}.transcript")
    write_whole(listed, signed.trust_list)
    write_whole(kept, signed.transcript)
    if session.as_json:
        files = {"signed": str(listed), "transcript": str(kept)}
        write_json(files | {"root": signed.root.kid.hex()})
        return
    say(f"[green]✓[/] 已签署 signed by {signed.root.kid.hex()}: {plain(str(listed))}")
    say(f"[green]✓[/] 签署记录 transcript: {plain(str(kept))}")
