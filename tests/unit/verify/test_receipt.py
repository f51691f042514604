"""Receipts: what they say, and that they verify years and key rotations later."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import Trust, TrustList, policy_for, verify
from license_verify.lists.manifest import sign_manifest
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.receipt import Asked, Receipt, ReceiptRefused
from license_verify.receipt_document import open_receipt, sign_receipt
from license_verify.token import cose
from tests.unit.verify.world import FACE, NOW, T0, USCC, Signer, World

KEY, NEWER = Signer(), Signer()
WORLD = World()
TRUST = WORLD.trust()
ASKED = Asked(
    partner="partner/icbank",
    purpose="banking",
    item_code="开户-01",
    case_number="2026-000123",
    operator="op-7f3a",
)
RECEIPT = Receipt.of(verify(WORLD.scan(), TRUST, NOW, policy_for("banking")), ASKED, UUID(int=7))
SIGNED = sign_receipt(RECEIPT, kid=KEY.kid, sign=KEY.sign)


def trust_with(*keys: TrustedKey, world: World = WORLD) -> Trust:
    listed: TrustList = world.trust_list()
    content = replace(listed, keys=(*listed.keys, *keys))
    return replace(world, content=content).trust()


def receipt_key(
    state: KeyState = KeyState.ACTIVE, until: datetime | None = None, use: Use = Use.RECEIPT
) -> TrustedKey:
    return TrustedKey.of(KEY.public, use, state, T0 - timedelta(days=30), until)


def test_a_receipt_says_what_the_verdict_said_and_nothing_of_the_face() -> None:
    found = open_receipt(SIGNED, trust_with(receipt_key()))
    assert found == RECEIPT
    assert (found.outcome, found.uscc, found.asked) == ("VALID", USCC, ASKED)
    for secret in (FACE.name, FACE.person, FACE.address):
        assert str(secret).encode() not in SIGNED


def test_it_verifies_years_and_rotations_later() -> None:
    later = NOW + timedelta(days=365 * 7)
    newer = TrustedKey.of(NEWER.public, Use.RECEIPT, KeyState.ACTIVE, NOW + timedelta(days=90))
    retired = receipt_key(KeyState.RETIRED, NOW + timedelta(days=90))
    old_world = replace(WORLD, published_at=later, seq=90_000, trust_version=60)
    trust = trust_with(retired, newer, world=old_world)
    assert open_receipt(SIGNED, trust) == RECEIPT
    again = replace(RECEIPT, issued_at=later.replace(microsecond=0))
    open_receipt(sign_receipt(again, kid=NEWER.kid, sign=NEWER.sign), trust)
    with pytest.raises(ReceiptRefused):  # a retired key signs no more
        open_receipt(sign_receipt(again, kid=KEY.kid, sign=KEY.sign), trust)


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (receipt_key(KeyState.DISTRUSTED),),
        (receipt_key(use=Use.STATEMENT),),
        (receipt_key(KeyState.RETIRED, NOW - timedelta(days=1)),),
    ],
)
def test_a_key_that_may_not_sign_receipts_makes_none(keys: tuple[TrustedKey, ...]) -> None:
    with pytest.raises(ReceiptRefused):
        open_receipt(SIGNED, trust_with(*keys))


def test_no_other_signed_kind_passes_for_a_receipt() -> None:
    trust = trust_with(receipt_key())
    other = cose.encode(RECEIPT.payload(), kid=KEY.kid, sign=KEY.sign)
    bundle = WORLD.bundle()
    _, manifest = bundle.read_manifest()
    for data in (
        other,
        sign_manifest(manifest, kid=KEY.kid, sign=KEY.sign),
        cose.encode(b"\xa0", kid=KEY.kid, sign=KEY.sign, typ="application/vnd.yizhao.receipt+cose"),
    ):
        with pytest.raises(ReceiptRefused):
            open_receipt(data, trust)


@given(st.integers(0, len(SIGNED) * 8 - 1))
def test_every_flipped_bit_is_refused(bit: int) -> None:
    altered = bytearray(SIGNED)
    altered[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ReceiptRefused):
        open_receipt(bytes(altered), trust_with(receipt_key()))


def test_a_partners_hostile_reference_is_refused() -> None:
    verdict = verify(WORLD.scan(), TRUST, NOW)
    for asked in (
        replace(ASKED, operator="a\u202eb"),
        replace(ASKED, case_number="x" * 129),
        replace(ASKED, partner="Partner ICBANK"),
    ):
        with pytest.raises(ReceiptRefused):
            Receipt.of(verdict, asked, UUID(int=1))


def test_a_verdict_without_data_has_a_receipt_too() -> None:
    verdict = verify(WORLD.scan(), Trust.missing(), NOW)
    receipt = Receipt.of(verdict, ASKED, UUID(int=1))
    assert Receipt.decode(receipt.payload()) == receipt
    assert (receipt.token_id, receipt.uscc, receipt.outcome) == (None, None, "INDETERMINATE")


def test_it_is_read_back_with_every_set_of_what_may_be_absent() -> None:
    digest, day = bytes(range(32)), date(2026, 3, 4)
    for token_id, uscc, as_of, published, item, case, operator in product(
        (None, digest), (None, USCC), (None, day), (None, T0), ("", "开户"), ("", "7"), ("", "op")
    ):
        receipt = replace(
            RECEIPT,
            token_id=token_id,
            uscc=uscc,
            as_of=as_of,
            manifest_issued_at=published,
            asked=replace(ASKED, item_code=item, case_number=case, operator=operator),
        )
        assert Receipt.decode(receipt.written()) == receipt
