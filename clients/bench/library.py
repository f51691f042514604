"""The library against raw signature checks of `cryptography`, and against `cwt.decode`."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.bench import processor, profile
from clients.bench.line import Line
from clients.bench.rounds import Timing, each_of, in_turns
from clients.bench.tokens import NOW, Material, make
from license_verify import Outcome, Verdict, judge, open_scan, verify
from license_verify.opened_scans import OpenedScans
from license_verify.token import cose
from license_verify.token.scan import ScanText

_TOKENS: Final = 200
_PROFILE_SECONDS: Final = 4.0
_ES256: Final = ec.ECDSA(SHA256())


def measure(say: Callable[[str], None]) -> list[Line]:
    """Everything without a server; each ratio is of things timed in turns on the same tokens."""
    core, _ = processor.cores()
    material = make(_TOKENS)
    cache = OpenedScans()

    def again(scan: str) -> Verdict:
        return judge(cache.open(scan, material.trust), material.trust, NOW)

    things: dict[str, Callable[[], object]] = {
        "raw": raw(material, _TOKENS),
        "verify": lambda: _each(material, lambda scan: verify(scan, material.trust, NOW)),
        "open": lambda: _each(material, lambda scan: open_scan(scan, material.trust)),
        "repeated": lambda: _each(material, again),
    }
    theirs = _cwt(material)
    if theirs is not None:
        things["cwt"] = theirs
    _all_valid(material)
    with processor.only_on(core):
        say("the library, raw checks and cwt, in turns")
        timed = in_turns({name: each_of(work, _TOKENS) for name, work in things.items()})
        say("where the time of the library goes")
        found = profile.while_doing(os.getpid(), lambda: _for_long(things["verify"]))
    first, *others = _lines(timed)
    return [first.with_profile(found), *others]


def _for_long(work: Callable[[], object]) -> None:
    until = time.monotonic() + _PROFILE_SECONDS
    while time.monotonic() < until:
        work()


def _each(material: Material, check: Callable[[str], object]) -> None:
    for scan in material.scans:
        check(scan)


def _lines(timed: dict[str, Timing]) -> list[Line]:
    verifying, raw = timed["verify"], timed["raw"]
    lines = [
        Line(
            "verify / raw ES256 verify",
            verifying.speed_against(raw),
            0.6,
            f"{verifying.microseconds:.0f} µs and {raw.microseconds:.0f} µs; of the rest "
            f"{timed['open'].microseconds - raw.microseconds:.0f} µs read, "
            f"{verifying.microseconds - timed['open'].microseconds:.0f} µs judge",
        ),
        Line(
            "repeated / distinct, library with cache",
            timed["repeated"].speed_against(verifying),
            4.0,
            f"{timed['repeated'].microseconds:.0f} µs: status, time and policy are always fresh",
        ),
    ]
    if "cwt" in timed:
        lines.append(
            Line(
                "verify / cwt.decode",
                verifying.speed_against(timed["cwt"]),
                1.1,
                f"cwt {timed['cwt'].microseconds:.0f} µs: reads CBOR and COSE, checks the "
                "signature, exp and iat. verify also reads the digits, refuses every form but "
                "one, checks host, key, face, term, status and age of data, and gives reasons",
            )
        )
    return lines


def raw(material: Material, count: int) -> Callable[[], object]:
    """Checks the signatures of the first so many tokens, all else prepared before."""
    pairs = []
    for scan in material.scans[:count]:
        document = cose.decode(ScanText.parse(scan).data, max_bytes=1024)
        r, s = (int.from_bytes(half, "big") for half in _halves(document.signature))
        pairs.append((encode_dss_signature(r, s), document.signed_bytes))
    key = material.public

    def run() -> None:
        for signature, signed in pairs:
            key.verify(signature, signed, _ES256)

    return run


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    return signature[:32], signature[32:]


def _cwt(material: Material) -> Callable[[], object] | None:
    """`cwt.decode` with one parsed key; None where that library is not installed."""
    try:
        import cwt
    except ImportError:
        return None
    pem = material.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key: Any = cwt.COSEKey.from_pem(pem, alg="ES256", kid=material.kid)
    tokens = [ScanText.parse(scan).data for scan in material.scans]
    decode: Any = cwt.decode

    def run() -> None:
        for token in tokens:
            decode(token, key)

    return run


def _all_valid(material: Material) -> None:
    for scan in material.scans:
        if verify(scan, material.trust, NOW).outcome is not Outcome.VALID:
            raise AssertionError("a token of the measurement is not valid")
