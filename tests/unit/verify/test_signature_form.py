"""The form in which `cryptography` takes a signature, written out here."""

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from license_verify.token.cose import der

halves = st.integers(0, (1 << 256) - 1) | st.integers(0, 1 << 16)


@given(halves, halves)
def test_it_is_what_the_library_writes(r: int, s: int) -> None:
    assert der(r.to_bytes(32, "big") + s.to_bytes(32, "big")) == encode_dss_signature(r, s)
