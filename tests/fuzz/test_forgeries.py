"""Spoiled and forged tokens are refused, every one."""

from random import Random

import cbor2
import pytest

from license_verify import Outcome, Reason, verify
from license_verify.token import cose
from tests.fuzz import spoil
from tests.fuzz.seeds import SCANS, TOKENS, TRUST, WORLD
from tests.unit.verify.world import HOST, NOW


def at_host(data: bytes) -> str:
    return f"https://{HOST}/{int.from_bytes(data, 'big')}"


def test_the_seeds_themselves_are_valid() -> None:
    assert len(set(SCANS)) == 20
    assert {verify(scan, TRUST, NOW).outcome for scan in SCANS} == {Outcome.VALID}


@pytest.mark.parametrize("token", TOKENS)
def test_every_flipped_bit_of_a_token_is_refused(token: bytes) -> None:
    number = int.from_bytes(token, "big")
    for bit in range(len(token) * 8):
        verdict = verify(f"https://{HOST}/{number ^ 1 << bit}", TRUST, NOW)
        assert verdict.outcome is Outcome.INVALID, bit


def test_a_cwt_signed_over_header_and_claims_alone_is_refused() -> None:
    """As wallets were seen to do it: no Sig_structure, header and claims joined."""
    for token in TOKENS:
        genuine = cose.decode(token, max_bytes=1024)
        joined = genuine.protected + genuine.payload
        without = cbor2.dumps([genuine.protected, genuine.payload])
        for signed in (joined, without, genuine.payload):
            wrong = cose.assemble(genuine.protected, genuine.payload, WORLD.token.sign(signed))
            verdict = verify(at_host(wrong), TRUST, NOW)
            assert verdict.outcome is Outcome.INVALID
            assert verdict.reason is Reason.SIGNATURE_WRONG
            assert verdict.face is None


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_scans_are_never_valid(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - not a secret
    for _ in range(1_000):
        text = spoil.scan(chance)
        assert text in SCANS or verify(text, TRUST, NOW).outcome is not Outcome.VALID, text
