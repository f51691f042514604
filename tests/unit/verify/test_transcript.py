"""The transcript of a ceremony: believed only from the root that signed its list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from license_verify.lists.errors import ListMalformed, ListNotSigned, ListTooLarge, RootUnknown
from license_verify.lists.trust_list import (
    KeyState,
    RootLink,
    TrustedHost,
    TrustedKey,
    TrustList,
    Use,
    sign_trust_list,
)
from license_verify.token import cbor
from license_verify.transcript import Transcript, open_transcript, sign_transcript
from tests.unit.verify.world import Signer

T0 = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
OLD, NEW, STRANGER = (Signer() for _ in range(3))
KEY = TrustedKey.of(
    ec.generate_private_key(ec.SECP256R1()).public_key(), Use.TOKEN, KeyState.ACTIVE, T0
)
LIST = TrustList(3, "test", T0, (KEY,), (TrustedHost("zz.jining.example", T0),))


def a_transcript(signed: bytes) -> Transcript:
    return Transcript(
        environment="test",
        practice=False,
        begun_at=T0,
        ended_at=T0 + timedelta(minutes=9),
        people=("测试甲", "测试乙"),
        shown=("trust list 2 → 3",),
        draft_digest=bytes(32),
        trust_list=signed,
    )


def listed(by: Signer, content: TrustList = LIST) -> bytes:
    return sign_trust_list(content, kid=by.kid, sign=by.sign)


def test_a_transcript_is_read_back_with_the_list_that_came_of_it() -> None:
    made = a_transcript(listed(OLD))
    signed = sign_transcript(made, kid=OLD.kid, sign=OLD.sign)
    assert open_transcript(signed, (OLD.public,)) == (made, LIST)


def test_who_pins_the_root_before_a_change_believes_the_transcript_of_it() -> None:
    link = RootLink.sign(OLD.public, NEW.public, by_old=OLD.sign, by_new=NEW.sign)
    changed = replace(LIST, root_links=(link,))
    made = a_transcript(listed(NEW, changed))
    signed = sign_transcript(made, kid=NEW.kid, sign=NEW.sign)
    assert open_transcript(signed, (OLD.public,)) == (made, changed)
    # Signed by the old root it would tell of a list that the new one signed.
    with pytest.raises(ListNotSigned):
        open_transcript(sign_transcript(made, kid=OLD.kid, sign=OLD.sign), (OLD.public,))


def test_a_transcript_of_another_root_is_not_believed() -> None:
    made = a_transcript(listed(STRANGER))
    with pytest.raises(RootUnknown):
        open_transcript(sign_transcript(made, kid=STRANGER.kid, sign=STRANGER.sign), (OLD.public,))
    forged = sign_transcript(a_transcript(listed(OLD)), kid=OLD.kid, sign=STRANGER.sign)
    with pytest.raises(ListNotSigned):
        open_transcript(forged, (OLD.public,))


def test_a_changed_transcript_is_not_believed() -> None:
    signed = bytearray(sign_transcript(a_transcript(listed(OLD)), kid=OLD.kid, sign=OLD.sign))
    at = signed.index("测试甲".encode())
    signed[at : at + 9] = "测试丙".encode()
    with pytest.raises(ListNotSigned):
        open_transcript(bytes(signed), (OLD.public,))


@pytest.mark.parametrize(
    ("key", "wrong", "error"),
    [
        ("practice", 1, ListMalformed),
        ("people", "测试甲", ListMalformed),
        ("people", [1], ListMalformed),
        ("shown", ["行"] * 2049, ListTooLarge),
        ("draft_digest", b"short", ListMalformed),
        ("trust_list", "text", ListMalformed),
        ("environment", "Test", ListMalformed),
    ],
)
def test_what_is_no_transcript_is_refused(key: str, wrong: object, error: type[Exception]) -> None:
    fields = cbor.decode(a_transcript(listed(OLD)).payload(), 1 << 20)
    assert isinstance(fields, dict)
    with pytest.raises(error):
        Transcript.decode(cbor.encode({**fields, key: wrong}))
