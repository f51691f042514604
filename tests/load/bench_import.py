"""`python -m tests.load.bench_import [entities]`: a whole city's file against a bare COPY.

The file goes through the client, over mutual TLS, through reading, staging, comparing and every
unit's sign-off, until the last row is on the register. Then the very rows that this made are put
into another database with the same tables and indexes by COPY, the fastest way in there is.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from clients.cli.sample import write_rows
from clients.importing.run import import_table
from clients.importing.table import Table
from clients.sample import FIELDS, city
from clients.sdk import RegistryClient
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import populate, settings
from yizhao.registry.v1 import import_run_pb2 as pb

ENTITIES: Final = 1_000_000
TABLES: Final = (
    "entity",
    "code_directory",
    "entity_code",
    "entity_version",
    "entity_search",
    "event",
)
"""What an imported entity consists of, in the order of their foreign keys."""
_LOOK_SECONDS: Final = 0.1
_BLOCK: Final = 1 << 20


def main(arguments: list[str]) -> int:
    """Measure, and print how fast each way was, their ratio, and the memory it took."""
    count = int(arguments[0]) if arguments else ENTITIES
    with tempfile.TemporaryDirectory(prefix="yizhao-import-") as name, a_server() as server:
        folder = Path(name)
        file = folder / "city.csv"
        write(file, count)
        certificates = Certificates(folder / "ca")
        with server.clone() as url, server.clone() as bare:
            populate(settings(certificates, folder / "keys-of-bare", bare), bare)
            process = RegistryProcess(certificates, folder / "registry", url)
            process.start()
            try:
                seconds, applied = imported(process, certificates, file)
                peak = process.peak_megabytes()
            finally:
                process.stop()
            copied = copy(url, bare, folder)
    told = ", ".join(f"{part} {took:.1f} s" for part, took in seconds.items())
    whole = sum(seconds.values())
    sys.stdout.write(
        f"import of {applied} of {count} rows: {whole:.1f} s ({told}); the registry took at most "
        f"{peak:.0f} MB\n"
        f"bare COPY of the same rows: {copied:.1f} s; reached {copied / whole:.2f} of it "
        "(wanted 0.50)\n"
    )
    return 0


def write(file: Path, count: int) -> None:
    """A file of an invented city."""
    write_rows(file, FIELDS, city(count, 1))


def imported(
    process: RegistryProcess, certificates: Certificates, file: Path
) -> tuple[dict[str, float], int]:
    """Seconds of each step, and how many rows are on the register."""
    with client(process, certificates, people.OPERATOR) as operator:
        started = time.monotonic()
        table = Table.open(file)
        scanned = time.monotonic()
        loaded = [scanned]

        def progress(run: pb.ImportRun) -> None:
            if run.state == pb.IMPORT_RUN_STATE_LOADING:
                loaded[0] = time.monotonic()

        run = import_table(operator.imports, table, "entities", "provincial", progress)
        compared = time.monotonic()
    with client(process, certificates, people.CITY) as head:
        sign_every_share(head, run)
        waiting = threading.Event()
        while run.state != pb.IMPORT_RUN_STATE_DONE:
            waiting.wait(_LOOK_SECONDS)
            run = head.imports.get(run.name)
    done = time.monotonic()
    seconds = {
        "scan": scanned - started,
        "load": loaded[0] - scanned,
        "compare": compared - loaded[0],
        "apply": done - compared,
    }
    return seconds, sum(share.applied_count for share in run.shares)


@contextmanager
def client(
    process: RegistryProcess, certificates: Certificates, who: str
) -> Iterator[RegistryClient]:
    """The SDK with somebody's certificate."""
    with RegistryClient.open(process.address, certificates.tls(who), 60.0) as opened:
        yield opened


def sign_every_share(head: RegistryClient, run: pb.ImportRun) -> None:
    """Sign off what waits for it."""
    for share in run.shares:
        if share.state == pb.IMPORT_SHARE_STATE_OPEN:
            head.imports.sign_off(run.name, share.unit or "units/-", share.new_count)


def copy(url: str, bare: str, folder: Path) -> float:
    """Seconds that a COPY of the same rows into the same empty tables takes."""
    return sum(_copy(url, bare, sql.Identifier(name), folder / name) for name in TABLES)


def _copy(url: str, bare: str, table: sql.Identifier, file: Path) -> float:
    with (
        psycopg.connect(url) as source,
        file.open("wb") as out,
        source.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows,
    ):
        for block in rows:
            out.write(block)
    started = time.monotonic()
    with (
        psycopg.connect(bare) as target,
        file.open("rb") as blocks,
        target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as into,
    ):
        while block := blocks.read(_BLOCK):
            into.write(block)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
