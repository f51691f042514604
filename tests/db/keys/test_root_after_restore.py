"""A backup from before a change of root: the recovery goes on with the root that signs now."""

from pathlib import Path

from license_verify.lists.trust_list import KeyState
from registry_service.domain.key import KeyUse
from registry_service.fsck import check
from registry_service.issuing.key_places import KeyPlaces
from registry_service.operations.published import believe
from tests.database import SharedServer
from tests.db.issuing.world import a_world
from tests.db.keys.custody import ceremony, root_in
from tests.db.recovery.conftest import Restored
from tests.rpc.registry.world import database_of


def test_a_recovery_follows_a_root_that_changed_after_the_backup(
    postgres: SharedServer, tmp_path: Path
) -> None:
    keys, new = tmp_path / "keys", root_in(tmp_path / "vault")
    with postgres.clone() as lost:
        with a_world(lost, keys) as world:
            world.register()
            world.issue()
            world.publish()
        with postgres.clone(database_of(lost)) as backup:
            with a_world(lost, keys) as world:
                roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
                ceremony(world, KeyPlaces(keys), new)
                content = world.publish().content
            with a_world(backup, keys) as world:
                restored = Restored(world, believe("bundle", content, roots, "test"))
                done = restored.recover()
                with world.store.transaction() as tx:
                    active = tx.keys.active()[KeyUse.ROOT]
                    states = {key.kid: key.state for key in tx.keys.every()}
                assert active == new.kid
                assert KeyState.RETIRED in states.values()
                # The new root is not here, and the old one signs nothing that it would have to.
                assert not done.trust_signed
                assert check(backup, roots) == []
                # Its next ceremony is the new root's.
                ceremony(world, KeyPlaces(tmp_path / "vault"))
                world.clock.forward(minutes=1)
                assert world.publish().trust_version > done.recovery.jump.trust_version - 1
