"""`python -m tests.load.bench_city [entities]`: a whole city's data, and the recheck of it.

Entities, the places they filed before and their licences in use come in as three files; then every
stored fact is rechecked. The city's own size is to take 15 minutes at most on 2 cores.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from clients.cli.sample import write_rows
from clients.importing.run import import_table
from clients.importing.table import Table
from clients.importing.vocabulary import KINDS
from clients.sample import COPIES_FIELDS, FIELDS, PREMISES_FIELDS, city, copies, premises
from registry_service.fsck import check
from registry_service.fsck.progress import on_standard_error
from tests.load.bench_import import client, sign_every_share
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from yizhao.registry.v1 import import_run_pb2 as pb

ENTITIES: Final = 1_000_000
_MINUTES: Final = 15
_LOOK_SECONDS: Final = 0.5


def main(arguments: list[str]) -> int:
    """Bring everything in, recheck it, and print how long each took; 1 if anything is wrong."""
    count = int(arguments[0]) if arguments else ENTITIES
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yizhao-city-")))
        url = stack.enter_context(stack.enter_context(a_server()).clone())
        files: dict[str, tuple[tuple[str, ...], Iterable[Mapping[str, str]]]] = {
            "entities": (FIELDS, city(count, 1)),
            "premises": (PREMISES_FIELDS, premises(count, 1)),
            "copies": (COPIES_FIELDS, copies(count, 1)),
        }
        rows = {kind: write_rows(folder / kind, *file) for kind, file in files.items()}
        certificates = Certificates(folder / "ca")
        process = RegistryProcess(certificates, folder, url)
        stack.callback(process.stop)
        process.start()
        seconds = {kind: _brought_in(process, certificates, folder / kind) for kind in files}
        peak = process.peak_megabytes()
        started = time.monotonic()
        faults = check(url, tell=on_standard_error)
        seconds["fsck"] = time.monotonic() - started
    told = ", ".join(
        f"{rows[part]} {part} {took:.0f} s" if part in rows else f"{part} {took:.0f} s"
        for part, took in seconds.items()
    )
    whole = sum(seconds.values()) / 60
    sys.stdout.write(
        f"a city: {told}; in all {whole:.1f} min (wanted {_MINUTES}); the registry took at most "
        f"{peak:.0f} MB; faults {len(faults)}\n"
    )
    for fault in faults[:20]:
        sys.stdout.write(f"{fault}\n")
    return int(bool(faults))


def _brought_in(process: RegistryProcess, certificates: Certificates, file: Path) -> float:
    """Send a file, sign all of it off, wait until it is on the register; seconds."""
    started = time.monotonic()
    kind = file.name

    def progress(run: pb.ImportRun) -> None:
        on_standard_error(f"{kind} sent", run.loaded_count, run.row_count)

    with client(process, certificates, people.OPERATOR) as operator:
        table = Table.open(file, KINDS[kind])
        run = import_table(operator.imports, table, kind, "provincial", progress)
    with client(process, certificates, people.CITY) as head:
        sign_every_share(head, run)
        waiting = threading.Event()
        while run.state != pb.IMPORT_RUN_STATE_DONE:
            waiting.wait(_LOOK_SECONDS)
            run = head.imports.get(run.name)
            applied = sum(share.applied_count for share in run.shares)
            wanted = sum(share.new_count for share in run.shares)
            on_standard_error(f"{kind} on the register", applied, wanted)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
