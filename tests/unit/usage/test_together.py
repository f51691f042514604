"""Work for all who come: each gets its own result, and nobody waits for whoever does not come."""

import threading
from collections.abc import Callable

import pytest

from license_verify.server.usage.together import Arrival, Together, TookTooLong

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

    def __init__(
        self, together: Together[int, int], item: int, arrival: Arrival | None = None
    ) -> None:
        super().__init__(daemon=True)
        self.together = together
        self.item = item
        self.arrival = arrival
        self.result: int | BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.together.join(self.item, self.arrival)
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


def test_one_alone_waits_for_nobody() -> None:
    together: Together[int, int] = Together(lambda items: items, _PATIENCE, patience=_PATIENCE)
    with together.arrival() as arrival:
        assert together.join(1, arrival) == 1
    assert not together._wary  # as it is after a wait in which nobody came


def test_whoever_is_on_the_way_is_waited_for_until_it_joins_or_leaves() -> None:
    press = Press()
    press.go_on.release()
    together: Together[int, int] = Together(press.work, _PATIENCE, patience=_PATIENCE)
    with together.arrival() as late, together.arrival():
        first = Caller(together, 1)
        until(lambda: together._group.whole is not None)
        second = Caller(together, 2, late)
        until(lambda: waiting(together) == 2)
        assert press.turns == []
    # The other one left without joining.
    assert (first.came_to(), second.came_to()) == (-1, -2)
    assert press.turns == [[1, 2]]


def test_whoever_never_comes_is_waited_for_a_moment_and_then_not_for_some_turns() -> None:
    together: Together[int, int] = Together(lambda items: items, _PATIENCE)
    with together.arrival():
        assert together.join(1) == 1
        together._patience = _PATIENCE
        wary = together._wary
        assert [together.join(item) for item in range(10)] == list(range(10))
        assert together._wary == wary - 10


@pytest.mark.parametrize("threads", [2, 8])
def test_none_of_many_is_lost_or_mixed_up(threads: int) -> None:
    together: Together[int, int] = Together(lambda items: [-item for item in items], _PATIENCE)
    wrong: list[int] = []

    def calls(first: int) -> None:
        for item in range(first, first + 300):
            with together.arrival() as arrival:
                if item % 7 and together.join(item, arrival) != -item:
                    wrong.append(item)

    running = [threading.Thread(target=calls, args=(1000 * n,)) for n in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join(_PATIENCE)
    assert not any(each.is_alive() for each in running)
    assert wrong == []
    assert together._coming == 0
