"""Headless Chromium, as Debian has it."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.needed import missing

FONT: Final = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
"""Of Debian's fonts-noto-cjk: the stored pictures were drawn with it."""
PIXELS_PER_MILLIMETER: Final = 96 / 25.4
_QUIET: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Chromium:
    """Runs it anew for each page, with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        """Skips the test where Chromium or the font is not installed."""
        program = shutil.which("chromium")
        if program is None:
            missing("faces are looked at in Chromium: install Debian's chromium")
        if not FONT.exists():
            missing("stored pictures are of Noto Serif CJK: install Debian's fonts-noto-cjk")
        self._program = program
        self._folder = folder
        self._runs = 0

    def picture(self, page: Path, width: float, height: float, scale: int) -> Path:
        """A page as PNG.

        Args:
            page: HTML or SVG.
            width: of the paper, millimetres.
            height: of the paper, millimetres.
            scale: pixels for each of 96 an inch.
        """
        out = page.with_suffix(".png")
        size = ",".join(str(round(side * PIXELS_PER_MILLIMETER)) for side in (width, height))
        self._run(
            page,
            f"--screenshot={out}",
            f"--window-size={size}",
            f"--force-device-scale-factor={scale}",
        )
        return out

    def pdf(self, page: Path) -> Path:
        """A page as the browser prints it, on the paper that it names."""
        out = page.with_suffix(".printed.pdf")
        self._run(page, f"--print-to-pdf={out}", "--no-pdf-header-footer")
        return out

    def _run(self, page: Path, *wanted: str) -> None:
        self._runs += 1
        profile = self._folder / f"profile{self._runs}"
        command = [self._program, *_QUIET, f"--user-data-dir={profile}", *wanted, page.as_uri()]
        home = os.environ | {"HOME": str(self._folder)}
        done = subprocess.run(command, capture_output=True, timeout=300, check=False, env=home)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
