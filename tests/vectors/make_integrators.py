"""Makes docs/integrators and its page's table anew: `python -m tests.vectors.make_integrators`."""

from pathlib import Path

from clients.integrators import System
from clients.integrators.files import table, write
from clients.integrators.page import with_table

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "integrators"
PAGE = DOCS / "integrators.md"


def main() -> None:
    """Write all; what is signed is the same each time."""
    write(FOLDER, System())
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table(System())), "utf-8")


if __name__ == "__main__":
    main()
