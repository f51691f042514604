"""`python -m registry_service.fsck [--json]`: exit 0 if all is well, 1 if not, 2 if it can't tell.

Settings: YIZHAO_REGISTRY_DATABASE_URL; YIZHAO_REGISTRY_KEYS, the folder with `root.pub.pem`, if the
pinned root is to be checked too.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from license_verify.token import cose
from registry_service.fsck import Fault, check
from registry_service.fsck.progress import on_standard_error, silent

_ROOT_FILE: Final = "root.pub.pem"
_FAULTY, _UNTOLD = 1, 2
_END: Final = "-----END PUBLIC KEY-----"


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Recheck and print each fault on a line of its own."""
    if arguments not in ([], ["--json"]):
        sys.stderr.write("usage: python -m registry_service.fsck [--json]\n")
        return _UNTOLD
    url = environ.get("YIZHAO_REGISTRY_DATABASE_URL", "")
    if not url:
        sys.stderr.write("YIZHAO_REGISTRY_DATABASE_URL names no database\n")
        return _UNTOLD
    try:
        tell = on_standard_error if sys.stderr.isatty() else silent
        faults = check(url, _roots(environ.get("YIZHAO_REGISTRY_KEYS", "")), tell)
    except (psycopg.OperationalError, OSError, ValueError) as error:
        sys.stderr.write(f"cannot recheck: {error}\n")
        return _UNTOLD
    _tell(faults, as_json=bool(arguments))
    return _FAULTY if faults else 0


def _tell(faults: list[Fault], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False) + "\n")
        return
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    count = len(faults)
    sys.stdout.write(
        f"{count} rows break an invariant 发现 {count} 处不一致\n"
        if faults
        else "every invariant holds 全部一致\n"
    )


def _roots(folder: str) -> tuple[cose.PublicKey, ...]:
    if not folder or not (Path(folder) / _ROOT_FILE).exists():
        return ()
    text = (Path(folder) / _ROOT_FILE).read_text("ascii")
    keys = [
        load_pem_public_key((part + _END).encode()) for part in text.split(_END) if part.strip()
    ]
    return tuple(key for key in keys if isinstance(key, ec.EllipticCurvePublicKey))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
