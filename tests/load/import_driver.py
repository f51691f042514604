"""`python -m tests.load.import_driver ADDRESS FOLDER FILE`: an operator and the city, one after the
other, bring a file onto the register. Killed and started again, it goes on."""

import sys
import threading
from pathlib import Path

from clients.importing.run import import_table
from clients.importing.table import Table
from clients.sdk import RegistryClient
from tests.load.bench_import import sign_every_share
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from yizhao.registry.v1 import import_run_pb2 as pb

_LOOK_SECONDS = 0.05


def main(arguments: list[str]) -> int:
    """Send, sign every share off, and wait until all of it is on the register."""
    address, folder, file = arguments
    certificates = Certificates(Path(folder))
    with RegistryClient.open(address, certificates.tls(people.OPERATOR), 20.0) as operator:
        run = _sent(operator, Table.open(Path(file)))
    with RegistryClient.open(address, certificates.tls(people.CITY), 20.0) as city:
        sign_every_share(city, run)
        waiting = threading.Event()
        while city.imports.get(run.name).state != pb.IMPORT_RUN_STATE_DONE:
            waiting.wait(_LOOK_SECONDS)
    return 0


def _sent(operator: RegistryClient, table: Table) -> pb.ImportRun:
    """The run of the file: the one that was compared already, or after sending what is missing."""
    for run in operator.imports.list():
        if run.state != pb.IMPORT_RUN_STATE_LOADING:
            return operator.imports.get(run.name)
    return import_table(operator.imports, table, "entities", "provincial", lambda _: None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
