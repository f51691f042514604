"""Status list, trust list, manifest and bundle: formats, bounds and signatures."""

import hashlib
import zlib
from dataclasses import replace
from datetime import timedelta

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import Bundle, Status, TrustList
from license_verify.lists import errors, status_list
from license_verify.lists.manifest import Manifest
from license_verify.lists.status import worse
from license_verify.lists.status_list import StatusList
from license_verify.lists.trust_list import KeyState, RootLink, TrustedKey, Use, open_trust_list
from license_verify.token import cbor
from license_verify.token.errors import CborRefused, TokenRefused
from tests.unit.verify.world import T0, URI, Signer, World

statuses = st.sampled_from(Status)
ORDER = [
    Status.ANNULLED, Status.REVOKED, Status.DEREGISTERED, Status.LOST_VOID, Status.SUSPENDED,
    Status.SUPERSEDED, Status.VALID,
]  # fmt: skip


def test_of_two_statuses_the_worse_stands() -> None:
    for rank, one in enumerate(ORDER):
        for other in ORDER[rank:]:
            assert worse(one, other) is worse(other, one) is one


@given(st.dictionaries(st.integers(0, 999), statuses, max_size=60))
def test_every_entry_is_read_back_and_the_others_are_invalid(entries: dict[int, Status]) -> None:
    made = StatusList.of(URI, T0, T0 + timedelta(days=1), 60, entries, 1000)
    read = StatusList.decode(made.payload())
    assert read == made
    for index in range(1001):
        assert read.status(index) is entries.get(index, Status.INVALID)
    assert read.status(1 << 20) is read.status(-1) is Status.INVALID


def test_a_value_that_this_version_does_not_know_is_none_of_the_others() -> None:
    assert StatusList(URI, T0, T0, 60, b"\x70").status(1) is None


def test_the_list_is_packed_as_the_draft_says() -> None:
    """Token Status List, section on the byte array: lower index in the lower bits."""
    made = StatusList.of(
        URI, T0, T0, 60, {0: Status.SUSPENDED, 1: Status.LOST_VOID, 2: Status.VALID}, 3
    )
    raw = cbor2.loads(made.payload())
    assert set(raw) == {2, 4, 6, 65533, 65534}
    assert (raw[2], raw[6], raw[65534]) == (URI, int(T0.timestamp()), 60)
    assert raw[65533]["bits"] == 4
    assert zlib.decompress(raw[65533]["lst"]) == b"\xf2\x10"


