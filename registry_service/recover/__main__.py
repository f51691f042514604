"""`python -m registry_service.recover`: goes on behind what was published, after a restore.

    --bundle FILE         a bundle, or a verifier's folder; may be repeated, the newest counts
    --newest-there-is     nobody kept a newer one; without --bundle: nobody kept any
    --nothing-lost        the database was not restored: only write the file of what was published
    --json                print JSON

Exit 0: recovered, now or before. 2: refused, the cause on stderr. Settings as `serve`'s.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from license_verify.limits import BUNDLE_BYTES
from license_verify.refusal import Refusal
from license_verify.rpc.settings import ConfigRefused
from license_verify.server.roots import read_roots
from license_verify.token.cose import PublicKey
from registry_service.config import Config
from registry_service.domain.host_errors import NothingPublished
from registry_service.issuing.keys import ROOT_FILE
from registry_service.issuing.signer import KeyRing
from registry_service.operations.published import (
    Published,
    believe,
    newest_of,
    own,
    require_newest,
)
from registry_service.operations.recover import recover
from registry_service.operations.restore_guard import RestoreGuard
from registry_service.recover.telling import sentences, told
from registry_service.store.migrate import migrate
from registry_service.store.publishing import publishing
from registry_service.store.transaction import Store, Transaction
from registry_service.waterline import Mark, Waterline

_REFUSED: Final = 2
_KEPT: Final = "bundle.cbor"
"""What a verifier calls the bundle that it keeps."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator said."""

    bundles: tuple[Path, ...]
    newest_there_is: bool


def main(arguments: list[str]) -> int:
    """Recover, and tell what was done."""
    parser = argparse.ArgumentParser(prog="python -m registry_service.recover")
    parser.add_argument("--bundle", action="append", type=Path, default=[])
    parser.add_argument("--newest-there-is", action="store_true")
    parser.add_argument("--nothing-lost", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if not (chosen.bundle or chosen.newest_there_is or chosen.nothing_lost):
        parser.error("name the newest bundle of any verifier by --bundle")
    try:
        config = Config.load()
        if chosen.nothing_lost:
            said = _adopt(config)
        else:
            said = _recover(config, Asked(tuple(chosen.bundle), chosen.newest_there_is))
    except (ConfigRefused, Refusal, OSError, ValueError, psycopg.Error) as error:
        # If the database is recovered and only the file could not be written, repeating does that.
        sys.stderr.write(f"cannot recover: {error}\n")
        if isinstance(error, Refusal) and error.zh:
            sys.stderr.write(f"{error.zh}\n")
        return _REFUSED
    if chosen.json:
        json.dump(said, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in sentences(said))
    return 0


def _recover(config: Config, asked: Asked) -> dict[str, Any]:
    url = config.database_url.get_secret_value()
    migrate(url)  # a backup may be of an earlier release
    waterline = Waterline(config.waterline_file)
    waterline.require_writable()
    mark = waterline.read()
    ring = KeyRing.of(config.key_places(), {})
    roots = read_roots(config.keys / ROOT_FILE)
    bundles = [believe(str(path), _read(path), roots, config.environment) for path in asked.bundles]
    with (
        Store(url, 1) as store,
        publishing(store, alone=True) as database,
        database.only_publisher() as tx,
    ):
        newest = newest_of(bundles) if bundles else _own(tx, roots, config.environment)
        if not asked.newest_there_is:
            require_newest(tx, newest, mark)
        seq = mark.seq if mark else 0
        done = recover(tx, ring, newest, seq, datetime.now(UTC))
        stored = tx.publication.manifest()
    if stored is not None:
        waterline.advance(Mark(stored.seq, stored.issued_at))
    return told(done)


def _own(tx: Transaction, roots: tuple[PublicKey, ...], environment: str) -> Published:
    """What the database itself published: the newest that there is, the operator says."""
    known = own(tx, roots, environment)
    if known is None:
        raise NothingPublished(
            "the database has published nothing: there is nothing to recover from",
            zh="数据库从未发布过数据，无从恢复",
        )
    return known


def _read(path: Path) -> bytes:
    file = path / _KEPT if path.is_dir() else path
    with file.open("rb") as stream:
        return stream.read(BUNDLE_BYTES + 1)


def _adopt(config: Config) -> dict[str, Any]:
    """Write down how far the database has published: it was not restored.

    Raises:
        DatabaseRestored: more was published from here.
    """
    waterline = Waterline(config.waterline_file)
    waterline.require_writable()
    with Store(config.database_url.get_secret_value(), 1) as store, store.transaction() as tx:
        if waterline.read() is not None:
            RestoreGuard(waterline).require_current(tx)
        stored = tx.publication.manifest()
    if stored is not None:
        waterline.advance(Mark(stored.seq, stored.issued_at))
    return {"adopted": stored.seq if stored else 0, "file": str(waterline.file)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
