"""Writes proto/gen from proto/yizhao, or checks that what is committed is what would be written.

Usage: python proto/generate.py [--check]
"""

import filecmp
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROTO = Path(__file__).resolve().parent
GENERATED = PROTO / "gen"
# Where `make proto` puts the imported files that buf has to see; never committed.
IMPORTS = PROTO.parent / "build" / "proto"


def main(arguments: list[str]) -> int:
    """Generate; with `--check`, into a temporary folder, and list what differs."""
    copy_imports()
    with tempfile.TemporaryDirectory(dir=IMPORTS.parent) as folder:
        fresh = Path(folder) / "gen"
        generate(fresh)
        if arguments != ["--check"]:
            # What was there goes only now: a contract that does not compile leaves it alone.
            shutil.rmtree(GENERATED, ignore_errors=True)
            fresh.rename(GENERATED)
            return 0
        different = differences(fresh, GENERATED)
    for name in different:
        sys.stderr.write(f"proto/gen/{name} is not what `make proto` writes\n")
    return 1 if different else 0


def generate(target: Path) -> None:
    """Write messages, services and their types; services only where a file has one."""
    target.mkdir(parents=True)
    sources = sorted((PROTO / "yizhao").rglob("*.proto"))
    services = [path for path in sources if "\nservice " in path.read_text(encoding="utf-8")]
    _protoc(["--python_out=", "--mypy_out=quiet:"], sources, target)
    _protoc(["--grpc_python_out=", "--mypy_grpc_out=quiet:"], services, target)
    for folder in {path.parent for path in target.rglob("*.py")}:
        package = folder
        while package != target:
            (package / "__init__.py").touch()
            package = package.parent
    (target / "yizhao" / "py.typed").touch()


def copy_imports() -> None:
    """Copy the google.* files that the wheel carries to where buf finds them."""
    google = _google()
    for part in ("api", "rpc", "type"):
        target = IMPORTS / "google" / part
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted((google / part).glob("*.proto")):
            shutil.copyfile(path, target / path.name)


def differences(fresh: Path, committed: Path) -> list[str]:
    """Names, relative to both folders, that are missing, left over or different."""
    names = {
        str(path.relative_to(root))
        for root in (fresh, committed)
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    _, mismatched, missing = filecmp.cmpfiles(fresh, committed, names, shallow=False)
    return sorted(mismatched + missing)


def _protoc(outputs: list[str], sources: list[Path], target: Path) -> None:
    programs = Path(sys.executable).parent  # protoc-gen-mypy lies beside this python
    bundled = _folder("grpc_tools") / "_proto"
    command = [sys.executable, "-m", "grpc_tools.protoc"]
    command += [f"--proto_path={path}" for path in (PROTO, IMPORTS, bundled)]
    command += [f"{output}{target}" for output in outputs]
    command += [str(path.relative_to(PROTO)) for path in sources]
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    subprocess.run(command, cwd=PROTO, env={**os.environ, "PATH": path}, check=True)


def _google() -> Path:
    return _folder("google.api").parent


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: run `make dev`")
    return Path(next(iter(spec.submodule_search_locations)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
