"""The scanned page with ten premises, against a static page of the same server."""

import http.client
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import cycle, islice
from typing import Final

from clients.bench import phones, plain, processor, profile
from clients.bench.calls import CallFailed
from clients.bench.line import Line
from clients.bench.registry import PREMISES, title_of
from clients.bench.rounds import in_turns
from clients.bench.stage import PAGE, Server, Stage

_WANTED: Final = 0.25
_ROUNDS: Final = 9
_PAGES: Final = 400
"""Of one round."""
_PROFILE_PAGES: Final = 2_000


def measure(stage: Stage, say: Callable[[str], None]) -> list[Line]:
    """Both on one core; the load and the register's stand-in on the other."""
    server_core, load_core = processor.cores()
    with ExitStack() as stack:
        stack.enter_context(processor.only_on(load_core))
        stack.enter_context(stage.register())
        node = stack.enter_context(stage.node(PAGE, server_core))
        beside = stack.enter_context(stage.plain(server_core))
        paths = cycle("/" + scan.rpartition("/")[2] for scan in stage.material.scans)
        page = _page_with_premises(node, next(paths))
        (stage.cache("plain") / plain.PAGE).write_bytes(page)
        say("the scanned page and a static one, in turns")

        def seconds_of(server: Server, some: Callable[[int], Sequence[str]]) -> float:
            before = processor.spent_by(server.pid)
            phones.fetch(server.page, some(_PAGES))
            return (processor.spent_by(server.pid) - before) / _PAGES

        def distinct(count: int) -> list[str]:
            return list(islice(paths, count))

        def static(count: int) -> list[str]:
            return ["/"] * count

        timed = in_turns(
            {
                "scanned": partial(seconds_of, node, distinct),
                "static": partial(seconds_of, beside, static),
            },
            _ROUNDS,
        )
        say("where the time of a page goes")
        found = profile.while_doing(
            node.pid, lambda: phones.fetch(node.page, distinct(_PROFILE_PAGES))
        )
    times = {name: timing.microseconds for name, timing in timed.items()}
    return [
        Line(
            f"scanned page with {PREMISES} premises / static page",
            timed["scanned"].speed_against(timed["static"]),
            _WANTED,
            f"{times['scanned']:.0f} µs and {times['static']:.0f} µs of the server's core, by "
            f"{phones.program()}; both {len(page):,} bytes, compressed alike",
            found,
        )
    ]


def _page_with_premises(node: Server, path: str) -> bytes:
    """What a visitor gets, not compressed.

    Raises:
        CallFailed: it is not the page of a valid licence with all its premises.
    """
    connection = http.client.HTTPSConnection(node.page, context=phones.anybody())
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        page = answer.read()
    finally:
        connection.close()
    missing = [n for n in range(1, PREMISES + 1) if title_of(n).encode() not in page]
    if answer.status != http.client.OK or missing:
        raise CallFailed(f"the page answers {answer.status} and lacks premises {missing}")
    return page
