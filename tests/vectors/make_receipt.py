"""Makes `receipt_1.json` anew: `python -m tests.vectors.make_receipt`. See README.md."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from license_verify import verify
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import sign_tree
from license_verify.token import cose
from tests.unit.verify.world import NOW, T0, Signer, World
from tests.vectors.make import secret

FILE: Final = Path(__file__).with_name("receipt_1.json")
_SIZES: Final = (1, 2, 3, 32)
_ID: Final = 0x019A_0000_0000_7000_8000_0000_0000_0000


def _world(key: Signer) -> World:
    names = ("root", "token", "status", "publication")
    root, token, status, publication = (Signer(secret(name)) for name in names)
    world = World(root, token, status, publication)
    listed = world.trust_list()
    start = T0 - timedelta(days=30)
    added = TrustedKey.of(key.public, Use.RECEIPT, KeyState.ACTIVE, start)
    return replace(world, content=replace(listed, keys=(*listed.keys, added)))


def _case(name: str, document: bytes, number: int | None) -> dict[str, str]:
    encoded = base64.b64encode(document).decode()
    id_ = "" if number is None else str(UUID(int=_ID + number))
    return {"name": name, "document": encoded, "id": id_}


def main() -> None:
    """Write the file; signatures differ each time, everything else stays."""
    key, stranger = Signer(secret("receipt")), Signer(secret("stranger"))
    world = _world(key)
    asked = Asked(partner="partner/example", purpose="banking", case_number="2026-000123")
    verdict = verify(world.scan(), world.trust(), NOW)
    contents = [
        Receipt.of(verdict, asked, UUID(int=_ID + number)).payload()
        for number in range(max(_SIZES))
    ]

    def tree(signed: Sequence[bytes], by: Signer = key) -> list[bytes]:
        return sign_tree(signed, kid=by.kid, sign=by.sign)

    cases = []
    for size in _SIZES:
        documents = tree(contents[:size])
        for number in {0, size // 2, size - 1}:
            name = f"number {number} of {size} under one signature"
            cases.append(_case(name, documents[number], number))
    first, last = (tree(contents[:3])[number] for number in (0, 2))
    other = contents[0].replace(b"2026-000123", b"2026-000124")
    cases += [
        _case("another case", first.replace(contents[0], other), None),
        _case("the content of another", first.replace(contents[0], contents[2]), None),
        _case("of more than there were", first.replace(b"\x83\x03\x00", b"\x83\x04\x00"), None),
        _case("in the place of another", last.replace(b"\x83\x03\x02", b"\x83\x03\x01"), None),
        _case("a byte behind", first + b"\x00", None),
        _case("signed by a stranger", tree(contents[:3], stranger)[0], None),
        _case("signed by the status key", tree(contents[:3], world.status)[0], None),
    ]
    point = cose.public_map(world.root.public)
    x, y = point[-2], point[-3]
    assert isinstance(x, bytes)
    assert isinstance(y, bytes)
    content = {
        "format": 1,
        "root": {"x": x.hex(), "y": y.hex()},
        "bundle": base64.b64encode(world.bundle().encode()).decode(),
        "cases": cases,
    }
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
