"""Programs that some tests need and not every machine has."""

import os
from typing import Final, NoReturn

import pytest

NEED_ALL: Final = "YIZHAO_TESTS_NEED_ALL"


def missing(what: str) -> NoReturn:
    """Skip the test for want of a program; where everything must be there, fail it.

    Args:
        what: what is missing and how to get it.
    """
    if os.environ.get(NEED_ALL) == "1":
        pytest.fail(f"{what} ({NEED_ALL}=1 allows no skipping)")
    pytest.skip(what)
