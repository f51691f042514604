"""Hostile input gets a verdict, quickly, and never an exception or VALID."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import Claimed, Outcome, Reason, verify, verify_subject
from license_verify.text import UnfitText
from license_verify.token import cbor, cose, digits
from tests.unit.verify.world import HOST, NOW, World

WORLD = World()
TRUST = WORLD.trust()


def at_host(data: bytes) -> str:
    return f"https://{HOST}/{int.from_bytes(data, 'big')}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"https://{HOST}/" + "9" * 1_000_000, Reason.SCAN_TOO_LONG),
        (f"https://{HOST}/" + "9" * 1_601, Reason.DIGITS_TOO_MANY),
        ("\x00" * 1_000, Reason.SCAN_MALFORMED),
        ("\ud800", Reason.SCAN_MALFORMED),
        (at_host(b"\xd2" + b"\x84" * 600), Reason.CBOR_TOO_LARGE),
        (at_host(b"\xd2" + b"\x81" * 600), Reason.CBOR_TOO_LARGE),
        (at_host(b"\xd2\x9b" + b"\xff" * 8), Reason.CBOR_REFUSED),
        (at_host(b"\xd2\x84\x5b" + b"\x7f" * 8), Reason.CBOR_REFUSED),
        (at_host(b"\xd2\x62\xc3\x28"), Reason.CBOR_REFUSED),
        (WORLD.scan()[:-40], Reason.CBOR_REFUSED),
        (f"https://{HOST}/1", Reason.CBOR_REFUSED),
        ("https://" + "a." * 900 + "cn/1", Reason.HOST_MALFORMED),
    ],
)
def test_a_hostile_text_is_refused_by_name(text: str, reason: Reason) -> None:
    verdict = verify(text, TRUST, NOW)
    assert verdict.outcome is Outcome.INVALID
    assert verdict.reason is reason
    assert verdict.words.zh.next_step


def test_text_in_a_token_that_is_not_utf_8_is_refused() -> None:
    payload = b"\xa1\x02\x62\xc3\x28"
    protected = cose.protected_header(WORLD.token.kid)
    signature = WORLD.token.sign(cose.sig_structure(protected, payload))
    data = cose.assemble(protected, payload, signature)
    assert verify(at_host(data), TRUST, NOW).reason is Reason.CBOR_REFUSED


def test_a_compressed_bomb_is_no_token() -> None:
    bomb = cbor.encode([b"", {}, zlib.compress(b"\x00" * 100_000), b"\x00" * 64], tag=18)
    verdict = verify(f"https://{HOST}/{digits.encode(bomb)}", TRUST, NOW)
    assert verdict.outcome is Outcome.INVALID


@given(st.text(max_size=300) | st.from_regex(r"https://yizhao\.example\.cn/[0-9]{1,400}"))
def test_any_text_gets_a_verdict_and_is_not_valid(text: str) -> None:
    assert verify(text, TRUST, NOW).outcome is not Outcome.VALID
    assert verify_subject(text, TRUST, NOW).outcome is not Outcome.VALID


def test_a_hostile_claim_is_refused_by_name() -> None:
    for claimed in (Claimed(name="a\u202eb"), Claimed(address="x" * 10_000), Claimed(person=" ")):
        with pytest.raises(UnfitText):
            verify(WORLD.scan(), TRUST, NOW, claims=claimed)
