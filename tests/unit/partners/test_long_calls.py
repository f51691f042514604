"""A long call is cut off once its caller may not call any more, also while it asks nothing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import uuid4

import pytest

from license_verify.rpc.call import CURRENT, Call
from license_verify.rpc.identity import Certificate, IdentityUnknown, Workload
from license_verify.server.partners.desk import Desk
from license_verify.server.partners.meter import Meters
from license_verify.server.partners.seen import Seen
from license_verify.server.streams import NodeEnding, Streams

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)


class Silent:
    """Asks once, then nothing, until the call ends."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def __iter__(self) -> Iterator[str]:
        yield "first"
        self.ended.wait()


@pytest.fixture
def silent() -> Iterator[Silent]:
    made = Silent()
    yield made
    made.ended.set()


@pytest.mark.parametrize("name", ["partner/icbank", "staff/0101", "service/soak"])
def test_a_caller_whose_certificate_ends_meanwhile_is_cut_off(silent: Silent, name: str) -> None:
    now = [NOON]
    desk = Desk(None, Meters(1, monotonic), Seen(), lambda: now[0])
    caller = Workload.parse(f"spiffe://yizhao.test/{name}")
    certificate = Certificate(bytes(32), 7, NOON + timedelta(minutes=1))
    token = CURRENT.set(Call("/x", uuid4(), caller, None, certificate))
    visitor = desk.visitor()
    CURRENT.reset(token)
    taken = Streams().taken(iter(silent), lambda: desk.require_still(visitor))
    assert next(taken) == "first"
    now[0] = certificate.expires_at
    with pytest.raises(IdentityUnknown, match="expired"):
        next(taken)


def test_a_silent_stream_ends_when_the_node_ends(silent: Silent) -> None:
    streams = Streams()
    taken = streams.taken(iter(silent), lambda: None)
    assert next(taken) == "first"
    streams.end()
    with pytest.raises(NodeEnding):
        next(taken)


def test_what_reading_raises_reaches_who_answers() -> None:
    def broken() -> Iterator[str]:
        yield "first"
        raise ValueError("no request")

    taken = Streams().taken(broken(), lambda: None)
    assert next(taken) == "first"
    with pytest.raises(ValueError, match="no request"):
        next(taken)
