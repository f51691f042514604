"""What a sheet shows is what its symbol says, and paper is printed of what checkers believe."""

import pytest

from registry_service.domain.entity import Entity
from registry_service.domain.printed_copy import CopyKind
from registry_service.operations.act import Act
from registry_service.operations.correct_code import correct_code
from registry_service.operations.print_copy import print_copy
from registry_service.operations.print_face import (
    Titles,
    copy_to_print,
    license_to_print,
    site_to_print,
)
from registry_service.printing.errors import NotPrintable
from tests.db.issuing.world import CODE, World

RIGHT = "91370829MAJN000298"
TITLES = Titles("{unit}行政审批服务局", "{unit}市场监督管理局")


def of(act: Act, code: str = CODE) -> Entity:
    return act.tx.entities.find(code)


def test_a_licence_shows_the_code_that_it_was_signed_for(world: World) -> None:
    world.register()
    wrong = world.issue()
    with world.act() as act:
        correct_code(act, CODE, RIGHT, "赋码差错")
    world.finisher.finish_all()
    with world.act() as act:
        entity = of(act, RIGHT)
        shown = license_to_print(act, entity, act.tx.licenses.again(wrong), TITLES)
        right = license_to_print(act, entity, act.tx.licenses.find(entity.number), TITLES)
    assert (shown.uscc, shown.identity.license_number) == (CODE, f"{CODE}001")
    assert (right.uscc, right.identity.license_number) == (RIGHT, f"{RIGHT}002")


def test_paper_is_not_printed_of_what_a_distrusted_key_signed(world: World) -> None:
    world.register()
    premises_no = world.file_site()
    world.issue()
    site = world.issue_site(premises_no)
    with world.act() as act:
        copy = print_copy(act, CODE, CopyKind.DUPLICATE)
    world.finisher.finish_all()
    world.rows("UPDATE signing_key SET state = 'distrusted' WHERE use = 'token'")
    with world.act() as act:
        found = act.tx.copies.find(copy.entity_no, copy.number)
        with pytest.raises(NotPrintable):
            copy_to_print(act, of(act), found, TITLES)
        premises = act.tx.premises.find(copy.entity_no, premises_no)
        with pytest.raises(NotPrintable):
            site_to_print(act, of(act), site, premises, TITLES)
