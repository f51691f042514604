"""Certificates of a partner: several at once, one after another, and one that is disabled."""

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify.rpc.tls import TlsFiles
from tests.e2e.page.node import until
from tests.e2e.partners.desk import AUDITOR, OPERATOR, POLICY, Caller, Desk, a_check, refused
from tests.unit.verify.world import World
from yizhao.verify.v1 import partner_pb2, verdict_pb2, verify_service_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb

_LOAD = 4
"""Callers at a time."""


def fingerprint(tls: TlsFiles) -> str:
    return x509.load_pem_x509_certificate(tls.certificate).fingerprint(SHA256()).hex()


def certificates(desk: Desk, by: str = AUDITOR) -> dict[str, partner_pb2.PartnerCertificate]:
    """Those that were seen, by fingerprint."""
    listed = desk.as_(by).partners.ListCertificates(
        pb.ListCertificatesRequest(parent="partners/icbank")
    )
    return {each.name.rpartition("/")[2]: each for each in listed.certificates}


def disable(desk: Desk, tls: TlsFiles) -> partner_pb2.PartnerCertificate:
    name = f"partners/icbank/certificates/{fingerprint(tls)}"
    disabled: partner_pb2.PartnerCertificate = desk.as_(OPERATOR).partners.DisableCertificate(
        pb.DisableCertificateRequest(name=name, reason="换新密钥")
    )
    return disabled


def test_a_certificate_is_replaced_under_load_without_a_failed_call(
    desk: Desk, world: World
) -> None:
    desk.enrol()
    desk.grant()
    old, new = desk.certificate("partner/icbank"), desk.certificate("partner/icbank")
    first, second, stop = desk.with_certificate(old), threading.Event(), threading.Event()
    renewed = desk.with_certificate(new)
    scan, answered = world.scan(), [0] * (2 * _LOAD)

    def call(at: int) -> None:
        """As a client does: with the old certificate until it is given the new one."""
        while not stop.is_set():
            caller = renewed if second.is_set() else first
            verdict = caller.verify.Verify(a_check(scan))
            assert verdict.outcome == verdict_pb2.OUTCOME_VALID
            answered[at + _LOAD * second.is_set()] += 1

    with ThreadPoolExecutor(_LOAD) as pool:
        calls = [pool.submit(call, at) for at in range(_LOAD)]
        until(lambda: all(answered[:_LOAD]) or any(each.done() for each in calls))
        second.set()
        until(lambda: all(answered[_LOAD:]) or any(each.done() for each in calls))
        until(lambda: {fingerprint(old), fingerprint(new)} <= certificates(desk).keys())
        disable(desk, old)
        desk.await_refused(first, "CERTIFICATE_DISABLED")
        before = list(answered)
        until(
            lambda: all(
                now > was for now, was in zip(answered[_LOAD:], before[_LOAD:], strict=True)
            )
        )
        stop.set()
        for each in calls:
            each.result()  # raises what any call was refused with
    seen = certificates(desk)
    assert seen[fingerprint(old)].disable_reason == "换新密钥"
    assert not seen[fingerprint(new)].HasField("disable_time")


def test_a_disabled_certificate_is_told_what_to_do_on_every_method(
    desk: Desk, world: World
) -> None:
    desk.enrol()
    desk.grant()
    tls = desk.certificate("partner/icbank")
    disable(desk, tls)
    bank = desk.with_certificate(tls)
    told = desk.await_refused(bank, "CERTIFICATE_DISABLED")
    assert told.code is grpc.StatusCode.UNAUTHENTICATED
    assert "改用本单位其他有效证书" in told.zh
    with refused("CERTIFICATE_DISABLED"):
        bank.partners.GetPartner(pb.GetPartnerRequest(name="partners/icbank"))
    other = desk.as_("partner/icbank").verify.Verify(a_check(world.scan()))
    assert other.outcome == verdict_pb2.OUTCOME_VALID
    assert certificates(desk)[fingerprint(tls)].serial_number == ""


def test_a_stream_ends_when_its_certificate_is_disabled_though_it_asks_nothing(
    desk: Desk, world: World
) -> None:
    desk.enrol()
    desk.grant()
    tls = desk.certificate("partner/icbank")
    bank, over = desk.with_certificate(tls), threading.Event()

    def requests() -> object:
        yield verify_service_pb2.VerifyStreamRequest(request=a_check(world.scan()))
        over.wait()

    answers = bank.verify.VerifyStream(requests())
    assert next(answers).result.verdict.outcome == verdict_pb2.OUTCOME_VALID
    disable(desk, tls)
    with refused("CERTIFICATE_DISABLED") as streamed:
        next(answers)
    over.set()
    with refused("CERTIFICATE_DISABLED") as single:
        bank.verify.Verify(a_check(world.scan()))
    assert streamed[0].message == single[0].message


def test_only_those_of_the_table_disable(desk: Desk) -> None:
    desk.enrol()
    name = f"partners/icbank/certificates/{'0' * 64}"
    callers: list[Caller] = [desk.as_(POLICY), desk.as_(AUDITOR), desk.as_("partner/icbank")]
    for caller in callers:
        with refused("PARTNER_ROLE_MISSING"):
            caller.partners.DisableCertificate(pb.DisableCertificateRequest(name=name, reason="试"))
