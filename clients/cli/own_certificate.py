"""The certificate that the environment names: YIZHAO_CERT with YIZHAO_KEY and YIZHAO_CA."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clients import exits

if TYPE_CHECKING:
    from license_verify.rpc.tls import TlsFiles

CERT: Final = "YIZHAO_CERT"
_SETTINGS: Final = (CERT, "YIZHAO_KEY", "YIZHAO_CA")


def certificate_named(environ: Mapping[str, str], now: datetime) -> "TlsFiles | None":
    """What the files hold; None where YIZHAO_CERT names none.

    Raises:
        Failure: one is not named, holds something else, is another's key, or it is not its time.
        OSError: a file can't be read.
    """
    from clients.sdk.identity_files import IdentityFiles, IdentityUnusable

    if not environ.get(CERT):
        return None
    files = {name: Path(environ.get(name, "")) for name in _SETTINGS}
    if missing := [name for name in _SETTINGS if not environ.get(name)]:
        raise _unusable(
            f"{CERT} is set, so set {' and '.join(missing)} too",
            f"已设置 {CERT}，请同时设置 {'、'.join(missing)}",
        )
    certificate, key, roots = files.values()
    try:
        found = IdentityFiles(certificate, key, [roots]).current()
    except IdentityUnusable as error:
        named = [name for name, file in files.items() if file == error.file]  # one for two, perhaps
        raise _unusable(
            f"{' and '.join(named)}: {error}", f"{'、'.join(named)} {error.file}：{error.zh}"
        ) from None
    _require_in_time(certificate, found.certificate, now)
    return found


def _require_in_time(file: Path, pem: bytes, now: datetime) -> None:
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(pem)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if begins > now:
        raise _unusable(
            f"{CERT}: {file} is not valid before {begins:%Y-%m-%d %H:%M} UTC: wait until then, or "
            "set this machine's clock right",
            f"{CERT} {file}：证书自 {begins:%Y-%m-%d %H:%M}（UTC）起生效，请届时再试，"
            "或校准本机时间",
        )
    if ends < now:
        raise _unusable(
            f"{CERT}: {file} has been over since {ends:%Y-%m-%d %H:%M} UTC: get a new one",
            f"{CERT} {file}：证书已于 {ends:%Y-%m-%d %H:%M}（UTC）到期，请更换",
        )


def _unusable(text: str, zh: str) -> exits.Failure:
    return exits.Failure(text, exit_code=exits.USAGE, zh=zh)
