"""One registry for each worker; every test has entities of its own in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Client, Registry, a_registry, populate, settings


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def populated(
    postgres: SharedServer, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A database with units, people and keys, to be cloned; and the folder of those keys."""
    keys = tmp_path_factory.mktemp("keys") / "keys"
    with postgres.clone() as url:
        populate(settings(certificates, keys, url), url)
        yield url, keys


@pytest.fixture(scope="session")
def registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """A registry that all tests of this worker share."""
    with a_registry(postgres, populated, certificates) as started:
        yield started


@pytest.fixture(scope="session")
def rencheng(registry: Registry) -> Client:
    """The registrar of 任城区."""
    return registry.as_(people.RENCHENG)


@pytest.fixture(scope="session")
def qufu(registry: Registry) -> Client:
    """The registrar of 曲阜市."""
    return registry.as_(people.QUFU)
