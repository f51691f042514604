"""Premises statements across a restore: numbers go on, and a replaced list stays replaced."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from license_verify import Reason, check_statement, open_statement
from license_verify.statement import read_statement
from registry_service.domain.statement import StatementState, StoredStatement
from registry_service.fsck import check
from registry_service.operations.publish import Edition
from registry_service.operations.published import believe
from tests.database import SharedServer
from tests.db.issuing.world import World, a_world
from tests.db.recovery.conftest import Restored
from tests.rpc.registry.world import database_of


def reason(world: World, statement: StoredStatement, edition: Edition) -> Reason:
    trust = world.trust(edition)
    assert statement.document is not None
    opened = open_statement(statement.document, trust)
    return check_statement(opened, trust, world.clock()).reason


@pytest.fixture
def after(
    postgres: SharedServer, tmp_path: Path
) -> Iterator[tuple[Restored, StoredStatement, StoredStatement]]:
    """Restored to before a filing, with the statement of before and the one of after it."""
    keys = tmp_path / "keys"
    with postgres.clone() as lost:
        with a_world(lost, keys) as world:
            world.register()
            first = world.state_places()
            world.publish()
        with postgres.clone(database_of(lost)) as backup:
            with a_world(lost, keys) as world:
                world.file_site()
                second = world.state_places()
                content = world.publish().content
                roots = tuple(key for _, use, key in world.ring.public_keys() if use == "root")
            with a_world(backup, keys) as world:
                bundle = believe("bundle", content, roots, "test")
                yield Restored(world, bundle), first, second


def test_a_replaced_statement_stays_replaced_and_a_lost_one_is_void(
    after: tuple[Restored, StoredStatement, StoredStatement],
) -> None:
    restored, first, second = after
    world = restored.world
    world.clock.forward(hours=1)
    done = restored.recover()
    assert done.edition is not None
    # The database knows the first as in force, as the filing is lost; what was published holds.
    assert world.statement(1).state is StatementState.ISSUED
    assert reason(world, first, done.edition) is Reason.STATEMENT_SUPERSEDED
    assert reason(world, second, done.edition) is Reason.STATUS_INVALID
    with world.store.transaction() as tx:
        (item,) = tx.recovery_items.page(None, ("", 0), 10)
    assert (item.document, item.published.name) == ("premisesStatements/1", "SUPERSEDED")
    assert check(world.url) == []


def test_versions_go_on_behind_all_that_the_lost_database_gave(
    after: tuple[Restored, StoredStatement, StoredStatement],
) -> None:
    restored, first, _ = after
    world = restored.world
    restored.recover()
    world.file_site()
    third = world.state_places()
    assert third.version == 10_001
    assert third.document is not None
    assert read_statement(third.document)[1].status.uri.endswith("/s/64")
    edition = world.publish()
    assert reason(world, third, edition) is Reason.OK
    assert reason(world, first, edition) is Reason.STATEMENT_SUPERSEDED
    with world.store.transaction() as tx:
        assert tx.recovery_items.page(None, ("", 0), 10) == []  # the filing was entered again
    assert check(world.url) == []
