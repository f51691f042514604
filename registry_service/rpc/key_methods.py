"""The methods of AdminService on keys and hosts."""

from collections.abc import Callable
from dataclasses import astuple
from typing import Final, TypeAlias

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from license_verify.token.scan import is_host
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, PendingActEnded
from registry_service.domain.key import KeyUse
from registry_service.domain.key_act import Wish
from registry_service.domain.key_document import Place
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.draft_trust import draft_trust, newest_trust, says_more
from registry_service.operations.key_acts import (
    answer_key_act,
    ask_key_act,
    require_second_custodian,
)
from registry_service.operations.key_changes import KeyKeeper, announced_at
from registry_service.operations.trust_ceremony import draft_for_ceremony, publish_signed
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_key import USES, host_to_pb, key_act_to_pb, key_name, key_to_pb
from registry_service.rpc.convert_values import text_from_pb
from yizhao.registry.v1 import key_pb2 as pb

_REASON: Final = 400
_SUBJECT: Final = 253
_FIRST: Final = 2**63 - 1
"""Above every number of an act."""
_Asking: TypeAlias = (
    pb.CreateKeyRequest
    | pb.ActivateKeyRequest
    | pb.RetireKeyRequest
    | pb.DistrustKeyRequest
    | pb.AddHostRequest
    | pb.RetireHostRequest
)


