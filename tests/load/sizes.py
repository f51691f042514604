"""Registers of several sizes at once, so that whatever slows the machine slows all alike."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Final

from tests.database import SharedServer
from tests.load.bulk import fill
from tests.load.registry_process import RegistryProcess
from tests.load.scratch import a_server
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry

SIZES: Final = (10_000, 100_000, 1_000_000)


@contextmanager
def registries(sizes: Sequence[int]) -> Iterator[dict[int, Registry]]:
    """A running registry for each size, filled; all on one server that ends with the block."""
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-bench-") as folder,
        a_server() as server,
        ExitStack() as stack,
    ):
        yield {size: _started(stack, server, Path(folder), size) for size in sizes}


def _started(stack: ExitStack, server: SharedServer, folder: Path, size: int) -> Registry:
    own = folder / str(size)
    url = stack.enter_context(server.clone())
    certificates = Certificates(own / "ca")
    process = RegistryProcess(certificates, own, url)
    begun = time.monotonic()
    fill(url, 1, size)
    sys.stdout.write(f"{size:>9} entities written in {time.monotonic() - begun:.0f} s\n")
    process.start()
    stack.callback(process.stop)
    registry = Registry(process.address, certificates, url)
    stack.callback(registry.close)
    return registry


def milliseconds(seconds: list[float]) -> tuple[float, float]:
    """p50 and p99."""
    percentiles = quantiles(seconds, n=100)
    return percentiles[49] * 1000, percentiles[98] * 1000
