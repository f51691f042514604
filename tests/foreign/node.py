"""Runs the readers from npm that we did not write."""

from pathlib import Path
from typing import Final

from tests.npm import Packages

HERE: Final = Path(__file__).parent
run: Final = Packages(HERE).run
