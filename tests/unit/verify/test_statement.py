"""Premises statements: what they say, who may sign them, and that nothing else passes for one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import OpenedStatement, StatedPlace, Statement, StatementRefused, limits
from license_verify import open_statement as opened_by
from license_verify import statement_errors as errors
from license_verify.lists.manifest import sign_manifest
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.receipt import TYP as RECEIPT_TYP
from license_verify.statement import TYP, PlaceState, sign_statement
from license_verify.token import cbor, cose
from tests.unit.verify.stated import KEY, PLACES, STATEMENT, signed, statement_key, trust_with
from tests.unit.verify.world import NOW, T0, Signer, World

WORLD = World()
TRUST = trust_with(statement_key(), world=WORLD)
SIGNED = signed()

texts = st.text("济宁任城曲阜路号门店（）·-abcXYZ019", min_size=1, max_size=60)
places = st.builds(
    StatedPlace,
    number=st.integers(1, 1 << 31),
    title=st.none() | texts,
    address=texts,
    unit=st.integers(1, 9_999),
    filed=st.dates(date(1950, 1, 1), date(2199, 12, 31)),
    state=st.sampled_from(PlaceState),
)
statements = st.builds(
    replace,
    st.just(STATEMENT),
    version=st.integers(1, 1 << 31),
    face_version=st.integers(1, 1 << 31),
    issued_at=st.integers(1, 1 << 31).map(lambda s: T0.fromtimestamp(s, T0.tzinfo)),
    premises=st.lists(places, max_size=12, unique_by=lambda place: place.number).map(
        lambda found: tuple(sorted(found, key=lambda place: place.number))
    ),
)


def test_a_statement_says_the_whole_list() -> None:
    assert opened_by(SIGNED, TRUST).content == STATEMENT


@given(statements)
def test_whatever_is_stated_is_read_back(content: Statement) -> None:
    payload = content.payload()
    assert Statement.decode(payload) == content
    assert cbor.encode(cbor.decode(payload, len(payload))) == payload


def test_a_firm_with_as_many_places_as_the_limit_fits_with_the_longest_texts() -> None:
    longest = replace(PLACES[0], title="店" * 100, address="路" * limits.ADDRESS_CHARACTERS)
    numbers = range(1, limits.STATEMENT_PREMISES + 1)
    content = replace(STATEMENT, premises=tuple(replace(longest, number=n) for n in numbers))
    assert opened_by(signed(content), TRUST).content == content
    one_more = replace(longest, number=limits.STATEMENT_PREMISES + 1)
    with pytest.raises(errors.StatementTooLarge):
        replace(content, premises=(*content.premises, one_more)).payload()


def test_more_bytes_than_the_limit_are_refused_unread() -> None:
    with pytest.raises(errors.StatementTooLarge):
        opened_by(b"\xd2" * (limits.STATEMENT_BYTES + 1), TRUST)


def test_it_verifies_years_and_rotations_later() -> None:
    newer = Signer()
    later = replace(WORLD, published_at=NOW + timedelta(days=3650), seq=90_000, trust_version=60)
    retired = statement_key(KeyState.RETIRED, NOW + timedelta(days=90))
    next_one = TrustedKey.of(newer.public, Use.STATEMENT, KeyState.ACTIVE, NOW + timedelta(days=90))
    assert opened_by(SIGNED, trust_with(retired, next_one, world=later)).content == STATEMENT


@pytest.mark.parametrize(
    ("keys", "refusal"),
    [
        ((), errors.StatementKeyUnknown),
        ((statement_key(use=Use.TOKEN),), errors.StatementKeyWrongUse),
        ((statement_key(use=Use.RECEIPT),), errors.StatementKeyWrongUse),
        ((statement_key(KeyState.DISTRUSTED),), errors.StatementKeyDistrusted),
        (
            (statement_key(KeyState.RETIRED, STATEMENT.issued_at),),
            errors.StatementKeyNotInItsTime,
        ),
    ],
)
def test_a_key_that_may_not_sign_statements_makes_none(
    keys: tuple[TrustedKey, ...], refusal: type[StatementRefused]
) -> None:
    with pytest.raises(refusal):
        opened_by(SIGNED, trust_with(*keys, world=WORLD))


def test_a_statement_dated_before_its_key_is_refused() -> None:
    early = replace(STATEMENT, issued_at=T0 - timedelta(days=31))
    with pytest.raises(errors.StatementKeyNotInItsTime):
        opened_by(signed(early), TRUST)


def test_without_data_or_in_another_environment_nothing_is_opened() -> None:
    test_system = replace(WORLD, environment="test")
    for trust in (
        type(TRUST).missing(),
        trust_with(statement_key(), world=test_system),
    ):
        with pytest.raises(errors.StatementWithoutTrust):
            opened_by(SIGNED, trust)


def test_no_other_signed_kind_passes_for_a_statement() -> None:
    payload = STATEMENT.payload()
    _, manifest = WORLD.bundle().read_manifest()
    for data in (
        cose.encode(payload, kid=KEY.kid, sign=KEY.sign),
        cose.encode(payload, kid=KEY.kid, sign=KEY.sign, typ=RECEIPT_TYP),
        sign_manifest(manifest, kid=KEY.kid, sign=KEY.sign),
        cose.encode(b"\xa0", kid=KEY.kid, sign=KEY.sign, typ=TYP),
    ):
        with pytest.raises(errors.StatementMalformed):
            opened_by(data, TRUST)


def test_another_key_under_its_kid_is_a_forgery() -> None:
    forger = Signer()
    with pytest.raises(errors.StatementForged):
        opened_by(sign_statement(STATEMENT, kid=KEY.kid, sign=forger.sign), TRUST)


def test_every_altered_byte_is_refused() -> None:
    for at in range(len(SIGNED)):
        for flip in (0x01, 0x80, 0xFF):
            altered = bytearray(SIGNED)
            altered[at] ^= flip
            with pytest.raises(StatementRefused):
                opened_by(bytes(altered), TRUST)


@given(st.integers(0, len(SIGNED)), st.binary(max_size=8), st.integers(0, 8))
def test_what_is_cut_or_added_is_refused(at: int, added: bytes, removed: int) -> None:
    altered = SIGNED[:at] + added + SIGNED[at + removed :]
    if altered != SIGNED:
        with pytest.raises(StatementRefused):
            opened_by(altered, TRUST)


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (replace(PLACES[1], address=""), "place 7: its address is blank"),
        (replace(PLACES[1], address="路" * 257), "place 7: its address has 257"),
        (replace(PLACES[1], title="店\u202e"), "place 7: its title holds U.202E"),
        (replace(PLACES[1], unit=0), "place 7: its unit"),
        (replace(PLACES[1], number=0), "the number of a place"),
        (replace(PLACES[1], number=1), "order of their numbers"),
    ],
)
def test_a_hostile_place_is_refused_by_name(place: StatedPlace, named: str) -> None:
    with pytest.raises(errors.StatementMalformed, match=named):
        replace(STATEMENT, premises=(PLACES[0], place)).payload()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("uscc", "91370811MAJN000109"),
        ("version", 0),
        ("face_version", 1 << 32),
        ("registrar", "11"),
        ("iat", -1),
        ("status_idx", limits.STATUS_ENTRIES),
        ("status_uri", "https://yizhao.example.cn/elsewhere"),
        ("premises", [[1, None, "某路1号", 13, "2026-02-30", "live"]]),
        ("premises", [[1, None, "某路1号", 13, "20260203", "live"]]),
        ("premises", [[1, None, "某路1号", 13, "2026-02-03", "struck"]]),
        ("premises", [[1, None, "某路1号", 13, "2026-02-03"]]),
        ("more", 1),
    ],
)
def test_a_value_out_of_range_is_refused(key: str, value: object) -> None:
    fields = cbor.decode(STATEMENT.payload(), 4096)
    assert isinstance(fields, dict)
    payload = cbor.encode({**fields, key: value})
    with pytest.raises(errors.StatementMalformed):
        Statement.decode(payload)


def test_a_time_without_a_zone_is_not_signed() -> None:
    with pytest.raises(errors.StatementMalformed):
        replace(STATEMENT, issued_at=STATEMENT.issued_at.replace(tzinfo=None)).payload()


def test_nobody_else_makes_an_opened_one() -> None:
    with pytest.raises(TypeError):
        OpenedStatement(STATEMENT, TRUST.version, object())
