"""Raw bytes to the page's server over real connections, and what came back."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final

from license_verify.server.page.notice import NO_HISTORY
from license_verify.server.page.serving import PageServer
from tests.fuzz import spoil
from tests.fuzz.node import node
from tests.fuzz.readers import GENUINE_PATHS, Believed
from tests.unit.verify.world import HOST

_TOGETHER: Final = 40
"""Connections at a time."""
_QUIET_SECONDS: Final = 0.25
"""Who is answered nothing for so long hangs up: most likely the server waits for more."""
_ANSWER_SECONDS: Final = 20.0
_PATHS: Final = sorted(GENUINE_PATHS)
_GENUINE: Final = tuple(
    b"GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n\r\n"
    % (path, HOST.encode())
    for path in _PATHS
)
_STATUS: Final = re.compile(rb"(?:^|(?<=\n)|(?<=>)|(?<=\}))HTTP/1\.1 ([0-9]{3}) ")
_LISTENED: Final = ("uvicorn.error", "asyncio")


@dataclass
class Report:
    """What was sent and answered."""

    connections: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0
    """Connections on which the server said nothing."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.connections} connections, {self.statuses.total()} answers ({told}), "
            f"{self.unanswered} unanswered; wrong {len(self.wrong)}"
        )


def run(connections: int, seed: int) -> Report:
    """Open so many connections, each with something that no browser sends.

    Raises:
        Believed: a page called a document valid that nobody asked about.
    """
    report, chance = Report(), Random(seed)  # noqa: S311 - not a secret
    server = PageServer(node().site, "127.0.0.1:0", None)
    server.start()
    try:
        with _errors_into(report.wrong):
            asyncio.run(_all(server.address, connections, chance, report))
    finally:
        server.drain(1)
    return report


async def _all(address: str, connections: int, chance: Random, report: Report) -> None:
    host, _, port = address.rpartition(":")
    places = asyncio.Semaphore(_TOGETHER)

    async def one(sent: bytes, pace: int) -> None:
        async with places:
            answer = await _sent(host, int(port), sent, pace)
        _take(report, sent, answer)

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            sent = request(chance)
            # Slow ones send so many bytes at a time.
            group.create_task(one(sent, chance.choice((0,) * 15 + (1, 7, 100))))
            if len(report.wrong) > 20:
                return
            await asyncio.sleep(0)
    genuine = await _sent(host, int(port), _GENUINE[0], 0)
    if b'class="verdict ok"' not in genuine:
        report.wrong.append("in the end a genuine request is not answered")


async def _sent(host: str, port: int, data: bytes, pace: int) -> bytes:
    """What the server says to these bytes, until it closes or is quiet."""
    reader, writer = await asyncio.open_connection(host, port)
    answer = b""
    with suppress(ConnectionError):
        for at in range(0, min(len(data), 40 * pace), pace or 1):
            writer.write(data[at : at + pace])
            await writer.drain()
            await asyncio.sleep(0.001)
        writer.write(data[40 * pace :])
        await writer.drain()
    with suppress(ConnectionError, TimeoutError):
        patience = _ANSWER_SECONDS if data.endswith(b"\r\n\r\n") else _QUIET_SECONDS
        while part := await asyncio.wait_for(reader.read(1 << 16), patience):
            answer += part
            patience = _QUIET_SECONDS
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


def _take(report: Report, sent: bytes, answer: bytes) -> None:
    report.connections += 1
    report.unanswered += not answer
    for found in _STATUS.findall(answer):
        status = int(found)
        report.statuses[status] += 1
        if status >= 500 and status != NO_HISTORY.status:
            report.wrong.append(f"{status} to {sent[:200]!r}")
    if answer and not answer.startswith(b"HTTP/1.1 "):
        report.wrong.append(f"{answer[:60]!r} to {sent[:200]!r}")
    if b'class="verdict ok"' in answer and not any(path in sent for path in GENUINE_PATHS):
        raise Believed(sent.decode("latin-1"))


