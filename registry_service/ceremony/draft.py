"""What is carried to the root: the trust list in force, and the next one unsigned."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Final, Self

from registry_service.ceremony.errors import CeremonyStopped

_FORMAT: Final = "yizhao-ceremony-draft/1"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, as one file of JSON."""

    current: bytes
    """The list in force, signed."""
    payload: bytes
    """The next one: CBOR, not signed."""

    def encode(self) -> bytes:
        """The file."""
        content = {
            "format": _FORMAT,
            "current": base64.b64encode(self.current).decode("ascii"),
            "payload": base64.b64encode(self.payload).decode("ascii"),
        }
        return json.dumps(content, indent=2).encode("ascii") + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the file.

        Raises:
            CeremonyStopped: it is no draft.
        """
        try:
            read = json.loads(data)
            if read["format"] != _FORMAT:
                raise CeremonyStopped(f"the draft is of another format: {read['format']}")
            parts = (base64.b64decode(read[name], validate=True) for name in ("current", "payload"))
            return cls(*parts)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise CeremonyStopped(f"this is no draft of a trust list: {error}") from None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file: what both machines show, and people compare."""
        return hashlib.sha256(self.encode()).digest()
