"""Key custodians in these tests."""

import time
from collections.abc import Callable
from typing import Any

from tests.rpc.registry import people
from tests.rpc.registry.world import Registry, a_request_id
from yizhao.registry.v1 import key_pb2 as pb

WHY = "年度更换"


def asked(registry: Registry, method: str, **fields: Any) -> pb.KeyAct:
    """An act that one custodian asked for."""
    request = getattr(pb, f"{method}Request")(reason=WHY, request_id=a_request_id(), **fields)
    answer: pb.KeyAct = getattr(registry.as_(people.CUSTODIAN).admin, method)(request)
    return answer


def confirmed(registry: Registry, act: pb.KeyAct, **other: Any) -> pb.KeyAct:
    """The act, once the other custodian confirmed it."""
    values = {"name": act.name, "expected_subject": act.subject, "request_id": a_request_id()}
    request = pb.ConfirmKeyActRequest(**(values | other))
    answer: pb.KeyAct = registry.as_(people.OTHER_CUSTODIAN).admin.ConfirmKeyAct(request)
    return answer


def done(registry: Registry, method: str, **fields: Any) -> pb.KeyAct:
    """Asked by one and confirmed by the other."""
    return confirmed(registry, asked(registry, method, **fields))


def rotated(registry: Registry, use: "pb.KeyUse.ValueType") -> str:
    """`keys/{kid}` of a new key that signs from now on."""
    key = done(registry, "CreateKey", use=use).key
    done(registry, "ActivateKey", name=key, early=True)
    return key


def listed(registry: Registry) -> pb.ListKeysResponse:
    """What every official may see."""
    answer: pb.ListKeysResponse = registry.as_(people.RENCHENG).admin.ListKeys(pb.ListKeysRequest())
    return answer


def key_of(registry: Registry, name: str) -> pb.SigningKey:
    """A key as it is listed."""
    return next(key for key in listed(registry).keys if key.name == name)


def until(true: Callable[[], bool]) -> None:
    """Wait for what a publisher does in its own time."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it was not published"
        time.sleep(0.05)
