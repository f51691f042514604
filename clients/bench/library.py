"""The library against raw signature checks of `cryptography`, and against `cwt.decode`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.bench.rounds import Timing, in_turns
from clients.bench.tokens import NOW, Material, make
from license_verify import Outcome, Verdict, judge, open_scan, verify
from license_verify.opened_scans import OpenedScans
from license_verify.token import cose
from license_verify.token.scan import ScanText

_TOKENS: Final = 200
_ES256: Final = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Line:
    """One measured ratio and what is asked of it."""

    what: str
    ratio: float
    wanted: float
    note: str = ""


def measure() -> list[Line]:
    """Run everything; each ratio is of things timed in turns on the same tokens."""
    material = make(_TOKENS)
    cache = OpenedScans()

    def again(scan: str) -> Verdict:
        return judge(cache.open(scan, material.trust), material.trust, NOW)

    things: dict[str, Callable[[], object]] = {
        "raw": _raw(material),
        "verify": lambda: _each(material, lambda scan: verify(scan, material.trust, NOW)),
        "open": lambda: _each(material, lambda scan: open_scan(scan, material.trust)),
        "repeated": lambda: _each(material, again),
    }
    theirs = _cwt(material)
    if theirs is not None:
        things["cwt"] = theirs
    _all_valid(material)
    timed = in_turns(things, _TOKENS)
    return list(_lines(timed))


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


def _raw(material: Material) -> Callable[[], object]:
    pairs = []
    for scan in material.scans:
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
