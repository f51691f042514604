"""`python -m tests.load.bench_sync [entities] [rows]`: a nightly delta on a whole register.

The register is written in bulk, as one that was imported from the province; the delta goes through
the client, over mutual TLS, and is over when its last row is on the register. Of its rows 60 %
change a face, 15 % say nothing new, 15 % are new, 5 % end an entity, and 5 % are of entities whose
face was made here.
"""

import csv
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import psycopg

from clients.importing.run import import_table
from clients.importing.table import Table
from clients.importing.vocabulary import SYNC
from clients.sample.codes import uscc
from tests.load.bench_import import client
from tests.load.bulk import DAY, code_of, fill
from tests.load.lifelike import business
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from yizhao.registry.v1 import import_run_pb2 as pb

ENTITIES: Final = 1_000_000
ROWS: Final = 5_000
SECONDS: Final = 30
_CODES: Final = {11: "370811", 20: "370881", 21: "370883"}
_APPROVED: Final = date(2026, 2, 10)
_TOLD: Final = date(2026, 2, 11)
_NEW_CODES: Final = 0
"""Numbers of codes that `bulk` leaves free."""
_LOOK_SECONDS: Final = 0.05
_COUNTS: Final = ("new", "changed", "late", "unchanged", "decide", "rejected", "quarantined")


def main(arguments: list[str]) -> int:
    """Measure, and print how long it took and what became of the rows."""
    entities = int(arguments[0]) if arguments else ENTITIES
    count = int(arguments[1]) if arguments[1:] else ROWS
    with tempfile.TemporaryDirectory(prefix="yizhao-sync-") as name, a_server() as server:
        folder = Path(name)
        certificates = Certificates(folder / "ca")
        with server.clone() as url:
            process = RegistryProcess(certificates, folder / "registry", url)
            fill(url, 1, entities, source="provincial")
            step = entities // count
            _make_here(url, [number * step + 1 for number in range(count) if number % 20 == 19])
            _write(folder / "delta.csv", count, step)
            process.start()
            try:
                loaded, whole, run = _synced(process, certificates, folder / "delta.csv")
            finally:
                process.stop()
    told = ", ".join(f"{name} {_count(run, name)}" for name in _COUNTS)
    sys.stdout.write(
        f"delta of {count} rows on {entities} entities: {whole:.1f} s (sent and compared in "
        f"{loaded:.1f} s), {count / whole:.0f} rows/s (wanted {SECONDS} s); {told}\n"
    )
    return 0


def _make_here(url: str, numbers: list[int]) -> None:
    """Let the faces of these entities be made at the counter, not by the province."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE entity_version SET source = 'counter' WHERE entity_no = ANY (%s)", (numbers,)
        )


def _write(file: Path, count: int, step: int) -> None:
    rows = list(_rows(count, step))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rows(count: int, step: int) -> Iterator[dict[str, str]]:
    """A row of every `step`-th entity, in the mix that is told above."""
    for number in range(count):
        row = _row(number * step + 1)
        match number % 20:
            case 0 | 1 | 2:
                yield row
            case 3 | 4 | 5:
                yield row | {"uniscid": uscc("91", "370811", _NEW_CODES + number), "op": "新增"}
            case 6:
                yield row | {"regstateCn": "注销"}
            case _:
                yield row | {"lerep": "测试乙", "apprdate": _APPROVED.isoformat()}


def _row(number: int) -> dict[str, str]:
    """What the province says of an entity as `bulk` makes it."""
    made = business(number)
    return {
        "op": "变更",
        "uniscid": code_of(number),
        "entname": made.name,
        "enttypeCn": "有限责任公司（自然人投资或控股）",
        "lerep": made.person,
        "dom": made.address,
        "regcap": "100万元人民币",
        "estdate": DAY.isoformat(),
        "apprdate": DAY.isoformat(),
        "opscope": "一般项目：日用百货销售；普通货物仓储服务",
        "regorg": _CODES[made.unit],
        "regstateCn": "在营",
    }


def _synced(
    process: RegistryProcess, certificates: Certificates, file: Path
) -> tuple[float, float, pb.ImportRun]:
    """Seconds until it was compared and until it was on the register, and the run."""
    with client(process, certificates, people.OPERATOR) as operator:
        started = time.monotonic()
        table = Table.open(file, SYNC)
        run = import_table(
            operator.imports, table, "sync", "provincial", lambda _: None, source_date=_TOLD
        )
        loaded = time.monotonic() - started
        waiting = threading.Event()
        while run.state != pb.IMPORT_RUN_STATE_DONE:
            waiting.wait(_LOOK_SECONDS)
            run = operator.imports.get(run.name)
        return loaded, time.monotonic() - started, run


def _count(run: pb.ImportRun, name: str) -> int:
    return sum(getattr(share, f"{name}_count") for share in run.shares)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