class KeyMethods:
    """Keys, hosts, and acts on them that wait for a second key custodian."""

    def __init__(self, answers: Answers, keeper: KeyKeeper) -> None:
        self._answers = answers
        self._keeper = keeper

    def list(self, request: pb.ListKeysRequest) -> pb.ListKeysResponse:
        """See admin_service.proto."""

        def read(act: Act) -> pb.ListKeysResponse:
            authorise(act, ActName.LIST_KEYS)
            before, draft = newest_trust(act.tx), draft_trust(act.tx, act.now)
            answer = pb.ListKeysResponse(
                hosts=[
                    host_to_pb(host, issuing=host.host == before.hosts[-1].host)
                    for host in draft.hosts
                ],
                trust_version=before.version,
                ceremony_due=says_more(draft, before),
            )
            for key in act.tx.keys.every():
                since = announced_at(act.tx, key.kid)
                ready = since + self._keeper.lead if since else None
                answer.keys.append(key_to_pb(key, since, ready))
            return answer

        return self._answers.read(read)

    def create(self, request: pb.CreateKeyRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            use = next((use for use, number in USES.items() if number == request.use), None)
            if use is None or use is KeyUse.ROOT:
                raise InvalidRequest(
                    FieldViolation("use", "is none that is made here", "密钥用途有误")
                )
            return Wish(ActName.CREATE_KEY, use.value, reason)

        return self._ask(request, ActName.CREATE_KEY, wish)

    def activate(self, request: pb.ActivateKeyRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            return Wish(ActName.ACTIVATE_KEY, _kid(request.name), reason, request.early)

        return self._ask(request, ActName.ACTIVATE_KEY, wish)

    def retire(self, request: pb.RetireKeyRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            return Wish(ActName.RETIRE_KEY, _kid(request.name), reason)

        return self._ask(request, ActName.RETIRE_KEY, wish)

    def distrust(self, request: pb.DistrustKeyRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            return Wish(ActName.DISTRUST_KEY, _kid(request.name), reason)

        return self._ask(request, ActName.DISTRUST_KEY, wish)

    def add_host(self, request: pb.AddHostRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            return Wish(ActName.ADD_HOST, _host(request.host), reason)

        return self._ask(request, ActName.ADD_HOST, wish)

    def retire_host(self, request: pb.RetireHostRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def wish(reason: str) -> Wish:
            return Wish(ActName.RETIRE_HOST, _host(request.host), reason)

        return self._ask(request, ActName.RETIRE_HOST, wish)

    def _ask(self, request: _Asking, name: ActName, wish: Callable[[str], Wish]) -> pb.KeyAct:
        def perform(act: Act) -> pb.KeyAct:
            authorise(act, name)  # before validating
            reason = text_from_pb("reason", request.reason, _REASON)
            return key_act_to_pb(ask_key_act(act, self._keeper, wish(reason)), act.now)

        return self._answers.once(request, request.request_id, pb.KeyAct, perform)

    def confirm(self, request: pb.ConfirmKeyActRequest) -> pb.KeyAct:
        """See admin_service.proto."""

        def perform(act: Act) -> pb.KeyAct:
            authorise(act, ActName.CONFIRM_KEY_ACT)
            number = int(names.split(request.name, "keyActs/*")[0])
            require_second_custodian(act, number)
            expected = text_from_pb("expected_subject", request.expected_subject, _SUBJECT)
            reason = text_from_pb("reason", request.reason, _REASON)
            answered = answer_key_act(
                act, self._keeper, number, expected, refuse=request.refuse, reason=reason
            )
            return key_act_to_pb(answered, act.now)

        answer = self._answers.once(request, request.request_id, pb.KeyAct, perform)
        if answer.state == pb.KEY_ACT_STATE_LAPSED:
            raise PendingActEnded(
                "the act lapsed and was not done; ask again if it is still needed",
                zh=f"该事项已失效，未办理：{answer.answer}；确有必要的，请重新提出",
                state="lapsed",
                act=answer.name,
            )
        return answer

    def list_acts(self, request: pb.ListKeyActsRequest) -> pb.ListKeyActsResponse:
        """See admin_service.proto."""
        page = Page(request, int)

        def read(act: Act) -> pb.ListKeyActsResponse:
            authorise(act, ActName.LIST_KEY_ACTS)
            before = int(page.after[0]) if page.after else _FIRST
            found = act.tx.key_acts.page(before, page.size + 1)
            shown = found[: page.size]
            return pb.ListKeyActsResponse(
                key_acts=[key_act_to_pb(asked, act.now) for asked in shown],
                next_page_token=page.token(shown[-1].number, more=len(found) > page.size)
                if shown
                else "",
            )

        return self._answers.read(read)

    def list_documents(self, request: pb.ListKeyDocumentsRequest) -> pb.ListKeyDocumentsResponse:
        """See admin_service.proto."""
        page = Page(request, int, int, int, int)

        def read(act: Act) -> pb.ListKeyDocumentsResponse:
            authorise(act, ActName.LIST_KEY_DOCUMENTS)
            key = act.tx.keys.find(bytes.fromhex(_kid(request.name)))
            after = Place(*(int(part) for part in page.after or ()))
            found = act.tx.key_documents.page(key.kid, after, page.size + 1)
            shown = found[: page.size]
            return pb.ListKeyDocumentsResponse(
                documents=[place.name(code) for code, place in shown],
                next_page_token=page.token(*astuple(shown[-1][1]), more=len(found) > page.size)
                if shown
                else "",
                total_count=act.tx.key_documents.count_by_key(key.kid),
            )

        return self._answers.read(read)

    def draft(self, request: pb.DraftTrustListRequest) -> pb.DraftTrustListResponse:
        """See admin_service.proto."""

        def read(act: Act) -> pb.DraftTrustListResponse:
            drafted = draft_for_ceremony(act)
            return pb.DraftTrustListResponse(
                current=drafted.current,
                payload=drafted.draft.payload(),
                says_more=drafted.says_more,
            )

        return self._answers.read(read)

    def publish(self, request: pb.PublishTrustListRequest) -> pb.PublishTrustListResponse:
        """See admin_service.proto."""

        def perform(act: Act) -> pb.PublishTrustListResponse:
            taken, root = publish_signed(act, request.content)
            return pb.PublishTrustListResponse(version=taken.version, root=key_name(root))

        kind = pb.PublishTrustListResponse
        return self._answers.once(request, request.request_id, kind, perform)


def _kid(name: str) -> str:
    return names.split(name, "keys/*")[0]


def _host(host: str) -> str:
    if not is_host(host):
        raise InvalidRequest(
            FieldViolation("host", "is not a lower-case host name", "域名须为小写，仅本机可带端口")
        )
    return host
