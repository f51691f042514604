"""The methods of PremisesService that are about filings."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from registry_service.documents import DocumentStore
from registry_service.domain.application import MOST_FILINGS
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FilingBlocked, InvalidRequest
from registry_service.domain.premises import Document, Filing, FilingAct, Site
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.assign import assign_filing
from registry_service.operations.authority import authorise
from registry_service.operations.batch_filings import Malformed, Shop, batch_filings
from registry_service.operations.decide_filing import decide_filing, return_filing
from registry_service.operations.draft_filing import draft_filing, update_filing
from registry_service.operations.file_place import filed_place
from registry_service.operations.look import Sight
from registry_service.operations.review_filing import Asked, check_filing
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.withdraw_filing import withdraw_filing
from registry_service.rpc import convert_premises as convert
from registry_service.rpc import names, queue_pages
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_places, purpose_from_pb, text_from_pb
from yizhao.registry.v1 import premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

_APPLICATION: Final = "entities/*/applications/*"
_FILING: Final = "entities/*/filings/*"
_REASON: Final = 500
_MOST_DEFECTS: Final = 50

_NUMBERED: Final = re.compile(r"documents\[(\d+)\]", re.ASCII)
_ITEMS: Final = {
    "documents": "附件",
    "site.title": "场所名称",
    "site.address.text": "地址",
    "site.address.county": "所在县（市、区）",
    "site.address.unit": "管辖单位",
    "site.address.point": "经纬度",
    "site.address.standard_code": "标准地址编码",
    "site.scope": "经营范围",
    "site.use": "用途",
    "site.tenancy_end_date": "使用期限",
    "site.building": "建筑类型",
}

_NamedRequest = (
    pb.SubmitPremisesFilingRequest
    | pb.UpdatePremisesFilingRequest
    | pb.AssignFilingRequest
    | pb.ReturnFilingRequest
    | pb.DecideFilingRequest
    | pb.WithdrawFilingRequest
)


class FilingMethods:
    """Checking, writing, submitting, deciding and listing filings."""

    def __init__(
        self,
        answers: Answers,
        documents: DocumentStore,
    ) -> None:
        self._answers = answers
        self._documents = documents

    def check(self, request: pb.CheckFilingRequest) -> pb.CheckFilingResponse:
        """CheckFiling."""
        code = names.code(request.parent, "parent")
        filing_act, target = _asked_act(code, request.act, request.target)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.CheckFilingResponse:
            number = looked.entity.number
            place = filed_place(act, number, target) if target else None
            removed = place if filing_act is FilingAct.REMOVE else None
            site = removed.site if removed else _site(act, request.site)
            documents = convert.documents_from_pb(request.documents)
            found = check_filing(act, code, Asked(site, documents, filing_act, place))
            return pb.CheckFilingResponse(
                findings=[convert.finding_to_pb(f) for f in found.findings],
                state=convert.filing_state_to_pb(found.state),
                policy_version=found.policy_version,
            )

        return self._answers.look(Sight.of(ActName.CHECK_FILING, code, purpose), read)

    def create(self, request: pb.CreatePremisesFilingRequest) -> premises_pb2.PremisesFiling:
        """CreatePremisesFiling."""
        code, receipt = names.split(request.parent, _APPLICATION, "parent")

        def perform(act: Act) -> premises_pb2.PremisesFiling:
            authorise(act, ActName.CREATE_PREMISES_FILING, entity=lock_entity(act, code))
            filing_act, target = _asked_act(code, request.act, request.target)
            removal = filing_act is FilingAct.REMOVE
            _, filing = draft_filing(
                act,
                code,
                receipt,
                None if removal else _site(act, request.site),
                convert.documents_from_pb(request.documents),
                filing_act=filing_act,
                target=target,
            )
            return self._told(filing)

        kind = premises_pb2.PremisesFiling
        return self._answers.once(request, request.request_id, kind, perform)

    def batch(self, request: pb.BatchCreateFilingsRequest) -> pb.BatchCreateFilingsResponse:
        """BatchCreateFilings."""
        code, receipt = names.split(request.parent, _APPLICATION, "parent")

        def perform(act: Act) -> tuple[int, pb.BatchCreateFilingsResponse]:
            authorise(act, ActName.BATCH_CREATE_FILINGS, entity=lock_entity(act, code))
            if not 1 <= len(request.filings) <= MOST_FILINGS:
                raise InvalidRequest(
                    FieldViolation(
                        "filings",
                        f"must be 1 to {MOST_FILINGS}",
                        f"每批须为 1 至 {MOST_FILINGS} 件",
                    )
                )
            shops = [_shop(act, one) for one in request.filings]
            entity, outcomes = batch_filings(act, code, receipt, shops)
            return entity.number, self._batch_told(outcomes)

        kind = pb.BatchCreateFilingsResponse
        return self._answers.signed(request, request.request_id, kind, perform)

    def get(self, request: pb.GetPremisesFilingRequest) -> premises_pb2.PremisesFiling:
        """GetPremisesFiling."""
        code, number = names.split(request.name, _FILING)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> premises_pb2.PremisesFiling:
            entity = looked.entity
            return self._told(act.tx.filings.find(entity.number, int(number)))

        return self._answers.look(Sight.of(ActName.GET_PREMISES_FILING, code, purpose), read)

    def of_entity(self, request: pb.ListPremisesFilingsRequest) -> pb.ListPremisesFilingsResponse:
        """ListPremisesFilings."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListPremisesFilingsResponse:
            entity = looked.entity
            before = int(page.after[0]) if page.after else 2**31 - 1
            found = act.tx.filings.page(entity.number, before, page.size)
            return pb.ListPremisesFilingsResponse(
                filings=[self._told(filing) for filing in found],
                next_page_token=page.token(found[-1].number, more=found[-1].number > 1)
                if found
                else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_PREMISES_FILINGS, code, purpose), read)

    def queue(self, request: pb.ListFilingsRequest) -> pb.ListFilingsResponse:
        """ListFilings."""
        asked = queue_pages.asked_of(request, convert.filing_state_from_pb(request.state))

        def read(act: Act) -> pb.ListFilingsResponse:
            query, after = queue_pages.opened(act, ActName.LIST_FILINGS, asked)
            places = act.tx.queues.filings(query, after, asked.page.size + 1)
            keys = queue_pages.shown(act, ActName.LIST_FILINGS, asked, places)
            return pb.ListFilingsResponse(
                filings=[self._told(filing) for filing in act.tx.filings.at(keys)],
                next_page_token=queue_pages.token_of(asked.page, query.today, places),
                counts=queue_pages.counts_to_pb(act.tx.queues.count_filings(query)),
            )

        return self._answers.read(read)

    def update(self, request: pb.UpdatePremisesFilingRequest) -> premises_pb2.PremisesFiling:
        """UpdatePremisesFiling."""

        def do(act: Act, code: str, number: int) -> tuple[Entity, Filing]:
            entity = act.tx.entities.find(code)
            filing = act.tx.filings.find(entity.number, number)
            removal = filing.act is FilingAct.REMOVE
            site = filing.site if removal else _site(act, request.site)
            documents = convert.documents_from_pb(request.documents)
            return update_filing(act, code, number, site, documents, etag=request.etag)

        return self._acted(request, ActName.UPDATE_PREMISES_FILING, do)

    def submit(self, request: pb.SubmitPremisesFilingRequest) -> premises_pb2.PremisesFiling:
        """SubmitPremisesFiling."""
        answer = self._acted(
            request,
            ActName.SUBMIT_PREMISES_FILING,
            lambda act, code, number: submit_filing(act, code, number, etag=request.etag),
        )
        if answer.state == premises_pb2.FILING_STATE_REJECTED:
            raise _blocked(answer)
        return answer

    def assign(self, request: pb.AssignFilingRequest) -> premises_pb2.PremisesFiling:
        """AssignFiling."""
        return self._acted(
            request,
            ActName.ASSIGN_FILING,
            lambda act, code, number: assign_filing(
                act, code, number, names.staff_number(request.assignee, "assignee")
            ),
        )

    def send_back(self, request: pb.ReturnFilingRequest) -> premises_pb2.PremisesFiling:
        """ReturnFiling."""
        return self._acted(
            request,
            ActName.RETURN_FILING,
            lambda act, code, number: return_filing(
                act, code, number, _defects(request.defects), etag=request.etag
            ),
        )

    def decide(self, request: pb.DecideFilingRequest) -> premises_pb2.PremisesFiling:
        """DecideFiling."""
        return self._acted(
            request,
            ActName.DECIDE_FILING,
            lambda act, code, number: decide_filing(
                act,
                code,
                number,
                accept=request.accept,
                reason=text_from_pb("reason", request.reason, _REASON),
                etag=request.etag,
            ),
        )

    def withdraw(self, request: pb.WithdrawFilingRequest) -> premises_pb2.PremisesFiling:
        """WithdrawFiling."""
        return self._acted(
            request,
            ActName.WITHDRAW_FILING,
            lambda act, code, number: withdraw_filing(act, code, number, etag=request.etag),
        )

    def _acted(
        self,
        request: _NamedRequest,
        name: ActName,
        do: Callable[[Act, str, int], tuple[Entity, Filing]],
    ) -> premises_pb2.PremisesFiling:
        """An act on one filing, answered with it; what it left to be signed is signed."""
        code, number = names.split(request.name, _FILING)

        def perform(act: Act) -> tuple[int, premises_pb2.PremisesFiling]:
            authorise(act, name, entity=lock_entity(act, code))
            entity, filing = do(act, code, int(number))
            return entity.number, self._told(filing)

        kind = premises_pb2.PremisesFiling
        return self._answers.signed(request, request.request_id, kind, perform)

    def _told(self, filing: Filing) -> premises_pb2.PremisesFiling:
        return convert.filing_to_pb(filing, self._documents.holds)

    def _batch_told(self, outcomes: list[Filing | Malformed]) -> pb.BatchCreateFilingsResponse:
        answer = pb.BatchCreateFilingsResponse()
        for outcome in outcomes:
            if isinstance(outcome, Malformed):
                answer.outcomes.add(error=outcome.error)
                answer.counts["error"] += 1
            else:
                answer.outcomes.add(filing=self._told(outcome))
                answer.counts[outcome.state.value] += 1
        return answer


