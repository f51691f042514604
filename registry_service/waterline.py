"""The file beside the keys that tells how far this host has published.

A database restored from a backup does not know what was published after it. This file does: it is
no part of any backup of the database, and nothing but a publication or a recovery writes it.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from license_verify.server.files import write_whole


class WaterlineDamaged(ValueError):
    """The file is not what was written; nothing is believed of it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A publication."""

    seq: int
    """Of the manifest; 0 before the first."""
    issued_at: datetime


class Waterline:
    """The file. Several processes of a host may share it; it never goes back."""

    def __init__(self, file: Path) -> None:
        """Name the file; nothing is read or made."""
        self.file = file

    def read(self) -> Mark | None:
        """The newest publication; None if there is no file.

        Raises:
            WaterlineDamaged: it can't be read.
        """
        try:
            told = json.loads(self.file.read_text("ascii"))
            return Mark(int(told["seq"]), datetime.fromisoformat(told["issued_at"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise WaterlineDamaged(
                f"{self.file} can't be read. It tells how far this host has published, and nothing"
                " is served without it: bring it back, or remove it and run `yizhao recover`"
            ) from None

    def require_writable(self) -> None:
        """Stop early where the file could not be kept.

        Raises:
            OSError: its folder can't be made or written to.
        """
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.file.parent, os.W_OK | os.X_OK):
            raise PermissionError(
                f"{self.file} can't be written, which tells how far this host has published: let"
                " this account write there, or name another file by YIZHAO_REGISTRY_WATERLINE"
            )

    def advance(self, mark: Mark) -> None:
        """Write the file unless it is there already and tells as much.

        Raises:
            OSError: it can't be written.
        """
        known = self.read()
        if known is not None and known.seq >= mark.seq:
            return
        told = {"seq": mark.seq, "issued_at": mark.issued_at.astimezone(UTC).isoformat()}
        write_whole(self.file, (json.dumps(told) + "\n").encode("ascii"))
