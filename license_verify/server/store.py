"""The last bundle on disk, and the newest data ever seen."""

from pathlib import Path

from license_verify.lists.errors import ListMalformed
from license_verify.server.files import write_whole
from license_verify.trust import HighestSeen


class BundleStore:
    """Two files of a folder. Written bundle first: a crash between the two loses nothing, since
    loading a bundle raises what was seen."""

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        """`writes` is of one process of a folder alone; the others only read when they start."""
        self._writes = writes
        self._bundle = folder / "bundle.cbor"
        self._highest = folder / "highest-seen.json"

    def bundle(self) -> bytes | None:
        """The kept bundle, not yet believed; None if there is none."""
        try:
            return self._bundle.read_bytes()
        except FileNotFoundError:
            return None

    def highest_seen(self) -> HighestSeen | None:
        """The newest data ever seen; None at the first start.

        Raises:
            ListMalformed: the record is damaged.
        """
        try:
            return HighestSeen.from_json(self._highest.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise ListMalformed("the record of the newest data seen is damaged") from None

    def keep(self, bundle: bytes, seen: HighestSeen) -> None:
        """Write both.

        Raises:
            OSError: the disk is full, or read-only.
        """
        if not self._writes:
            return
        write_whole(self._bundle, bundle)
        write_whole(self._highest, seen.to_json().encode("ascii"))
