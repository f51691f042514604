"""The methods of AdminService by which a second person answers."""

from typing import Final

from license_verify import limits
from license_verify.rpc.paging import Page, from_microseconds, microseconds
from registry_service.domain.authority import ActName
from registry_service.domain.errors import PendingActEnded
from registry_service.domain.pending_act import PendingState
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.look import keep_shown
from registry_service.operations.second_person import answer_act, require_second
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_pending import pending_act_to_pb
from registry_service.rpc.convert_values import known_unit, purpose_from_pb, text_from_pb
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2

_REASON: Final = 400


class SecondPerson:
    """ConfirmAct and ListPendingActs."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def confirm(self, request: pb.ConfirmActRequest) -> entity_pb2.PendingAct:
        """See admin_service.proto."""
        code, number = names.split(request.name, "entities/*/pendingActs/*")

        def perform(act: Act) -> tuple[int | None, entity_pb2.PendingAct]:
            require_second(act, code, int(number))  # authorise before validating
            name = text_from_pb(
                "expected_business_name", request.expected_business_name, limits.NAME_CHARACTERS
            )
            reason = text_from_pb("reason", request.reason, _REASON)
            entity, pending = answer_act(
                act, code, int(number), name, refuse=request.refuse, reason=reason
            )
            acted_on = entity.number if pending.state is PendingState.DONE else None
            return acted_on, pending_act_to_pb(pending, act.now)

        kind = entity_pb2.PendingAct
        answer = self._answers.signed(request, request.request_id, kind, perform)
        if answer.state == entity_pb2.PENDING_ACT_STATE_LAPSED:
            raise _lapsed(answer)
        return answer

    def list(self, request: pb.ListPendingActsRequest) -> pb.ListPendingActsResponse:
        """See admin_service.proto."""
        page = Page(request, int, int, int)
        unit, purpose = names.unit_number(request.unit, "unit"), purpose_from_pb(request)

        def read(act: Act) -> pb.ListPendingActsResponse:
            require_entitled(act, ActName.LIST_PENDING_ACTS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_PENDING_ACTS, unit=unit)
            at, entity_no, number = page.after or (0, 0, 0)
            after = (from_microseconds(int(at)), int(entity_no), int(number))
            found = act.tx.pending_acts.page(act.units.below(unit), act.now, after, page.size + 1)
            shown = found[: page.size]
            keep_shown(act, "ListPendingActs", [p.entity_no for p in shown], purpose)
            last = shown[-1] if shown else None
            return pb.ListPendingActsResponse(
                pending_acts=[pending_act_to_pb(pending, act.now) for pending in shown],
                next_page_token=page.token(
                    microseconds(last.asked_at), last.entity_no, last.number, more=True
                )
                if last and len(found) > page.size
                else "",
            )

        return self._answers.read(read)


def _lapsed(answer: entity_pb2.PendingAct) -> PendingActEnded:
    """What the second person is told of an act that lapsed as they answered it."""
    return PendingActEnded(
        "the act lapsed and was not done; ask again if it is still needed",
        zh=f"该事项已失效，未办理：{answer.reason}；确有必要的，请重新提出",
        state="lapsed",
        act=answer.name,
    )
