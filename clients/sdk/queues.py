"""What waits for a unit: some of it, and how much there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from yizhao.registry.v1 import application_service_pb2

Item = TypeVar("Item")
NOBODY = "staff/-"
"""As an assignee: what nobody looks after."""


class CountedPages(Protocol):
    """An answer that may have more behind it, with counts of the whole."""

    next_page_token: str

    @property
    def counts(self) -> application_service_pb2.QueueCounts:
        """Over the whole query."""


Page = TypeVar("Page", bound=CountedPages)


@dataclass(frozen=True, slots=True)
class Queue(Generic[Item]):
    """The first of what was asked for, in the registry's order."""

    items: tuple[Item, ...]
    counts: application_service_pb2.QueueCounts
    """Over the whole query, not only `items`."""


def take(
    fetch: Callable[[str], Page], items: Callable[[Page], Iterator[Item]], limit: int
) -> Queue[Item]:
    """At most `limit` items, page after page, with the counts of the first page."""
    page = fetch("")
    counts, found = page.counts, list(items(page))
    while page.next_page_token and len(found) < limit:
        page = fetch(page.next_page_token)
        found += items(page)
    return Queue(tuple(found[:limit]), counts)
