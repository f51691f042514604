"""Settings of the registry, from `YIZHAO_REGISTRY_*` and the table [registry] of the TOML file."""

from pathlib import Path
from typing import ClassVar, Final, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from license_verify.codes.unit import CITY
from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.rpc.settings import ServiceSettings
from license_verify.token.scan import is_host, is_loopback

PREFIX: Final = "YIZHAO_REGISTRY_"
INVENTED_ISSUER: Final = "11370800MAJN90001A"
"""Credit code of an approval bureau that does not exist."""


class Config(ServiceSettings):
    """What a registry process needs to know."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    table: ClassVar[str] = "registry"

    database_url: SecretStr
    """libpq URL; PostgreSQL 15 and up."""
    connections: int = Field(default=10, ge=2, le=200)
    """Of the pool; `workers` more than this wait for each other."""
    keys: Path
    """Folder of issuing keys."""
    documents: Path | None = None
    """Folder where the contents of documents are kept, made when the first one comes; by default
    `documents` beside the folder of keys."""
    waterline: Path | None = None
    """File that tells how far this host has published, and that no backup may bring back; by
    default `published.json` beside the folder of keys."""
    keys_passphrase: SecretStr | None = None
    host: str = Field(min_length=1, max_length=253)
    """Public host of scan texts, as `zz.jining.example`; a port only on loopback."""
    publish_seconds: float = Field(default=5.0, ge=0.2, le=600)
    """A manifest is signed anew this often even if nothing changed."""
    watches: int = Field(default=64, ge=1, le=1000)
    """WatchEvents calls at a time; each has a thread of its own."""
    watches_per_caller: int = Field(default=16, ge=1, le=1000)
    issuer_codes: dict[int, str] = Field(default_factory=dict)
    """Credit codes of the authorities that issue licences, by own number of their unit, as
    `{"1": "11…"}`; units without one go by that of the unit above. Stands in 电子证照标识. Once a
    registry has served with a code it stays. Not in production, an invented one is the default."""
    first_operator_name: str = ""
    """For `init`: name of staff 0001, the first operator, on an empty staff table."""

    @property
    def waterline_file(self) -> Path:
        """The file of the setting `waterline`, or its default."""
        return self.waterline or self.keys.parent / "published.json"

    @model_validator(mode="after")
    def _host_is_public(self) -> Self:
        if not is_host(self.host):
            raise ValueError("HOST is not a lower-case host name, with a port on loopback alone")
        if self.environment == "production" and is_loopback(self.host):
            raise ValueError(
                "HOST is this machine itself; a production licence names a public host"
            )
        return self

    @model_validator(mode="after")
    def _issuers_have_codes(self) -> Self:
        for unit, code in self.issuer_codes.items():
            try:
                Uscc.parse(code)
            except InvalidUscc:
                raise ValueError(f"ISSUER_CODES: that of unit {unit} is no credit code") from None
        if self.environment != "production":
            self.issuer_codes.setdefault(CITY, INVENTED_ISSUER)
        elif CITY not in self.issuer_codes:
            raise ValueError(
                f"ISSUER_CODES names no authority for unit {CITY}, the city; licences are issued in"
                " its name"
            )
        return self