def test_a_change_of_one_entry_leaves_the_other_shares_of_a_list_as_they_were() -> None:
    size = 1 << 20
    entries = dict.fromkeys(range(0, size, 19), Status.REVOKED)
    one = StatusList.of(URI, T0, T0, 60, entries, size).payload()
    other = StatusList.of(URI, T0, T0, 60, entries | {size // 2: Status.SUSPENDED}, size).payload()
    border = b"\x00\x00\xff\xff"  # how a full flush of deflate ends, RFC 1979
    assert (
        len(set(other.split(border)) - set(one.split(border))) == 3
    )  # the head, the share, the sum


def _payload(**changed: object) -> bytes:
    raw: dict[int, object] = {
        2: URI, 4: 9, 6: 5, 65534: 60, 65533: {"bits": 4, "lst": zlib.compress(b"\x00")},
    }  # fmt: skip
    names = {"sub": 2, "exp": 4, "iat": 6, "ttl": 65534, "list": 65533, "more": 99}
    return cbor.encode(raw | {names[name]: value for name, value in changed.items()})


@pytest.mark.parametrize(
    "payload",
    [
        _payload(sub="https://a.cn/x"),
        _payload(sub=1),
        _payload(iat="x"),
        _payload(ttl=0),
        _payload(more=1),
        _payload(list=[]),
        _payload(list={"bits": 1, "lst": zlib.compress(b"\x00")}),
        _payload(list={"bits": 4, "lst": "x"}),
        _payload(list={"bits": 4, "lst": b"not zlib"}),
        _payload(list={"bits": 4, "lst": zlib.compress(b"\x00")[:-1]}),
        _payload(list={"bits": 4, "lst": zlib.compress(b"\x00") + b"\x00"}),
        cbor.encode([]),
    ],
)
def test_any_other_status_list_is_refused(payload: bytes) -> None:
    with pytest.raises(errors.ListMalformed):
        StatusList.decode(payload)


def test_a_list_that_would_inflate_beyond_its_entries_is_refused() -> None:
    bomb = zlib.compress(b"\x00" * 50_000_000, 9)
    with pytest.raises(errors.ListTooLarge):
        StatusList.decode(_payload(list={"bits": 4, "lst": bomb}))


def test_a_list_has_at_most_a_million_entries() -> None:
    with pytest.raises(errors.ListTooLarge):
        StatusList.of(URI, T0, T0, 60, {}, (1 << 20) + 1)
    with pytest.raises(errors.ListTooLarge):
        StatusList.of(URI, T0, T0, 60, {5: Status.VALID}, 5)


def test_a_trust_list_is_read_back_and_only_its_root_opens_it() -> None:
    world = World(token_until=T0, token_state=KeyState.RETIRED)
    assert TrustList.decode(world.trust_list().payload()) == world.trust_list()
    with pytest.raises(errors.RootUnknown):
        open_trust_list(world.bundle().trust, (Signer().public,))


def test_a_trust_list_signed_by_one_of_its_own_keys_is_refused() -> None:
    world = World()
    world.root = world.publication
    with pytest.raises(errors.RootUnknown):
        open_trust_list(world.bundle().trust, (Signer().public,))


def _link(old: Signer, new: Signer, by_old: Signer, by_new: Signer) -> RootLink:
    return RootLink.sign(old.public, new.public, by_old=by_old.sign, by_new=by_new.sign)


def test_a_change_of_root_signed_by_old_and_new_is_followed() -> None:
    first, second, third = Signer(), Signer(), Signer()
    links = (_link(first, second, first, second), _link(second, third, second, third))
    content = World(root=third, links=links)
    assert open_trust_list(content.bundle().trust, (first.public,)).root_links == links


def test_a_change_of_root_that_one_of_them_did_not_sign_is_not_followed() -> None:
    first, second = Signer(), Signer()
    for link in (_link(first, second, second, second), _link(first, second, first, first)):
        with pytest.raises(errors.RootUnknown):
            open_trust_list(World(root=second, links=(link,)).bundle().trust, (first.public,))


def test_a_trust_list_with_a_wrong_key_entry_is_refused() -> None:
    good = World().trust_list()
    other = TrustedKey.of(Signer().public, Use.TOKEN, KeyState.ACTIVE, T0)
    twice = replace(good, keys=(good.keys[0], good.keys[0]))
    swapped = replace(good, keys=(replace(other, kid=good.keys[0].kid),))
    for wrong in (twice, swapped, replace(good, environment="Test System")):
        with pytest.raises(errors.ListMalformed):
            wrong.payload()


def test_a_bundle_is_read_back_and_its_etag_follows_the_manifest() -> None:
    bundle = World().bundle()
    assert Bundle.decode(bundle.encode()) == bundle
    assert bundle.etag.strip('"') == hashlib.sha256(bundle.manifest).hexdigest()[:32]


def test_a_bundle_whose_parts_are_not_those_named_is_refused_by_the_part() -> None:
    bundle, other = World().bundle(), World().bundle()
    wrong = [
        (replace(bundle, trust=other.trust), errors.DigestMismatch, "trust list"),
        (replace(bundle, lists=other.lists), errors.DigestMismatch, URI),
        (replace(bundle, lists={}), errors.ListMissing, URI),
        (replace(bundle, statements={"x": b"y"}), errors.DigestMismatch, "statements"),
    ]
    for made, error, part in wrong:
        with pytest.raises(error) as caught:
            Bundle.decode(made.encode())
        assert caught.value.metadata["part"] == part


@given(st.binary(max_size=200))
def test_any_bytes_as_a_bundle_are_refused_in_good_order(data: bytes) -> None:
    with pytest.raises((CborRefused, errors.ListRefused, TokenRefused)):
        Bundle.decode(data)


def test_a_bundle_cut_off_is_refused() -> None:
    data = World().bundle().encode()
    for end in range(0, len(data), 7):
        with pytest.raises((CborRefused, errors.ListRefused, TokenRefused)):
            Bundle.decode(data[:end])


def test_a_manifest_is_read_back() -> None:
    _, manifest = World().bundle().read_manifest()
    assert Manifest.decode(manifest.payload()) == manifest
    again = replace(manifest, statements_digest=b"x" * 32)
    assert Manifest.decode(again.payload()) == again
    assert status_list.TYP == "application/statuslist+cwt"
