"""撤销变更登记: a version, whole or some items, reads as before it."""

import pytest

from license_verify.lists.status import Status
from registry_service.domain.errors import NotReversible
from registry_service.domain.premises import PremisesState
from tests.db.issuing.world import a_face
from tests.db.lifecycle.firm import QUFU_ID, QUFU_SHOP, RENCHENG_ID, RENCHENG_SHOP, Firm

NAME = "济宁市冒名物流有限公司"


def test_a_whole_version_reads_as_before_it(firm: Firm) -> None:
    firm.world.issue()
    firm.change(business_name=NAME, person="测试冒")
    firm.annul(2)
    firm.sign()
    now = firm.read()
    assert now.face == a_face()
    assert now.current.version == 3
    assert firm.statuses() == [Status.SUPERSEDED, Status.SUPERSEDED, Status.VALID] or (
        firm.statuses() == [Status.SUPERSEDED, Status.INVALID, Status.VALID]
    )
    assert firm.faults() == []


def test_the_event_names_the_one_that_made_the_version(firm: Firm) -> None:
    firm.world.issue()
    firm.change(person="测试一")
    firm.change(business_name=NAME)
    firm.annul(2)
    events = {event.revision: event for event in firm.events()}
    annulled = next(e for e in events.values() if e.kind == "entity.version_annulled")
    assert annulled.reverses_revision is not None
    reversed_one = events[annulled.reverses_revision]
    assert reversed_one.kind == "entity.changed"
    firsts = [e.revision for e in events.values() if e.kind == "entity.changed"]
    assert reversed_one.revision == firsts[0]


def test_one_item_of_a_version_is_annulled_and_the_rest_stays(firm: Firm) -> None:
    firm.change(business_name=NAME, person="测试冒")
    firm.annul(2, "person")
    assert firm.read().face.person == a_face().person
    assert firm.read().face.business_name == NAME


def test_what_a_later_version_changed_again_stays(firm: Firm) -> None:
    firm.change(business_name=NAME, person="测试冒")
    firm.change(person="测试后")
    firm.annul(2)
    assert firm.read().face.business_name == a_face().business_name
    assert firm.read().face.person == "测试后"


@pytest.mark.parametrize(
    ("version", "items"),
    [(1, ()), (3, ()), (4_000_000_000, ()), (2, ("scope",)), (0, ("person",))],
)
def test_what_a_version_did_not_change_is_not_annulled(
    firm: Firm, version: int, items: tuple[str, ...]
) -> None:
    firm.change(person="测试冒")
    with pytest.raises(NotReversible):
        firm.annul(version, *items)
    assert firm.read().face.person == "测试冒"


def test_an_item_changed_since_is_annulled_from_the_last_backwards(firm: Firm) -> None:
    firm.change(person="测试一")
    firm.change(person="测试二")
    with pytest.raises(NotReversible):
        firm.annul(2)
    with pytest.raises(NotReversible):
        firm.annul(2, "person")
    firm.annul(3)
    firm.annul(2)
    assert firm.read().face.person == a_face().person


def test_an_annulled_move_brings_the_entity_home(firm: Firm) -> None:
    firm.file(RENCHENG_SHOP, QUFU_SHOP)
    firm.issue()
    firm.move()
    assert firm.read().registrar == QUFU_ID
    firm.annul(2)
    firm.sign()
    assert firm.read().registrar == RENCHENG_ID
    assert firm.read().face == a_face()
    assert firm.faults() == []


def test_a_domicile_that_returns_to_a_filed_place_ends_it(firm: Firm) -> None:
    before = a_face().address.text
    firm.move()
    firm.file(before)
    firm.annul(2)
    assert firm.place_states() == [PremisesState.ENDED]
    assert firm.faults() == []
