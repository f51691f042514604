"""The schema that all migrations lead to, as `store/schema.sql`: to read, and to compare.

`python -m registry_service.schema` writes it, `--check` fails if it differs.
"""

import re
import subprocess
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path
from typing import Final

from registry_service.embedded.account import account_for
from registry_service.embedded.binaries import DEFAULT_VERSION, programs
from registry_service.embedded.postgres import EmbeddedPostgres
from registry_service.store.migrate import migrate

FILE: Final = Path(__file__).parent / "store" / "schema.sql"
_HEAD: Final = "-- Made by `make schema` from the migrations; edit those.\n\n"
# Settings of the session that would restore it, and words that change with each dump.
_NOISE: Final = re.compile(r"^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict).*\n?", re.M)


def dump() -> str:
    """Migrate an empty database and describe it."""
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-schema-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", DEFAULT_VERSION, durable=False) as server,
    ):
        pg_dump = programs(DEFAULT_VERSION, account_for(Path(folder))) / "pg_dump"
        url = server.database("schema")
        migrate(url)
        done = subprocess.run(
            [pg_dump, "--schema-only", "--no-owner", "--no-privileges", url],
            check=True,
            capture_output=True,
            text=True,
        )
    return _HEAD + re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", done.stdout)).strip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or compare it; 1 if it differs."""
    found = dump()
    if arguments != ["--check"]:
        FILE.write_text(found, "utf-8")
        return 0
    written = FILE.read_text("utf-8") if FILE.exists() else ""
    before, after = written.splitlines(keepends=True), found.splitlines(keepends=True)
    sys.stdout.writelines(unified_diff(before, after, "schema.sql", "migrations"))
    return int(written != found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
