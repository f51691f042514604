"""The folder of private keys: one PKCS #8 PEM file a key, for this account alone.

Which of several keys of one use signs is the database's word (`signing_key.state`), not the
folder's: a file may be there before its key is announced and after it is retired.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from license_verify.server.roots import read_roots
from license_verify.token import cose
from registry_service.domain.key import FIRST_USES, KeyUse
from registry_service.issuing.errors import (
    KeyFolderMissing,
    KeyFolderOpen,
    KeyFolderRefused,
    KeyUnencrypted,
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

    def sign(self, said: bytes) -> bytes:
        """ECDSA over the SHA-256 of `said`: 64 bytes r || s.

        Raises:
            UnsupportedAlgorithm, ValueError: this machine's cryptography can't do it.
        """
        r, s = decode_dss_signature(self.private.sign(said, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


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
    held = load(folder, passphrase)
    there = {key.use for key in held}
    held += [create(folder, use, passphrase) for use in uses if use not in there]
    write_roots(folder, [key.public for key in held if key.use is KeyUse.ROOT])
    return sorted(held, key=lambda key: (key.use, key.kid))


def create(folder: Path, use: KeyUse, passphrase: bytes | None = None) -> HeldKey:
    """Make a key and write it into the folder."""
    private = ec.generate_private_key(ec.SECP256R1())
    held = HeldKey(cose.kid_of(private.public_key()), use, private)
    _write_key(folder, held, passphrase)
    return held


def encrypt(folder: Path, old: bytes | None, new: bytes) -> list[HeldKey]:
    """Write every key of the folder anew under another passphrase; repeat it if it broke off.

    Returns:
        Those that are under the new one by this call.

    Raises:
        KeyFolderRefused: the folder can't be trusted, or a key opens with neither passphrase.
    """
    written = []
    for path, use, kid in _files(folder):
        try:
            _read(path, use, kid, new)
        except (KeyUnreadable, KeyUnencrypted):
            held = _read(path, use, kid, old)
            _write_key(folder, held, new)
            written.append(held)
    return written


def is_encrypted(folder: Path) -> bool:
    """Whether every key of a folder is.

    Raises:
        KeyFolderRefused: the folder can't be trusted.
    """
    return all(b"ENCRYPTED" in path.read_bytes() for path, _, _ in _files(folder))


def write_roots(folder: Path, roots: Iterable[cose.PublicKey]) -> None:
    """Write `root.pub.pem`: these, and those that stand in it already.

    A root whose private half is kept elsewhere is pinned by this file alone.
    """
    file = folder / ROOT_FILE
    known = read_roots(file) if file.exists() and file.stat().st_size else ()
    every = {cose.kid_of(root): root for root in (*known, *roots)}
    pem = b"".join(
        root.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for root in every.values()
    )
    _write(file, pem, 0o644)


def load(folder: Path, passphrase: bytes | None = None) -> list[HeldKey]:
    """Read every private key of the folder.

    Raises:
        KeyFolderRefused: no such folder, open to others, a wrong passphrase, or a file whose key
            is not the one that its name says.
    """
    return [_read(path, use, kid, passphrase) for path, use, kid in _files(folder)]


def _files(folder: Path) -> Iterator[tuple[Path, KeyUse, str]]:
    """The key files of a folder: path, use and kid as the name tells them."""
    if not folder.is_dir():
        raise KeyFolderMissing(f"there is no key folder {folder}: run `init` first")
    _refuse_open(folder, 0o077)
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name and name["use"] in set(KeyUse):
            yield path, KeyUse(name["use"]), name["kid"]


def _read(path: Path, use: KeyUse, kid: str, passphrase: bytes | None) -> HeldKey:
    _refuse_open(path, 0o077)
    try:
        private = load_pem_private_key(path.read_bytes(), passphrase)
    except TypeError as error:  # a passphrase without need, or needed and not given
        if passphrase:
            raise KeyUnencrypted(
                f"{path.name} is not encrypted, and a passphrase is set: run `yizhao keys encrypt`"
            ) from None
        raise KeyUnreadable(f"{path.name} can't be read: {error}") from None
    except ValueError as error:
        raise KeyUnreadable(f"{path.name} can't be read: {error}") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise KeyFolderRefused(f"{path.name} holds no elliptic-curve key")
    held = HeldKey(cose.kid_of(private.public_key()), use, private)
    if held.kid.hex() != kid:
        raise KeyFolderRefused(f"{path.name} holds another key than its name says")
    return held


def _write_key(folder: Path, held: HeldKey, passphrase: bytes | None) -> None:
    encryption: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    )
    pem = held.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    _write(folder / f"{held.use.value}-{held.kid.hex()}.pem", pem, 0o600)


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
