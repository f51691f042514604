"""A serving node on one core: single calls, batches, repeated tokens, waiting times."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import chain, repeat
from typing import Final

from clients.bench import plain, processor, profile
from clients.bench.calls import BATCH, VERIFY, Caller, CallFailed, Waits
from clients.bench.driven import Driven
from clients.bench.library import raw
from clients.bench.line import Line
from clients.bench.requests import Requests
from clients.bench.rounds import Timing, each_of, in_turns
from clients.bench.stage import Server, Stage
from license_verify import limits
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1 import verify_service_pb2 as pb

_ROUNDS: Final = 9
_SECONDS: Final = 1.0
_UNDER_WAY: Final = 8
_BATCHES_UNDER_WAY: Final = 2
_WAITING_SECONDS: Final = 20.0
_PROFILE_SECONDS: Final = 4.0


def measure(stage: Stage, requests: Requests, say: Callable[[str], None]) -> list[Line]:
    """Everything of one process; the load comes from this one, on the other core."""
    server_core, load_core = processor.cores()
    with ExitStack() as stack:
        stack.enter_context(processor.only_on(load_core))
        stack.enter_context(stage.register())
        node = stack.enter_context(stage.node("node", server_core))
        beside = stack.enter_context(stage.plain(server_core))
        driven = {
            "empty": _driven(stack, stage, beside, plain.METHOD),
            "verify": _driven(stack, stage, node, VERIFY),
            "batch": _driven(stack, stage, node, BATCH),
        }
        _all_valid(driven["verify"].caller, driven["batch"].caller, requests)
        say("single calls, batches and raw checks, in turns")
        timed = _in_turns(driven, requests, _raw_on(server_core, stage))
        say("where the time goes")
        profiles = _profiles(driven, requests)
        say("waiting times at half load")
        rate = 0.5 * _rate(driven["verify"], requests)
        caller = driven["verify"].caller
        waits = caller.by_schedule(requests.single(), rate, _WAITING_SECONDS)
    return [*_lines(timed, profiles), _waiting(waits, rate)]


def _driven(stack: ExitStack, stage: Stage, server: Server, method: str) -> Driven:
    caller = Caller(server.rpc, stage.caller(), method)
    stack.callback(caller.close)
    if method == BATCH:
        return Driven(server, caller, _BATCHES_UNDER_WAY, limits.BATCH_ITEMS)
    return Driven(server, caller, _UNDER_WAY)


def _raw_on(core: int, stage: Stage) -> Callable[[], float]:
    check = each_of(raw(stage.material, limits.BATCH_ITEMS), limits.BATCH_ITEMS)

    def timed() -> float:
        with processor.only_on(core):
            return check()

    return timed


def _in_turns(
    driven: dict[str, Driven], requests: Requests, raw_check: Callable[[], float]
) -> dict[str, Timing]:
    def seconds_of(name: str) -> float:
        what = driven["batch" if name == "repeated" else name]
        if name == "repeated":
            what.caller.once(next(requests.repeated))  # the distinct ones have pushed them out
        spent = what.keep_busy(_requests_of(name, requests), _SECONDS)
        return spent.server / spent.items

    names = ("empty", "verify", "batch", "repeated")
    things = {name: partial(seconds_of, name) for name in names}
    return in_turns({"raw": raw_check, **things}, _ROUNDS)


def _requests_of(name: str, requests: Requests) -> Iterator[bytes]:
    match name:
        case "empty":
            return repeat(b"")
        case "verify":
            return requests.single()
        case "batch":
            return requests.batches()
    return requests.repeated


def _rate(verify: Driven, requests: Requests) -> float:
    """Calls a second of the clock: on a busy machine less than the core could answer."""
    spent = verify.keep_busy(requests.single(), _PROFILE_SECONDS)
    return spent.items / spent.clock


def _profiles(driven: dict[str, Driven], requests: Requests) -> dict[str, str]:
    found = {}
    for name in ("verify", "batch", "repeated"):
        what = driven["batch" if name == "repeated" else name]
        work = partial(what.keep_busy, _requests_of(name, requests), _PROFILE_SECONDS)
        found[name] = profile.while_doing(what.server.pid, work)
    return found


def _all_valid(verify: Caller, batch: Caller, requests: Requests) -> None:
    """Look at a few answers; afterwards nobody reads them."""
    one = verdict_pb2.Verdict.FromString(verify.once(next(requests.single())))
    many = pb.BatchVerifyResponse.FromString(batch.once(next(requests.batches())))
    outcomes = chain([one.outcome], (each.verdict.outcome for each in many.results))
    if len(many.results) != limits.BATCH_ITEMS or set(outcomes) != {verdict_pb2.OUTCOME_VALID}:
        raise CallFailed("a token of the measurement is not valid")
    if not one.receipt or not all(each.verdict.receipt for each in many.results):
        raise CallFailed("a verdict of the measurement has no receipt")


def _lines(timed: dict[str, Timing], profiles: dict[str, str]) -> list[Line]:
    times = {name: timing.microseconds for name, timing in timed.items()}
    return [
        Line(
            "unary Verify with receipt and usage / empty method",
            timed["verify"].speed_against(timed["empty"]),
            0.45,
            f"{times['verify']:.0f} µs and {times['empty']:.0f} µs of the server's core a call, "
            "with the same TLS, interceptors and log line",
            profiles["verify"],
        ),
        Line(
            "BatchVerify of 1,000 with receipts and usage / raw ES256 verify",
            timed["batch"].speed_against(timed["raw"]),
            0.45,
            f"{times['batch']:.0f} µs of the server's core an item over the wire, "
            f"raw {times['raw']:.0f} µs",
            profiles["batch"],
        ),
        Line(
            "repeated / distinct, BatchVerify",
            timed["repeated"].speed_against(timed["batch"]),
            4.0,
            f"{times['repeated']:.0f} µs an item",
            profiles["repeated"],
        ),
    ]


def _waiting(waits: Waits, rate: float) -> Line:
    cuts = statistics.quantiles(waits.answered, n=100)
    return Line(
        "p50 / p99 of Verify at half load",
        cuts[49] / cuts[98],
        None,
        f"p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms, longest "
        f"{max(waits.answered) * 1e3:.1f} ms from the moment each was due; "
        f"{len(waits.answered):,} calls at random moments, {rate:.0f} a second, half of what was "
        f"answered to {_UNDER_WAY} callers who never pause; {waits.refused} refused",
    )
