"""Settings that every service of ours has, from the environment and one TOML file."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from cryptography import x509
from cryptography.x509.oid import NameOID
from pydantic import AfterValidator, Field, FilePath, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from license_verify.rpc.identity import Authority

FILE_VARIABLE: Final = "YIZHAO_CONFIG"
"""Names the TOML file; each service reads its own table of it. The environment goes first."""


DEVELOPMENT_ORGANIZATION: Final = "Yizhao development CA"
"""O of every authority that `yizhao up` makes; production refuses what it signed."""


class ConfigRefused(ValueError):
    """A setting is missing or wrong; the text names each, never its value."""


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError("must be host:port")
    return text


Address = Annotated[str, AfterValidator(_address)]


def _metrics_address(text: str) -> str:
    return _address(text if ":" in text else f"127.0.0.1:{text}")


MetricsAddress = Annotated[str, AfterValidator(_metrics_address)]
"""As Address, or a port alone, which is on loopback."""


class ServiceSettings(BaseSettings):
    """What any gRPC process of ours needs to know."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")

    table: ClassVar[str]
    """This service's table in the TOML file."""

    listen: Address = "127.0.0.1:0"
    """gRPC; port 0 lets the system choose."""
    tls_cert: FilePath
    tls_key: FilePath
    officials_ca: FilePath
    partners_ca: FilePath
    services_ca: FilePath
    trust_domain: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,253}$")
    environment: Literal["development", "test", "integrators", "production"]
    """`integrators` believes published keys, for a test system that answers known codes."""
    workers: int = Field(default=8, ge=1, le=512)
    drain_seconds: float = Field(default=10.0, ge=0, le=600)
    """How long calls that run may take to finish when the process is to end."""
    drain_notice_seconds: float = Field(default=0.0, ge=0, le=60)
    """How long health says NOT_SERVING before calls are refused; as long as a load balancer takes
    to notice."""
    metrics_listen: MetricsAddress | None = None
    """For Prometheus; a port alone is on loopback. Unset: no metrics."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def authorities(self) -> dict[Authority, Path]:
        """Certificates of the roots that callers' certificates lead back to, by what each may
        certify."""
        return {
            Authority.OFFICIALS: self.officials_ca,
            Authority.PARTNERS: self.partners_ca,
            Authority.SERVICES: self.services_ca,
        }

    @model_validator(mode="after")
    def _no_development_in_production(self) -> Self:
        if self.environment != "production":
            return self
        for name in ("officials_ca", "partners_ca", "services_ca", "tls_cert"):
            if _of_development(getattr(self, name)):
                raise ValueError(f"{name.upper()} is of the development CA; production refuses it")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file; nothing else is read."""
        return env_settings, InitSettingsSource(settings_cls, file_table(cls.table))

    @classmethod
    def load(cls) -> Self:
        """Read environment and file.

        Raises:
            ConfigRefused: names every setting that is missing or wrong.
        """
        nothing: dict[str, Any] = {}  # every value comes from the two sources
        try:
            return cls(**nothing)
        except ValidationError as error:
            prefix = cls.model_config.get("env_prefix", "")
            problems = "; ".join(_problem(prefix, each) for each in error.errors())
            raise ConfigRefused(problems) from None
        except SettingsError as error:  # a table of values that is no JSON; it names the setting
            raise ConfigRefused(f"{error}; write it as JSON") from None


def _of_development(file: Path) -> bool:
    found = x509.load_pem_x509_certificates(file.read_bytes())
    names = [c.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) for c in found]
    return any(part.value == DEVELOPMENT_ORGANIZATION for name in names for part in name)


def file_table(name: str) -> dict[str, Any]:
    """One table of the file that `YIZHAO_CONFIG` names; empty where none is named.

    Raises:
        ConfigRefused: there is no such file, it is not TOML, or the table is something else.
    """
    path = os.environ.get(FILE_VARIABLE)
    if not path:
        return {}
    try:
        whole = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigRefused(f"{FILE_VARIABLE}: {path} can't be read: {error}") from None
    table = whole.get(name, {})
    if not isinstance(table, dict):
        raise ConfigRefused(f"{FILE_VARIABLE}: {name} in {path} is not a table")
    return table


def _problem(prefix: str, error: object) -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's own form of an error
    place = ".".join(str(part) for part in error["loc"]).upper()
    return f"{prefix}{place}: {error['msg']}" if place else str(error["msg"])
