"""A phone's browser: what it shows of a node's pages, and what is wrong with them."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tests.needed import missing
from tests.npm import Packages
from tests.unit.verify.world import HOST

_PACKAGES: Final = Packages(Path(__file__).parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One page to be opened, and how; sizes are CSS pixels."""

    url: str
    picture: str
    """File for the first screen, PNG."""
    whole: str = ""
    """File for the whole page."""
    width: int = 360
    height: int = 740
    pixels: float = 2
    """Of the picture for each CSS pixel."""
    dark: bool = False
    scale: float = 1
    """Of the text, as somebody sets it who sees badly."""
    script: bool = False
    open: bool = False
    """Unfold what is folded."""


def seen(page_address: str, home: Path, views: Sequence[View]) -> list[dict[str, Any]]:
    """What Chromium shows, in order.

    Args:
        page_address: host and port of the node that answers for the public host.
        home: an empty folder for its profile.
        views: what to open.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("the page is looked at in Chromium: install Debian's chromium")
    asked = {
        "chromium": chromium,
        "home": str(home),
        "resolve": f"MAP {HOST} {page_address}",
        "views": [asdict(view) for view in views],
    }
    found: list[dict[str, Any]] = _PACKAGES.run("look.mjs", asked)
    return found
