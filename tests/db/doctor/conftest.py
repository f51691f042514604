"""An installation that is well, to be broken."""

from pathlib import Path

import pytest

from tests.db.doctor.installation import Installation
from tests.rpc.registry.people import Certificates


@pytest.fixture
def installed(database_url: str, tmp_path: Path) -> Installation:
    """Made ready; nothing runs."""
    made = Installation(tmp_path, database_url, Certificates(tmp_path / "authority"))
    made.prepare()
    return made
