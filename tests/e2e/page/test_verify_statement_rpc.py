"""VerifyStatement over mutual TLS."""

from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from license_verify.rpc.errors import from_rpc_error
from tests.e2e.page.node import Node, a_node, settings, utc_now
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.stated import (
    KEY,
    PLACES,
    REPLACED_INDEX,
    STATEMENT,
    signed,
    stated_in,
    stating,
)
from tests.unit.verify.world import Signer, World
from yizhao.verify.v1 import statement_verdict_pb2, verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import VerifyStatementRequest


@pytest.fixture
def world(world: World) -> World:
    return stating(world)


def ask(node: Node, content: bytes, **more: str) -> statement_verdict_pb2.StatementVerdict:
    with node.verifier() as stub:
        answer = stub.VerifyStatement(VerifyStatementRequest(content=content, **more))
    assert isinstance(answer, statement_verdict_pb2.StatementVerdict)
    return answer


def test_a_list_in_force_is_told_whole_with_the_place_asked_about(node: Node, world: World) -> None:
    found = ask(node, signed(stated_in(world)), address="曲阜市鲁城街道 样例街8号")
    assert (found.outcome, found.reason) == (verdict_pb2.OUTCOME_VALID, "OK")
    assert (found.uscc, found.version, found.environment) == (STATEMENT.uscc, 5, "test")
    assert [place.address for place in found.premises] == [place.address for place in PLACES]
    assert [place.supervisor for place in found.premises] == ["兖州区", "曲阜市"]
    assert [place.suspended for place in found.premises] == [False, True]
    assert (found.found_number, found.address_answer) == (7, verdict_pb2.CLAIM_ANSWER_MATCH)
    assert [words.language for words in found.words] == ["zh-CN", "en"]
    assert found.words[0].headline == "【测试】清单有效"
    assert found.freshness.maximum_age.seconds == 86_400
    elsewhere = ask(node, signed(stated_in(world)), address="曲阜市别处路1号")
    nowhere = (elsewhere.found_number, elsewhere.address_answer)
    assert nowhere == (0, verdict_pb2.CLAIM_ANSWER_DIFFERS)
    unasked = ask(node, signed(stated_in(world))).address_answer
    assert unasked == verdict_pb2.CLAIM_ANSWER_UNSPECIFIED


def test_a_replaced_list_is_a_verdict(node: Node, world: World) -> None:
    found = ask(node, signed(stated_in(world, REPLACED_INDEX)))
    assert found.outcome == verdict_pb2.OUTCOME_INVALID
    assert found.reason == "STATEMENT_SUPERSEDED"


def test_what_is_not_genuine_is_refused_by_name(node: Node, world: World) -> None:
    forger = Signer()
    forger.kid = KEY.kid
    good = signed(stated_in(world))
    for content, reason in (
        (signed(stated_in(world), forger), "STATEMENT_FORGED"),
        (signed(stated_in(world), world.status), "STATEMENT_KEY_WRONG_USE"),
        (good + b"\x00", "STATEMENT_MALFORMED"),
        (b"", "STATEMENT_MALFORMED"),
        (signed(stated_in(world), Signer()), "STATEMENT_KEY_UNKNOWN"),
        (bytes(3 * 1024 * 1024 + 1), "STATEMENT_TOO_LARGE"),
    ):
        with pytest.raises(grpc.RpcError) as refused:
            ask(node, content)
        assert from_rpc_error(refused.value).reason == reason
    with pytest.raises(grpc.RpcError) as refused:
        ask(node, good, address="\u202e")
    assert from_rpc_error(refused.value).reason == "UNFIT_TEXT"


def test_of_a_key_that_old_data_does_not_know_nobody_is_told_that_it_is_none(
    tmp_path: Path, authorities: Authorities, world: World, publisher: Publisher
) -> None:
    """A new key may be younger than the data: another node knows it."""
    newer = signed(stated_in(world), Signer())
    with a_registry(publisher, authorities) as registry:
        config = settings(tmp_path, authorities, world, registry.address)
        with (
            a_node(config, authorities, lambda: utc_now() + timedelta(days=2)) as node,
            pytest.raises(grpc.RpcError) as refused,
        ):
            ask(node, newer)
    assert from_rpc_error(refused.value).reason == "STATEMENT_WITHOUT_TRUST"
