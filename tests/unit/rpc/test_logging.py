"""Nothing that an exception or a library says reaches a log by value."""

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from license_verify.rpc.logging import configure
from tests.rpc.verify.logs import Log, configured_log

CANARY = "金丝雀张三丰"
LATIN_CANARY = "91370811MAJN000108"


@pytest.fixture
def log() -> Iterator[Log]:
    with configured_log() as stream:
        yield stream


def only(log: Log) -> dict[str, Any]:
    (line,) = log.getvalue().splitlines()
    assert CANARY not in line
    assert LATIN_CANARY not in line
    found: dict[str, Any] = json.loads(line)
    return found


def fail() -> None:
    secret = CANARY  # a local that a careless traceback would show
    values: dict[str, str] = {}
    try:
        values[LATIN_CANARY]
    except KeyError as error:
        raise ValueError(secret) from error


def test_our_own_exception_lines_hold_types_and_frames_only(log: Log) -> None:
    try:
        fail()
    except ValueError:
        structlog.stdlib.get_logger().exception("import.failed", run=7)
    line = only(log)
    assert (line["event"], line["run"], line["error"]) == ("import.failed", 7, "ValueError")
    assert line["causes"] == ["KeyError"]
    assert line["frames"][-1].endswith(":fail")


def test_an_exception_given_as_a_value_is_described_too(log: Log) -> None:
    structlog.stdlib.get_logger().warning("feed.late", why=ValueError(CANARY))
    assert only(log)["why"]["error"] == "ValueError"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("error connecting in %r: %s", ("pool-1", ValueError(CANARY))),
        (f"Exception calling application: {CANARY}", ()),
        (f"Task exception was never retrieved\nfuture: <Task exception=E('{CANARY}')>", ()),
        (f"could not read {LATIN_CANARY}", ()),
        (f"unquoted {CANARY} in a text", ()),
        ("%s", (CANARY,)),
    ],
)
def test_a_librarys_values_are_dropped(log: Log, text: str, arguments: tuple[object, ...]) -> None:
    logging.getLogger("psycopg.pool").error(text, *arguments)
    line = only(log)
    assert line["logger"] == "psycopg.pool"
    assert line["level"] == "error"
    assert line["where"].startswith("unit/rpc/test_logging.py:")


def test_a_librarys_traceback_loses_its_message(log: Log) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    line = only(log)
    assert (line["event"], line["error"]) == ("Exception in ASGI application", "ValueError")


def test_the_path_of_a_scan_never_reaches_the_access_log(log: Log) -> None:
    logging.getLogger("uvicorn.access").info('%s - "%s %s"', "127.0.0.1", "GET", CANARY)
    assert log.getvalue() == ""


def test_warnings_are_logged_without_their_text(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, stacklevel=1)
    assert only(log)["logger"] == "py.warnings"


def test_library_debug_lines_are_not_kept_even_when_ours_are(log: Log) -> None:
    configure("DEBUG", log)
    logging.getLogger("psycopg").debug("SELECT %s", CANARY)
    assert log.getvalue() == ""
    structlog.stdlib.get_logger().debug("own.detail")
    assert only(log)["event"] == "own.detail"
