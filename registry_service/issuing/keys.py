"""The folder of private keys: one PKCS #8 PEM file a key, for this account alone.

Which of several keys of one use signs is the database's word (`signing_key.state`), not the
folder's: a file may be there before its key is announced and after it is retired.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from license_verify.token import cose
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.issuing.errors import (
    KeyFolderMissing,
    KeyFolderOpen,
    KeyFolderRefused,
    KeyUnreadable,
)

ROOT_FILE: Final = "root.pub.pem"
"""Public halves of all root keys: what a checker pins."""

_NAME: Final = re.compile(r"(?P<use>[a-z]+)-(?P<kid>[0-9a-f]{16})\.pem")


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A private key and what it is for. Its repr tells the kid and nothing of the key."""

    kid: bytes
    use: KeyUse
    private: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"HeldKey({self.use.value}, {self.kid.hex()})"

    @property
    def public(self) -> cose.PublicKey:
        """The public half."""
        return self.private.public_key()


def create_missing(
    folder: Path, passphrase: bytes | None = None, uses: Iterable[KeyUse] = FIRST_USES
) -> list[HeldKey]:
    """Make a key for each use that the folder has none for, and write `root.pub.pem`.

    Returns:
        Every key of the folder, new and old.

    Raises:
        KeyFolderRefused: the folder is open to others, or holds a file that can't be read.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = {held.use for held in load(folder, passphrase)}
    for use in uses:
        if use not in there:
            _write_new(folder, use, passphrase)
    held = load(folder, passphrase)
    roots = [key.public for key in held if key.use is KeyUse.ROOT]
    pem = b"".join(
        root.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for root in roots
    )
    _write(folder / ROOT_FILE, pem, 0o644)
    return held


def load(folder: Path, passphrase: bytes | None = None) -> list[HeldKey]:
    """Read every private key of the folder.

    Raises:
        KeyFolderRefused: no such folder, open to others, a wrong passphrase, or a file whose key
            is not the one that its name says.
    """
    if not folder.is_dir():
        raise KeyFolderMissing(f"there is no key folder {folder}: run `init` first")
    _refuse_open(folder, 0o077)
    found = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.iterdir()))
    return [
        _read(path, KeyUse(name["use"]), name["kid"], passphrase)
        for path, name in found
        if name and name["use"] in set(KeyUse)
    ]


def _read(path: Path, use: KeyUse, kid: str, passphrase: bytes | None) -> HeldKey:
    _refuse_open(path, 0o077)
    try:
        private = load_pem_private_key(path.read_bytes(), passphrase)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(f"{path.name} can't be read: {error}") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise KeyFolderRefused(f"{path.name} holds no elliptic-curve key")
    held = HeldKey(cose.kid_of(private.public_key()), use, private)
    if held.kid.hex() != kid:
        raise KeyFolderRefused(f"{path.name} holds another key than its name says")
    return held


def _write_new(folder: Path, use: KeyUse, passphrase: bytes | None) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    encryption: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    kid = cose.kid_of(private.public_key())
    _write(folder / f"{use.value}-{kid.hex()}.pem", pem, 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write durably and whole: a half-written key must never be found by the next start."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refuse_open(path: Path, forbidden: int) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & forbidden:
        raise KeyFolderOpen(
            f"{path} is open to others (mode {mode:03o}): chmod go-rwx it, and ask who read it"
        )