@contextmanager
def _errors_into(wrong: list[str]) -> Iterator[None]:
    """What the server's own libraries log as an error."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            wrong.append(self.format(record))

    listener, loggers = Listener(), [logging.getLogger(name) for name in _LISTENED]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(listener)
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(listener)
            logger.setLevel(level)


def request(chance: Random) -> bytes:
    """Something to send."""
    return chance.choice(_WAYS)(chance)


def _spoilt(chance: Random) -> bytes:
    """A genuine request with bytes flipped, set, cut, added or taken from another one."""
    return spoil.data(_GENUINE, chance)


def _line(chance: Random) -> bytes:
    """A request line that is none, or an odd one."""
    path = chance.choice((*_PATHS, b"/", b"/s/0", b"/bundle", b"*", b"//", b""))
    method = chance.choice(
        (b"GET", b"HEAD", b"POST", b"PUT", b"OPTIONS", b"TRACE", b"CONNECT", b"get", b"G\x00T",
         b"A" * 9000, b"")
    )  # fmt: skip
    space = chance.choice((b" ", b"  ", b"\t", b"", b"\x0b"))
    version = chance.choice(
        (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1.1", b"HTTP", b"",
         b"http/1.1", b"HTTP/9999999999.1")
    )  # fmt: skip
    target = chance.choice((b"", b"http://" + HOST.encode(), b"https://[::1", b"//")) + path
    ending = chance.choice((b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00"))
    return method + space + target + space + version + ending + b"Host: x\r\n\r\n"


def _headers(chance: Random) -> bytes:
    """Header fields that contradict each other, never end, or are none."""
    fields = [
        b"Host: %s" % HOST.encode(),
        b"Host: evil.example",
        b"Host: \xff\xfe",
        b"Host : spaced",
        b"Content-Length: 5",
        b"Content-Length: 6",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, gzip",
        b"Expect: 100-continue",
        b"Upgrade: websocket",
        b"Upgrade: h2c",
        b"Connection: Upgrade, HTTP2-Settings",
        b"Connection: close",
        b"Accept: " + b"*/*;q=" * 500,
        b"Accept-Encoding: gzip;q=\xff",
        b"If-None-Match: " + b'W/"' * 1000,
        b"Accept-Language: " + b"zh-" * 2000,
        b" folded: over\r\n two lines",
        b"no colon at all",
        b": no name",
        b"X-Null: \x00",
        b"X-Long: " + b"a" * 20_000,
    ]
    drawn = chance.choices(fields, k=chance.choice((0, 1, 2, 3, 120)))
    body = chance.choice((b"", b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"fffffffff\r\n"))
    line = b"%s %s HTTP/1.1" % (chance.choice((b"GET", b"POST")), chance.choice(_PATHS))
    return b"\r\n".join((line, *drawn, b"", body))


def _encoded(chance: Random) -> bytes:
    """Percent-encodings that are wrong, or hide something."""
    pieces = (
        b"%", b"%z", b"%zz", b"%00", b"%0d%0a", b"%ff", b"%c0%af", b"%e4%b8%80", b"%2e%2e%2f",
        b"%25", b"%u0031", b"\xe4\xb8\x80", b"?", b"#", b";", b"..", b"/", b"%31", b"1", b"%20",
        b"?time=1", b"s/", b"s/0",
    )  # fmt: skip
    path = b"".join(chance.choices(pieces, k=chance.randint(1, 40)))
    return b"GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, HOST.encode())


def _long(chance: Random) -> bytes:
    """A path of up to a megabyte."""
    unit = chance.choice((b"9", b"a", b"%31", b"/", b"..%2f", b"\xff"))
    path = unit * (chance.choice((1_601, 8_000, 17_000, 70_000, 1_000_000)) // len(unit))
    return b"GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, HOST.encode())


def _pipelined(chance: Random) -> bytes:
    """Several requests at once, good and bad."""
    ways = (_spoilt, _encoded, _line, lambda _: chance.choice(_GENUINE))
    return b"".join(chance.choice(ways)(chance) for _ in range(chance.randint(2, 20)))


def _cut(chance: Random) -> bytes:
    """The beginning of a request; the rest never comes."""
    whole = chance.choice(_GENUINE)
    return whole[: chance.randrange(1, len(whole))]


def _nonsense(chance: Random) -> bytes:
    """Bytes; a TLS greeting where no TLS is spoken; HTTP/2."""
    return chance.choice(
        (
            chance.randbytes(chance.randrange(1, 3000)),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(300),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + chance.randbytes(30),
            b"\r\n" * 3000,
        )
    )


_WAYS: Final[tuple[Callable[[Random], bytes], ...]] = (
    (_spoilt,) * 4 + (_line, _headers, _encoded) * 3 + (_pipelined,) * 2
    + (_long, _cut, _nonsense)
)  # fmt: skip
