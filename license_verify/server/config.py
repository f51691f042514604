"""Settings of the verifying service, from `YIZHAO_VERIFY_*` and the table [verify] of the file."""

from pathlib import Path
from typing import ClassVar, Final, Self

from pydantic import Field, FilePath, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from license_verify.rpc.settings import Address, ServiceSettings

PREFIX: Final = "YIZHAO_VERIFY_"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Config(ServiceSettings):
    """What a verifying process needs to know. `tls_cert` also names it to the registry."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    table: ClassVar[str] = "verify"

    https_listen: Address = "127.0.0.1:0"
    """Page."""
    https_cert: FilePath | None = None
    https_key: FilePath | None = None
    plain_http: bool = False
    """The page without TLS; only on loopback and outside production."""
    registry: Address
    root: FilePath
    """Pinned root public keys, PEM."""
    cache: Path
    """Folder for the last bundle; made when absent."""
    database_url: SecretStr | None = None
    """libpq URL of the verifying side's own database; PostgreSQL 15 and up. Without it there are no
    partners, usage and receipts; production demands one."""
    connections: int = Field(default=4, ge=1, le=200)
    """Of each worker process to it."""
    journal: Path | None = None
    """Folder for usage and receipts on their way to the database; on a disk that survives a
    restart. `journal` in the cache folder if absent."""
    journal_bytes: int = Field(default=4 << 30, ge=1 << 20)
    """Of each worker process: some 700 bytes a verdict. Full, the node answers no more verdicts."""
    receipt_keys: Path | None = None
    """Folder of the private keys that sign receipts, `receipt-KID.pem` as the registry made them.
    Without it, or while the trust list names none of them active, there are no receipts."""
    receipt_passphrase: SecretStr | None = None
    """Of the encrypted files in it; production wants it, or the file, where there are keys."""
    receipt_passphrase_file: FilePath | None = None
    """Holds the passphrase, as a service manager writes it."""
    retention_months: int = Field(default=36, ge=1, le=1200)
    """For so many whole months receipts are kept; `verify-service retain` drops older ones."""
    processes: int = Field(default=1, ge=1, le=256)
    """Worker processes on one port; one a core is a good number."""
    refresh_seconds: float = Field(default=1.0, ge=0.05, le=3600)
    """Between two pulls, where the registry cannot be watched."""
    stale_seconds: float = Field(default=300, ge=1, le=7 * 86_400)
    """Age of the manifest from which on health says that stale data is served: well past a registry
    that was started anew, and before the strictest purpose (15 minutes) becomes INDETERMINATE."""

    @model_validator(mode="after")
    def _page_is_protected(self) -> Self:
        if self.plain_http:
            host = self.https_listen.rpartition(":")[0]
            if self.environment == "production" or host not in _LOOPBACK:
                raise ValueError("PLAIN_HTTP is for loopback outside production alone")
        elif self.https_cert is None or self.https_key is None:
            raise ValueError("HTTPS_CERT and HTTPS_KEY are needed, or PLAIN_HTTP on loopback")
        return self

    @model_validator(mode="after")
    def _production_counts(self) -> Self:
        if self.environment == "production" and self.database_url is None:
            raise ValueError("DATABASE_URL is needed in production: partners and usage are in it")
        return self

    @property
    def journal_folder(self) -> Path:
        """Where this node's journals are."""
        return self.journal or self.cache / "journal"

    def receipt_secret(self) -> bytes | None:
        """The passphrase of the receipt keys.

        Raises:
            OSError: the file can't be read.
        """
        if self.receipt_passphrase is not None:
            return self.receipt_passphrase.get_secret_value().encode()
        if self.receipt_passphrase_file is not None:
            return self.receipt_passphrase_file.read_text("utf-8").strip().encode() or None
        return None

    @model_validator(mode="after")
    def _receipt_keys_are_encrypted(self) -> Self:
        told = self.receipt_passphrase or self.receipt_passphrase_file
        if self.environment == "production" and self.receipt_keys and not told:
            raise ValueError("RECEIPT_PASSPHRASE is missing: production keeps no key unencrypted")
        return self
