"""A checker needs two packages and nothing else."""

import ast
import sys
from pathlib import Path

import license_verify

ROOT = Path(license_verify.__file__).parent
EXTRAS = ("license_verify.server", "license_verify.rpc", "license_verify.database")
ALLOWED = sys.stdlib_module_names | {"cbor2", "cryptography", "license_verify"}


def test_the_library_imports_only_cryptography_and_cbor2() -> None:
    """`server`, `rpc` and `database` are extras that the library never imports."""
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] in ("server", "rpc", "database"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] in ALLOWED, (path, name)
                assert not name.startswith(EXTRAS), path


def test_importing_the_library_has_brought_every_module_in() -> None:
    assert all(hasattr(license_verify, name) for name in license_verify.__all__)
