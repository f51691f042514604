"""A certificate that lives in files and is replaced there before it ends."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from license_verify.rpc.tls import TlsFiles

LOOK_SECONDS: Final = 1.0
_log = structlog.stdlib.get_logger()


class IdentityFiles:
    """Reads certificate, key and roots again when the files change.

    Whoever renews them may write one after the other: a certificate that does not go with its key
    is not taken, the one before serves on, and the files are looked at again.
    """

    def __init__(
        self,
        certificate: Path,
        key: Path,
        roots: Iterable[Path],
        *,
        look_seconds: float = LOOK_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the files for the first time.

        Args:
            certificate: PEM, ours, with those that lead to its authority behind it.
            key: PEM, of the certificate, not encrypted.
            roots: PEM, of the authorities whose services are believed.
            look_seconds: at most so often the files are looked at.
            monotonic: the clock for that.

        Raises:
            OSError: a file can't be read.
            ValueError: certificate and key don't belong together, or are none.
        """
        self._certificate, self._key, self._roots = certificate, key, tuple(roots)
        self._look_seconds, self._monotonic = look_seconds, monotonic
        self._lock = threading.Lock()
        self._marks = self._seen()
        self._current = self._load()
        self._looked_at = monotonic()

    def current(self) -> TlsFiles:
        """What the files hold, or held when they last made sense; never raises."""
        now = self._monotonic()
        if now - self._looked_at < self._look_seconds:
            return self._current
        with self._lock:
            self._looked_at = now
            try:
                marks = self._seen()
                if marks != self._marks:
                    self._current = self._load()
                    self._marks = marks
                    _log.info("identity.renewed", certificate=str(self._certificate))
            except (OSError, ValueError) as error:
                _log.warning("identity.not_taken", why=str(error))
            return self._current

    def _seen(self) -> tuple[tuple[int, int, int], ...]:
        """What tells one state of the files from another, without reading them."""
        found = (path.stat() for path in (self._certificate, self._key, *self._roots))
        return tuple((each.st_ino, each.st_size, each.st_mtime_ns) for each in found)

    def _load(self) -> TlsFiles:
        files = TlsFiles.load(self._certificate, self._key, self._roots)
        certificate = x509.load_pem_x509_certificate(files.certificate)
        if load_pem_private_key(files.key, None).public_key() != certificate.public_key():
            raise ValueError(f"{self._key} is not the key of {self._certificate}")
        return files
