"""What an act that waits for a second person will do, as it is kept until then.

Each command names its act and what the act needs besides the entity, its name and the etag. The
stored form is JSON; reading it back checks every value, for it decides what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from registry_service.domain.authority import ActName


class CommandUnreadable(Exception):
    """A stored command is not one that this release wrote: a fault of ours, not a refusal."""


@dataclass(frozen=True, slots=True)
class RevokeEntity:
    """吊销."""

    act: ClassVar[ActName] = ActName.REVOKE_ENTITY
    basis: str

    @property
    def subject(self) -> str:
        """What it is done to, below the entity; empty for the entity itself."""
        return ""

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {"basis": self.basis}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RevokeEntity":
        """As done."""
        return cls(_text(kept, "basis"))


@dataclass(frozen=True, slots=True)
class ReinstateEntity:
    """恢复, after 吊销, 撤销 or 注销."""

    act: ClassVar[ActName] = ActName.REINSTATE_ENTITY
    basis: str

    @property
    def subject(self) -> str:
        """What it is done to, below the entity; empty for the entity itself."""
        return ""

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {"basis": self.basis}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ReinstateEntity":
        """As done."""
        return cls(_text(kept, "basis"))


@dataclass(frozen=True, slots=True)
class AnnulEntity:
    """撤销登记, of the establishment or of one version."""

    act: ClassVar[ActName] = ActName.ANNUL_ENTITY
    version: int
    """0: the establishment."""
    items: tuple[str, ...]
    """Of that version, as in `Face`; empty: all it changed."""
    basis: str

    @property
    def subject(self) -> str:
        """What it is done to, below the entity; empty for the entity itself."""
        return f"versions/{self.version}" if self.version else ""

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {"version": self.version, "items": list(self.items), "basis": self.basis}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "AnnulEntity":
        """As done."""
        return cls(_number(kept, "version"), _texts(kept, "items"), _text(kept, "basis"))


@dataclass(frozen=True, slots=True)
class StrikePremises:
    """撤销备案."""

    act: ClassVar[ActName] = ActName.STRIKE_PREMISES
    premises: int
    basis: str

    @property
    def subject(self) -> str:
        """What it is done to, below the entity."""
        return f"premises/{self.premises}"

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {"premises": self.premises, "basis": self.basis}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "StrikePremises":
        """As done."""
        return cls(_number(kept, "premises"), _text(kept, "basis"))


@dataclass(frozen=True, slots=True)
class ReinstatePremises:
    """恢复备案, after 撤销备案."""

    act: ClassVar[ActName] = ActName.REINSTATE_PREMISES
    premises: int
    basis: str

    @property
    def subject(self) -> str:
        """What it is done to, below the entity."""
        return f"premises/{self.premises}"

    def to_json(self) -> dict[str, Any]:
        """As kept."""
        return {"premises": self.premises, "basis": self.basis}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ReinstatePremises":
        """As done."""
        return cls(_number(kept, "premises"), _text(kept, "basis"))


Command = RevokeEntity | ReinstateEntity | AnnulEntity | StrikePremises | ReinstatePremises

_COMMANDS: Final[tuple[type[Command], ...]] = (
    RevokeEntity,
    ReinstateEntity,
    AnnulEntity,
    StrikePremises,
    ReinstatePremises,
)
COMMANDS: Final[Mapping[ActName, type[Command]]] = {kind.act: kind for kind in _COMMANDS}
"""Every act that waits for a second person, and the command that keeps it."""


def read_command(act: ActName, kept: Mapping[str, Any]) -> Command:
    """The command of a stored act.

    Raises:
        CommandUnreadable: the act has none, or a value is missing or of another kind.
    """
    if act not in COMMANDS:
        raise CommandUnreadable(f"{act} never waits for a second person")
    return COMMANDS[act].from_json(kept)


def _text(kept: Mapping[str, Any], name: str) -> str:
    value = kept.get(name)
    if not isinstance(value, str):
        raise CommandUnreadable(f"{name} is no text")
    return value


def _number(kept: Mapping[str, Any], name: str) -> int:
    value = kept.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise CommandUnreadable(f"{name} is no number")
    return value


def _texts(kept: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = kept.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise CommandUnreadable(f"{name} is no list of texts")
    return tuple(value)
