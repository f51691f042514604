"""Settings of the verifying service, from `YIZHAO_VERIFY_*`, refused early and by name."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, FilePath, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "YIZHAO_VERIFY_"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class ConfigRefused(ValueError):
    """A setting is missing or wrong; the text names each, never its value."""


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError("must be host:port")
    return text


Address = Annotated[str, AfterValidator(_address)]


class Config(BaseSettings):
    """What a verifying process needs to know."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    listen: Address = "127.0.0.1:0"
    """gRPC; port 0 lets the system choose."""
    https_listen: Address = "127.0.0.1:0"
    """Page."""
    tls_cert: FilePath
    """Of the gRPC server, and of this service as the registry's client."""
    tls_key: FilePath
    https_cert: FilePath | None = None
    https_key: FilePath | None = None
    plain_http: bool = False
    """The page without TLS; only on loopback and outside production."""
    officials_ca: FilePath
    partners_ca: FilePath
    services_ca: FilePath
    registry: Address
    root: FilePath
    """Pinned root public keys, PEM."""
    cache: Path
    """Folder for the last bundle; made when absent."""
    refresh_seconds: float = Field(default=1.0, ge=0.05, le=3600)
    trust_domain: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,253}$")
    environment: Literal["development", "test", "production"]
    drain_seconds: float = Field(default=10.0, ge=0, le=600)
    workers: int = Field(default=8, ge=1, le=512)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            ConfigRefused: names every setting that is missing or wrong.
        """
        nothing: dict[str, Any] = {}  # every value comes from the environment
        try:
            return cls(**nothing)
        except ValidationError as error:
            raise ConfigRefused("; ".join(_problem(each) for each in error.errors())) from None

    @model_validator(mode="after")
    def _page_is_protected(self) -> Self:
        if self.plain_http:
            host = self.https_listen.rpartition(":")[0]
            if self.environment == "production" or host not in _LOOPBACK:
                raise ValueError("PLAIN_HTTP is for loopback outside production alone")
        elif self.https_cert is None or self.https_key is None:
            raise ValueError("HTTPS_CERT and HTTPS_KEY are needed, or PLAIN_HTTP on loopback")
        return self


def _problem(error: object) -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's own form of an error
    place = ".".join(str(part) for part in error["loc"]).upper()
    return f"{PREFIX}{place}: {error['msg']}" if place else str(error["msg"])
