"""Genuine things to spoil: tokens of both kinds, and a whole publication; all invented."""

from dataclasses import replace
from datetime import date
from typing import Final

from license_verify import Status
from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import sign_tree
from license_verify.token.claims import StatusRef, end_of
from license_verify.token.scan import ScanText
from license_verify.transcript import Transcript, sign_transcript
from tests.unit.verify.stated import signed, statement_key, trust_with
from tests.unit.verify.world import CLAIMS, FACE, SITE_CLAIMS, T0, URI, USCC, World

WORLD: Final = World(statuses=dict.fromkeys(range(64), Status.VALID))
TRUST: Final = WORLD.trust()
BUNDLE: Final = WORLD.bundle()
STATEMENT: Final = signed()
STATEMENT_TRUST: Final = trust_with(statement_key(), world=WORLD)
NEWER: Final = replace(
    WORLD, seq=WORLD.seq + 1, statuses={**WORLD.statuses, 5: Status.REVOKED}
).bundle()
"""What was published after `BUNDLE`."""


def _scans() -> tuple[str, ...]:
    """Twenty: licences and sites, with and without a term, short and long."""
    made = []
    for number in range(10):
        at = StatusRef(number, URI)
        name = f"济宁市试写{'很' * (4 * number)}长物流有限公司"[:100]
        face = replace(FACE, name=name, version=number + 1)
        ends = end_of(date(2036, 5, number + 1)) if number % 2 else None
        made.append(WORLD.scan(replace(CLAIMS, face=face, status=at, expires_at=ends)))
        site = replace(SITE_CLAIMS, subject=f"{CLAIMS.subject}-{10 ** (number % 9)}")
        made.append(WORLD.scan(replace(site, status=StatusRef(32 + number, URI))))
    return tuple(made)


SCANS: Final = _scans()
TOKENS: Final = tuple(ScanText.parse(scan).data for scan in SCANS)


def _transcript() -> bytes:
    content = Transcript(
        environment=TRUST.environment,
        practice=False,
        begun_at=T0,
        ended_at=T0,
        people=("测试甲", "测试乙"),
        shown=("trust list 1 → 2",),
        draft_digest=bytes(32),
        trust_list=BUNDLE.trust,
    )
    return sign_transcript(content, kid=WORLD.root.kid, sign=WORLD.root.sign)


TRANSCRIPT: Final = _transcript()


def receipts() -> tuple[bytes, ...]:
    """Signed receipts, one by itself and some together, by a key that may not sign receipts."""
    from uuid import UUID

    from license_verify import verify
    from tests.unit.verify.world import NOW

    asked = Asked(partner="partner/icbank", purpose="banking", case_number="1")
    contents = [
        Receipt.of(verify(scan, TRUST, NOW), asked, UUID(int=number)).payload()
        for number, scan in enumerate(SCANS)
    ]
    kid, sign = WORLD.token.kid, WORLD.token.sign
    return tuple(
        sign_tree(contents[:size], kid=kid, sign=sign)[-1] for size in (1, 2, 3, len(contents))
    )


def strange_record() -> bytes:
    """What a registry answers about the firm of the seeds, with everything that it may hold."""
    from yizhao.registry.v1 import entity_pb2, premises_pb2
    from yizhao.registry.v1 import publication_service_pb2 as pb

    day = {"year": 2026, "month": 4, "day": 1}
    record = pb.PublicRecord(
        name=f"entities/{USCC}",
        uscc=USCC,
        business_name="济宁市试写物流有限公司",
        state=entity_pb2.ENTITY_STATE_ACTIVE,
        registrar="units/11",
        version=4,
        effective_date=day,
        premises=[
            pb.PublicPremises(
                number=number,
                title="曲阜门店",
                address=f"曲阜市鲁城街道样例街{number}号",
                unit="units/20",
                state=state,
                filing_date=day,
            )
            for number, state in enumerate(premises_pb2.PremisesState.values()[1:], 1)
        ],
    )
    record.face.type_code, record.face.person = 1130, "钱试写"
    record.face.address.text = "山东省济宁市任城区阜桥街道样例路2号"
    record.read_time.FromSeconds(int(T0.timestamp()))
    return record.SerializeToString()
