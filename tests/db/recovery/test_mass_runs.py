"""A mass run across a restore: what the lost database signed is void, and each gets one licence."""

from pathlib import Path

import pytest

from license_verify import Outcome, Status
from registry_service.domain.mass_run import MassState
from registry_service.operations.published import believe
from tests.database import SharedServer
from tests.db.issuing.test_mass_runs import CODES, Killed, Town, die, staffed
from tests.db.issuing.world import a_world
from tests.db.recovery.conftest import Restored
from tests.rpc.registry.world import database_of


def test_a_run_that_a_restore_cut_goes_on_with_entries_of_its_own(
    postgres: SharedServer, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    with postgres.clone() as lost:
        with a_world(lost, keys) as world:
            town = staffed(world)
            run = town.confirmed(town.asked())
            with pytest.raises(Killed):
                town.worked(run, die)
            world.publish()
        with postgres.clone(database_of(lost)) as backup:
            with a_world(lost, keys) as world:
                assert Town(world).worked(run).issued == 5
                content = world.publish().content
                roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
                given = [Town(world).live(code) for code in CODES]
            with a_world(backup, keys) as world:
                restored = Restored(world, believe("bundle", content, roots, "test"))
                world.clock.forward(hours=1)
                done = restored.recover()
                assert done.lost == {Status.VALID: 5}
                town = Town(world)
                finished = town.worked(run)
                assert (finished.state, finished.issued) == (MassState.DONE, 5)
                town.require_exact()
                edition = world.publish()
                for old in given:
                    assert world.verdict(old, edition).outcome is Outcome.INVALID
