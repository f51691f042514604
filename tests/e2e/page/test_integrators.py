"""A node of the test system gives each of the integrators' codes the answer that is listed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.integrators import ENVIRONMENT, Code, Expected, System, codes
from clients.integrators.system import ROOT
from license_verify.public_roots import RootIsPublic
from license_verify.server.composition import serving
from tests.e2e.page.node import a_node, settings_of, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import World
from yizhao.verify.v1 import verdict_pb2 as verdicts
from yizhao.verify.v1.verify_service_pb2 import BatchVerifyRequest, Claims, Subject, VerifyRequest

PINNED = ROOT.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def asked(code: Code) -> VerifyRequest:
    subject = Subject(scan=code.text) if code.kind == "scan" else Subject(uscc=code.text)
    claims = Claims(address=code.address) if code.address else None
    return VerifyRequest(subject=subject, purpose=code.purpose, claims=claims)


def said(verdict: verdicts.Verdict) -> Expected:
    return Expected(
        verdicts.Outcome.Name(verdict.outcome).removeprefix("OUTCOME_"),
        verdicts.Status.Name(verdict.status).removeprefix("STATUS_"),
        verdict.reason,
    )


def test_a_node_answers_each_code_as_listed(
    log: Log, tmp_path: Path, authorities: Authorities
) -> None:
    published = cast("World", System(datetime.now(UTC).replace(microsecond=0)))
    with a_registry(Publisher(published), authorities) as registry:
        config = settings_of(
            tmp_path, authorities, PINNED, registry.address, environment=ENVIRONMENT
        )
        with a_node(config, authorities) as node:
            until(lambda: node.has("live"))
            every = [each for each in codes() if each.name != "too-long"]  # refused by name
            with node.verifier() as stub:
                answer = stub.BatchVerify(BatchVerifyRequest(requests=map(asked, every)))
    found = {code.name: said(got.verdict) for code, got in zip(every, answer.results, strict=True)}
    assert found == {code.name: code.live or code.expected for code in every}


def test_a_node_of_another_environment_does_not_start_with_the_public_root(
    tmp_path: Path, authorities: Authorities
) -> None:
    config = settings_of(tmp_path, authorities, PINNED, "127.0.0.1:1")
    with pytest.raises(RootIsPublic), serving(config):
        pytest.fail("it serves")
