"""Licences about to be signed: kept whole, signed with the key that is named and no other."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from license_verify.token import cose
from registry_service.domain.errors import SignerUnavailable
from registry_service.domain.key import KeyUse
from registry_service.domain.license_draft import Draft
from registry_service.issuing.drafts import pack, sign_all, unpack
from registry_service.issuing.keys import HeldKey
from registry_service.issuing.signer import KeyRing

KEY = ec.generate_private_key(ec.SECP256R1())
KID = cose.kid_of(KEY.public_key())
drafts = st.lists(
    st.builds(
        Draft,
        st.integers(1, 2**63 - 1),
        st.integers(1, 2**63 - 1),
        st.integers(1, 2**31 - 1),
        st.integers(0, 2**31 - 1),
        st.integers(0, 2**20 - 1),
        st.binary(max_size=700),
    ),
    max_size=5,
)


@given(drafts)
def test_drafts_come_back_as_they_were_kept(kept: list[Draft]) -> None:
    assert list(unpack(pack(kept))) == kept


@given(drafts)
def test_each_token_verifies_and_says_what_was_to_be_signed(kept: list[Draft]) -> None:
    ring = KeyRing([HeldKey(KID, KeyUse.TOKEN, KEY)], {})
    sign = ring.signer(KID, KeyUse.TOKEN)
    for one in sign_all(kept, KID, sign, KEY.public_key()):
        token = cose.decode(one.token, max_bytes=2000)
        assert cose.signature_fits(token, KEY.public_key(), cose.ES256)
        assert token.signed_bytes == one.to_be_signed
        assert (token.kid, token.payload) == (KID, one.draft.payload)


def test_a_key_that_signs_for_another_is_found_out() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    sign = KeyRing([HeldKey(KID, KeyUse.TOKEN, other)], {}).signer(KID, KeyUse.TOKEN)
    with pytest.raises(SignerUnavailable):
        sign_all([Draft(1, 1, 1, 0, 0, b"\xa0")], KID, sign, KEY.public_key())
