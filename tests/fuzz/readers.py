"""Every reader of bytes that others send, as a function that must neither crash nor believe."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import grpc

from license_verify import (
    Bundle,
    Outcome,
    Refusal,
    Trust,
    TrustList,
    limits,
    verify,
    verify_subject,
)
from license_verify.lists.delta import Delta
from license_verify.lists.manifest import Manifest
from license_verify.lists.status_list import StatusList
from license_verify.lists.trust_list import open_trust_list
from license_verify.receipt import Receipt, ReceiptRefused, open_receipt
from license_verify.server.bundles import Bundles
from license_verify.server.checker import Checker
from license_verify.server.live import LiveRegister
from license_verify.server.node_health import NodeHealth
from license_verify.server.page.app import build_site
from license_verify.server.store import BundleStore
from license_verify.statement import TYP, Statement, open_statement
from license_verify.statement_errors import StatementRefused
from license_verify.token import cbor, claims, cose, digits
from license_verify.transcript import Transcript, open_transcript
from tests.fuzz.seeds import (
    BUNDLE,
    NEWER,
    SCANS,
    STATEMENT,
    STATEMENT_TRUST,
    TRANSCRIPT,
    TRUST,
    WORLD,
    receipt,
)
from tests.unit.verify.world import HOST, NOW, T0


class Believed(AssertionError):
    """Something that is not genuine was taken for it."""


def scan(data: bytes) -> None:
    """Scan texts and typed codes."""
    text = data.decode("utf-8", "surrogateescape")
    for made in (text, f"https://{HOST}/{text}"):
        if made not in SCANS and verify(made, TRUST, NOW).outcome is Outcome.VALID:
            raise Believed(made)
    if verify_subject(text, TRUST, NOW).outcome is Outcome.VALID:
        raise Believed(text)


def read_digits(data: bytes) -> None:
    """Digits to bytes: what is read is what would be written."""
    text = data.decode("latin-1")
    try:
        found = digits.decode(text)
    except Refusal:
        return
    assert digits.encode(found) == text


def read_cbor(data: bytes) -> None:
    """One value has one form."""
    try:
        found = cbor.decode(data, 4096)
    except Refusal:
        return
    assert cbor.encode(found) == data


def read_cose(data: bytes) -> None:
    """Envelopes: what is read is what would be written, and no forged signature fits."""
    try:
        found = cose.decode(data, max_bytes=4096)
    except Refusal:
        return
    assert cose.assemble(found.protected, found.payload, found.signature) == data


def read_claims(data: bytes) -> None:
    """Payloads of tokens."""
    try:
        found = claims.Claims.decode(data)
    except Refusal:
        return
    assert found.encode() == data


def read_lists(data: bytes) -> None:
    """Contents of lists, receipts, statements, transcripts, before any signature is looked at."""
    for decode in (
        StatusList.decode,
        TrustList.decode,
        Manifest.decode,
        Receipt.decode,
        Statement.decode,
        Transcript.decode,
    ):
        try:
            decode(data)
        except Refusal:
            continue


def trust_list(data: bytes) -> None:
    """A trust list that the root did not sign."""
    _refused(data, BUNDLE.trust, lambda: open_trust_list(data, (WORLD.root.public,)))


def bundle(data: bytes) -> None:
    """A bundle file; also its manifest alone."""
    _refused(data, BUNDLE.encode(), lambda: Trust.from_bundle(Bundle.decode(data), WORLD.anchor()))
    spoiled = Bundle(data, BUNDLE.trust, BUNDLE.lists)
    _refused(data, BUNDLE.manifest, lambda: Trust.from_bundle(spoiled, WORLD.anchor()))


def delta(data: bytes) -> None:
    """What makes a newer bundle of the one that the reader has: that one, or none at all."""
    try:
        made = Delta.decode(data).apply(BUNDLE)
        Trust.from_bundle(made, WORLD.anchor(), TRUST.highest_seen)
    except Refusal:
        return
    if made != NEWER:
        raise Believed(data.hex())


def transcript(data: bytes) -> None:
    """A transcript that the root did not sign."""
    _refused(data, TRANSCRIPT, lambda: open_transcript(data, (WORLD.root.public,)))


def read_receipt(data: bytes) -> None:
    """Receipts, none of which is genuine here."""
    try:
        open_receipt(data, TRUST)
    except ReceiptRefused:
        return
    raise Believed(data.hex())


def read_statement(data: bytes) -> None:
    """Premises statements: what is read is what would be written, and none is believed but one."""
    try:
        found = Statement.decode(data)
    except StatementRefused:
        pass
    else:
        assert found.payload() == data
    _refused(data, STATEMENT, lambda: open_statement(data, STATEMENT_TRUST))


def http_path(data: bytes) -> None:
    """Paths of the public page: an answer for people, never an error of ours."""
    path = b"/" + data.replace(b"\n", b"")
    status, body = asyncio.run(_get(path[: limits.SCAN_CHARACTERS]))
    assert status < 500, status
    if path.partition(b"?")[0] not in _GENUINE_PATHS and b'class="verdict ok"' in body:
        raise Believed(path.decode("latin-1"))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "scan": scan,
    "digits": read_digits,
    "cbor": read_cbor,
    "cose": read_cose,
    "claims": read_claims,
    "lists": read_lists,
    "trust-list": trust_list,
    "transcript": transcript,
    "bundle": bundle,
    "delta": delta,
    "receipt": read_receipt,
    "statement": read_statement,
    "http-path": http_path,
}


@cache
def samples() -> Mapping[str, tuple[bytes, ...]]:
    """Genuine input of each target, for fuzzers to begin at."""
    tokens = [cose.decode(digits.decode(text.rpartition("/")[2]), max_bytes=1024) for text in SCANS]
    payloads = tuple(token.payload for token in tokens)
    listed = next(iter(BUNDLE.lists.values()))
    contents = tuple(
        cose.decode(data, max_bytes=1 << 20, typ=typ).payload
        for data, typ in (
            (BUNDLE.trust, "application/vnd.yizhao.trust-list+cose"),
            (BUNDLE.manifest, "application/vnd.yizhao.manifest+cose"),
            (listed, "application/statuslist+cwt"),
        )
    )
    numbers = tuple(text.rpartition("/")[2].encode() for text in SCANS)
    envelopes = tuple(digits.decode(number.decode()) for number in numbers)
    return {
        "scan": (*numbers, *(text.encode() for text in SCANS)),
        "digits": numbers,
        "cbor": (*payloads, *contents),
        "cose": envelopes,
        "claims": payloads,
        "lists": contents,
        "trust-list": (BUNDLE.trust,),
        "transcript": (TRANSCRIPT,),
        "bundle": (BUNDLE.encode(), BUNDLE.manifest),
        "delta": (Delta.between(BUNDLE, NEWER).encode(),),
        "receipt": (receipt(),),
        "statement": (STATEMENT, cose.decode(STATEMENT, max_bytes=4096, typ=TYP).payload),
        "http-path": (
            *numbers,
            b"s/0",
            b"trust-list",
            b"manifest",
            b"bundle",
            b"healthz",
            b"%e4%b8%80",
        ),
    }


def _refused(data: bytes, genuine: bytes, take: Callable[[], object]) -> None:
    try:
        take()
    except Refusal:
        return
    if data != genuine:
        raise Believed(data.hex())


_GENUINE_PATHS: Final = frozenset(b"/" + text.rpartition("/")[2].encode() for text in SCANS)


class _Away:
    """A registry that nobody reaches."""

    def GetBundle(self, request: object, *, timeout: float) -> Any:  # noqa: N802
        raise grpc.RpcError

    def WatchBundle(self, request: object, *, timeout: float) -> Any:  # noqa: N802
        raise grpc.RpcError

    def GetPublicRecord(self, request: object, *, timeout: float) -> Any:  # noqa: N802
        raise grpc.RpcError


@cache
def _site() -> Any:
    store = BundleStore(Path(mkdtemp()))
    store.keep(BUNDLE.encode(), TRUST.highest_seen)
    held = Bundles(_Away(), store, WORLD.anchor(), refresh_seconds=1, jitter=lambda: 0.0)
    held.load()
    checker = Checker(held, LiveRegister(_Away()), lambda: T0)
    health = NodeHealth(held, lambda: T0, 300, lambda: False)
    return build_site(checker, held, health, test_system=False, now=lambda: T0)


async def _get(raw_path: bytes) -> tuple[int, bytes]:
    path, _, query = raw_path.partition(b"?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "https", "path": path.decode("utf-8", "replace"), "raw_path": path,
        "query_string": query, "headers": [(b"host", HOST.encode())], "root_path": "",
        "client": ("127.0.0.1", 1), "server": (HOST, 443),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await _site()(scope, receive, send)
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:])
