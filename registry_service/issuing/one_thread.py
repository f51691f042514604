"""A thread that does one thing after the other, for callers who wait no longer than they said."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Done = TypeVar("Done")


class OneThread:
    """Does what it is given in order. It ends with the process, whatever it hangs in."""

    def __init__(self, name: str) -> None:
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, what: Callable[[], Done], seconds: float) -> Done:
        """What `what` gives.

        What was not begun by then is not begun any more; what was begun is not stopped, and its
        answer is thrown away.

        Raises:
            TimeoutError: it was not done within so many seconds.
            Exception: whatever `what` raised.
        """
        future: Future[Done] = Future()
        self._waiting.put((future, what))
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    def _run(self) -> None:
        while True:
            future, what = self._waiting.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(what())
            except BaseException as error:
                future.set_exception(error)
