"""A register of its own for each test, with real registry processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.registry_process import RegistryProcess
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from tests.rpc.verify.logs import Log, configured_log


@pytest.fixture
def log() -> Iterator[Log]:
    """Of the node, which runs in this process."""
    with configured_log() as stream:
        yield stream


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "ca")


@pytest.fixture
def process(
    certificates: Certificates, tmp_path: Path, database_url: str
) -> Iterator[RegistryProcess]:
    """A registry process that serves."""
    made = RegistryProcess(certificates, tmp_path, database_url)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def registry(
    process: RegistryProcess, certificates: Certificates, database_url: str
) -> Iterator[Registry]:
    made = Registry(process.address, certificates, database_url)
    yield made
    made.close()
