"""Settings of the registry, from `YIZHAO_REGISTRY_*` and the table [registry] of the TOML file."""

from pathlib import Path
from typing import ClassVar, Final, Self

from pydantic import Field, FilePath, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from license_verify.codes.unit import CITY
from license_verify.codes.uscc import InvalidUscc, Uscc
from license_verify.rpc.settings import ConfigRefused, ServiceSettings
from license_verify.token.scan import is_host, is_loopback
from registry_service.domain.key import KeyUse
from registry_service.issuing.hsm import HsmSettings
from registry_service.issuing.key_places import KeyPlaces

PREFIX: Final = "YIZHAO_REGISTRY_"
_UNIT_ONCE: Final = r"^[^{}]*\{unit\}[^{}]*$"
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
    """Opens the keys in the folder; production demands one."""
    keys_passphrase_file: FilePath | None = None
    """A file that holds it, instead."""
    hsm_module: FilePath | None = None
    """PKCS #11 library of an HSM, where keys of `hsm_uses` live."""
    hsm_token: str = Field(default="", max_length=32)
    """Label of the token in it."""
    hsm_pin: SecretStr | None = None
    hsm_pin_file: FilePath | None = None
    """A file that holds the PIN, instead."""
    hsm_uses: frozenset[KeyUse] = frozenset({KeyUse.TOKEN})
    """Uses whose new keys are made in the HSM, as `["token", "root"]`."""
    hsm_seconds: float = Field(default=5.0, gt=0, le=60)
    """How long a signature of the HSM is waited for; then the act waits to be repeated."""
    announce_hours: float = Field(default=168.0, ge=0, le=2160)
    """How long a key is announced before it is activated: as old as the data of an offline checker
    may be, which is seven days under the longest policy."""
    host: str = Field(min_length=1, max_length=253)
    """Public host of scan texts, as `zz.jining.example`; a port only on loopback."""
    publish_seconds: float = Field(default=5.0, ge=0.2, le=600)
    """A manifest is signed anew this often even if nothing changed."""
    watches: int = Field(default=64, ge=1, le=1000)
    """WatchEvents calls at a time; each has a thread of its own."""
    watches_per_caller: int = Field(default=16, ge=1, le=1000)
    print_fonts: tuple[Path, ...] = ()
    """Font files for PDF, in order: a character is taken from the first that has it. Empty: known
    fonts in the usual folders."""
    print_emblem: FilePath | None = None
    """PNG for the place above the title of a printed licence, which else stays empty."""
    print_registrar: str = Field(default="{unit}行政审批服务局", pattern=_UNIT_ONCE)
    """How a registrar signs on a printed licence; `{unit}` is its full name, as 济宁市任城区."""
    print_supervisor: str = Field(default="{unit}市场监督管理局", pattern=_UNIT_ONCE)
    """How a supervising county or zone is called on the sheet of a place; stations have names of
    their own."""
    issuer_codes: dict[int, str] = Field(default_factory=dict)
    """Credit codes of the authorities that issue licences, by own number of their unit, as
    `{"1": "11…"}`; units without one go by that of the unit above. Stands in 电子证照标识. Once a
    registry has served with a code it stays. Not in production, an invented one is the default."""
    bundle_watches: int = Field(default=256, ge=1, le=4000)
    """WatchBundle calls at a time, a thread each: one for every worker process of every verifier.
    Those beyond it ask every second instead. All verifiers may be one caller."""
    first_operator_name: str = ""
    """For `init`: name of staff 0001, the first operator, on an empty staff table."""

    @property
    def waterline_file(self) -> Path:
        """The file of the setting `waterline`, or its default."""
        return self.waterline or self.keys.parent / "published.json"

    def key_places(self) -> KeyPlaces:
        """Where private keys are kept.

        Raises:
            ConfigRefused: a file that should hold a secret holds none.
        """
        passphrase = _secret("KEYS_PASSPHRASE", self.keys_passphrase, self.keys_passphrase_file)
        hsm = None
        if self.hsm_module is not None:
            pin = _secret("HSM_PIN", self.hsm_pin, self.hsm_pin_file)
            hsm = HsmSettings(self.hsm_module, self.hsm_token, pin, self.hsm_uses, self.hsm_seconds)
        return KeyPlaces(self.keys, passphrase.encode() or None, hsm)

    @model_validator(mode="after")
    def _keys_are_closed(self) -> Self:
        for name in ("keys_passphrase", "hsm_pin"):
            if getattr(self, name) is not None and getattr(self, f"{name}_file") is not None:
                raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both given")
        given = self.keys_passphrase is not None or self.keys_passphrase_file is not None
        if self.environment == "production" and not given:
            raise ValueError(
                "KEYS_PASSPHRASE is missing: production keeps no key unencrypted; for those that"
                " are, run `yizhao keys encrypt`"
            )
        if self.hsm_module is not None and not self.hsm_token:
            raise ValueError("HSM_TOKEN is missing: the label of the token in the HSM")
        if self.hsm_module is not None and self.hsm_pin is None and self.hsm_pin_file is None:
            raise ValueError("HSM_PIN or HSM_PIN_FILE is missing")
        return self

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


def _secret(name: str, given: SecretStr | None, file: Path | None) -> str:
    """A secret from the setting or the file that another names; empty if neither is given."""
    if file is None:
        return given.get_secret_value() if given else ""
    text = file.read_text("utf-8").rstrip("\r\n")
    if not text:
        raise ConfigRefused(f"{PREFIX}{name}_FILE: {file} is empty")
    return text
