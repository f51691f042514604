"""`python -m tests.load.bench_filing [filings] [sizes …]`: how long a filing takes, by the size of
the register.

One registry for each size runs at the same time, and filings go to them in turn, so that whatever
else the machine does slows all of them alike. A filing is CreatePremisesFiling and then
SubmitPremisesFiling over mutual TLS, of an entity drawn at random, within an application that was
taken before.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.load.bulk import code_of
from tests.load.lifelike import business
from tests.load.mixed import a_place, taken
from tests.load.sizes import SIZES, milliseconds, registries
from tests.rpc.registry import people
from tests.rpc.registry.world import Client, Registry, a_request_id
from yizhao.registry.v1 import premises_pb2, premises_service_pb2

_FILINGS: Final = 1_000
_WARMING: Final = 50
_REGISTRARS: Final = (people.RENCHENG, people.QUFU, people.ZOUCHENG)
"""Of the entity numbered n: the one at n mod 3, as in `bulk`."""


@dataclass
class Register:
    """A register of one size, and what was measured of it."""

    size: int
    registry: Registry
    create: list[float] = field(default_factory=list)
    submit: list[float] = field(default_factory=list)

    @property
    def whole(self) -> list[float]:
        """Seconds of each filing, created and submitted."""
        return [create + submit for create, submit in zip(self.create, self.submit, strict=True)]


def main(arguments: list[str]) -> int:
    """Measure, and print a line for each size and the ratio of the largest to the smallest."""
    count = int(arguments[0]) if arguments else _FILINGS
    sizes = tuple(map(int, arguments[1:])) or SIZES
    with registries(sizes) as running:
        registers = [Register(size, registry) for size, registry in running.items()]
        random = Random(1)  # noqa: S311 - draws entities, not keys
        for number in range(count + _WARMING):
            for register in registers:
                _file(register, random, measured=number >= _WARMING)
    for register in registers:
        sys.stdout.write(f"{register.size:>9} entities: {_told(register)}\n")
    first, last = milliseconds(registers[0].whole), milliseconds(registers[-1].whole)
    ratios = [large / small for small, large in zip(first, last, strict=True)]
    sys.stdout.write(
        f"{registers[-1].size} to {registers[0].size}: p50 ×{ratios[0]:.2f}, p99 ×{ratios[1]:.2f}"
        f" ({count} filings each)\n"
    )
    return 0


def _file(register: Register, random: Random, *, measured: bool) -> None:
    number = random.randint(1, register.size)
    client = register.registry.as_(_REGISTRARS[number % 3])
    parent = taken(client, f"entities/{code_of(number)}")
    place = a_place(parent, business(number).person)
    drafted, create = _timed(lambda: client.premises.CreatePremisesFiling(place))
    filed, submit = _timed(lambda: _submit(client, drafted))
    if filed.state != premises_pb2.FILING_STATE_FILED:
        raise RuntimeError(f"it was not filed but {filed}")
    if measured:
        register.create.append(create)
        register.submit.append(submit)


def _submit(client: Client, drafted: Any) -> Any:
    return client.premises.SubmitPremisesFiling(
        premises_service_pb2.SubmitPremisesFilingRequest(
            name=drafted.name, etag=drafted.etag, request_id=a_request_id()
        )
    )


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    started = time.monotonic()
    answer = call()
    return answer, time.monotonic() - started


def _told(register: Register) -> str:
    parts = (
        ("create", register.create),
        ("submit", register.submit),
        ("both", register.whole),
    )
    told = ((name, *milliseconds(seconds)) for name, seconds in parts)
    return ", ".join(f"{name} p50 {p50:.1f} ms p99 {p99:.1f} ms" for name, p50, p99 in told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
