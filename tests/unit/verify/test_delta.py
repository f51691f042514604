"""Delta: it makes the newer bundle to the byte, or is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import Bundle, Status, Trust, limits
from license_verify.lists import errors
from license_verify.lists.bundle import statements_file
from license_verify.lists.delta import Delta
from license_verify.lists.manifest import (
    ListEntry,
    Manifest,
    document_digest,
    sign_manifest,
)
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.token import cbor
from license_verify.token.errors import CborRefused
from tests.unit.verify.world import T0, URI, World

WORLD = World()
BUNDLE = WORLD.bundle()
OTHER = URI.replace("/s/0", "/s/1")
documents = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.lists(st.sampled_from([b"", b"\x00", b"one", b"\x00\x00\xff\xff", b"x" * 40])).map(b"".join),
)


def bundle_of(
    lists: Mapping[str, bytes], seq: int = 11, said: Mapping[str, bytes] | None = None
) -> Bundle:
    """A bundle of any documents, whose manifest names them."""
    manifest = Manifest(
        seq,
        T0,
        WORLD.environment,
        WORLD.trust_version,
        document_digest(BUNDLE.trust),
        {name: ListEntry(document_digest(document), T0) for name, document in lists.items()},
        watermark=99,
        statements_digest=document_digest(statements_file(said)) if said else None,
    )
    signed = sign_manifest(manifest, kid=WORLD.publication.kid, sign=WORLD.publication.sign)
    return Bundle(signed, BUNDLE.trust, lists, said or {})


def a_list(statuses: Mapping[int, Status], seconds: int = 0) -> bytes:
    """A full list, signed."""
    at = T0 + timedelta(seconds=seconds)
    content = StatusList.of(URI, at, at + WORLD.list_life, 60, statuses, limits.STATUS_ENTRIES)
    return sign_status_list(content, kid=WORLD.status.kid, sign=WORLD.status.sign)


def lifelike(count: int) -> dict[int, Status]:
    """So many documents, one in twenty not valid."""
    random = Random(5)  # noqa: S311 - strews statuses, makes no keys
    worse = [status for status in Status if status not in (Status.VALID, Status.INVALID)]
    return {
        index: random.choice(worse) if random.random() < 0.05 else Status.VALID
        for index in range(count)
    }


@given(documents, documents, documents, documents)
def test_a_delta_makes_the_newer_bundle_whatever_the_documents_are(
    lists: dict[str, bytes],
    newer: dict[str, bytes],
    said: dict[str, bytes],
    newer_said: dict[str, bytes],
) -> None:
    before, after = bundle_of(lists, 11, said), bundle_of(newer, 12, newer_said)
    delta = Delta.decode(Delta.between(before, after).encode())
    assert delta.apply(before) == after
    assert delta.apply(before).encode() == after.encode()


def test_one_act_among_a_million_documents_travels_in_a_few_kilobytes() -> None:
    statuses = lifelike(1_000_000)
    before = bundle_of({URI: a_list(statuses)})
    after = bundle_of({URI: a_list(statuses | {777_777: Status.REVOKED}, 5)}, 12)
    delta = Delta.between(before, after)
    assert delta.apply(before) == after
    assert len(before.lists[URI]) < 80 * 1024
    assert len(delta.encode()) < 4 * 1024


def test_a_renewed_manifest_travels_without_lists_and_trust() -> None:
    before = bundle_of({URI: a_list({})})
    after = bundle_of(before.lists, 12)
    delta = Delta.between(before, after)
    assert (delta.trust, delta.lists, delta.statements) == (None, {}, {})
    assert len(delta.encode()) < 2 * len(after.manifest)


def test_what_a_delta_makes_is_believed_as_the_whole_is() -> None:
    newer = replace(WORLD, seq=11, statuses={7: Status.REVOKED}).bundle()
    made = Delta.between(BUNDLE, newer).apply(BUNDLE)
    trust = Trust.from_bundle(made, WORLD.anchor(), WORLD.trust().highest_seen)
    assert trust.lists[URI].status(7) is Status.REVOKED


def test_a_delta_for_another_bundle_is_refused() -> None:
    delta = Delta.between(BUNDLE, bundle_of({}, 11))
    with pytest.raises(errors.DeltaUnfit):
        delta.apply(bundle_of({}, 12))


def test_a_delta_that_takes_bytes_that_are_not_there_is_refused() -> None:
    delta = Delta.between(BUNDLE, bundle_of(BUNDLE.lists, 11))
    beyond = len(BUNDLE.lists[URI]) + 1
    with pytest.raises(errors.DeltaUnfit):
        replace(delta, lists={URI: ((0, beyond),)}).apply(BUNDLE)
    with pytest.raises(errors.DeltaUnfit):
        replace(delta, lists={OTHER: ((0, 1),)}).apply(BUNDLE)


def test_a_delta_that_makes_something_else_than_the_manifest_names_is_refused() -> None:
    good = Delta.between(BUNDLE, bundle_of(BUNDLE.lists, 11))
    for lists in ({URI: (b"other",)}, {URI: ((0, 9),)}):
        with pytest.raises(errors.DigestMismatch):
            replace(good, lists=lists).apply(BUNDLE)
    for missing in ({URI: None}, {OTHER: (b"unnamed",)}):
        with pytest.raises(errors.ListMissing):
            replace(good, lists=missing).apply(BUNDLE)
    with pytest.raises(errors.DigestMismatch):
        replace(good, trust=b"other").apply(BUNDLE)


def raw(**changed: object) -> bytes:
    fields: dict[str, object] = {
        "format": 1, "base": bytes(32), "manifest": b"", "lists": {}, "statements": {},
    }  # fmt: skip
    return cbor.encode(fields | changed)


@pytest.mark.parametrize(
    "data",
    [
        raw(format=2),
        raw(base=b"short"),
        raw(manifest="text"),
        raw(trust="text"),
        raw(more=1),
        raw(lists=[]),
        raw(lists={"a": b""}),
        raw(lists={"a": [1]}),
        raw(lists={"a": [[1]]}),
        raw(lists={"a": [[2, 2]]}),
        raw(lists={"a": [[-1, 2]]}),
        raw(lists={"a": [[False, True]]}),
        raw(lists={"a": [[0, 1 << 60]]}),
        raw(lists={1: []}),
    ],
)
def test_what_is_no_delta_is_refused(data: bytes) -> None:
    with pytest.raises(errors.ListMalformed):
        Delta.decode(data)


def test_a_delta_that_would_make_more_than_a_bundle_holds_is_refused_before_it_is_made() -> None:
    many = [[0, limits.LIST_DOCUMENT_BYTES]] * 500
    with pytest.raises(errors.ListTooLarge):
        Delta.decode(raw(lists={"a": many, "b": many}))
    with pytest.raises(errors.ListTooLarge):
        Delta.decode(raw(lists={"a": [[0, 1]] * (limits.DELTA_PARTS + 1)}))
    with pytest.raises(CborRefused):
        Delta.decode(raw()[:-1])


def test_a_document_of_very_many_pieces_travels_whole() -> None:
    document = b"\x00\x00\xff\xff" * 10_000
    before, after = bundle_of({"a": document}), bundle_of({"a": document + b"!"}, 12)
    delta = Delta.between(before, after)
    assert delta.lists == {"a": (document + b"!",)}
    assert delta.apply(before) == after
