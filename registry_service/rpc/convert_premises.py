"""Premises, filings, hand-overs between wire and domain."""

from collections.abc import Callable, Iterable
from typing import Final

from license_verify import limits
from license_verify.refusal import FieldViolation
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.premises import (
    Building,
    Document,
    Filing,
    FilingAct,
    FilingState,
    Finding,
    Outcome,
    Premises,
    PremisesState,
    Site,
)
from registry_service.domain.reading import Reader
from registry_service.operations.draft_filing import filing_etag
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_values import (
    address_from_pb,
    address_to_pb,
    date_from_pb,
    date_to_pb,
    source_to_pb,
    time_to_pb,
)
from registry_service.rpc.names import staff_name
from yizhao.registry.v1 import premises_pb2 as pb

_FILING_STATES: Final = {s: pb.FilingState.Value(f"FILING_STATE_{s.name}") for s in FilingState}
_PREMISES_STATES: Final = {
    s: pb.PremisesState.Value(f"PREMISES_STATE_{s.name}") for s in PremisesState
}
_ACTS: Final = {a: pb.FilingAct.Value(f"FILING_ACT_{a.name}") for a in FilingAct}
_OUTCOMES: Final = {o: pb.FindingOutcome.Value(f"FINDING_OUTCOME_{o.name}") for o in Outcome}
_BUILDINGS: Final = {b: pb.Building.Value(f"BUILDING_{b.name}") for b in Building}
_KINDS: Final = ("commitment", "tenancy", "permit", "consent", "other")
_MOST_DOCUMENTS: Final = 50
_SHORT: Final = 32


def site_from_pb(site: pb.Site) -> Site:
    """A place.

    Raises:
        InvalidRequest: it names every wrong field.
    """
    reader = Reader()
    read = Site(
        title=reader.text("site.title", site.title, limits.NAME_CHARACTERS),
        address=address_from_pb("site.address", site.address, reader),
        scope=reader.text("site.scope", site.scope, limits.SCOPE_CHARACTERS),
        use=reader.text("site.use", site.use, _SHORT),
        tenancy_end_date=date_from_pb("site.tenancy_end_date", site.tenancy_end_date, reader),
        building=_building_from_pb(site.building, reader),
    )
    reader.finish()
    return read


def _building_from_pb(value: pb.Building.ValueType, reader: Reader) -> Building:
    for ours, theirs in _BUILDINGS.items():
        if theirs == value:
            return ours
    reader.fault("site.building", "is no kind of building", "建筑类型有误")
    return Building.UNSPECIFIED


def documents_from_pb(documents: Iterable[pb.Document]) -> tuple[Document, ...]:
    """Documents by their digests.

    Raises:
        InvalidRequest: too many, an unknown kind, or a digest that is no SHA-256.
    """
    reader, read = Reader(), []
    for number, document in enumerate(documents):
        field = f"documents[{number}]"
        if number >= _MOST_DOCUMENTS:
            reader.fault("documents", f"are more than {_MOST_DOCUMENTS}", "附件过多")
            break
        if document.kind not in _KINDS:
            reader.fault(f"{field}.kind", f"is not one of {', '.join(_KINDS)}", "附件类型有误")
        if len(document.sha256) != 32:
            reader.fault(f"{field}.sha256", "is not 32 bytes", "附件摘要有误")
        read.append(
            Document(
                document.kind,
                document.sha256,
                reader.text(f"{field}.signer", document.signer, limits.PERSON_CHARACTERS),
                date_from_pb(f"{field}.valid_from_date", document.valid_from_date, reader),
                date_from_pb(f"{field}.valid_until_date", document.valid_until_date, reader),
            )
        )
    reader.finish()
    return tuple(read)


def site_to_pb(site: Site) -> pb.Site:
    """A place on the wire."""
    return pb.Site(
        title=site.title,
        address=address_to_pb(site.address),
        scope=site.scope,
        use=site.use,
        tenancy_end_date=date_to_pb(site.tenancy_end_date),
        building=_BUILDINGS[site.building],
    )


