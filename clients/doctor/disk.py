"""Room on the disks that a service writes to."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Final

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import Subject

_MEBIBYTE: Final = 1 << 20


def space(subject: Subject) -> Iterator[Finding]:
    """Free space of each folder, and whether files can be made there."""
    folders = _folders(subject)
    if not folders:
        yield not_applicable("disk", "没有本机数据文件夹", "no folder of ours is on this machine")
    for name, folder in folders.items():
        yield _room(name, folder, subject.spare_bytes)


def _folders(subject: Subject) -> dict[str, Path]:
    """Folders by what they hold; those of other machines are left out."""
    registry, verify = subject.registry, subject.verify
    keys = registry.path("KEYS") if registry else None
    data = subject.database.data_directory if subject.database else None
    wanted = {
        "database": Path(data) if data else None,
        "documents": (registry.path("DOCUMENTS") if registry else None)
        or (keys.parent if keys else None),
        "verifier's cache": verify.path("CACHE") if verify else None,
        "instance": subject.instance.folder if subject.instance.folder.is_dir() else None,
    }
    found = {name: _existing(path) for name, path in wanted.items() if path}
    return {name: path for name, path in found.items() if path}


def _existing(path: Path) -> Path | None:
    """The folder, or the one that will hold it; None where not even that is on this machine."""
    whole = path.absolute()
    return next(
        (each for each in (whole, whole.parent, whole.parent.parent) if _is_there(each)), None
    )


def _is_there(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:  # PostgreSQL's own folder, seen by another account
        return False


def _room(name: str, folder: Path, spare: int) -> Finding:
    looked_at = f"{name}: {folder}"
    free = shutil.disk_usage(folder).free
    files = os.statvfs(folder)
    look = f"du -xh --max-depth=1 {quote(str(folder))}"
    if free < spare // 4 or (files.f_files and not files.f_favail):
        return fail(
            looked_at,
            f"磁盘已满或将满：仅余 {_text(free)}",
            f"the disk is full or nearly: {_text(free)} and {files.f_favail} files left; what"
            " writes there fails",
            look,
        )
    if free < spare:
        return warn(
            looked_at, f"磁盘空间不多：余 {_text(free)}", f"only {_text(free)} are left", look
        )
    return ok(looked_at, f"余 {_text(free)}", f"{_text(free)} free")


def _text(size: int) -> str:
    mebibytes = size / _MEBIBYTE
    return f"{mebibytes / 1024:.1f} GiB" if mebibytes >= 1024 else f"{mebibytes:.0f} MiB"