def _site(act: Act, given: premises_pb2.Site) -> Site:
    site = convert.site_from_pb(given)
    known_places("site.address", site.address, act.units)
    return site


def _shop(act: Act, given: pb.BatchFiling) -> Shop | Malformed:
    try:
        documents: tuple[Document, ...] = convert.documents_from_pb(given.documents)
        return Shop(_site(act, given.site), documents)
    except InvalidRequest as error:
        return Malformed("；".join(f"{_item(f.field)}：{f.zh}" for f in error.fields))


def _item(field: str) -> str:
    """What people call a field of a filing."""
    numbered = _NUMBERED.match(field)
    if numbered:
        return f"第 {int(numbered[1]) + 1} 份附件"
    return _ITEMS.get(field, field)


def _asked_act(
    code: str, asked: premises_pb2.FilingAct.ValueType, target: str
) -> tuple[FilingAct, int | None]:
    """What is asked for, and the number of the filed place that it is about."""
    filing_act = convert.filing_act_from_pb(asked)
    if filing_act is FilingAct.ADD:
        if target:
            raise InvalidRequest(
                FieldViolation("target", "is for a change or removal", "新增备案不应指定已备案场所")
            )
        return filing_act, None
    of, number = names.split(target, "entities/*/premises/*", "target")
    if of != code:
        raise InvalidRequest(
            FieldViolation("target", "is another entity's", "所选经营场所不属于该主体")
        )
    return filing_act, int(number)


def _defects(given: Iterable[str]) -> tuple[str, ...]:
    defects = tuple(given)
    if len(defects) > _MOST_DEFECTS:
        raise InvalidRequest(
            FieldViolation(
                "defects", f"are more than {_MOST_DEFECTS}", f"补正内容最多 {_MOST_DEFECTS} 条"
            )
        )
    read = tuple(
        text_from_pb(f"defects[{place}]", defect, _REASON) for place, defect in enumerate(defects)
    )
    if not all(read):
        raise InvalidRequest(FieldViolation("defects", "has an empty one", "补正内容不能为空"))
    return read


def _blocked(filing: premises_pb2.PremisesFiling) -> FilingBlocked:
    """What the applicant is told of a rejected filing."""
    blocks = [f for f in filing.findings if f.outcome == premises_pb2.FINDING_OUTCOME_BLOCK]
    rules = ",".join(str(f.rule) for f in blocks)
    told = "；".join(f"{f.reason}（{f.remedy}）" if f.remedy else f.reason for f in blocks)
    return FilingBlocked(
        f"rules {rules} block the filing", zh=f"不予备案：{told}", rules=rules, filing=filing.name
    )
