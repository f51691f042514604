"""Acts, each put down in the truth before it is sent and when it is answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

import grpc

from license_verify.rpc.errors import from_rpc_error
from tests.load.soak.office import Ended, Office
from tests.load.soak.truth import NOT_ISSUED, Document, History, Truth

FIRMS: Final = 10
"""That one counter looks after at a time."""


@dataclass(slots=True)
class Firm:
    """A firm that goes on, with its documents in force."""

    name: str
    business_name: str
    licence: Document
    state: History
    place: str
    door: Document
    """The code on the wall of its place."""
    copies: list[tuple[str, Document]] = field(default_factory=list)
    """Resource name and document of each 副本 of the licence in force."""


class Acts(threading.Thread):
    """One counter at work until it is told to end."""

    def __init__(
        self,
        office: Office,
        truth: Truth,
        end: threading.Event,
        random: Random,
        *,
        pause_seconds: float,
        tell: Callable[[Document], None],
    ) -> None:
        """`tell` is told each new document."""
        super().__init__(name="acts", daemon=True)
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._office = office
        self._truth = truth
        self._end = end
        self._random = random
        self._pause_seconds = pause_seconds
        self._tell = tell
        self._firms: list[Firm] = []
        self._acts: tuple[Callable[[Firm], None], ...] = (
            (self._sleep_or_wake,) * 4
            + (self._change,) * 3
            + (self._lose, self._copy, self._move) * 2
            + (self._revoke, self._deregister)
        )

    def run(self) -> None:
        """Act until the end; a refusal is put down as wrong, for none is expected."""
        while not self._end.wait(self._pause_seconds if len(self._firms) == FIRMS else 0):
            try:
                if len(self._firms) < FIRMS:
                    self._found()
                else:
                    self._random.choice(self._acts)(self._random.choice(self._firms))
            except Ended:
                return
            except grpc.RpcError as error:
                self.wrong.append(f"an act was refused: {from_rpc_error(error)}")

    def _found(self) -> None:
        sent_at = time.time()
        entity = self._office.register()
        state = History("VALID", sent_at)
        name = str(entity.name)
        place = self._office.place(name)  # first: 一照多址 stands on the licence
        with self._issued("licence", state) as issue:
            licence = issue(self._office.licence(name))
        with self._issued("door", state) as issue:
            door = issue(self._office.door(place))
        firm = Firm(name, entity.face.business_name, licence, state, place, door)
        self._copy(firm)
        self._firms.append(firm)
        self.done["founded"] += 1

    @contextmanager
    def _issued(self, kind: str, firm: History) -> Iterator[Callable[[str], Document]]:
        """What is issued in this block may be valid from its beginning, and is from its end."""
        own = History(NOT_ISSUED)
        own.send("VALID", time.time())

        def issue(scan: str) -> Document:
            own.answer(time.time())
            document = self._truth.add(kind, scan, firm, own)
            self._tell(document)
            return document

        yield issue

    @contextmanager
    def _act(self, status: str, *histories: History) -> Iterator[None]:
        """The act in this block brings that status."""
        sent_at = time.time()
        for history in histories:
            history.send(status, sent_at)
        try:
            yield
        except grpc.RpcError:
            for history in histories:
                history.refuse()
            raise
        for history in histories:
            history.answer(time.time())
        self.done[status] += 1

    def _sleep_or_wake(self, firm: Firm) -> None:
        if firm.state.last == "VALID":
            with self._act("SUSPENDED", firm.state):
                self._office.suspend(firm.name)
        else:
            with self._act("VALID", firm.state):
                self._office.resume(firm.name)

    def _wake(self, firm: Firm) -> None:
        """Most acts are for those who are not dormant."""
        if firm.state.last == "SUSPENDED":
            self._sleep_or_wake(firm)

    def _change(self, firm: Firm) -> None:
        self._wake(firm)
        capital = f"{self._random.randint(101, 99_999)}万元人民币"
        papers = (firm.licence, *(document for _, document in firm.copies))
        with self._issued("licence", firm.state) as issue:
            with self._act("SUPERSEDED", *(document.own for document in papers)):
                self._office.change(firm.name, capital)
            firm.licence, firm.copies = issue(self._office.live_licence(firm.name)), []
        self._copy(firm)

    def _copy(self, firm: Firm) -> None:
        self._wake(firm)
        with self._issued("copy", firm.state) as issue:
            copy = self._office.duplicate(firm.name)
            firm.copies.append((copy.name, issue(copy.scan_text)))

    def _lose(self, firm: Firm) -> None:
        if firm.copies:
            name, document = firm.copies.pop()
            with self._act("LOST_VOID", document.own):
                self._office.void(name)

    def _move(self, firm: Firm) -> None:
        """Its place gets another address, and a new code."""
        self._wake(firm)
        with self._issued("door", firm.state) as issue:
            with self._act("SUPERSEDED", firm.door.own):
                self._office.place(firm.name, firm.place)
            firm.door = issue(self._office.live_door(firm.place))

    def _revoke(self, firm: Firm) -> None:
        self._firms.remove(firm)
        with self._act("REVOKED", firm.state):
            self._office.revoke(firm.name, firm.business_name)

    def _deregister(self, firm: Firm) -> None:
        self._wake(firm)
        self._firms.remove(firm)
        with self._act("DEREGISTERED", firm.state):
            self._office.deregister(firm.name, firm.business_name)
