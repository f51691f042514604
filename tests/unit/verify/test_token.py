"""Tokens: what is issued is read back, every other form is refused."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import limits
from license_verify.token import cbor, claims, cose
from license_verify.token.claims import Claims, StatusRef, end_of, issue, read, status_uri
from license_verify.token.errors import (
    AlgorithmRefused,
    ClaimsRefused,
    CoseRefused,
    HighS,
    TokenRefused,
)
from license_verify.token.face import digest
from tests.unit.verify.world import CLAIMS, FACE, SITE_CLAIMS, Signer

ISSUER = Signer()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def token_of(payload: object, header: object = None) -> bytes:
    """A token of any payload and header, truly signed."""
    protected = cbor.encode({1: -7, 4: ISSUER.kid} if header is None else header)
    body = cbor.encode(payload)
    return cose.assemble(protected, body, ISSUER.sign(cose.sig_structure(protected, body)))


def payload_of(token: Claims = CLAIMS) -> dict[int, object]:
    value = cbor.decode(token.encode(), 999)
    assert isinstance(value, dict)
    return {int(key): item for key, item in value.items()}


@pytest.mark.parametrize("token", [CLAIMS, SITE_CLAIMS])
def test_an_issued_token_is_read_back(token: Claims) -> None:
    data = issue(token, kid=ISSUER.kid, sign=ISSUER.sign)
    taken = read(data)
    assert taken.claims == token
    assert cose.signature_fits(taken.sign1, ISSUER.public, cose.ES256)
    assert taken.sign1.token_id == hashlib.sha256(taken.sign1.signed_bytes).digest()


def test_a_full_face_fits_the_size_that_a_small_symbol_holds() -> None:
    assert len(issue(CLAIMS, kid=ISSUER.kid, sign=ISSUER.sign)) <= 420


@given(st.text("济宁市曲阜邹城（）()路号0123456789ABCé", min_size=1, max_size=90))
def test_any_clean_text_survives_the_journey(text: str) -> None:
    token = replace(CLAIMS, face=replace(FACE, name=text[:40], person=text, address=None))
    token = replace(token, face=replace(token.face, address_digest=digest(text)))
    assert Claims.decode(token.encode()) == token


def test_a_long_face_is_shortened_by_its_digests() -> None:
    name = "济宁市" + "长" * 60 + "公司"
    face = replace(FACE, name=name).with_address_digest().with_name_shortened()
    assert (face.address, face.address_digest) == (None, digest(FACE.address or ""))
    assert (face.name, face.name_digest) == (name[:40], digest(name))
    assert Claims.decode(replace(CLAIMS, face=face).encode()).face == face
    site = SITE_CLAIMS.face.with_address_digest().with_name_shortened()
    assert Claims.decode(replace(SITE_CLAIMS, face=site).encode()).face == site


def test_a_term_ends_with_its_last_day_in_beijing() -> None:
    token = replace(CLAIMS, expires_at=end_of(date(2030, 12, 31)))
    assert Claims.decode(token.encode()) == token
    assert end_of(date(2030, 12, 31)).isoformat() == "2031-01-01T00:00:00+08:00"
    with pytest.raises(ClaimsRefused):
        replace(token, expires_at=end_of(date(2030, 12, 31)) - timedelta(hours=1)).encode()


def _with(key: int, value: object) -> Callable[[dict[int, object]], None]:
    return lambda face: face.__setitem__(key, value)


def _without(key: int) -> Callable[[dict[int, object]], object]:
    return lambda face: face.pop(key)


@pytest.mark.parametrize(
    "change",
    [
        *(_without(key) for key in (0, 1, 2, 3, 4, 5, 7, 8, 9, 11)),
        _with(0, 3),
        _with(0, True),
        _with(1, 0),
        _with(1, "1"),
        _with(1, True),
        _with(2, "a\u202eb"),
        _with(2, "e\u0301"),
        _with(2, "长" * 101),
        _with(3, 999),
        _with(4, ""),
        _with(5, "a" * 257),
        _with(6, b"x"),
        _with(7, -40_000),
        _with(9, b"x" * 15),
        _with(9, "x" * 16),
        _with(10, False),
        _with(14, b"x" * 16),
        _with(15, b"x" * 16),
        _with(16, 0),
        _with(17, "门店"),
        _with(18, 11),
        _with(21, -1),
    ],
)
def test_a_face_with_any_other_content_is_refused(
    change: Callable[[dict[int, object]], object],
) -> None:
    payload = payload_of()
    face = payload[claims.FACE]
    assert isinstance(face, dict)
    change(face)
    with pytest.raises(ClaimsRefused):
        read(token_of(payload))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (claims.SUB, "91370811MAJN000107"),
        (claims.SUB, "91370811MAJN000108-1"),
        (claims.SUB, 5),
        (claims.IAT, -1),
        (claims.IAT, "x"),
        (claims.EXP, 1_900_000_000),
        (claims.STATUS, {}),
        (claims.STATUS, {"status_list": {"idx": 1}}),
        (claims.STATUS, {"status_list": {"idx": -1, "uri": status_uri("a.cn", 0)}}),
        (claims.STATUS, {"status_list": {"idx": 1 << 20, "uri": status_uri("a.cn", 0)}}),
        (claims.STATUS, {"status_list": {"idx": 1, "uri": "https://a.cn/s/00"}}),
        (claims.STATUS, {"status_list": {"idx": 1, "uri": "http://a.cn/s/0"}}),
        (claims.STATUS, {"status_list": {"idx": 1, "uri": "https://a.cn/x"}}),
        (claims.FACE, []),
        (claims.FACE, {"0": 1}),
        (99, 1),
    ],
)
def test_any_other_claim_is_refused(key: int, value: object) -> None:
    with pytest.raises(ClaimsRefused):
        read(token_of(payload_of() | {key: value}))


@pytest.mark.parametrize("subject", ["", "-0", "-01", "-", "-x", "7", "-1234567890", "-７"])
def test_a_site_has_a_plain_number(subject: str) -> None:
    with pytest.raises(ClaimsRefused):
        read(token_of(payload_of(SITE_CLAIMS) | {2: "91370811MAJN000108" + subject}))


@pytest.mark.parametrize(
    "header",
    [
        {},
        {1: -7},
        {4: b"x" * 8},
        {1: -7, 4: b"x" * 8, 16: "application/statuslist+cwt"},
        {1: -7, 3: 0, 4: b"x" * 8},
        {1: -7, 4: b"x" * 7},
        {1: -7, 4: "x" * 8},
        [],
    ],
)
def test_other_headers_than_alg_and_kid_are_refused(header: object) -> None:
    with pytest.raises(CoseRefused):
        read(token_of(payload_of(), header))


@pytest.mark.parametrize("alg", [-8, -35, -257, 5, 0, "ES256", True])
def test_another_algorithm_is_refused(alg: object) -> None:
    with pytest.raises(AlgorithmRefused):
        read(token_of(payload_of(), {1: alg, 4: ISSUER.kid}))


def test_the_fully_specified_name_of_es256_is_accepted() -> None:
    taken = read(token_of(payload_of(), {1: -9, 4: ISSUER.kid}))
    assert cose.signature_fits(taken.sign1, ISSUER.public, cose.ES256)
    assert not cose.signature_fits(taken.sign1, ISSUER.public, -8)


def test_the_high_s_twin_is_refused() -> None:
    data = issue(CLAIMS, kid=ISSUER.kid, sign=ISSUER.sign)
    s = int.from_bytes(data[-32:], "big")
    with pytest.raises(HighS):
        read(data[:-32] + (ORDER - s).to_bytes(32, "big"))


@pytest.mark.parametrize("tail", [b"\x00" * 64, b"\xff" * 64, b"\x00" * 32 + b"\x01" * 32])
def test_a_signature_out_of_range_is_refused(tail: bytes) -> None:
    data = issue(CLAIMS, kid=ISSUER.kid, sign=ISSUER.sign)
    with pytest.raises(CoseRefused):
        read(data[:-64] + tail)


def test_a_second_encoding_of_the_same_content_is_refused() -> None:
    data = issue(CLAIMS, kid=ISSUER.kid, sign=ISSUER.sign)
    assert data[:3] == b"\xd2\x84\x4d"
    twins = [
        b"\xd8\x12" + data[1:],  # the tag in two bytes
        data[1:],  # no tag
        b"\xd2\x98\x04" + data[2:],  # the array's length in two bytes
        b"\xd2\x9f" + data[2:] + b"\xff",  # an array without length
        b"\xd2\x84\x58\x0d" + data[3:],  # the header's length in two bytes
        data + b"\x00",
        b"\xd9\xd9\xf7" + data,  # the tag that says "this is CBOR"
    ]
    for twin in twins:
        with pytest.raises(TokenRefused):
            read(twin)


def test_a_token_cut_off_anywhere_is_refused() -> None:
    data = issue(CLAIMS, kid=ISSUER.kid, sign=ISSUER.sign)
    for end in range(len(data)):
        with pytest.raises(TokenRefused):
            read(data[:end])


@given(st.binary(max_size=700))
def test_any_bytes_are_refused_in_good_order(data: bytes) -> None:
    with pytest.raises(TokenRefused):
        read(data)


def test_an_issuer_cannot_sign_what_a_checker_refuses() -> None:
    wrong = [
        replace(CLAIMS, subject="91370811MAJN000107"),
        replace(CLAIMS, status=StatusRef(1 << 20, CLAIMS.status.uri)),
        replace(CLAIMS, issued_at=CLAIMS.issued_at.replace(tzinfo=None)),
        replace(CLAIMS, face=replace(FACE, name=None)),
        replace(CLAIMS, face=replace(FACE, person=" ")),
    ]
    for token in wrong:
        with pytest.raises(ClaimsRefused):
            issue(token, kid=ISSUER.kid, sign=ISSUER.sign)
    with pytest.raises(CoseRefused):
        issue(CLAIMS, kid=b"short", sign=ISSUER.sign)


def test_a_kid_is_the_beginning_of_the_thumbprint_of_rfc_9679() -> None:
    # The example of RFC 9679 §6.
    x = bytes.fromhex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d")
    y = bytes.fromhex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c")
    key = cose.public_key({1: 2, -1: 1, -2: x, -3: y})
    expected = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    assert cose.thumbprint(key).hex() == expected
    assert cose.kid_of(key).hex() == expected[:16]


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {1: 2, -1: 1, -2: b"x" * 32},
        {1: 2, -1: 1, -2: b"x" * 32, -3: b"y" * 32},  # not on the curve
        {1: 2, -1: True, -2: b"x" * 32, -3: b"y" * 32},
        {1: 2, -1: 1, -2: b"x" * 31, -3: b"y" * 32},
        {1: 2, -1: 2, -2: b"x" * 32, -3: b"y" * 32},
    ],
)
def test_what_is_no_key_is_refused(fields: cbor.Value) -> None:
    with pytest.raises(CoseRefused):
        cose.public_key(fields)


def test_the_digits_limit_and_the_byte_limit_agree() -> None:
    assert len(str(256**limits.TOKEN_BYTES - 1)) >= limits.DIGITS


@given(st.binary(max_size=3), st.integers(0, 400), st.integers(0, 255))
def test_both_ways_of_reading_claims_agree_on_every_changed_byte(
    added: bytes, at: int, byte: int
) -> None:
    """The usual form is compared as a whole, any other read item by item."""
    payload = bytearray(CLAIMS.encode())
    payload[at % len(payload)] = byte
    payload += added

    def outcome() -> object:
        try:
            return Claims.decode(bytes(payload))
        except TokenRefused:
            return None

    quick = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "_USUAL", re.compile(rb"(?!)"))
        slow = outcome()
    assert quick == slow
