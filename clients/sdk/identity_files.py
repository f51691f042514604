"""A certificate that lives in files and is replaced there before it ends."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificatePublicKeyTypes,
    PrivateKeyTypes,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from license_verify.rpc.tls import TlsFiles

LOOK_SECONDS: Final = 1.0
_log = structlog.stdlib.get_logger()


class IdentityUnusable(ValueError):
    """A file from which no connection can be made, and why.

    Attributes:
        file: the one that is wrong.
        zh: what is wrong with it, in Chinese.
    """

    def __init__(self, file: Path, why: str, zh: str) -> None:
        super().__init__(f"{file} {why}")
        self.file = file
        self.zh = zh


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
            IdentityUnusable: a file holds no PEM of what it is to be, or the key is another's.
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
        certificate, *_ = _certificates(self._certificate, files.certificate)
        if _key(self._key, files.key).public_key() != _key_of(self._certificate, certificate):
            raise IdentityUnusable(
                self._key,
                f"is not the key of {self._certificate}",
                f"与证书 {self._certificate} 不匹配",
            )
        for root in self._roots:
            _certificates(root, root.read_bytes())
        return files


def _certificates(file: Path, pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise IdentityUnusable(file, "holds no certificate, as PEM", "不是 PEM 证书") from None


def _key_of(file: Path, certificate: x509.Certificate) -> CertificatePublicKeyTypes:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unsupported(file, error) from None


def _key(file: Path, pem: bytes) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(pem, None)
    except TypeError:
        raise IdentityUnusable(
            file, "is encrypted: give it unencrypted", "私钥已加密，请提供未加密的私钥"
        ) from None
    except UnsupportedAlgorithm as error:
        raise _unsupported(file, error) from None
    except ValueError:
        raise IdentityUnusable(file, "holds no private key, as PEM", "不是 PEM 私钥") from None


def _unsupported(file: Path, error: Exception) -> IdentityUnusable:
    """Of a key that TLS here can't use, as one of SM2."""
    return IdentityUnusable(
        file, f"is of a key that is not supported: {error}", "密钥算法不受支持，请使用 ECDSA 或 RSA"
    )
