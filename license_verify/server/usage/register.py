"""Whose business it is: asked of the registry, for those who can't be answered without it."""

from typing import Final, Protocol

import grpc

from license_verify.record import PublicRecord
from license_verify.refusal import InvalidRequest
from license_verify.rpc.errors import from_rpc_error
from license_verify.server.live import answer_from
from license_verify.server.usage.errors import business_unknown, register_unavailable
from yizhao.registry.v1 import publication_service_pb2 as pb

_DEADLINE_SECONDS: Final = 3.0


class Registry(Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, *, timeout: float
    ) -> pb.PublicRecord:
        """The public record of an entity."""


class Register:
    """The registry, which says why it does not answer."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def record(self, code: str, basis: str, case_number: str) -> PublicRecord:
        """The record of a business as it stands; the read is recorded there.

        Args:
            code: one that it has or had.
            basis: why it is looked at.
            case_number: for which case.

        Raises:
            BusinessUnknown: the registry knows none of that code.
            InvalidRequest: the registry does not take basis or case number, and says why.
            RegisterUnavailable: it is away, or answers what can't be read.
        """
        request = pb.GetPublicRecordRequest(
            name=f"entities/{code}", basis=basis, case_number=case_number
        )
        try:
            answer = self._registry.GetPublicRecord(request, timeout=_DEADLINE_SECONDS)
            record = answer_from(answer, code)
        except grpc.RpcError as error:
            told = from_rpc_error(error)
            if told.code is grpc.StatusCode.NOT_FOUND:
                raise business_unknown(code) from None
            if told.code is grpc.StatusCode.INVALID_ARGUMENT and told.fields:
                raise InvalidRequest(*told.fields) from None
            raise register_unavailable(told.reason or told.code.name) from None
        except (KeyError, ValueError) as error:
            raise register_unavailable(type(error).__name__) from None
        if not isinstance(record, PublicRecord):
            raise register_unavailable(type(record).__name__)
        return record
