"""What a checker believes, and that it never goes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from license_verify import Anchor, HighestSeen, Trust
from license_verify.lists import errors
from license_verify.lists.trust_list import KeyState, Use
from license_verify.token.errors import TokenRefused
from tests.unit.verify.world import T0, URI, Signer, World


def test_a_bundle_signed_all_through_is_believed() -> None:
    world = World()
    trust = world.trust()
    assert trust.highest_seen == HighestSeen(10, T0, 4)
    assert trust.key_for(world.token.kid, Use.TOKEN)
    assert trust.key_for(world.token.kid, Use.STATUS) is None
    assert trust.lists[URI].issued_at == T0


@pytest.mark.parametrize("part", ["status", "publication"])
def test_a_part_signed_by_a_key_of_another_use_or_none_is_refused(part: str) -> None:
    honest = World()
    for signer in (honest.token, honest.root, Signer()):
        content = honest.trust_list()
        forger = replace(honest, content=content)
        setattr(forger, part, signer)
        with pytest.raises(errors.ListNotSigned):
            forger.trust()


def test_data_signed_by_a_distrusted_key_is_refused() -> None:
    honest = World()
    content = honest.trust_list()
    for at in (1, 2):
        keys = list(content.keys)
        keys[at] = replace(keys[at], state=KeyState.DISTRUSTED)
        with pytest.raises(errors.ListNotSigned):
            replace(honest, content=replace(content, keys=tuple(keys))).trust()


def test_data_dated_outside_its_keys_time_is_refused() -> None:
    honest = World()
    content = honest.trust_list()
    keys = tuple(replace(key, until=T0) for key in content.keys)
    with pytest.raises(errors.ListNotSigned):
        replace(honest, content=replace(content, keys=keys)).trust()


def test_older_data_than_seen_is_a_rollback() -> None:
    world = World()
    seen = world.trust().highest_seen
    assert world.trust(seen).highest_seen == seen
    for older in (
        replace(world, seq=9),
        replace(world, published_at=T0 - timedelta(seconds=1)),
        replace(world, trust_version=3),
        replace(world, seq=11, trust_version=3),
        replace(world, seq=11, published_at=T0 - timedelta(days=1)),
        replace(world, published_at=T0 + timedelta(seconds=1)),  # the same number again
    ):
        with pytest.raises(errors.Rollback):
            older.trust(seen)
    newer = replace(world, seq=11, published_at=T0 + timedelta(minutes=1))
    assert newer.trust(seen).highest_seen.seq == 11


def test_lists_that_did_not_change_are_taken_over() -> None:
    world = World()
    bundle = world.bundle()
    first = Trust.from_bundle(bundle, world.anchor())
    again = Trust.from_bundle(bundle, world.anchor(), first.highest_seen, previous=first)
    assert again.lists[URI] is first.lists[URI]


def test_a_bundle_of_another_root_is_refused() -> None:
    with pytest.raises(errors.RootUnknown):
        Trust.from_bundle(World().bundle(), Anchor((Signer().public,)))


def test_the_kinds_of_documents_do_not_pass_for_each_other() -> None:
    world = World()
    bundle = world.bundle()
    listed = bundle.lists[URI]
    swapped = [
        replace(bundle, manifest=listed),
        replace(bundle, manifest=bundle.trust),
        replace(bundle, trust=listed),
        replace(bundle, trust=bundle.manifest),
    ]
    for wrong in swapped:
        with pytest.raises(TokenRefused):
            Trust.from_bundle(wrong, world.anchor())


def test_the_newest_seen_survives_a_restart_and_damage_is_noticed() -> None:
    seen = World().trust().highest_seen
    assert HighestSeen.from_json(seen.to_json()) == seen
    for damaged in ("", "{}", "[]", '{"seq": "x", "issued_at": 0, "trust_version": 0}', "null"):
        with pytest.raises(errors.ListMalformed):
            HighestSeen.from_json(damaged)
