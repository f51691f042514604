"""Refusals, bugs, request ids and access lines, over a real server."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from license_verify.refusal import FieldViolation
from license_verify.rpc.call import CURRENT, REQUEST_ID, Call
from license_verify.rpc.errors import RpcFailure, from_rpc_error
from license_verify.rpc.identity import Authority
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.echo import CALL_SECONDS, NAME, a_channel, an_echo_server
from tests.rpc.verify.logs import Log, configured_log

CANARY = "金丝雀张三丰"


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


@pytest.fixture
def channel(authorities: Authorities, log: Log) -> Iterator[grpc.Channel]:
    with (
        an_echo_server(authorities) as server,
        a_channel(server, authorities.client("partner/icbank", Authority.PARTNERS)) as opened,
    ):
        yield opened


def call_of_form(channel: Any, form: str, words: bytes, **more: Any) -> bytes:
    method = f"/{NAME}/{form}"
    if form == "One":
        return bytes(channel.unary_unary(method)(words, **more))
    if form == "Many":
        return b"".join(channel.unary_stream(method)(words, **more))
    if form == "Joined":
        return bytes(channel.stream_unary(method)(iter([words]), **more))
    return b"".join(channel.stream_stream(method)(iter([words]), **more))


def failure(channel: Any, form: str, words: bytes) -> RpcFailure:
    with pytest.raises(grpc.RpcError) as refused:
        call_of_form(channel, form, words, timeout=30)
    return from_rpc_error(refused.value)


FORMS = pytest.mark.parametrize("form", ["One", "Many", "Joined", "Each"])


@FORMS
def test_a_refusal_arrives_whole_in_every_form_of_call(channel: Any, form: str) -> None:
    found = failure(channel, form, b"refuse")
    assert UUID(found.request_id)
    assert found == RpcFailure(
        code=grpc.StatusCode.ABORTED,
        message="read filings/7 again",
        reason="ETAG_MISMATCH",
        metadata={"filing": "filings/7"},
        fields=(FieldViolation("site.scope", "longer than 4,000", zh="过长"),),
        zh="请重新读取后再提交",
        request_id=found.request_id,
    )


@FORMS
def test_a_bug_tells_the_caller_nothing_and_the_log_only_where(
    channel: Any, log: Log, form: str
) -> None:
    found = failure(channel, form, f"bug:{CANARY}".encode())
    assert (found.code, found.message) == (grpc.StatusCode.INTERNAL, "internal error")
    (line,) = log.lines("rpc.bug")
    assert line["error"].endswith("echo.DatabaseSays")
    assert line["sqlstate"] == "23505"
    assert line["frames"][-1].startswith("rpc/verify/echo.py:")
    assert line["request_id"] == found.request_id
    assert CANARY not in log.getvalue()
    assert "DETAIL" not in log.getvalue()


@FORMS
def test_each_call_leaves_one_access_line_without_its_payload(
    channel: Any, log: Log, form: str
) -> None:
    assert call_of_form(channel, form, CANARY.encode(), timeout=30)
    (line,) = log.lines("rpc.call")
    assert (line["method"], line["code"], line["caller"]) == (
        f"/{NAME}/{form}",
        "OK",
        "partner/icbank",
    )
    assert line["milliseconds"] >= 0
    assert CANARY not in log.getvalue()


def test_the_clients_request_id_is_kept_and_sent_back(channel: Any, log: Log) -> None:
    mine = str(uuid4())
    answer, call = channel.unary_unary(f"/{NAME}/One").with_call(
        b"hello", metadata=((REQUEST_ID, mine),)
    )
    assert answer.decode().endswith(mine)
    assert (REQUEST_ID, mine) in call.trailing_metadata()
    assert log.lines("rpc.call")[0]["request_id"] == mine


@pytest.mark.parametrize("form", ["unary_stream", "stream_stream"])
def test_the_request_id_of_a_stream_comes_before_its_answers(channel: Any, form: str) -> None:
    mine = str(uuid4())
    method = f"/{NAME}/{'Many' if form == 'unary_stream' else 'Each'}"
    sent: Any = b"hello" if form == "unary_stream" else iter([b"hello"])
    stream = getattr(channel, form)(method)(sent, metadata=((REQUEST_ID, mine),))
    assert (REQUEST_ID, mine) in stream.initial_metadata()
    assert list(stream)


@pytest.mark.parametrize("strange", ["", "1", "{not-a-uuid}", "x" * 200])
def test_a_strange_request_id_is_replaced(channel: Any, strange: str) -> None:
    _, call = channel.unary_unary(f"/{NAME}/One").with_call(
        b"hello", metadata=((REQUEST_ID, strange),)
    )
    given = dict(call.trailing_metadata())[REQUEST_ID]
    assert UUID(str(given))


def test_a_call_made_while_serving_another_passes_its_request_id_on(channel: Any) -> None:
    mine = uuid4()
    token = CURRENT.set(Call("/a/B", mine, None, None))
    try:
        answer: bytes = channel.unary_unary(f"/{NAME}/One")(b"hello")
    finally:
        CURRENT.reset(token)
    assert answer.decode().endswith(str(mine))


def test_a_call_without_a_deadline_gets_the_channels(channel: Any) -> None:
    assert 0 < int(channel.unary_unary(f"/{NAME}/One")(b"deadline")) <= CALL_SECONDS
    assert list(channel.unary_stream(f"/{NAME}/Many")(b"deadline"))[1] == b"none"


def test_a_message_beyond_the_limit_is_refused(channel: Any) -> None:
    found = failure(channel, "One", b"x" * (5 << 20))
    assert found.code is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_client_that_goes_away_is_no_bug(channel: Any, log: Log) -> None:
    stream = channel.unary_stream(f"/{NAME}/Forever")(b"x")
    assert next(stream) == b"x"
    stream.cancel()
    end = time.monotonic() + 10
    while not log.lines("rpc.call"):
        assert time.monotonic() < end, "the end of the call was not noticed"
    assert log.lines("rpc.call")[0]["code"] == "CANCELLED"
    assert not log.lines("rpc.bug")
