"""How every servicer opens an act and answers."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from google.protobuf.message import Message

from license_verify.refusal import FieldViolation
from license_verify.rpc.call import current_call, current_caller, parse_request_id
from license_verify.rpc.identity import WorkloadKind
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.staff import Actor
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.authority import require_staff
from registry_service.operations.desk import Caller, Desk, Request
from registry_service.operations.look import Sight

Answer = TypeVar("Answer", bound=Message)
Read = TypeVar("Read")


def caller() -> Caller:
    """Who calls, from the certificate alone."""
    workload = current_caller()
    staff_no = workload.id if workload.kind is WorkloadKind.STAFF else None
    return Caller(workload.spiffe_id, staff_no, current_call().remaining_seconds())


class Answers:
    """Opens acts at the desk for the call being served."""

    def __init__(self, desk: Desk, sign_waiting: Callable[[int, Actor], None]) -> None:
        """`sign_waiting` signs what an act on that entity left to be signed; it never raises."""
        self._desk = desk
        self._sign_waiting = sign_waiting

    @contextmanager
    def act(self) -> Iterator[Act]:
        """An act of the caller, in a transaction of its own."""
        with self._desk.act(caller()) as act:
            yield act

    def read(self, perform: Callable[[Act], Read]) -> Read:
        """Answer a read, or what else changes nothing."""
        with self._desk.read(caller()) as act:
            return perform(act)

    def look(self, sight: Sight, perform: Callable[[Act, Whole], Read]) -> Read:
        """Answer a read of one entity, found and kept as read before `perform` is called."""
        with self._desk.look(caller(), sight) as (act, whole):
            return perform(act, whole)

    def once(
        self,
        request: Message,
        request_id: str,
        kind: type[Answer],
        perform: Callable[[Act], Answer],
    ) -> Answer:
        """Answer an act; the same request again gets the first answer.

        Acts are for officials: nobody else learns from a refusal what is on the register.

        Raises:
            RoleMissing: a service or a partner calls.
            InvalidRequest: `request_id` is no UUID.
            RequestIdReused: it was used for another request.
        """

        def by_an_official(act: Act) -> bytes:
            require_staff(act)
            return perform(act).SerializeToString()

        answer = self._desk.once(caller(), _request(request, request_id), by_an_official)
        return kind.FromString(answer)

    def signed(
        self,
        request: Message,
        request_id: str,
        kind: type[Answer],
        perform: Callable[[Act], tuple[int | None, Answer]],
    ) -> Answer:
        """Answer an act as `once`; after its commit, sign what it left to be signed.

        Args:
            request: as received.
            request_id: of the request.
            kind: of the answer.
            perform: does the act; gives the number of its entity, None where nothing was done,
                and the answer.
        """
        done: list[tuple[int, Actor]] = []  # stays empty for a repeated request

        def noting(act: Act) -> Answer:
            entity_no, answer = perform(act)
            if entity_no is not None:
                done.append((entity_no, act.actor))
            return answer

        answer = self.once(request, request_id, kind, noting)
        for entity_no, actor in done:
            self._sign_waiting(entity_no, actor)
        return answer


def _request(request: Message, request_id: str) -> Request:
    number = parse_request_id(request_id) if request_id else None
    if request_id and number is None:
        raise InvalidRequest(FieldViolation("request_id", "is not a UUID", "请求编号须为 UUID"))
    digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
    return Request(current_call().method, number, digest)
