"""What the contract promises: every reason documented, every method there."""

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

import registry_service
from license_verify.refusal import Refusal
from license_verify.rpc.errors import CODES
from license_verify.rpc.identity import IdentityUnknown
from license_verify.rpc.interceptor import RequestMalformed
from registry_service.domain.errors import RegistryError
from tests.rpc.registry import people
from tests.rpc.registry.world import Client, Registry
from yizhao.registry.v1 import admin_service_pb2

PROTO = Path(__file__).parents[3] / "proto" / "yizhao" / "registry" / "v1"
SERVICES = {
    f"yizhao.registry.v1.{name}Service"
    for name in ("Entity", "Application", "Premises", "License", "Publication", "Admin")
}


def subclasses(kind: type[RegistryError]) -> Iterator[type[RegistryError]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def every_refusal() -> list[type[RegistryError]]:
    for module in pkgutil.walk_packages(registry_service.__path__, "registry_service."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return list(subclasses(RegistryError))


def test_reasons_are_unique_and_upper_snake() -> None:
    reasons = Counter(refusal.reason for refusal in every_refusal())
    assert [reason for reason, count in reasons.items() if count > 1] == []
    assert [r for r in reasons if not re.fullmatch(r"[A-Z]+(_[A-Z]+)*", r)] == []


def test_every_reason_is_documented_in_the_contract_with_its_code() -> None:
    text = "\n".join(path.read_text("utf-8") for path in PROTO.glob("*.proto"))
    said = set(re.findall(r"`([A-Z_]+)` `([A-Z_]+)`", text))
    kinds: list[type[Refusal]] = [*every_refusal(), IdentityUnknown, RequestMalformed]
    missing = {(CODES[kind.kind].name, kind.reason) for kind in kinds} - said
    assert missing == set()


def test_every_service_answers_health_and_is_reflected(registry: Registry) -> None:
    """Also to a certificate that is nobody's here, as a probe's."""
    channel = registry.as_(people.VERIFY).channel
    health: Any = health_pb2_grpc.HealthStub(channel)
    for name in ("", *SERVICES):
        answer = health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    reflection: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    (listed,) = reflection.ServerReflectionInfo(iter([request]))
    assert {each.name for each in listed.list_services_response.service} >= SERVICES


def test_the_request_id_comes_back(rencheng: Client) -> None:
    number = "3f2b8a52-8a0d-4d0c-9c9a-6a3c1c0f7f10"
    _, call = rencheng.admin.ListUnits.with_call(
        admin_service_pb2.ListUnitsRequest(), metadata=(("x-request-id", number),)
    )
    assert ("x-request-id", number) in [tuple(each) for each in call.trailing_metadata()]
    assert call.code() == grpc.StatusCode.OK
