"""What every command knows: who acts, on which instance, and how to print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from clients import exits
from clients.cli.own_certificate import certificate_named

if TYPE_CHECKING:
    from clients.local.instance import Instance
    from clients.sdk import PartnerClient, RegistryClient, UsageClient, VerifyClient
    from license_verify.rpc.tls import TlsFiles

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time all year, so the offset is the zone."""

DEFAULT_INSTANCE: Final = Path(".yizhao")
DEFAULT_CHECKER: Final = "partner/icbank"
"""Who checks licences if nobody is named: the invented bank of the development instance."""


@dataclass(frozen=True, slots=True)
class Session:
    """The global options."""

    acting: str
    folder: Path
    as_json: bool
    environ: Mapping[str, str]
    why: str = ""
    """Why they look at what they read."""
    case_number: str = ""

    @property
    def instance(self) -> "Instance":
        """The instance folder; nothing is read yet."""
        from clients.local.instance import Instance

        return Instance(self.folder)

    def now(self) -> datetime:
        """This machine's clock, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day at the counter."""
        return datetime.now(SHANGHAI).date()

    def staff_number(self) -> str:
        """Number of the person who acts, as the staff table has it; empty for others.

        Raises:
            Failure: the certificate named by YIZHAO_CERT can't be read.
        """
        who = self.acting or self._certified()
        kind, _, name = who.rpartition("/")
        return name if kind in ("", "staff") else ""

    def _certified(self) -> str:
        """`staff/0101` as the certificate in YIZHAO_CERT names it."""
        from cryptography import x509

        try:
            pem = Path(self.environ["YIZHAO_CERT"]).read_bytes()
            found = x509.load_pem_x509_certificate(pem).extensions.get_extension_for_class(
                x509.SubjectAlternativeName
            )
        except (KeyError, OSError, ValueError, x509.ExtensionNotFound):
            raise exits.Failure(
                "YIZHAO_CERT names no certificate that can be read",
                exit_code=exits.USAGE,
                zh="YIZHAO_CERT 指定的证书无法读取",
            ) from None
        uris = found.value.get_values_for_type(x509.UniformResourceIdentifier)
        return "/".join(uris[0].split("/")[3:]) if uris else ""

    def identity(self, who: str) -> "TlsFiles":
        """The certificate named by YIZHAO_CERT, YIZHAO_KEY and YIZHAO_CA, else `who`'s here.

        Raises:
            Failure: there is none, it is damaged or over.
            OSError: a file can't be read.
        """
        named = certificate_named(self.environ, self.now())
        return self.instance.identity(who) if named is None else named

    def registry(self) -> "RegistryClient":
        """Connect to the registry as the one who acts.

        Raises:
            Failure: nobody was named, or that one has no certificate here.
        """
        from clients.sdk import RegistryClient
        from clients.sdk.caller import Purpose

        if not self.acting and not self.environ.get("YIZHAO_CERT"):
            raise exits.Failure(
                "say who acts: --as STAFF_NO, as `--as 0101` (registrar of 任城区); "
                f"here are: {', '.join(self.instance.people()) or 'none yet, run `yizhao up`'}",
                exit_code=exits.USAGE,
                zh="请用 --as 指明办理人",
            )
        address = self.environ.get("YIZHAO_REGISTRY") or self.instance.running().registry
        purpose = Purpose(self.why, self.case_number)
        return RegistryClient.open(address, self.identity(self.acting), purpose=purpose)

    def verifier(self) -> "VerifyClient":
        """Connect to the verifying service, as the invented bank if nobody was named."""
        from clients.sdk import VerifyClient

        who = self.acting or DEFAULT_CHECKER
        address = self.environ.get("YIZHAO_VERIFY") or self.instance.running().verify
        return VerifyClient.open(address, self.identity(who))

    def usage(self) -> "UsageClient":
        """Connect to the verifying service for usage and receipts, as `verifier`."""
        from clients.sdk import UsageClient
        from clients.sdk.caller import Purpose

        who = self.acting or DEFAULT_CHECKER
        address = self.environ.get("YIZHAO_VERIFY") or self.instance.running().verify
        purpose = Purpose(self.why, self.case_number)
        return UsageClient.open(address, self.identity(who), purpose=purpose)

    def partners(self) -> "PartnerClient":
        """Connect to the service of partners as the one who acts.

        Raises:
            Failure: nobody was named, or that one has no certificate here.
        """
        from clients.sdk import PartnerClient

        if not self.acting and not self.environ.get("YIZHAO_CERT"):
            raise exits.Failure(
                "say who acts: --as STAFF_NO, as `--as 0900` (city), or --as partner/icbank",
                exit_code=exits.USAGE,
                zh="请用 --as 指明办理人",
            )
        address = self.environ.get("YIZHAO_VERIFY") or self.instance.running().verify
        return PartnerClient.open(address, self.identity(self.acting))


def session_of(context: typer.Context) -> Session:
    """The session of a command's context."""
    session = context.find_object(Session)
    assert session is not None  # noqa: S101 - the root callback always sets it
    return session
