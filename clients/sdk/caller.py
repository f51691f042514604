"""One call: deadline, request id, readable errors."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

import grpc
from google.protobuf.message import Message

from clients.sdk.errors import readable
from license_verify.rpc.call import REQUEST_ID

if TYPE_CHECKING:
    Method = grpc.UnaryUnaryMultiCallable

PAGE_SIZE: Final = 200

Request = TypeVar("Request", contravariant=True)
Response = TypeVar("Response", covariant=True)
Page = TypeVar("Page", bound="Pages")
Item = TypeVar("Item")


class Pages(Protocol):
    """An answer that may have more behind it."""

    next_page_token: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why the caller looks at what it reads; the registry keeps it with every read."""

    basis: str = ""
    case_number: str = ""

    def said_in(self, request: Message) -> None:
        """Put it into the request of a read that says nothing else.

        Acts have a ground of their own, and checks a case of their own, but only reads have both.
        """
        if {"basis", "case_number"} <= set(request.DESCRIPTOR.fields_by_name):
            looking = cast("Looking", request)
            looking.basis = looking.basis or self.basis
            looking.case_number = looking.case_number or self.case_number


NO_PURPOSE: Final = Purpose()


class Looking(Protocol):
    """The request of a read of named entities."""

    basis: str
    case_number: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends unary calls to one service."""

    service: str
    """What a person calls it, for errors."""
    timeout_seconds: float = 20.0
    purpose: Purpose = NO_PURPOSE

    def call(
        self, method: "Method[Request, Response]", request: Request, *, seconds: float | None = None
    ) -> Response:
        """Call and wait for the answer.

        Raises:
            ServiceError: the service refused.
            Unreachable: it did not answer in time.
        """
        if isinstance(request, Message):
            self.purpose.said_in(request)
        try:
            return method(
                request,
                timeout=seconds or self.timeout_seconds,
                metadata=((REQUEST_ID, str(uuid.uuid4())),),
            )
        except grpc.RpcError as error:
            raise readable(error, self.service) from error


def every(fetch: Callable[[str], Page], items: Callable[[Page], Iterator[Item]]) -> Iterator[Item]:
    """Every item of a list method, page after page; `fetch` takes a page token."""
    token = ""
    while True:
        page = fetch(token)
        yield from items(page)
        token = page.next_page_token
        if not token:
            return


def new_request_id() -> str:
    """A request id for one act; its retries carry the same."""
    return str(uuid.uuid4())
