"""The ceremony stops before anything is signed that should not be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from license_verify.lists.trust_list import TrustedHost, TrustList, open_trust_list
from license_verify.transcript import open_transcript
from registry_service.ceremony.draft import Draft
from registry_service.ceremony.errors import CeremonyStopped
from registry_service.ceremony.practice import prepare
from registry_service.ceremony.sign import look, sign
from registry_service.domain.key import KeyUse
from registry_service.issuing.key_places import Key, KeyPlaces

NOW = datetime(2026, 11, 2, 1, 0, 0, 250_000, tzinfo=UTC)
PEOPLE = ("测试甲", "测试乙")
Room = tuple[Draft, KeyPlaces, KeyPlaces]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return prepare(tmp_path, lambda: NOW)


def root_of(places: KeyPlaces) -> Key:
    return next(key for key in places.load() if key.use is KeyUse.ROOT)


def changed(draft: Draft, change: Callable[[TrustList], TrustList]) -> Draft:
    return replace(draft, payload=change(TrustList.decode(draft.payload)).payload())


def test_a_practice_shows_what_changes_and_leaves_a_transcript_that_says_so(room: Room) -> None:
    draft, old, new = room
    looked = look(draft, old.load(), NOW, root_of(new))
    signed = sign(looked, PEOPLE, lambda: NOW, practice=True)
    content = open_trust_list(signed.trust_list, (root_of(old).public,))
    transcript, _ = open_transcript(signed.transcript, (root_of(old).public,))
    assert transcript.practice
    assert transcript.draft_digest == draft.digest
    assert f"draft SHA-256 {draft.digest.hex()}" in transcript.shown
    added = content.keys[-1]
    assert f"NEW key {added.kid.hex()} token next" in transcript.shown
    assert f"NEW root {root_of(old).kid.hex()} → {root_of(new).kid.hex()}" in transcript.shown


def test_a_draft_survives_its_journey(room: Room) -> None:
    assert Draft.decode(room[0].encode()) == room[0]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "other/1"}', b"\xff"])
def test_what_is_no_draft_is_told(data: bytes) -> None:
    with pytest.raises(CeremonyStopped):
        Draft.decode(data)


def test_one_person_is_too_few_and_the_same_twice_too(room: Room) -> None:
    looked = look(room[0], room[1].load(), NOW)
    for people in ((), ("测试甲",), ("测试甲", "测试甲")):
        with pytest.raises(CeremonyStopped, match="at least 2"):
            sign(looked, people, lambda: NOW)


def test_the_root_that_signed_before_has_to_be_here(room: Room, tmp_path: Path) -> None:
    draft, old, new = room
    with pytest.raises(CeremonyStopped, match="believed"):
        look(draft, new.load(), NOW)
    empty = KeyPlaces(tmp_path / "empty")
    empty.create_missing([KeyUse.TOKEN])
    with pytest.raises(CeremonyStopped, match="no root"):
        look(draft, empty.load(), NOW)
    assert look(draft, old.load(), NOW).root.kid == root_of(old).kid


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda said: replace(said, version=1), "does not grow"),
        (lambda said: replace(said, environment="production"), "another environment"),
        (lambda said: replace(said, keys=said.keys[1:]), "a key is gone"),
    ],
)
def test_a_draft_that_does_not_follow_is_not_signed(
    room: Room, change: Callable[[TrustList], TrustList], why: str
) -> None:
    draft, old, _ = room
    with pytest.raises(CeremonyStopped, match=why):
        look(changed(draft, change), old.load(), NOW)


def test_every_change_of_a_host_is_shown(room: Room) -> None:
    draft, old, _ = room
    second = NOW.replace(microsecond=0)
    more = changed(
        draft,
        lambda said: replace(
            said,
            hosts=(
                replace(said.hosts[0], until=second),
                TrustedHost("next.example", second),
            ),
        ),
    )
    shown = look(more, old.load(), NOW).shown
    assert {"CHANGED host practice.example", "NEW host next.example"} <= set(shown)
