"""更正统一社会信用代码: the old one stays and finds the entity."""

import pytest

from license_verify.lists.status import Status
from registry_service.domain.errors import CodeTaken, InvalidRequest
from registry_service.issuing.intent import claims_of
from tests.db.issuing.world import CODE
from tests.db.lifecycle.firm import OTHER_USCC, QUFU_SHOP, ZOUCHENG_SHOP, Firm, code_finds

THIRD_USCC = "92370883MAJN000376"


def subjects(firm: Firm) -> list[str]:
    """Whom live documents name."""
    rows = firm.world.rows(
        "SELECT to_be_signed FROM license_version WHERE state = 'issued'"
        " UNION ALL SELECT to_be_signed FROM site_code WHERE state = 'issued'"
    )
    return sorted(claims_of(bytes(said)).subject for (said,) in rows)


def test_the_former_code_finds_the_entity(firm: Firm) -> None:
    firm.correct_code()
    found = code_finds(firm, CODE)
    assert (found.uscc, found.former_codes) == (OTHER_USCC, (CODE,))
    assert code_finds(firm, OTHER_USCC) == found
    dated = firm.world.rows("SELECT code, from_date, until_date FROM entity_code ORDER BY code")
    assert [(code, until is None) for code, _, until in dated] == [
        (CODE, False),
        (OTHER_USCC, True),
    ]
    assert firm.faults() == []


def test_licence_and_site_codes_are_issued_anew_under_the_new_code(firm: Firm) -> None:
    firm.file(QUFU_SHOP, ZOUCHENG_SHOP)
    firm.issue()
    firm.correct_code()
    firm.sign()
    assert subjects(firm) == [OTHER_USCC, f"{OTHER_USCC}-1", f"{OTHER_USCC}-2"]
    assert firm.statuses() == [Status.SUPERSEDED] * 3 + [Status.VALID] * 3
    assert firm.faults() == []


def test_an_intent_under_the_wrong_code_is_voided(firm: Firm) -> None:
    firm.world.intend()
    firm.correct_code()
    firm.sign()
    assert subjects(firm) == [OTHER_USCC]
    assert firm.statuses() == [Status.INVALID, Status.VALID]
    assert firm.faults() == []


def test_a_revoked_entity_gets_its_code_right_and_no_new_documents(firm: Firm) -> None:
    firm.file(QUFU_SHOP)
    firm.issue()
    firm.revoke()
    firm.correct_code()
    firm.sign()
    assert subjects(firm) == []
    assert firm.statuses() == [Status.REVOKED] * 2
    assert firm.faults() == []


def test_a_code_of_another_entity_is_refused_also_a_former_one(firm: Firm) -> None:
    firm.world.register(THIRD_USCC, business_name="济宁市别家物流有限公司")
    with pytest.raises(CodeTaken):
        firm.correct_code(THIRD_USCC)
    firm.correct_code()
    with firm.world.act() as act, pytest.raises(CodeTaken):
        act.tx.entities.correct_code(act.tx.entities.find(THIRD_USCC), CODE, act.today)
    assert firm.read().uscc == OTHER_USCC


def test_the_code_in_force_needs_no_correction(firm: Firm) -> None:
    with pytest.raises(InvalidRequest):
        firm.correct_code(CODE)


def test_a_correction_of_the_code_is_itself_corrected(firm: Firm) -> None:
    firm.correct_code()
    firm.world.clock.forward(days=1)
    firm.correct_code(CODE)
    found = code_finds(firm, OTHER_USCC)
    assert (found.uscc, found.former_codes) == (CODE, (OTHER_USCC,))
    assert firm.faults() == []
