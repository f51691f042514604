"""An HSM of the tests' own: SoftHSM2, with tokens in a folder that goes when they are done."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from registry_service.domain.key import KeyUse
from registry_service.issuing.hsm import HsmSettings

_MODULES: Final = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
PIN: Final = "test-pin-4711"
USES: Final = frozenset({KeyUse.ROOT, KeyUse.TOKEN})


@dataclass(frozen=True)
class SoftHsm:
    """SoftHSM2 with a configuration of its own."""

    module: Path
    conf: Path
    tokens: Path

    def token(self) -> str:
        """The label of a fresh token."""
        label = f"yz-{uuid.uuid4().hex[:12]}"
        command = ["softhsm2-util", "--init-token", "--free", "--label", label]
        subprocess.run(
            [*command, "--so-pin", "test-so-pin", "--pin", PIN],
            env=os.environ | {"SOFTHSM2_CONF": str(self.conf)},
            capture_output=True,
            check=True,
        )
        return label

    def settings(
        self, token: str | None = None, pin: str = PIN, seconds: float = 30.0
    ) -> HsmSettings:
        return HsmSettings(self.module, token or self.token(), pin, USES, seconds)


@contextmanager
def soft_hsm(folder: Path) -> Iterator[SoftHsm]:
    """SoftHSM2 for this process and what it starts.

    Skips where it is not installed; fails there if YIZHAO_TESTS_NEED_ALL says so.
    """
    module = next((Path(path) for path in _MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        if os.environ.get("YIZHAO_TESTS_NEED_ALL") == "1":
            pytest.fail("SoftHSM2 is not installed (Debian: softhsm2)")
        pytest.skip("SoftHSM2 is not installed (Debian: softhsm2)")
    tokens = folder / "tokens"
    tokens.mkdir(parents=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    try:
        yield SoftHsm(module, conf, tokens)
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before
