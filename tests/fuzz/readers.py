"""Every reader of bytes that others send, as a function that must neither crash nor believe."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Final

from google.protobuf.message import DecodeError
from google.type.date_pb2 import Date
from structlog.testing import capture_logs

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
from license_verify.policy import DEFAULT
from license_verify.receipt import Receipt, ReceiptRefused
from license_verify.receipt_document import open_receipt
from license_verify.server.convert import claims_of, date_of, policy_of, verdict_to_pb
from license_verify.server.page.notice import NO_HISTORY
from license_verify.statement import TYP, Statement, open_statement
from license_verify.statement_errors import StatementRefused
from license_verify.token import cbor, claims, cose, digits
from license_verify.transcript import Transcript, open_transcript
from tests.fuzz.node import ask, node, sleeping
from tests.fuzz.seeds import (
    BUNDLE,
    NEWER,
    SCANS,
    STATEMENT,
    STATEMENT_TRUST,
    TRANSCRIPT,
    TRUST,
    WORLD,
    receipts,
    strange_record,
)
from tests.unit.verify.world import HOST, NOW
from yizhao.registry.v1 import publication_service_pb2 as record_pb
from yizhao.verify.v1.verify_service_pb2 import Claims, Subject, VerifyRequest


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


def status_list(data: bytes) -> None:
    """A list that the manifest does not name by its digest."""
    (uri, listed), *_ = BUNDLE.lists.items()
    spoiled = replace(BUNDLE, lists={uri: data})
    _refused(data, listed, lambda: Trust.from_bundle(spoiled, WORLD.anchor()))


def manifest(data: bytes) -> None:
    """A manifest that no publication key signed."""
    spoiled = replace(BUNDLE, manifest=data)
    _refused(data, BUNDLE.manifest, lambda: Trust.from_bundle(spoiled, WORLD.anchor()))


def bundle(data: bytes) -> None:
    """A bundle file."""
    _refused(data, BUNDLE.encode(), lambda: Trust.from_bundle(Bundle.decode(data), WORLD.anchor()))


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


def public_record(data: bytes) -> None:
    """Records of a strange registry: they make nothing valid, and break no verdict and no page."""
    with suppress(DecodeError):
        node = sleeping()
        node.registry.record = record_pb.PublicRecord.FromString(data)
        for number in (0, 1):  # a licence and a site
            scan = SCANS[number]
            verdict = node.checker.scan(scan, DEFAULT, with_record=True).verdict
            if verdict.outcome is Outcome.VALID:
                raise Believed(data.hex())
            answer = ask(node.site, _path_of(scan))
            assert answer.status == 200, answer.status
            if answer.valid:
                raise Believed(data.hex())


def bundle_answer(data: bytes) -> None:
    """Answers of a strange registry to one who asks for the bundle: refused by name."""
    with suppress(DecodeError), capture_logs() as log:
        held, registry = node().bundles, node().registry
        registry.bundle = record_pb.GetBundleResponse.FromString(data)
        held.refresh()
        if held.current().bundle not in (BUNDLE, NEWER):
            raise Believed(data.hex())
        assert [line for line in log if line["event"] == "bundle.bug"] == []


def verify_request(data: bytes) -> None:
    """What a partner sends: a verdict or a refusal, and no genuine document without its scan."""
    with suppress(DecodeError, Refusal):
        request = VerifyRequest.FromString(data)
        policy, claims = policy_of(request.purpose), claims_of(request.claims)
        day = None
        if request.HasField("as_of_date"):
            day = date_of(request.as_of_date, "as_of_date")
        checker, subject = node().checker, request.subject
        if subject.scan:
            verdict = checker.scan(subject.scan, policy, claims=claims, as_of=day).verdict
        else:
            verdict = checker.code(subject.uscc, policy, claims=claims, as_of=day)
        verdict_to_pb(verdict, claims)
        if verdict.outcome is Outcome.VALID and subject.scan not in SCANS:
            raise Believed(data.hex())


def http_path(data: bytes) -> None:
    """Paths of the public page: an answer for people, never an error of ours."""
    path = (b"/" + data.replace(b"\n", b""))[: limits.SCAN_CHARACTERS]
    answer = ask(node().site, path)
    assert answer.status < 500 or answer.status == NO_HISTORY.status, answer.status
    if answer.valid and path.partition(b"?")[0] not in GENUINE_PATHS:
        raise Believed(path.decode("latin-1"))


def http_request(data: bytes) -> None:
    """Method, path and headers, a line each, as a server that takes anything would pass them on."""
    method, _, rest = data.partition(b"\n")
    raw_path, *lines = rest.split(b"\n")
    pairs = (line.partition(b":") for line in lines)
    headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    answer = ask(node().site, b"/" + raw_path, method=method.decode("latin-1"), headers=headers)
    assert answer.status < 500 or answer.status == NO_HISTORY.status, answer.status
    if answer.valid and b"/" + raw_path.partition(b"?")[0] not in GENUINE_PATHS:
        raise Believed(data.decode("latin-1"))


def _path_of(scan: str) -> bytes:
    return b"/" + scan.rpartition("/")[2].encode()


GENUINE_PATHS: Final = frozenset(map(_path_of, SCANS))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "scan": scan,
    "digits": read_digits,
    "cbor": read_cbor,
    "cose": read_cose,
    "claims": read_claims,
    "lists": read_lists,
    "trust-list": trust_list,
    "transcript": transcript,
    "status-list": status_list,
    "manifest": manifest,
    "bundle": bundle,
    "delta": delta,
    "receipt": read_receipt,
    "statement": read_statement,
    "public-record": public_record,
    "bundle-answer": bundle_answer,
    "verify-request": verify_request,
    "http-path": http_path,
    "http-request": http_request,
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
        "status-list": (listed,),
        "manifest": (BUNDLE.manifest,),
        "bundle": (BUNDLE.encode(),),
        "delta": (Delta.between(BUNDLE, NEWER).encode(),),
        "receipt": receipts(),
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
        "public-record": (strange_record(),),
        "bundle-answer": (
            record_pb.GetBundleResponse(
                content=BUNDLE.encode(), etag="1", seq=1
            ).SerializeToString(),
            record_pb.GetBundleResponse(
                delta=Delta.between(BUNDLE, NEWER).encode(), etag="2", seq=2
            ).SerializeToString(),
        ),
        "verify-request": tuple(each.SerializeToString() for each in _requests()),
        "http-request": (
            b"GET\n" + numbers[0] + b"\nhost: yizhao.example.cn\naccept-encoding: gzip",
            b'HEAD\nbundle\nhost: yizhao.example.cn\nif-none-match: W/"1", *',
            b"GET\ns/0?time=1\nhost: yizhao.example.cn\naccept: application/statuslist+cwt;q=0.5",
        ),
    }


def _requests() -> tuple[VerifyRequest, ...]:
    claims = Claims(name="济宁市试写物流有限公司", person="钱试写", address="任城区样例路2号")
    return (
        VerifyRequest(subject=Subject(scan=SCANS[0]), purpose="general", claims=claims),
        VerifyRequest(
            subject=Subject(uscc="91370811MAJN000108"),
            purpose="inspection",
            as_of_date=Date(year=2026, month=5, day=6),
        ),
    )


def _refused(data: bytes, genuine: bytes, take: Callable[[], object]) -> None:
    try:
        take()
    except Refusal:
        return
    if data != genuine:
        raise Believed(data.hex())
