"""Opens psql on the running database of an instance, or prints its URL.

Usage: python -m registry_service.embedded FOLDER [--url] [DATABASE]
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from registry_service.embedded.account import Account
from registry_service.embedded.binaries import DEFAULT_VERSION, programs
from registry_service.embedded.folder import DatabaseFolder
from registry_service.embedded.postgres import running


def main(arguments: list[str]) -> int:
    """Print the URL, or replace this process by psql."""
    words = [word for word in arguments if word != "--url"]
    folder, database = Path(words[0]), (words[1:] or ["yizhao"])[0]
    url = running(folder, database)
    if url is None:
        sys.stderr.write(f"no database is running in {folder}: start `make serve` first\n")
        return 1
    if "--url" not in arguments:
        open_psql(folder, url)
    sys.stdout.write(f"{url}\n")
    return 0


def open_psql(folder: Path, url: str) -> NoReturn:
    """Become the psql that belongs to the data's version."""
    version = DatabaseFolder.open(folder).version or DEFAULT_VERSION
    psql = programs(version, Account.of_uid(os.geteuid())) / "psql"
    os.execv(psql, [str(psql), url])  # noqa: S606 - our own program, no shell


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
