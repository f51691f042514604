"""`yizhao keys transcript`: what a ceremony left."""

from pathlib import Path
from typing import Annotated

import typer

from clients import exits
from clients.cli.roots import pinned_roots
from clients.cli.say import facts, plain, say, write_json
from clients.cli.session import SHANGHAI, session_of

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="As a ceremony wrote it.")],
    root: Annotated[Path, typer.Option(metavar="PEM", help="The pinned root, root.pub.pem.")],
) -> None:
    """Check a transcript and print it 核对签署记录. Needs no network."""
    from license_verify.refusal import Refusal
    from license_verify.transcript import open_transcript

    session = session_of(context)
    try:
        found, listed = open_transcript(file.read_bytes(), pinned_roots(root))
    except Refusal as error:
        raise exits.Failure(
            f"the transcript can't be believed: {error} ({error.reason})",
            zh="签署记录没有该根密钥的有效签名",
        ) from error
    if session.as_json:
        write_json(
            {
                "environment": found.environment,
                "practice": found.practice,
                "begun_time": found.begun_at.isoformat(),
                "end_time": found.ended_at.isoformat(),
                "people": list(found.people),
                "shown": list(found.shown),
                "draft_sha256": found.draft_digest.hex(),
                "trust_list_sha256": found.list_digest.hex(),
                "trust_version": listed.version,
            }
        )
        return
    begun, ended = (at.astimezone(SHANGHAI) for at in (found.begun_at, found.ended_at))
    facts(
        "签署记录（演练）" if found.practice else "签署记录",
        [
            ("环境", found.environment),
            ("时间", f"{begun:%Y-%m-%d %H:%M:%S} — {ended:%H:%M:%S}"),
            ("在场", "、".join(found.people)),
            ("信任列表", f"第 {listed.version} 版"),
            ("拟稿 SHA-256", found.draft_digest.hex()),
            ("列表 SHA-256", found.list_digest.hex()),
        ],
    )
    for line in found.shown:
        say(f"  {plain(line)}")
    say("[green]✓[/] 签名有效 the root's signature holds")
