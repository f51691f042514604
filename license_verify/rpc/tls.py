"""Certificate, key and roots of one end of a mutual TLS connection."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import grpc


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM contents; the key never shows in a representation."""

    certificate: bytes
    key: bytes = field(repr=False)
    roots: bytes

    @classmethod
    def load(cls, certificate: Path, key: Path, roots: Iterable[Path]) -> Self:
        """Read the files; several roots become one list.

        Raises:
            OSError: one can't be read.
        """
        return cls(
            certificate.read_bytes(),
            key.read_bytes(),
            b"\n".join(root.read_bytes() for root in roots),
        )

    def server_credentials(self) -> grpc.ServerCredentials:
        """Credentials of a server that refuses clients without a certificate under `roots`."""
        return grpc.ssl_server_credentials(
            [(self.key, self.certificate)], root_certificates=self.roots, require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """Credentials of a client that shows its certificate to servers under `roots`."""
        return grpc.ssl_channel_credentials(self.roots, self.key, self.certificate)
