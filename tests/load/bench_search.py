"""`python -m tests.load.bench_search [rounds] [sizes …]`: how long a search takes, by the size of
the register.

One registry for each size runs at the same time, and searches go to them in turn, so that whatever
else the machine does slows all of them alike. A round is one search of each kind, over mutual TLS,
of a business drawn at random; a search is the first page as an official gets it.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.load.bulk import code_of
from tests.load.lifelike import Business, business
from tests.load.sizes import SIZES, milliseconds, registries
from tests.rpc.registry import people
from tests.rpc.registry.world import Registry
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb

_ROUNDS: Final = 200
_WARMING: Final = 20
_EXACT: Final = pb.NAME_MATCH_EXACT
_ACTIVE: Final = entity_pb2.ENTITY_STATE_ACTIVE
_REVOKED: Final = entity_pb2.ENTITY_STATE_REVOKED

Criteria = dict[str, Any]


def _word(made: Business) -> str:
    """字号: what in a name is its own."""
    start = made.name.index("济宁") + 2
    for front in ("市", made.town[:3], made.town[:2]):
        start += len(front) if made.name.startswith(front, start) else 0
    return made.name[start : start + 2]


KINDS: Final[dict[str, Callable[[int, Business], Criteria]]] = {
    "code": lambda number, _: {"text": code_of(number)},
    "exact name": lambda _, made: {"business_name": made.name, "name_match": _EXACT},
    "whole name, typed": lambda _, made: {"text": made.name},
    "字号": lambda _, made: {"text": _word(made)},
    "字号 and more": lambda _, made: {"text": made.name[made.name.index(_word(made)) :][:4]},
    "place and 字号": lambda _, made: {"text": made.name[: made.name.index(_word(made)) + 2]},
    "商贸": lambda *_: {"text": "商贸"},
    "济宁": lambda *_: {"text": "济宁"},
    "有限公司": lambda *_: {"business_name": "有限公司"},
    "nothing": lambda *_: {"text": "龘龘"},
    "person": lambda _, made: {"person": made.person},
    "person, typed": lambda _, made: {"text": made.person},
    "door": lambda _, made: {"address": made.address},
    "street": lambda _, made: {"address": made.address[-9:-3]},
    "name and person": lambda _, made: {"business_name": made.name[-6:-4], "person": made.person},
    "name in unit": lambda _, made: {"text": _word(made), "registrar": f"units/{made.unit}"},
    "商贸 in unit": lambda _, made: {"text": "商贸", "registrar": f"units/{made.unit}"},
    "商贸, active": lambda *_: {"text": "商贸", "states": [_ACTIVE]},
    "unit": lambda _, made: {"registrar": f"units/{made.unit}"},
    "city": lambda *_: {"registrar": "units/1"},
    "active": lambda *_: {"states": [_ACTIVE]},
    "revoked": lambda *_: {"states": [_REVOKED]},
}
"""What a search of each kind asks, for a business that is in the register."""


@dataclass
class Register:
    """A register of one size, and what was measured of it."""

    size: int
    registry: Registry
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    @property
    def whole(self) -> list[float]:
        """Seconds of every search."""
        return [each for seconds in self.seconds.values() for each in seconds]


def main(arguments: list[str]) -> int:
    """Measure, and print p50 and p99 of each kind at each size, and the ratios."""
    rounds = int(arguments[0]) if arguments else _ROUNDS
    sizes = tuple(map(int, arguments[1:])) or SIZES
    with registries(sizes) as running:
        registers = [Register(size, registry) for size, registry in running.items()]
        random = Random(1)  # noqa: S311 - draws entities, not keys
        for number in range(rounds + _WARMING):
            for kind in KINDS:
                for register in registers:
                    _search(register, kind, random, measured=number >= _WARMING)
    for kind in KINDS:
        _tell(kind, [register.seconds[kind] for register in registers])
    _tell("all", [register.whole for register in registers])
    sys.stdout.write(f"sizes {', '.join(map(str, sizes))}; {rounds} searches of each kind\n")
    return 0


def _search(register: Register, kind: str, random: Random, *, measured: bool) -> None:
    number = random.randint(1, register.size)
    client = register.registry.as_(people.RENCHENG)
    request = pb.SearchEntitiesRequest(**KINDS[kind](number, business(number)))
    begun = time.monotonic()
    client.entities.SearchEntities(request)
    if measured:
        register.seconds[kind].append(time.monotonic() - begun)


def _tell(kind: str, seconds: list[list[float]]) -> None:
    told = [milliseconds(each) for each in seconds]
    first, last = told[0], told[-1]
    parts = [f"p50 {p50:6.1f} p99 {p99:6.1f} ms" for p50, p99 in told]
    ratios = f"p50 ×{last[0] / first[0]:.2f} p99 ×{last[1] / first[1]:.2f}"
    sys.stdout.write(f"{kind:<20} {' | '.join(parts)} | {ratios}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
