"""The schemas that all migrations lead to, as `schema.sql` beside them: to read, and to compare.

`python -m registry_service.schema` writes them, `--check` fails if one differs.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Final

from license_verify.server import database
from license_verify.server.database import migrate as verify
from registry_service import store
from registry_service.embedded.account import account_for
from registry_service.embedded.binaries import DEFAULT_VERSION, programs
from registry_service.embedded.postgres import EmbeddedPostgres
from registry_service.store import migrate as registry

_OF_THE_REGISTER: Final = Path(store.__file__).parent / "schema.sql"
_OF_VERIFYING: Final = Path(database.__file__).parent / "schema.sql"
_HEAD: Final = "-- Made by `make schema` from the migrations; edit those.\n\n"
# Settings of the session that would restore it, and words that change with each dump.
_NOISE: Final = re.compile(r"^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict).*\n?", re.M)


def dump(migrate: Callable[[str], list[int]]) -> str:
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
    """Write the files, or compare them; 1 if one differs."""
    sides = ((_OF_THE_REGISTER, registry.migrate), (_OF_VERIFYING, verify.migrate))
    differing = [file for file, do in sides if _differs(file, dump(do), arguments == ["--check"])]
    return int(bool(differing))


def _differs(file: Path, found: str, check: bool) -> bool:
    """Whether it differs, shown; without `check` it is written, and does not."""
    if not check:
        file.write_text(found, "utf-8")
        return False
    written = file.read_text("utf-8") if file.exists() else ""
    before, after = written.splitlines(keepends=True), found.splitlines(keepends=True)
    sys.stdout.writelines(unified_diff(before, after, str(file), "migrations"))
    return written != found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
