"""`python -m tests.load.soak.strict_node serve`: a node with a purpose that old data does not do.

A real policy allows data of a quarter of an hour at least; no registry is away for so long here.
"""

import sys
from datetime import timedelta
from typing import Final

from license_verify.policy import POLICIES, Policy
from license_verify.server.__main__ import main

STRICT: Final = Policy("soak", "压力试验", timedelta(seconds=12))
"""Manifests are signed anew every five seconds, so live data is young enough."""


if __name__ == "__main__":
    POLICIES[STRICT.purpose] = STRICT
    sys.exit(main(sys.argv[1:]))
