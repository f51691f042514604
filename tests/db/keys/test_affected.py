"""What stops being good with a key: copies and statements, too, are counted, listed, replaced."""

from license_verify import Outcome
from registry_service.domain.authority import ActName
from registry_service.domain.key import KeyUse
from registry_service.domain.key_document import Place
from registry_service.domain.printed_copy import CopyKind, PrintedCopy
from registry_service.fsck import check
from registry_service.operations.print_copy import print_copy
from tests.db.issuing.world import CODE, HOST, World
from tests.db.keys.custody import Custody


def printed(world: World, kind: CopyKind = CopyKind.ORIGINAL) -> PrintedCopy:
    with world.act() as act:
        copy = print_copy(act, CODE, kind)
    assert copy.document is not None
    world.finisher.finish(copy.document)
    with world.store.transaction() as tx:
        return tx.copies.find(copy.entity_no, copy.number)


def distrusted(custody: Custody, use: KeyUse = KeyUse.TOKEN) -> tuple[str, int]:
    """The key that signs is followed by another and distrusted; how much stops being good by it."""
    leaked = custody.active(use)
    custody.rotated(use)
    asked = custody.ask(ActName.DISTRUST_KEY, leaked)
    custody.answer(asked)
    return leaked, asked.affected


def listed(world: World, kid: str) -> list[str]:
    with world.store.transaction() as tx:
        found = tx.key_documents.page(bytes.fromhex(kid), Place(), 10)
    return [place.name(code).removeprefix("entities/") for code, place in found]


def test_a_copy_of_a_distrusted_key_is_counted_and_listed(world: World, custody: Custody) -> None:
    world.register()
    world.issue()
    custody.rotated()
    printed(world)
    leaked, affected = distrusted(custody)
    assert affected == 1
    assert listed(world, leaked) == [f"{CODE}/copies/1"]


def test_a_statement_of_a_distrusted_key_is_counted_and_listed(
    world: World, custody: Custody
) -> None:
    world.register()
    world.file_site()
    world.state_places()
    leaked, affected = distrusted(custody, KeyUse.STATEMENT)
    assert affected == 1
    assert listed(world, leaked) == [f"{CODE}/premisesStatements/1"]


def test_an_original_of_a_distrusted_key_is_printed_anew_and_the_bad_one_superseded(
    world: World, custody: Custody
) -> None:
    world.register()
    world.issue()
    custody.rotated()
    bad = printed(world)
    distrusted(custody)
    good = printed(world)
    edition = world.publish()
    assert bad.document is not None
    assert good.document is not None
    assert world.verdict(good.document, edition).outcome is Outcome.VALID
    assert world.rows("SELECT copy_no, state FROM copy_token ORDER BY copy_no") == [
        (bad.number, "superseded"),
        (good.number, "issued"),
    ]


def test_fsck_is_clean_once_what_a_distrusted_key_signed_was_replaced(
    world: World, custody: Custody
) -> None:
    world.register()
    premises_no = world.file_site()
    world.issue()
    world.issue_site(premises_no)
    world.state_places()
    printed(world)
    distrusted(custody)
    distrusted(custody, KeyUse.STATEMENT)
    world.publish()
    assert {fault.table for fault in check(world.url)} == {
        "license_version",
        "site_code",
        "copy_token",
        "premises_statement",
    }
    world.issue()
    world.issue_site(premises_no)
    world.state_places()
    printed(world)
    world.publish()
    assert check(world.url) == []


NEW_HOST = "neu.jining.example"


def move_host(custody: Custody) -> None:
    custody.do(ActName.ADD_HOST, NEW_HOST)
    custody.do(ActName.RETIRE_HOST, HOST)


def test_what_waits_while_its_host_is_given_up_is_issued_on_the_new_one(
    world: World, custody: Custody
) -> None:
    world.register()
    asked = world.intend()
    move_host(custody)
    world.clock.forward(hours=1)
    done = world.finisher.finish(asked)
    assert (done.version, done.scan_host) == (2, NEW_HOST)
    assert world.verdict(done, world.publish()).outcome is Outcome.VALID
    assert check(world.url) == []


def test_an_original_on_a_host_that_was_given_up_is_counted_and_printed_anew(
    world: World, custody: Custody
) -> None:
    world.register()
    world.issue()
    printed(world)
    custody.do(ActName.ADD_HOST, NEW_HOST)
    asked = custody.ask(ActName.RETIRE_HOST, HOST)
    assert asked.affected == 2
    custody.answer(asked)
    world.clock.forward(hours=1)
    good = printed(world)
    assert good.document is not None
    assert world.verdict(good.document, world.publish()).outcome is Outcome.VALID
