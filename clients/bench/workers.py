"""Two worker processes against one, by the clock on the wall."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from operator import attrgetter
from typing import Final

from clients.bench import processor
from clients.bench.calls import BATCH, Caller
from clients.bench.driven import Driven, Spent
from clients.bench.line import Line
from clients.bench.requests import Requests
from clients.bench.rounds import in_turns
from clients.bench.stage import Server, Stage
from license_verify import limits

_WHAT: Final = "two worker processes / one"
_WANTED: Final = 1.7
_ROUNDS: Final = 7
_SECONDS: Final = 2.0
_CONNECTIONS: Final = 12
"""The kernel draws a process for each; that all get the same one happens once in 2,048 times."""


def measure(stage: Stage, requests: Requests, say: Callable[[str], None]) -> list[Line]:
    """Batches as fast as they go: there the load takes least beside the servers.

    One process has a core for itself and the load the other. Two processes share both cores with
    the load, so what it takes counts against them; it is told.
    """
    first, second = processor.cores()
    if first == second:
        return [Line(_WHAT, 0.0, _WANTED, "not measured: there is one core here")]
    spent: dict[str, list[Spent]] = {"one": [], "two": []}
    with ExitStack() as stack:
        stack.enter_context(stage.register())
        one = stack.enter_context(stage.node("alone", first))
        two = stack.enter_context(stage.node("pair", first, second, processes=2))
        say("two worker processes against one, in turns")
        with processor.only_on(second):
            alone = _driven(stack, stage, one)
        both = _driven(stack, stage, two)

        def seconds_of(name: str, driven: Driven) -> float:
            found = driven.keep_busy(requests.batches(), _SECONDS)
            spent[name].append(found)
            return found.clock / found.items

        timed = in_turns(
            {"one": partial(seconds_of, "one", alone), "two": partial(seconds_of, "two", both)},
            _ROUNDS,
        )
    rates = {name: 1e6 / timing.microseconds for name, timing in timed.items()}
    return [
        Line(
            _WHAT,
            timed["two"].speed_against(timed["one"]),
            _WANTED,
            f"{rates['two']:,.0f} and {rates['one']:,.0f} items a second of the clock in batches "
            f"of 1,000; an item takes {_mean(spent['two'], _OF_SERVER):.0f} and "
            f"{_mean(spent['one'], _OF_SERVER):.0f} µs of the servers, and of the load "
            f"{_mean(spent['two'], _OF_LOAD):.0f} and {_mean(spent['one'], _OF_LOAD):.0f}",
        )
    ]


def _driven(stack: ExitStack, stage: Stage, server: Server) -> Driven:
    caller = Caller(server.rpc, stage.caller(), BATCH, _CONNECTIONS)
    stack.callback(caller.close)
    return Driven(server, caller, _CONNECTIONS, limits.BATCH_ITEMS)


def _mean(spent: list[Spent], whose: Callable[[Spent], float]) -> float:
    """Microseconds an item."""
    return 1e6 * sum(map(whose, spent)) / sum(each.items for each in spent)


_OF_SERVER: Final = attrgetter("server")
_OF_LOAD: Final = attrgetter("load")
