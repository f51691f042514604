"""A number that grows, and waiting for a greater one."""

import threading
from collections.abc import Callable

from registry_service.domain.errors import ServerDraining


class Newest:
    """Of the feed, or of the editions; one of each for a process, whose publisher tells it. Every
    watch waits on this one condition."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._closed = False

    @property
    def number(self) -> int:
        """The last number that this process knows of."""
        return self._number

    def tell(self, number: int) -> None:
        """What has this number, or a smaller one, can be read."""
        with self._changed:
            self._number = max(self._number, number)
            self._changed.notify_all()

    def wake(self) -> None:
        """Let those who wait look whether they still should."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """End every wait: this process stops."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_beyond(self, number: int, seconds: float, wanted: Callable[[], bool]) -> None:
        """Wait until there is a greater number, nobody wants it any more, or time is up.

        Raises:
            ServerDraining: this process stops.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._number > number or not wanted(), seconds
            )
            if self._closed:
                raise ServerDraining(
                    "this server stops; go on at another, after what was received last",
                    zh="本服务节点正在停止，请改用其他节点，从最后收到处重新订阅",
                )
