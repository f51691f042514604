"""Requests of an asyncio stream, kept until they are answered; see `feeds`."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Generic, TypeVar

from clients.sdk.feeds import AHEAD

Item = TypeVar("Item")
Request = TypeVar("Request")


class AsyncFeed(Generic[Request]):
    """Reads a source at most `ahead` requests beyond the last answer.

    A task of its own reads: the tasks of gRPC are cancelled with their streams, and a cancelled
    `anext` would end a generator.
    """

    def __init__(self, source: AsyncIterable[Request], ahead: int = AHEAD) -> None:
        self._ahead = ahead
        self._changed = asyncio.Condition()
        self._held: deque[Request] = deque()
        self._answered = 0
        self._ended = False
        self.error: Exception | None = None
        """What the source raised, which ended it."""
        self._reader = asyncio.create_task(self._read(source))

    async def attempt(self) -> AsyncIterator[Request]:
        """Requests for one stream: those without an answer, then new ones."""
        number = self._answered
        while True:
            async with self._changed:
                while number - self._answered >= len(self._held) and not self._ended:
                    await self._changed.wait()
                if number - self._answered >= len(self._held):
                    return
                request = self._held[number - self._answered]
            yield request
            number += 1

    async def answered(self) -> None:
        """The oldest request has its answer."""
        async with self._changed:
            self._held.popleft()
            self._answered += 1
            self._changed.notify_all()

    @property
    def done(self) -> bool:
        """Whether the source ended and everything is answered."""
        return self._ended and not self._held

    async def close(self) -> None:
        """Stop reading."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self, source: AsyncIterable[Request]) -> None:
        try:
            async for request in source:
                async with self._changed:
                    self._held.append(request)
                    self._changed.notify_all()
                    while len(self._held) >= self._ahead:
                        await self._changed.wait()
        except Exception as error:
            self.error = error
        finally:
            self._ended = True
        async with self._changed:
            self._changed.notify_all()


async def each_of(source: AsyncIterable[Item] | Iterable[Item]) -> AsyncIterator[Item]:
    """The items of either kind of source."""
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item
