"""`yizhao partner certificate…`: certificates by which partners call."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from clients import exits
from clients.cli.partner_tables import show_certificates
from clients.cli.say import as_dict, plain, say, write_json, write_message
from clients.cli.session import session_of
from clients.whole_files import write_whole

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def add_to(app: typer.Typer) -> None:
    """Add these commands to `yizhao partner`."""
    app.command("certificates")(certificates)
    app.command("disable-certificate")(disable_certificate)
    app.command("certificate")(certificate)


def certificates(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="As icbank.")],
) -> None:
    """List certificates by which a partner called 客户端证书."""
    session = session_of(context)
    with session.partners() as partners:
        found = list(partners.certificates(f"partners/{partner}"))
    if session.as_json:
        write_json({"certificates": [as_dict(each) for each in found]})
    else:
        show_certificates(found)


def disable_certificate(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="As icbank.")],
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help="SHA-256, as `certificates` shows it.")
    ],
    reason: Annotated[str, typer.Option(help="Why 理由; kept with the certificate.")],
) -> None:
    """Refuse a certificate from now on 停用证书; all nodes follow within seconds."""
    session = session_of(context)
    bare = fingerprint.replace(":", "").lower()
    if _FINGERPRINT.fullmatch(bare) is None:
        raise exits.Failure(
            f"{fingerprint!r} is no fingerprint: give its 64 hexadecimal digits, as "
            f"`yizhao partner certificates {partner}` shows it",
            exit_code=exits.USAGE,
            zh=f"指纹应为 64 位十六进制数，见 yizhao partner certificates {partner}",
        )
    with session.partners() as partners:
        found = partners.disable_certificate(f"partners/{partner}/certificates/{bare}", reason)
    if session.as_json:
        write_message(found)
    else:
        show_certificates([found])


def certificate(
    context: typer.Context,
    request: Annotated[Path, typer.Argument(metavar="FILE.csr", help="What the partner sent.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the certificate.")],
) -> None:
    """Certify a partner's key 签发客户端证书, with this instance's own authority.

    Several certificates of a partner may be in use at once: give out the new one, wait until
    `certificates` shows its use, then disable the old one.
    """
    from clients.development.ca import DevelopmentCa
    from clients.development.requests import RequestRefused

    session = session_of(context)
    if not (session.folder / "ca" / "partners").is_dir():
        raise exits.Failure(
            f"{session.folder} has no authority for partners: say where with --instance FOLDER",
            zh="此处没有合作单位的证书签发机构",
        )
    authority = DevelopmentCa(session.folder, now=lambda: datetime.now(UTC))
    try:
        partner, pem = authority.certify_partner(request.read_bytes())
    except RequestRefused as error:
        raise exits.Failure(f"{request}: {error}", zh="证书申请未通过检查") from error
    write_whole(out, pem)
    if session.as_json:
        write_json({"partner": partner, "file": str(out)})
    else:
        say(f"[green]✓[/] 已签发 certified: {plain(partner)} → {plain(str(out))}")
