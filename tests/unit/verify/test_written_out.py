"""What is written out by hand for speed is what the general writer writes."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from license_verify.token import cbor, cose
from license_verify.token.claims import (
    EXP,
    FACE,
    IAT,
    STATUS,
    SUB,
    Claims,
    StatusRef,
    end_of,
    status_uri,
)
from license_verify.token.face import Face, LicenseFace, SiteFace, digest

texts = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=80)
numbers = st.integers(1, 2**32 - 1)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
digests = texts.map(digest)
licences = st.builds(
    LicenseFace,
    version=numbers,
    name=texts,
    type_code=st.just(1130),
    person=texts,
    address=texts,
    established=days,
    registrar=numbers,
    scope_digest=digests,
    approved=days,
    capital=st.none() | texts.map(lambda text: text[:20]),
    form=st.none(),
    many_addresses=st.booleans(),
    term_start=st.none() | days,
    copy=st.none() | st.integers(0, 9_999),
)
sites = st.builds(
    SiteFace,
    version=numbers,
    address=texts,
    registrar=numbers,
    approved=days,
    supervisor=numbers,
    name=st.none() | texts,
    site_name=st.none() | texts,
    scope_digest=st.none() | digests,
)
values = st.one_of(st.booleans(), st.integers(-(2**64), 2**64 - 1), st.binary(), st.text())


@given(values)
def test_a_leaf_is_as_cbor2_writes_it(value: bool | int | bytes | str) -> None:
    assert cbor.leaf(value) == cbor.encode(value)


@given(
    st.one_of(licences, sites),
    st.integers(0, 2**20 - 1),
    st.integers(0, 999),
    st.none() | st.dates(date(2026, 1, 1), date(2100, 1, 1)),
)
def test_claims_are_as_the_general_writer_writes_them(
    face: Face, index: int, list_no: int, end: date | None
) -> None:
    site = isinstance(face, SiteFace)
    claims = Claims(
        subject="91370811MAJN000108-7" if site else "91370811MAJN000108",
        issued_at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=index),
        expires_at=None if site or end is None else end_of(end),
        status=StatusRef(index, status_uri("zz.jining.example", list_no)),
        face=face,
    )
    fields: dict[int, object] = {
        SUB: claims.subject,
        IAT: int(claims.issued_at.timestamp()),
        STATUS: {"status_list": {"idx": index, "uri": claims.status.uri}},
        FACE: face.to_map(),
    }
    if claims.expires_at is not None:
        fields[EXP] = int(claims.expires_at.timestamp())
    written = claims.encode()
    assert written == cbor.encode(fields)
    assert Claims.decode(written) == claims


@given(st.binary(max_size=400), st.binary(min_size=8, max_size=8))
def test_a_token_is_as_the_general_writer_writes_it(payload: bytes, kid: bytes) -> None:
    protected, signature = cose.protected_header(kid), bytes(31) + b"\x01" + bytes(31) + b"\x01"
    assert cose.assemble(protected, payload, signature) == cbor.encode(
        [protected, {}, payload, signature], tag=cose.TAG
    )
