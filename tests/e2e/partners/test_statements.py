"""What a grant lets a partner learn from a premises statement."""

import pytest

from tests.e2e.partners.desk import Desk
from tests.unit.verify.stated import PLACES, signed, stated_in, stating
from tests.unit.verify.world import World
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import VerifyStatementRequest


@pytest.fixture
def world(world: World) -> World:
    return stating(world)


def test_an_address_that_the_grant_does_not_let_claim_is_not_told_as_not_listed(
    desk: Desk, world: World
) -> None:
    desk.enrol()
    desk.grant(claims=("name",))
    request = VerifyStatementRequest(
        content=signed(stated_in(world)), address=PLACES[0].address, purpose="banking"
    )
    told = desk.as_("partner/icbank").verify.VerifyStatement(request)
    assert told.found_number == 0
    assert told.address_answer == verdict_pb2.CLAIM_ANSWER_NOT_COMPARED
