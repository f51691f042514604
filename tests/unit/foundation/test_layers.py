"""The import contracts name every part that they are about."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NEEDS_MORE = {"license_verify.database", "license_verify.rpc", "license_verify.server"}


def test_every_part_of_the_checker_is_held_to_its_two_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {one["id"]: one for one in project["tool"]["importlinter"]["contracts"]}
    parts = {
        f"license_verify.{path.stem}"
        for path in (ROOT / "license_verify").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    held = set(contracts["bare-checker"]["source_modules"])
    assert held == parts - NEEDS_MORE - {"license_verify.__init__"}
