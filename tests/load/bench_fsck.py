"""`python -m tests.load.bench_fsck 100000`: how long a recheck of a whole register takes."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
from psycopg.rows import DictRow, dict_row

from registry_service.composition import utc_now
from registry_service.fsck import check
from registry_service.fsck.events import check_events
from registry_service.fsck.facts import check_facts
from registry_service.fsck.fault import Fault
from registry_service.fsck.lists import check_lists
from registry_service.fsck.tokens import check_tokens
from registry_service.issuing.signer import KeyRing
from registry_service.operations.publisher import Publisher
from registry_service.store.publishing import publishing
from registry_service.store.transaction import Store
from tests.load.bulk import fill
from tests.load.scratch import a_server
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import populate, settings

_PARTS: tuple[tuple[str, Callable[[psycopg.Connection[DictRow]], Iterable[Fault]]], ...] = (
    ("facts", check_facts),
    ("events", check_events),
    ("tokens", check_tokens),
    ("lists", lambda connection: check_lists(connection, ())),
)


def main(arguments: list[str]) -> int:
    """Fill a register with so many entities, each with a signed licence, and recheck it."""
    count = int(arguments[0]) if arguments else 100_000
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-fsck-") as folder,
        a_server() as server,
        server.clone() as url,
    ):
        prepare(url, Path(folder), count)
        parts = [(name, _timed(url, part)) for name, part in _PARTS]
        started = time.monotonic()
        faults = check(url)
        whole = time.monotonic() - started
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts)
    sys.stdout.write(f"fsck of {count} entities {whole:.1f} s ({told}); faults {len(faults)}\n")
    return int(bool(faults))


def prepare(url: str, folder: Path, count: int) -> None:
    """Fill and publish a register."""
    config = settings(Certificates(folder / "ca"), folder / "keys", url)
    populate(config, url)
    with Store(url, 2) as store:
        with store.transaction() as tx:
            ring = KeyRing.open(config.keys, tx.keys.active(), None)
        fill(url, 1, count, ring)
        with publishing(store) as database:
            Publisher(store, ring, utc_now).publish(database)


def _timed(url: str, part: Callable[[psycopg.Connection[DictRow]], Iterable[Fault]]) -> float:
    started = time.monotonic()
    with psycopg.connect(url, row_factory=dict_row) as connection:
        for _ in part(connection):
            pass
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
