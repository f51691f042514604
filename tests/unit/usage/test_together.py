"""Work for all who come: each gets its own result, and a failure is told to those whom it hit."""

import threading
from collections.abc import Callable

import pytest

from license_verify.server.usage.together import Together, TookTooLong

_PATIENCE = 60.0


class Press:
    """Work that can be held up, and remembers whom each turn was for."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.at_work = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.broken: BaseException | None = None

    def work(self, items: list[int]) -> list[int]:
        self.turns.append(list(items))
        self.at_work.release()
        self.go_on.acquire()
        if self.broken is not None:
            raise self.broken
        return [-item for item in items]


class Caller(threading.Thread):
    """Joins once, and keeps what came of it."""

    def __init__(self, together: Together[int, int], item: int) -> None:
        super().__init__(daemon=True)
        self.together = together
        self.item = item
        self.result: int | BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.together.join(self.item)
        except BaseException as error:
            self.result = error

    def came_to(self) -> int | BaseException | None:
        self.join(_PATIENCE)
        return self.result


def until(true: Callable[[], bool]) -> None:
    end = threading.Event()
    for _ in range(int(_PATIENCE / 0.005)):
        if true():
            return
        end.wait(0.005)
    raise TimeoutError


def waiting(together: Together[int, int]) -> int:
    return len(together._group.items)


def three_behind_one(press: Press, together: Together[int, int]) -> list[Caller]:
    """The first is at work, the others wait together."""
    callers = [Caller(together, 1)]
    assert press.at_work.acquire(timeout=_PATIENCE)
    for item in (2, 3, 4):
        callers.append(Caller(together, item))
        until(lambda item=item: waiting(together) == item - 1)  # type: ignore[misc]
    return callers


def test_those_who_wait_meanwhile_are_served_together_and_each_gets_its_own() -> None:
    press = Press()
    together: Together[int, int] = Together(press.work, _PATIENCE)
    callers = three_behind_one(press, together)
    press.go_on.release(2)
    assert [each.came_to() for each in callers] == [-1, -2, -3, -4]
    assert press.turns == [[1], [2, 3, 4]]


def test_a_failure_is_told_to_all_whom_it_hit_and_to_nobody_else() -> None:
    press = Press()
    together: Together[int, int] = Together(press.work, _PATIENCE)
    callers = three_behind_one(press, together)
    press.go_on.release()
    assert callers[0].came_to() == -1
    assert press.at_work.acquire(timeout=_PATIENCE)
    press.broken = OSError("the disk is full")
    press.go_on.release()
    assert [each.came_to() for each in callers[1:]] == [press.broken] * 3
    press.broken = None
    press.go_on.release()
    assert together.join(5) == -5


def test_work_that_does_not_end_is_not_waited_for_without_end() -> None:
    press = Press()
    together: Together[int, int] = Together(press.work, 0.05)
    first = Caller(together, 1)
    assert press.at_work.acquire(timeout=_PATIENCE)
    others = [Caller(together, 2), Caller(together, 3)]
    for each in others:
        assert isinstance(each.came_to(), TookTooLong)
    press.go_on.release(2)
    assert first.came_to() == -1
    assert together.join(4) == -4
    assert press.turns == [[1], [4]]


@pytest.mark.parametrize("threads", [2, 8])
def test_none_of_many_is_lost_or_mixed_up(threads: int) -> None:
    together: Together[int, int] = Together(lambda items: [-item for item in items], _PATIENCE)
    wrong: list[int] = []

    def calls(first: int) -> None:
        items = range(first, first + 300)
        wrong.extend(item for item in items if together.join(item) != -item)

    running = [threading.Thread(target=calls, args=(1000 * n,)) for n in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join(_PATIENCE)
    assert not any(each.is_alive() for each in running)
    assert wrong == []
