"""One call: deadline, request id, readable errors."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import grpc

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
class Caller:
    """Sends unary calls to one service."""

    service: str
    """What a person calls it, for errors."""
    timeout_seconds: float = 20.0

    def call(
        self, method: "Method[Request, Response]", request: Request, *, seconds: float | None = None
    ) -> Response:
        """Call and wait for the answer.

        Raises:
            ServiceError: the service refused.
            Unreachable: it did not answer in time.
        """
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
