"""Authorities, made once: keys take time."""

import pytest

from tests.rpc.verify.authority import Authorities


@pytest.fixture(scope="session")
def authorities() -> Authorities:
    return Authorities.make()
