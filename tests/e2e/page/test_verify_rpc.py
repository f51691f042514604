"""The Verify call over mutual TLS, through the service's own wiring."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date

from license_verify import Status
from license_verify.policy import POLICIES
from license_verify.rpc.errors import RpcFailure, from_rpc_error
from tests.e2e.page.node import Node
from tests.e2e.page.registry import Publisher
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import FACE, SITE_CLAIMS, USCC, Signer, World
from yizhao.verify.v1 import verdict_pb2 as verdicts
from yizhao.verify.v1.verify_service_pb2 import Claims, Subject, VerifyRequest

NAME = str(FACE.name)
SHOP = "曲阜市鲁城街道样例街8号"


def ask(node: Node, request: VerifyRequest, **more: Any) -> verdicts.Verdict:
    with node.verifier() as stub:
        answer = stub.Verify(request, **more)
    assert isinstance(answer, verdicts.Verdict)
    return answer


def of_scan(text: str, **more: Any) -> VerifyRequest:
    return VerifyRequest(subject=Subject(scan=text), **more)


def refusal(node: Node, request: VerifyRequest) -> RpcFailure:
    with pytest.raises(grpc.RpcError) as refused:
        ask(node, request)
    return from_rpc_error(refused.value)


def check(verdict: verdicts.Verdict, kind: verdicts.CheckKind.ValueType) -> verdicts.Check:
    (found,) = (each for each in verdict.checks if each.kind == kind)
    return found


def test_a_valid_scan_brings_verdict_face_words_and_freshness(node: Node, world: World) -> None:
    found = ask(node, of_scan(world.scan()))
    assert found.outcome == verdicts.OUTCOME_VALID
    assert found.status == verdicts.STATUS_VALID
    assert found.proof == verdicts.PROOF_SIGNED
    assert found.environment == "test"
    assert [each.kind for each in found.checks] == list(range(1, 11))
    assert (found.face.uscc, found.face.name, found.face.person) == (USCC, FACE.name, FACE.person)
    assert (found.face.person_title, found.face.registrar) == ("法定代表人", "任城区")
    assert [words.language for words in found.words] == ["zh-CN", "en"]
    assert "只证明执照，不证明出示人" in found.words[0].sentence
    assert found.freshness.source == verdicts.Freshness.SOURCE_LIVE
    assert 2 <= found.freshness.manifest_age.seconds < 60
    assert found.freshness.maximum_age.seconds == 86_400
    assert len(found.token_id) == 32
    assert not found.HasField("claims")


def test_a_forged_scan_is_a_verdict_without_face_or_token_id(node: Node, world: World) -> None:
    forger = replace(world, token=Signer())
    forger.token.kid = world.token.kid
    found = ask(node, of_scan(forger.scan()))
    assert found.outcome == verdicts.OUTCOME_INVALID
    assert check(found, verdicts.CHECK_KIND_SIGNATURE).reason == "SIGNATURE_WRONG"
    assert not found.HasField("face")
    assert found.token_id == b""


def test_claims_are_answered_and_nothing_more_is_told(
    node: Node, world: World, publisher: Publisher
) -> None:
    claims = Claims(name=NAME, person="孙试写", address=SHOP)
    found = ask(node, of_scan(world.scan(), claims=claims, purpose="telecom"))
    assert found.claims.name == verdicts.CLAIM_ANSWER_MATCH
    assert found.claims.person == verdicts.CLAIM_ANSWER_DIFFERS
    assert found.claims.address == verdicts.CLAIM_ANSWER_MATCH
    assert FACE.person not in str(found)
    assert publisher.requests == [f"entities/{USCC} for telecom"]


def test_a_filed_address_passes_place_with_the_live_register(node: Node, world: World) -> None:
    found = ask(node, of_scan(world.scan(), claims=Claims(address=SHOP), purpose="charging-point"))
    place = check(found, verdicts.CHECK_KIND_PLACE)
    assert (place.result, place.reason) == (verdicts.CHECK_RESULT_PASSED, "PLACE_FILED")
    assert found.outcome == verdicts.OUTCOME_VALID


def test_the_general_purpose_needs_no_live_register(
    node: Node, world: World, publisher: Publisher
) -> None:
    ask(node, of_scan(world.scan()))
    assert publisher.requests == []


def test_a_typed_code_proves_no_licence(node: Node) -> None:
    found = ask(node, VerifyRequest(subject=Subject(uscc=USCC)))
    assert found.proof == verdicts.PROOF_NONE
    assert found.outcome == verdicts.OUTCOME_INDETERMINATE
    assert not found.HasField("face")


def test_a_typed_licence_number_is_looked_up_by_its_code(node: Node, publisher: Publisher) -> None:
    number = f"1.2.156.3005.2.11100000MB0143028R001.11370800MB28559184.{USCC}.001.S"
    found = ask(node, VerifyRequest(subject=Subject(license_number=number)))
    assert found.proof == verdicts.PROOF_NONE
    assert publisher.requests == [f"entities/{USCC} for general"]


def test_a_mistyped_code_is_never_asked_about(node: Node, publisher: Publisher) -> None:
    found = ask(node, VerifyRequest(subject=Subject(uscc=USCC[:-1] + "1")))
    assert check(found, verdicts.CHECK_KIND_READ).reason == "USCC_INVALID"
    assert publisher.requests == []


def test_another_days_state_is_not_established(node: Node, world: World) -> None:
    found = ask(node, of_scan(world.scan(), as_of_date=Date(year=2026, month=5, day=4)))
    assert found.outcome == verdicts.OUTCOME_INDETERMINATE
    assert check(found, verdicts.CHECK_KIND_STATUS).reason == "AS_OF_NOT_KNOWN"
    assert (found.as_of_date.year, found.as_of_date.day) == (2026, 4)


@pytest.mark.parametrize(
    ("request_", "code", "reason"),
    [
        (VerifyRequest(), "INVALID_ARGUMENT", "SUBJECT_MISSING"),
        (of_scan(""), "INVALID_ARGUMENT", "SUBJECT_MISSING"),
        (of_scan("9" * 2049), "RESOURCE_EXHAUSTED", "SCAN_TOO_LARGE"),
        (of_scan("1", purpose="curiosity"), "INVALID_ARGUMENT", "PURPOSE_UNKNOWN"),
        (
            of_scan("1", as_of_date=Date(year=2026, month=2, day=30)),
            "INVALID_ARGUMENT",
            "DATE_INVALID",
        ),
        (of_scan("1", claims=Claims(name="名\u202e称")), "INVALID_ARGUMENT", "UNFIT_TEXT"),
    ],
)
def test_a_wrong_request_is_refused_by_name(
    node: Node, request_: VerifyRequest, code: str, reason: str
) -> None:
    found = refusal(node, request_)
    assert (found.code.name, found.reason) == (code, reason)
    assert found.message
    assert found.zh


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (of_scan("1", claims=Claims(name="名\u202e称")), "claims.name"),
        (of_scan("1", claims=Claims(person=" ")), "claims.person"),
        (of_scan("1", claims=Claims(address="路" * 1000)), "claims.address"),
        (of_scan("1", item_code="a\nb"), "item_code"),
        (of_scan("1", case_number=" "), "case_number"),
        (of_scan("1", operator_reference="x" * 1000), "operator_reference"),
    ],
)
def test_a_text_that_does_not_fit_is_named(node: Node, request_: VerifyRequest, field: str) -> None:
    found = refusal(node, request_)
    assert (found.reason, [each.field for each in found.fields]) == ("UNFIT_TEXT", [field])


def test_an_unknown_purpose_is_told_the_known_ones(node: Node) -> None:
    found = refusal(node, of_scan("1", purpose="curiosity"))
    assert found.metadata["purposes"].split(", ") == list(POLICIES)


@pytest.mark.parametrize("text", ["hello", "https://example.cn/", "9" * 2048, "1" * 1600, "\x00"])
def test_a_bad_scan_is_a_verdict(node: Node, text: str) -> None:
    assert ask(node, of_scan(text)).outcome == verdicts.OUTCOME_INVALID


def test_the_request_id_crosses_from_client_to_registry(
    node: Node, world: World, publisher: Publisher, log: Log
) -> None:
    mine = str(uuid4())
    ask(node, VerifyRequest(subject=Subject(uscc=USCC)), metadata=(("x-request-id", mine),))
    assert publisher.request_ids == [mine]
    called = [line for line in log.lines("rpc.call") if line["request_id"] == mine]
    assert {line["method"].rpartition("/")[2] for line in called} == {"Verify", "GetPublicRecord"}


@pytest.mark.parametrize("status", list(Status))
def test_rpc_and_page_say_the_same(node: Node, publisher: Publisher, status: Status) -> None:
    publisher.world = replace(
        publisher.world, seq=publisher.world.seq + 1, statuses={1234: status, 77: status}
    )
    node.await_seq(publisher)
    for claims in (None, SITE_CLAIMS):
        text = publisher.world.scan(claims) if claims else publisher.world.scan()
        found = ask(node, of_scan(text))
        page = node.scan(text).text
        assert f'<h1 id="answer">{found.words[0].headline} <span' in page


def test_no_log_line_holds_what_was_scanned_or_shown(node: Node, world: World, log: Log) -> None:
    text = world.scan()
    ask(node, of_scan(text, claims=Claims(name=NAME, person="孙试写")))
    node.scan(text)
    refusal(node, of_scan("1", claims=Claims(name="金丝雀\u202e")))
    written = log.getvalue()
    secrets = (FACE.name, FACE.person, "孙试写", "金丝雀", USCC, text[-40:])
    assert written
    assert [secret for secret in secrets if str(secret) in written] == []
