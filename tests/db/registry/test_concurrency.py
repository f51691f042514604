"""Two at once: one wins, the other is told; one request is one act."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest

from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.errors import EtagMismatch, RequestIdReused
from registry_service.operations.act import Act, entity_etag
from registry_service.operations.change_entity import change_entity
from registry_service.operations.desk import Desk, Request
from registry_service.operations.look import Sight
from registry_service.operations.register_entity import register_entity
from tests.db.registry.conftest import REGISTRAR
from tests.unit.registry.cases import FACE

CODE = "91370811MAJN000108"
VISIT = Visit("钱试写", "", "card_at_counter", "counter")


def register(act: Act) -> bytes:
    return entity_etag(register_entity(act, CODE, FACE, VISIT)).encode()


def test_of_two_writers_with_one_etag_exactly_one_wins_and_the_loser_is_told(desk: Desk) -> None:
    """Eighty races; both read before either writes."""
    with desk.act(REGISTRAR) as act:
        etag = entity_etag(register_entity(act, CODE, FACE, VISIT))
    together = Barrier(2)

    def change(person: str) -> str:
        together.wait()
        try:
            with desk.act(REGISTRAR) as act:
                changed = change_entity(act, CODE, {"person": person}, VISIT, etag=etag)
        except EtagMismatch:
            return ""
        return entity_etag(changed)

    with ThreadPoolExecutor(2) as pool:
        for race in range(80):
            won = [tag for tag in pool.map(change, (f"甲试{race}", f"乙试{race}")) if tag]
            assert len(won) == 1
            (etag,) = won
    with desk.act(REGISTRAR) as act:
        entity = act.tx.entities.find(CODE)
        revisions = [event.revision for event in act.tx.events.page(entity.number)]
    assert (entity.current.version, revisions) == (81, list(range(81, 0, -1)))


def test_of_two_registrations_of_one_code_exactly_one_wins(desk: Desk) -> None:
    together = Barrier(2)

    def attempt(_: int) -> str:
        together.wait()
        try:
            with desk.act(REGISTRAR) as act:
                register(act)
        except Exception as error:
            return type(error).__name__
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["CodeTaken", "won"]


def test_one_request_sent_twice_at_once_is_one_act_with_one_answer(desk: Desk) -> None:
    request = Request("/x/Register", uuid4(), b"d" * 32)
    together = Barrier(4)
    performed: list[int] = []

    def perform(act: Act) -> bytes:
        performed.append(1)
        return register(act)

    def send(_: int) -> bytes:
        together.wait()
        return desk.once(REGISTRAR, request, perform)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [b"e1"] * 4
    assert len(performed) == 1


def test_a_request_id_belongs_to_its_request(desk: Desk) -> None:
    request = Request("/x/Register", uuid4(), b"d" * 32)
    assert desk.once(REGISTRAR, request, register) == b"e1"
    for other in (replace(request, digest=b"e" * 32), replace(request, method="/x/Other")):
        with pytest.raises(RequestIdReused):
            desk.once(REGISTRAR, other, register)


def test_a_failed_act_keeps_no_answer(desk: Desk) -> None:
    request = Request("/x/Register", uuid4(), b"d" * 32)

    def fail(act: Act) -> bytes:
        register(act)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.once(REGISTRAR, request, fail)
    assert desk.once(REGISTRAR, request, register) == b"e1"


def test_reading_an_entity_does_not_wait_for_an_act_on_it(desk: Desk) -> None:
    """The act holds the entity's lock; the read leaves a row about the entity."""
    with desk.act(REGISTRAR) as act:
        register_entity(act, CODE, FACE, VISIT)
    with desk.act(REGISTRAR) as act:
        act.tx.entities.find(CODE, for_update=True)
        sight = Sight.of(ActName.GET_ENTITY, CODE)
        with desk.look(replace(REGISTRAR, seconds=20.0), sight) as (_, whole):
            assert whole.entity.uscc == CODE
