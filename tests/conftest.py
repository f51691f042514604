"""Fixtures for every test; the database server starts with the first test that wants one."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

from tests.database import DatabaseRun, SharedServer, shared_server

_RUN: Final = pytest.StashKey[DatabaseRun]()
_FOLDER: Final = pytest.StashKey[Path]()


# A deadline would measure the other processes on the machine.
settings.register_profile("test", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=5_000)
settings.load_profile("test")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run in the controller; a worker is told its folder."""
    _hear_interrupts()
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[_FOLDER] = Path(told["yizhao_run"])
        return
    run = DatabaseRun()
    config.stash[_RUN] = run
    config.stash[_FOLDER] = run.folder


def _hear_interrupts() -> None:
    """Let our children hear Ctrl-C also where a shell started us in the background.

    Such a shell has SIGINT ignored, and what is ignored stays so in every child.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the run's folder."""
    node.workerinput["yizhao_run"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run; also after an interrupt."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.close()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> SharedServer:
    """The run's PostgreSQL server."""
    return shared_server(pytestconfig.stash[_FOLDER], os.environ)


@pytest.fixture
def database_url(postgres: SharedServer) -> Iterator[str]:
    """The URL of a migrated database of this test's own."""
    with postgres.clone() as url:
        yield url


@pytest.fixture
def verify_database_url(postgres: SharedServer) -> Iterator[str]:
    """The URL of a migrated database of the verifying side, of this test's own."""
    with postgres.clone(postgres.verify_template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: SharedServer) -> Iterator[str]:
    """The URL of a database of this test's own without any table."""
    with postgres.clone("template0") as url:
        yield url
