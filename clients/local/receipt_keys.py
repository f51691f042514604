"""Receipt keys, carried from the registry's folder to the verifier's, as an operator does it."""

import os
from pathlib import Path


def carry(registry: Path, verifier: Path) -> list[str]:
    """Copy what is not there yet; the files' names."""
    verifier.mkdir(mode=0o700, exist_ok=True)
    carried = []
    for source in sorted(registry.glob("receipt-*.pem")):
        target = verifier / source.name
        if target.exists():
            continue
        fresh = target.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(source.read_bytes())
        fresh.replace(target)
        carried.append(target.name)
    return carried
