"""The verdict about a premises statement on the wire."""

from collections.abc import Set as AbstractSet
from datetime import UTC

from license_verify.codes.unit import UNITS
from license_verify.server.convert import OUTCOMES, date_to_pb, freshness_to_pb
from license_verify.statement import PlaceState, StatedPlace
from license_verify.statement_check import StatementVerdict
from yizhao.verify.v1 import statement_verdict_pb2 as pb
from yizhao.verify.v1 import verdict_pb2


def statement_to_pb(
    verdict: StatementVerdict, address: str, claims: AbstractSet[str], items: AbstractSet[str]
) -> pb.StatementVerdict:
    """The verdict with the whole list, of each place what `items` of `policy.ALL_ITEMS` name.

    `address` is looked for on the list, unless it is empty, or `claims` don't let it.
    """
    statement = verdict.statement
    sought = bool(address) and "address" in claims
    found = statement.place_at(address) if sought else None
    written = pb.StatementVerdict(
        outcome=OUTCOMES[verdict.outcome],
        reason=verdict.reason,
        environment=verdict.environment,
        uscc=statement.uscc,
        version=statement.version,
        entity_version=statement.face_version,
        freshness=freshness_to_pb(verdict.freshness),
        words=[
            verdict_pb2.Words(
                language=language,
                headline=text.headline,
                sentence=text.sentence,
                next_step=text.next_step,
            )
            for language, text in zip(("zh-CN", "en"), verdict.words, strict=True)
        ],
        premises=[_place(place, items) for place in statement.premises],
        found_number=found.number if found else 0,
    )
    if address:
        written.address_answer = _answer(found) if sought else verdict_pb2.CLAIM_ANSWER_NOT_COMPARED
    written.issue_time.FromDatetime(statement.issued_at.astimezone(UTC).replace(tzinfo=None))
    written.verify_time.FromDatetime(verdict.checked_at.astimezone(UTC).replace(tzinfo=None))
    return written


def _answer(found: StatedPlace | None) -> verdict_pb2.ClaimAnswer.ValueType:
    return verdict_pb2.CLAIM_ANSWER_MATCH if found else verdict_pb2.CLAIM_ANSWER_DIFFERS


def _place(place: StatedPlace, items: AbstractSet[str]) -> pb.StatedPremises:
    unit = UNITS.get(place.unit)
    supervisor = unit.name if unit else f"units/{place.unit}"
    return pb.StatedPremises(
        number=place.number,
        title=place.title or "" if "site_name" in items else "",
        address=place.address if "address" in items else "",
        supervisor=supervisor if "supervisor" in items else "",
        filing_date=date_to_pb(place.filed),
        suspended=place.state is PlaceState.SUSPENDED,
    )
