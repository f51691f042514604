"""Reading SPIFFE ids."""

from datetime import UTC, datetime, timedelta

import pytest

from license_verify.rpc.identity import (
    Authority,
    Identities,
    IdentityUnknown,
    InvalidWorkload,
    Workload,
    WorkloadKind,
)
from tests.rpc.verify.authority import DOMAIN, Authorities


def test_an_id_is_read_and_written_alike() -> None:
    text = "spiffe://jining.yizhao.test/staff/0101"
    found = Workload.parse(text)
    assert found == Workload("jining.yizhao.test", WorkloadKind.STAFF, "0101")
    assert found.spiffe_id == text
    assert found.name == "staff/0101"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spiffe://",
        "spiffe:///staff/0101",
        "SPIFFE://jining.yizhao.test/staff/0101",
        "spiffe://Jining.yizhao.test/staff/0101",
        "spiffe://jining.yizhao.test:443/staff/0101",
        "spiffe://jining.yizhao.test/staff",
        "spiffe://jining.yizhao.test/staff/",
        "spiffe://jining.yizhao.test/staff/..",
        "spiffe://jining.yizhao.test/staff/0101/",
        "spiffe://jining.yizhao.test/staff/0101?x=1",
        "spiffe://jining.yizhao.test/staff/0101\n",
        "spiffe://jining.yizhao.test/staff/０１０１",
        "spiffe://jining.yizhao.test/boss/0101",
        "spiffe://jining.yizhao.test/staff/" + "1" * 65,
    ],
)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidWorkload):
        Workload.parse(text)


def test_a_certificate_that_ends_while_its_connection_lives_is_refused_from_then() -> None:
    authorities = Authorities.make()
    clock = [datetime.now(UTC)]
    identities = Identities(
        DOMAIN,
        {each: [made.certificate] for each, made in authorities.of.items()},
        lambda: clock[0],
    )
    tls = authorities.client("partner/icbank", Authority.PARTNERS, life=timedelta(hours=1))
    context = {
        "peer_spiffe_id": [f"spiffe://{DOMAIN}/partner/icbank".encode()],
        "x509_pem_cert": [tls.certificate],
    }
    assert identities.identify(context).workload.id == "icbank"
    clock[0] += timedelta(hours=2)
    with pytest.raises(IdentityUnknown, match="expired"):
        identities.identify(context)


def test_two_authorities_with_one_key_are_refused() -> None:
    authorities = Authorities.make()
    shared = authorities.of[Authority.OFFICIALS].certificate
    with pytest.raises(ValueError, match="share a key"):
        Identities(DOMAIN, {each: [shared] for each in Authority}, lambda: datetime.now(UTC))
