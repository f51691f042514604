"""Two writers at once on one thing, both having read it at the same state: one wins.

`python -m tests.load.races 1000` prints how often each pair was tried and what the loser was told.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clients.sample.codes import uscc
from license_verify.refusal import Refusal
from registry_service.domain.address import address_of
from registry_service.domain.premises import Document, Site
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.act import entity_etag
from registry_service.operations.change_entity import change_entity, correct_entity
from registry_service.operations.draft_filing import draft_filing, filing_etag, update_filing
from registry_service.operations.handover_step import handover_etag
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from tests.db.issuing.world import CODE, VISIT, World, a_world
from tests.load.scratch import a_server

HOST_SUPERVISORS = ("0202", "0203")
_QUFU = 20
_RACES_AN_ENTITY = 100
_PAPERS = (Document("commitment", bytes(32), VISIT.applicant),)

Writer = Callable[[World], object]


@dataclass
class Tally:
    """What came of the races."""

    tried: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    """Reason given to losers."""
    wrong: list[str] = field(default_factory=list)
    """Races with no winner, two, or a loser who was not told why."""

    def __str__(self) -> str:
        pairs = ", ".join(f"{name} {count}" for name, count in sorted(self.tried.items()))
        told = ", ".join(f"{name} {count}" for name, count in sorted(self.told.items()))
        total = self.tried.total()
        winners = total - len(self.wrong)
        return (
            f"{total} races ({pairs}); with exactly one winner {winners}; "
            f"losers told {told}; wrong {len(self.wrong)}"
        )


def race(world: World, first: Writer, second: Writer) -> tuple[int, list[str]]:
    """Let two writers loose at the same moment.

    Returns:
        The number of winners, and the reasons told to losers.
    """
    start = threading.Barrier(2)
    outcomes: list[str | None] = []

    def run(writer: Writer) -> None:
        start.wait()
        try:
            writer(world)
            outcomes.append(None)
        except Refusal as refusal:
            outcomes.append(refusal.reason if refusal.zh else "")
        except Exception as bug:  # what a loser must never see
            outcomes.append(f"BUG {type(bug).__name__}")

    threads = [threading.Thread(target=run, args=(writer,)) for writer in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reasons = [outcome for outcome in outcomes if outcome is not None]
    return 2 - len(reasons), reasons


class Races:
    """Pairs of writers on one entity."""

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self._count = 0
        self._code = CODE

    def run(self, count: int) -> Tally:
        """So many races, the pairs drawn at random."""
        tally = Tally()
        pairs: dict[str, Callable[[], tuple[Writer, Writer, str]]] = {
            "change/change": lambda: (self._change(), self._change(), "ETAG_MISMATCH"),
            "change/correct": lambda: (self._change(), self._correct(), "ETAG_MISMATCH"),
            "update/submit": self._filing,
            "submit/submit": self._submits,
            "acknowledge/acknowledge": self._acknowledgements,
        }
        for number in range(count):
            if number % _RACES_AN_ENTITY == 0:  # an official looks at one with 300 places
                self._code = uscc("91", "370811", 500_000 + number)
                self._world.register(self._code)
            name = self._random.choice(sorted(pairs))
            first, second, expected = pairs[name]()
            if self._random.random() < 0.5:
                first, second = second, first
            winners, reasons = race(self._world, first, second)
            tally.tried[name] += 1
            tally.told.update(reasons)
            if winners != 1 or reasons != [expected]:
                tally.wrong.append(f"{name}: {winners} winners, told {reasons}")
        return tally

    def _fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}号"

    def _etag(self) -> str:
        with self._world.store.transaction() as tx:
            return entity_etag(tx.entities.find(self._code))

    def _change(self) -> Writer:
        code, etag, scope = self._code, self._etag(), self._fresh("一般项目：日用百货销售。第")

        def write(world: World) -> object:
            with world.act() as act:
                return change_entity(act, code, {"scope": scope}, VISIT, etag=etag)

        return write

    def _correct(self) -> Writer:
        code, etag, scope = self._code, self._etag(), self._fresh("一般项目：日用百货销售。更正第")

        def write(world: World) -> object:
            with world.act() as act:
                return correct_entity(act, code, {"scope": scope}, "更正决定", etag=etag)

        return write

    def _drafted(self) -> tuple[int, str]:
        with self._world.act() as act:
            _, application = take_application(act, self._code, VISIT)
            site = Site("", address_of(self._fresh("曲阜市鲁城街道试验路")))
            _, filing = draft_filing(act, self._code, application.receipt_number, site, _PAPERS)
            return filing.number, filing_etag(filing)

    def _filing(self) -> tuple[Writer, Writer, str]:
        code, (number, etag) = self._code, self._drafted()
        site = Site("", address_of(self._fresh("曲阜市鲁城街道试写路")))

        def update(world: World) -> object:
            with world.act() as act:
                return update_filing(act, code, number, site, _PAPERS, etag=etag)

        return update, _submit(self._code, number, etag), "ETAG_MISMATCH"

    def _submits(self) -> tuple[Writer, Writer, str]:
        number, etag = self._drafted()
        return _submit(self._code, number, etag), _submit(self._code, number, etag), "ETAG_MISMATCH"

    def _acknowledgements(self) -> tuple[Writer, Writer, str]:
        code, (number, etag) = self._code, self._drafted()
        with self._world.act() as act:
            handover_no = submit_filing(act, code, number, etag=etag)[1].handover_no
            assert handover_no is not None
            entity_no = act.tx.entities.find(code).number
            handover = act.tx.handovers.find(entity_no, handover_no)
        etag = handover_etag(handover)

        def by(staff_no: str) -> Writer:
            def write(world: World) -> object:
                with world.act(staff_no) as act:
                    return acknowledge_handover(act, code, handover_no, etag=etag)

            return write

        first, second = map(by, HOST_SUPERVISORS)
        return first, second, "ETAG_MISMATCH"


def _submit(code: str, number: int, etag: str) -> Writer:
    def write(world: World) -> object:
        with world.act() as act:
            return submit_filing(act, code, number, etag=etag)

    return write


@contextmanager
def a_race_track(url: str, keys: Path) -> Iterator[World]:
    """A register with what the pairs need: two supervisors of the host unit."""
    with a_world(url, keys) as world:
        with world.store.transaction() as tx:
            for number in HOST_SUPERVISORS:
                role = Assignment(_QUFU, Role.SUPERVISOR, world.clock().date().replace(year=2020))
                tx.staff.put(Staff(number, f"测试{number}", (role,)))
        yield world


def main(arguments: list[str]) -> int:
    """Race so often, print the counts; 1 if any race went wrong."""
    count = int(arguments[0]) if arguments else 1000
    with (
        tempfile.TemporaryDirectory(prefix="yizhao-races-") as folder,
        a_server() as server,
        server.clone() as url,
        a_race_track(url, Path(folder) / "keys") as world,
    ):
        started = time.monotonic()
        tally = Races(world, Random(count)).run(count)  # noqa: S311 - draws pairs, not keys
        faults = check(url)
        seconds = time.monotonic() - started
    for line in (*tally.wrong, *map(str, faults)):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{tally}; fsck faults {len(faults)}; {seconds:.1f} s\n")
    return int(bool(tally.wrong or faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
