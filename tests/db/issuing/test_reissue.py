"""When the list of filed places asks for a new licence: the city's policy, mode by mode."""

from dataclasses import replace
from typing import Any

import pytest

from license_verify.token.claims import read
from license_verify.token.face import LicenseFace
from registry_service.domain.address import address_of
from registry_service.domain.entity import Entity
from registry_service.domain.errors import LicenseLive
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.many_addresses import Reissue
from registry_service.domain.premises import FilingAct
from registry_service.fsck import check
from registry_service.issuing.errors import FaceTooLong
from registry_service.issuing.intent import license_claims
from registry_service.operations.draft_filing import draft_filing
from registry_service.operations.reissue_license import reissue_license
from registry_service.operations.strike_premises import reinstate_premises, strike_premises
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from tests.db.issuing.world import CODE, HOST, VISIT, World, a_face

SECOND = "邹城市钢山街道试验路9号"


def following(world: World, reissue: Reissue) -> World:
    """The world under that policy, its entity licensed before any place was filed."""
    world.policy = replace(world.policy, reissue=reissue)
    world.register()
    world.issue()
    return world


def versions(world: World) -> list[tuple[bool, str]]:
    """Whether each licence version says 一照多址, and its state; all intents finished."""
    world.finisher.finish_all()
    assert check(world.url) == []
    with world.store.transaction() as tx:
        entity = tx.entities.find(CODE)
        found = reversed(tx.licenses.page(entity.number, 1000, 1000))
        return [(marked(each), each.state.value) for each in found]


def marked(document: SignedDocument) -> bool:
    assert document.token is not None
    face = read(document.token).claims.face
    assert isinstance(face, LicenseFace)
    return face.many_addresses


def remove(world: World, premises: int) -> None:
    with world.act() as act:
        _, visit = take_application(act, CODE, VISIT)
        _, filing = draft_filing(
            act, CODE, visit.receipt_number, None, (), filing_act=FilingAct.REMOVE, target=premises
        )
        submit_filing(act, CODE, filing.number)


def strike(world: World, premises: int) -> None:
    with world.act() as act:
        strike_premises(act, CODE, premises, a_face().business_name, "济市监撤字〔2026〕1号")


OLD, NEW, PLAIN = (True, "superseded"), (True, "issued"), (False, "superseded")


def test_first_only_asks_at_the_first_place_and_when_the_last_one_ends(world: World) -> None:
    following(world, Reissue.FIRST_ONLY)
    first = world.file_site()
    assert versions(world) == [PLAIN, NEW]
    second = world.file_site(address=SECOND)
    remove(world, first)
    assert versions(world) == [PLAIN, NEW]
    strike(world, second)
    assert versions(world) == [PLAIN, OLD, (False, "issued")]
    with world.act() as act:
        reinstate_premises(act, CODE, second, a_face().business_name, "济政复决字〔2026〕1号")
    assert versions(world) == [PLAIN, OLD, PLAIN, NEW]


def test_always_asks_at_every_change_of_the_list(world: World) -> None:
    following(world, Reissue.ALWAYS)
    first = world.file_site()
    assert versions(world) == [PLAIN, NEW]
    world.file_site(address=SECOND)
    assert versions(world) == [PLAIN, OLD, NEW]
    remove(world, first)
    assert versions(world) == [PLAIN, OLD, OLD, NEW]


def test_never_asks_for_none_until_the_face_changes(world: World) -> None:
    following(world, Reissue.NEVER)
    world.file_site()
    assert versions(world) == [(False, "issued")]
    with pytest.raises(LicenseLive):
        world.issue()
    world.change(person="测试戊")
    assert versions(world) == [PLAIN, NEW]


def test_never_can_be_asked_for_at_the_counter(world: World) -> None:
    following(world, Reissue.NEVER)
    world.file_site()
    with world.act() as act:
        reissue_license(act, CODE, "申请加注一照多址")
    assert versions(world) == [PLAIN, NEW]


@pytest.mark.parametrize("reissue", list(Reissue))
def test_nothing_is_issued_to_who_has_no_licence(world: World, reissue: Reissue) -> None:
    world.policy = replace(world.policy, reissue=reissue)
    world.register()
    world.file_site()
    assert versions(world) == []


def test_an_intent_from_before_the_first_place_is_given_up(world: World) -> None:
    world.register()
    world.intend()
    world.file_site()
    assert world.document(1).state is LicenseState.VOIDED
    world.finisher.finish_all()
    assert marked(world.document(2))


def test_the_mark_goes_with_the_last_place_that_became_the_domicile(world: World) -> None:
    following(world, Reissue.FIRST_ONLY)
    world.file_site(address="山东省济宁市任城区古槐街道试验路5号")
    assert versions(world) == [PLAIN, NEW]
    world.change(address=address_of("任城区古槐街道试验路5号"))
    assert versions(world)[-1] == (False, "issued")


def test_a_mark_for_which_the_symbol_has_no_room_leaves_the_licence_in_force(
    world: World,
) -> None:
    """It shows the face in force; that it can't be marked ends nobody's licence."""
    entity = world.register()
    world.change(**brimful(entity))
    world.issue()
    world.file_site()
    assert versions(world) == [(False, "issued")]
    with pytest.raises(FaceTooLong):
        world.issue()
    assert versions(world) == [(False, "issued")]


def brimful(entity: Entity) -> dict[str, Any]:
    """Items with which a licence fits the largest symbol, and a marked one does not."""
    name = "济宁市" + "青" * 40 + "有限公司"
    for length in range(60, 301):
        items: dict[str, Any] = {
            "business_name": name,
            "person": "甲" * (length // 3) + "a" * (length % 3),
        }
        version = replace(entity.current, face=replace(entity.face, **items))
        plain = replace(entity, current=version)
        try:
            license_claims(plain, HOST, (0, 0), entity.created_at)
            license_claims(replace(plain, live_premises=1), HOST, (0, 0), entity.created_at)
        except FaceTooLong:
            return items
    raise AssertionError("every such face fits")
