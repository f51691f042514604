"""The codes as files: a bundle, its root, a table for programs, and a picture of each symbol."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.integrators.codes import Code, Expected, codes
from clients.integrators.pictures import symbol_of
from clients.integrators.system import ENVIRONMENT, HOST, ROOT, System
from clients.whole_files import write_whole
from license_verify import Claimed, Trust, policy_for, verify, verify_subject

BUNDLE, ROOT_KEY, TABLE = "bundle.cbor", "root.pub.pem", "codes.json"
CLOCKS: Final[Mapping[str, timedelta]] = {
    "fresh": timedelta(minutes=3),
    "stale": timedelta(days=10),
    "behind": -timedelta(hours=1),
}
"""The checker's clock, by how long after the bundle was published: its data is new, or older than
any purpose allows, or the clock itself is wrong."""


def expected_at(code: Code, trust: Trust, now: datetime) -> Expected:
    """What the library says of a code."""
    claims = Claimed(None, None, code.address) if code.address else None
    check = verify if code.kind == "scan" else verify_subject
    verdict = check(code.text, trust, now, policy_for(code.purpose), claims=claims)
    return Expected(verdict.outcome.value, verdict.status.value, verdict.reason.value)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    codes: int
    bytes: int
    """Of the bundle."""


def write(folder: Path, system: System, *, svg: bool = False) -> Written:
    """Write everything into `folder`, which is made where it is missing.

    Raises:
        OSError: a file can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bundle = system.bundle().encode()
    write_whole(folder / BUNDLE, bundle)
    public = ROOT.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_whole(folder / ROOT_KEY, public)
    told = json.dumps(table(system), ensure_ascii=False, indent=1)
    write_whole(folder / TABLE, f"{told}\n".encode())
    for code in pictured():
        symbol = symbol_of(code.text)
        write_whole(folder / f"{code.name}.png", symbol.png())
        if svg:
            write_whole(folder / f"{code.name}.svg", symbol.svg())
    return Written(len(codes()), len(bundle))


def pictured() -> tuple[Code, ...]:
    """The codes with a picture: one for each text that a scanner reads."""
    first: dict[str, Code] = {}
    for code in codes():
        if code.kind == "scan":
            first.setdefault(code.text, code)
    return tuple(first.values())


def table(system: System) -> dict[str, Any]:
    """Every code with what it is and what comes out at each clock."""
    trust = system.trust()
    pictures = {code.text: f"{code.name}.png" for code in pictured()}
    clocks = {name: system.published_at + after for name, after in CLOCKS.items()}
    return {
        "environment": ENVIRONMENT,
        "host": HOST,
        "root": ROOT_KEY,
        "bundle": BUNDLE,
        "published_at": system.published_at.isoformat(),
        "clocks": {name: now.isoformat() for name, now in clocks.items()},
        "codes": [
            {
                "name": code.name,
                "zh": code.zh,
                "en": code.en,
                "kind": code.kind,
                "text": code.text,
                "picture": pictures.get(code.text),
                "purpose": code.purpose,
                "address": code.address,
                "expected": {
                    name: asdict(expected_at(code, trust, now)) for name, now in clocks.items()
                },
                "node": asdict(code.live or code.expected),
            }
            for code in codes()
        ],
    }