def _document_to_pb(document: Document, held: bool) -> pb.Document:
    return pb.Document(
        kind=document.kind,
        sha256=document.sha256,
        signer=document.signer,
        valid_from_date=date_to_pb(document.valid_from_date),
        valid_until_date=date_to_pb(document.valid_until_date),
        held=held,
    )


def finding_to_pb(finding: Finding) -> pb.Finding:
    """A finding on the wire."""
    return pb.Finding(
        rule=finding.rule,
        outcome=_OUTCOMES[finding.outcome],
        reason=finding.reason,
        remedy=finding.remedy,
    )


def filing_state_to_pb(state: FilingState) -> pb.FilingState.ValueType:
    """A state on the wire."""
    return _FILING_STATES[state]


def filing_state_from_pb(state: pb.FilingState.ValueType) -> FilingState | None:
    """The state asked for; None for any.

    Raises:
        InvalidRequest: a number that names no state.
    """
    if state == pb.FILING_STATE_UNSPECIFIED:
        return None
    for ours, theirs in _FILING_STATES.items():
        if theirs == state:
            return ours
    raise InvalidRequest(FieldViolation("state", "is no state", "备案状态有误"))


def filing_act_from_pb(asked: pb.FilingAct.ValueType) -> FilingAct:
    """What is asked for; unspecified is a new place.

    Raises:
        InvalidRequest: a number that names no act.
    """
    if asked == pb.FILING_ACT_UNSPECIFIED:
        return FilingAct.ADD
    for ours, theirs in _ACTS.items():
        if theirs == asked:
            return ours
    raise InvalidRequest(FieldViolation("act", "is no act", "备案事项有误"))


def premises_state_to_pb(state: PremisesState) -> pb.PremisesState.ValueType:
    """A state on the wire."""
    return _PREMISES_STATES[state]


def filing_to_pb(filing: Filing, held: Callable[[bytes], bool]) -> pb.PremisesFiling:
    """A filing on the wire; `held` tells of which documents the registry keeps the content."""
    entity = entity_name(filing.uscc)
    return pb.PremisesFiling(
        name=f"{entity}/filings/{filing.number}",
        application=f"{entity}/applications/{filing.receipt_number}",
        site=site_to_pb(filing.site),
        state=_FILING_STATES[filing.state],
        findings=[finding_to_pb(f) for f in filing.findings],
        policy_version=filing.policy_version,
        documents=[_document_to_pb(d, held(d.sha256)) for d in filing.documents],
        premises=f"{entity}/premises/{filing.premises_no}" if filing.premises_no else "",
        handover=f"{entity}/handovers/{filing.handover_no}" if filing.handover_no else "",
        etag=filing_etag(filing),
        create_time=time_to_pb(filing.created_at),
        update_time=time_to_pb(filing.updated_at),
        act=_ACTS[filing.act],
        target=f"{entity}/premises/{filing.target}" if filing.target else "",
        assignee=staff_name(filing.assignee),
        due_date=date_to_pb(filing.due_date),
        due_date_provisional=filing.due_provisional,
        decision=filing.decision,
        business_name=filing.business_name,
    )


def premises_to_pb(premises: Premises, uscc: str) -> pb.Premises:
    """Premises on the wire."""
    return pb.Premises(
        name=f"{entity_name(uscc)}/premises/{premises.number}",
        number=premises.number,
        site=site_to_pb(premises.site),
        state=_PREMISES_STATES[premises.state],
        version=premises.version,
        filing_date=date_to_pb(premises.filing_date),
        source=source_to_pb(premises.source),
        etag=f"p{premises.revision}",
        unclaimed=premises.migrated and premises.claimed_at is None and premises.state.filed,
        claimed_by=staff_name(premises.claimed_by),
        claim_time=time_to_pb(premises.claimed_at) if premises.claimed_at else None,
    )
