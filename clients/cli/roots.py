"""Reading the pinned root keys that an operator named."""

from pathlib import Path
from typing import TYPE_CHECKING

from clients import exits

if TYPE_CHECKING:
    from license_verify.token.cose import PublicKey


def pinned_roots(file: Path) -> "tuple[PublicKey, ...]":
    """The root keys of a file, as root.pub.pem.

    Raises:
        Failure: it holds none, or one that is damaged.
    """
    from license_verify.server.roots import RootsUnreadable, read_roots

    try:
        return read_roots(file)
    except RootsUnreadable as error:
        raise exits.Failure(str(error), zh="根公钥无法读取") from error
