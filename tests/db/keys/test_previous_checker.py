"""Checkers of the release before this one follow a change of root and of host (the drill)."""

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Final

import pytest

from clients.sample.codes import uscc
from license_verify.server.roots import read_roots
from registry_service.domain.authority import ActName
from registry_service.domain.key import KeyUse
from registry_service.domain.license import SignedDocument
from registry_service.fsck import check
from registry_service.issuing.intent import claims_of
from registry_service.issuing.key_places import KeyPlaces
from registry_service.issuing.keys import ROOT_FILE
from tests.db.issuing.world import HOST, World, scan_of
from tests.db.keys.custody import Custody, ceremony, root_in
from tests.db.migrations import previous

VALID: Final = ["VALID", "VALID"]
_numbers = itertools.count(700_000)
NEW_HOST: Final = "zhizhao.jining.example"
_CHECK: Final = """
import json, sys
from datetime import datetime
from pathlib import Path
import license_verify
from license_verify import Anchor, Bundle, Trust, verify
from license_verify.server.roots import read_roots
from license_verify.trust import HighestSeen
root, kept, bundle, now, *scans = sys.argv[1:]
kept = Path(kept)
seen = HighestSeen.from_json(kept.read_text()) if kept.exists() else None
trust = Trust.from_bundle(
    Bundle.decode(Path(bundle).read_bytes()), Anchor(read_roots(Path(root)), "test"), seen
)
kept.write_text(trust.highest_seen.to_json())
verdicts = [verify(scan, trust, datetime.fromisoformat(now)) for scan in scans]
print(json.dumps([license_verify.__file__] + [[v.outcome.value, str(v.status)] for v in verdicts]))
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return previous.unpack(tmp_path_factory.mktemp("previous"))
    except previous.NoHistory as error:
        pytest.skip(f"no history back to the release before this one: {error}")


@dataclass
class Checker:
    """A checker of that release: it pins the first root, and keeps the newest that it has seen."""

    code: Path
    folder: Path
    world: World

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.root.write_bytes((self.world.keys / ROOT_FILE).read_bytes())

    @property
    def root(self) -> Path:
        return self.folder / "root.pub.pem"

    def check(self, *documents: SignedDocument) -> list[list[str]]:
        """Outcome and status of each, by what is published now."""
        bundle = self.folder / "bundle.cbor"
        bundle.write_bytes(self.world.publish().content)
        now = self.world.clock.moment.astimezone(UTC).isoformat()
        names = (self.root, self.folder / "seen.json", bundle, now)
        done = subprocess.run(
            [sys.executable, "-c", _CHECK, *map(str, names), *map(scan_of, documents)],
            env=previous.environ(self.code),
            capture_output=True,
            text=True,
            check=True,
        )
        where, *verdicts = json.loads(done.stdout)
        assert where.startswith(str(self.code))
        return list(verdicts)


@pytest.fixture
def checker(code: Path, world: World, custody: Custody, tmp_path: Path) -> Checker:
    return Checker(code, tmp_path / "checker", world)


def issued(world: World) -> SignedDocument:
    """The licence of a new entity."""
    code = uscc("91", "370811", next(_numbers))
    world.register(code)
    return world.issue(code)


def test_it_follows_a_change_of_root_with_old_data_and_new(
    world: World, checker: Checker, tmp_path: Path
) -> None:
    before = issued(world)
    assert checker.check(before) == [VALID]
    first, second = root_in(tmp_path / "second"), root_in(tmp_path / "third")
    ceremony(world, KeyPlaces(world.keys), first)
    world.clock.forward(minutes=1)
    after = issued(world)
    assert checker.check(before, after) == [VALID, VALID]
    # And a second change: two links lead on from the root that it pins.
    ceremony(world, KeyPlaces(tmp_path / "second"), second)
    world.clock.forward(minutes=1)
    assert checker.check(before, after, issued(world)) == [VALID, VALID, VALID]
    assert check(world.url) == check(world.url, read_roots(checker.root)) == []


def test_it_follows_a_change_of_host_through_the_overlap_to_its_end(
    world: World, custody: Custody, checker: Checker
) -> None:
    before = issued(world)
    assert checker.check(before) == [VALID]
    custody.do(ActName.ADD_HOST, NEW_HOST)
    world.clock.forward(days=1)
    after = issued(world)
    assert (before.scan_host, after.scan_host) == (HOST, NEW_HOST)
    assert checker.check(before, after) == [VALID, VALID]
    custody.do(ActName.RETIRE_HOST, HOST)
    world.clock.forward(minutes=1)
    ended, going_on = checker.check(before, after)
    assert (ended[0], going_on) == ("INVALID", VALID)
    # What named the former host is issued anew.
    again = world.issue(claims_of(before.to_be_signed).uscc.text)
    assert checker.check(again) == [VALID]


def test_it_follows_keys_as_they_come_and_go(
    world: World, custody: Custody, checker: Checker
) -> None:
    before = issued(world)
    for use in (KeyUse.TOKEN, KeyUse.STATUS, KeyUse.PUBLICATION):
        custody.rotated(use)
    world.clock.forward(minutes=1)
    after = issued(world)
    assert checker.check(before, after) == [VALID, VALID]
    custody.do(ActName.DISTRUST_KEY, before.kid.hex())
    distrusted, going_on = checker.check(before, after)
    assert (distrusted[0], going_on) == ("INVALID", VALID)


def test_it_believes_no_root_that_the_old_one_did_not_sign(
    world: World, checker: Checker, tmp_path: Path
) -> None:
    before = issued(world)
    checker.check(before)
    foreign = root_in(tmp_path / "foreign")
    ceremony(world, KeyPlaces(world.keys), foreign)
    (tmp_path / "other.pem").write_bytes((tmp_path / "foreign" / ROOT_FILE).read_bytes())
    checker.root.write_bytes((tmp_path / "other.pem").read_bytes())
    assert checker.check(before) == [VALID]  # who pins the new one believes it, too
    stranger = root_in(tmp_path / "stranger")
    assert stranger.kid != foreign.kid
    checker.root.write_bytes((tmp_path / "stranger" / ROOT_FILE).read_bytes())
    with pytest.raises(subprocess.CalledProcessError) as refused:
        checker.check(before)
    assert "RootUnknown" in refused.value.stderr
