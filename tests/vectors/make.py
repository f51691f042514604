"""Makes `profile_l1.json` anew: `python -m tests.vectors.make`. See README.md."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from license_verify import Status
from license_verify.token import cose
from license_verify.token.claims import end_of
from license_verify.token.face import digest
from license_verify.token.scan import ScanText
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    HOST,
    INDEX,
    NOW,
    SITE_CLAIMS,
    SITE_INDEX,
    Signer,
    World,
)

FILE = Path(__file__).with_name("profile_l1.json")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def secret(name: str) -> int:
    """A scalar that everybody can compute: these keys protect nothing."""
    seed = hashlib.sha256(f"yizhao test vector key, protects nothing: {name}".encode()).digest()
    return int.from_bytes(seed, "big") % (_ORDER - 1) + 1


def _world() -> World:
    names = ("root", "token", "status", "publication")
    root, token, status, publication = (Signer(secret(name)) for name in names)
    statuses = {
        INDEX: Status.VALID,
        SITE_INDEX: Status.VALID,
        5: Status.REVOKED,
        6: Status.SUPERSEDED,
    }
    return World(root, token, status, publication, statuses=statuses)


def _case(name: str, scan: str, outcome: str, reason: str) -> dict[str, str]:
    return {"name": name, "scan": scan, "outcome": outcome, "reason": reason}


def _cases(world: World) -> list[dict[str, str]]:
    scan = world.scan()
    token = ScanText.parse(scan).data
    twin = token[:-32] + (_ORDER - int.from_bytes(token[-32:], "big")).to_bytes(32, "big")
    listed = next(iter(world.bundle().lists.values()))
    revoked = replace(CLAIMS, status=replace(CLAIMS.status, index=5))
    superseded = replace(CLAIMS, status=replace(CLAIMS.status, index=6))
    ended = replace(CLAIMS, expires_at=end_of(date(2026, 11, 1)))
    long_name = replace(FACE, name="济宁市" + "长" * 60 + "有限公司")
    short = replace(CLAIMS, face=long_name.with_name_shortened().with_address_digest())
    by_status_key = replace(world, token=world.status)
    misprint = scan[:-1] + str((int(scan[-1]) + 1) % 10)
    return [
        _case("licence", scan, "VALID", "OK"),
        _case("site", world.scan(SITE_CLAIMS), "VALID", "OK"),
        _case("shortened face", world.scan(short), "VALID", "OK"),
        _case("revoked", world.scan(revoked), "INVALID", "STATUS_REVOKED"),
        _case("superseded", world.scan(superseded), "INVALID", "STATUS_SUPERSEDED"),
        _case("term ended", world.scan(ended), "INVALID", "EXPIRED"),
        _case("one digit misprinted", misprint, "INVALID", "SIGNATURE_WRONG"),
        _case("high s", str(ScanText.of(HOST, twin)), "INVALID", "SIGNATURE_HIGH_S"),
        _case(
            "tag in two bytes",
            str(ScanText.of(HOST, b"\xd8\x12" + token[1:])),
            "INVALID",
            "CBOR_REFUSED",
        ),
        _case("byte behind", str(ScanText.of(HOST, token + b"\x00")), "INVALID", "CBOR_REFUSED"),
        _case("signed by the status key", by_status_key.scan(), "INVALID", "KEY_WRONG_USE"),
        _case("status list as token", str(ScanText.of(HOST, listed)), "INVALID", "COSE_REFUSED"),
        _case("query string", scan + "?from=chat", "INVALID", "DIGITS_MALFORMED"),
        _case("other host", scan.replace(HOST, "fake.example.cn"), "INVALID", "HOST_DIFFERS"),
    ]


def published(world: World) -> dict[str, object]:
    """The root's public point, and what the world publishes under it."""
    point = cose.public_map(world.root.public)
    root = {name: bytes(point[key]).hex() for name, key in (("x", -2), ("y", -3))}  # type: ignore[arg-type]
    return {"root": root, "bundle": base64.b64encode(world.bundle().encode()).decode()}


def main() -> None:
    """Write the file; signatures differ each time, everything else stays."""
    world = _world()
    content = {
        "profile": "L1",
        "now": NOW.isoformat(),
        **published(world),
        "cases": _cases(world),
        "digest": {
            "text": "一般项目：日用百货销售",
            "value": digest("一般项目：日用百货销售").hex(),
        },
    }
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
