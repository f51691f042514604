"""The locked dependencies are complete, checked by hash, and say nothing about who made them."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def locked(lock: str) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        if entry := ENTRY.match(line):
            versions.setdefault(entry["name"], set()).add(entry["version"])
    return versions


def unmet(requirements: list[str], lock: str) -> list[str]:
    versions = locked(lock)
    wanted = [Requirement(text) for text in requirements]
    return [
        str(one)
        for one in wanted
        if one.name != PROJECT["project"]["name"]
        and not any(one.specifier.contains(v) for v in versions.get(one.name.lower(), ()))
    ]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.name))
def test_a_lock_holds_names_versions_and_hashes_only(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not ENTRY.match(line) and not HASH.match(line)] == []
    assert lines


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.name))
def test_every_entry_has_a_hash(path: Path) -> None:
    lines = [*path.read_text(encoding="utf-8").splitlines(), ""]
    naked = [
        entry for entry, after in pairwise(lines) if ENTRY.match(entry) and not HASH.match(after)
    ]
    assert naked == []


def test_the_development_lock_meets_every_requirement_of_the_project() -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    build = PROJECT["build-system"]["requires"]
    assert unmet([*project["dependencies"], *extras, *groups["dev"], *build], "dev.txt") == []


def test_the_base_lock_is_the_checkers_alone() -> None:
    assert unmet(PROJECT["project"]["dependencies"], "base.txt") == []
    assert set(locked("base.txt")) == {"cbor2", "cffi", "cryptography", "pycparser"}
