"""Write docs/symbols.md: `python -m tests.symbols`."""

import os
import platform
from datetime import UTC, datetime

from tests.symbols.page import PAGE, groups, head, rates


def main() -> None:
    """Measure, and write the page."""
    today = datetime.now(UTC).date().isoformat()
    machine = f"{today}, {os.cpu_count()} cores, {platform.machine()}, Python"
    made = groups()
    text = head(made) + rates(made, f"{machine} {platform.python_version()}")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
