"""ApplicationService."""

from collections.abc import Callable
from typing import Final

import grpc

from license_verify.rpc.paging import Page
from registry_service.documents import DocumentStore
from registry_service.domain.application import Application
from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.assign import assign_application
from registry_service.operations.authority import authorise
from registry_service.operations.extend_application import extend_application
from registry_service.operations.keep_document import keep_document
from registry_service.operations.look import Sight
from registry_service.operations.submit_application import submit_application
from registry_service.operations.take_application import take_application
from registry_service.operations.visit_items import items_of
from registry_service.rpc import convert_application as convert
from registry_service.rpc import names, queue_pages
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_entity import visit_from_pb
from registry_service.rpc.convert_values import purpose_from_pb, text_from_pb
from yizhao.registry.v1 import application_pb2, application_service_pb2_grpc
from yizhao.registry.v1 import application_service_pb2 as pb

_APPLICATION: Final = "entities/*/applications/*"
_BASIS: Final = 200


class ApplicationServicer(application_service_pb2_grpc.ApplicationServiceServicer):
    """Visits and their receipts."""

    def __init__(
        self,
        answers: Answers,
        documents: DocumentStore,
    ) -> None:
        self._answers = answers
        self._documents = documents

    def CreateApplication(
        self, request: pb.CreateApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        code = names.code(request.parent, "parent")

        def perform(act: Act) -> application_pb2.Application:
            authorise(act, ActName.CREATE_APPLICATION, entity=lock_entity(act, code))
            _, taken = take_application(act, code, visit_from_pb(request.details))
            return convert.application_to_pb(taken)

        kind = application_pb2.Application
        return self._answers.once(request, request.request_id, kind, perform)

    def GetApplication(
        self, request: pb.GetApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        code, receipt = names.split(request.name, _APPLICATION)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> application_pb2.Application:
            entity = looked.entity
            return _whole(act, act.tx.applications.find(entity.number, receipt))

        return self._answers.look(Sight.of(ActName.GET_APPLICATION, code, purpose), read)

    def ListApplications(
        self, request: pb.ListApplicationsRequest, context: grpc.ServicerContext
    ) -> pb.ListApplicationsResponse:
        """See application_service.proto."""
        asked = queue_pages.asked_of(request, convert.state_from_pb(request.state))

        def read(act: Act) -> pb.ListApplicationsResponse:
            query, after = queue_pages.opened(act, ActName.LIST_APPLICATIONS, asked)
            places = act.tx.queues.applications(query, after, asked.page.size + 1)
            keys = queue_pages.shown(act, ActName.LIST_APPLICATIONS, asked, places)
            return pb.ListApplicationsResponse(
                applications=[convert.application_to_pb(a) for a in act.tx.applications.at(keys)],
                next_page_token=queue_pages.token_of(asked.page, query.today, places),
                counts=queue_pages.counts_to_pb(act.tx.queues.count_applications(query)),
            )

        return self._answers.read(read)

    def AssignApplication(
        self, request: pb.AssignApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        return self._acted(
            request,
            ActName.ASSIGN_APPLICATION,
            lambda act, code, receipt: assign_application(
                act, code, receipt, names.staff_number(request.assignee, "assignee")
            ),
        )

    def SubmitApplication(
        self, request: pb.SubmitApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        return self._acted(request, ActName.SUBMIT_APPLICATION, submit_application)

    def ExtendApplication(
        self, request: pb.ExtendApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        return self._acted(
            request,
            ActName.EXTEND_APPLICATION,
            lambda act, code, receipt: extend_application(
                act, code, receipt, text_from_pb("basis", request.basis, _BASIS)
            ),
        )

    def ListNotices(
        self, request: pb.ListNoticesRequest, context: grpc.ServicerContext
    ) -> pb.ListNoticesResponse:
        """See application_service.proto."""
        code, receipt = names.split(request.parent, _APPLICATION, "parent")
        page, purpose = Page(request, int), purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListNoticesResponse:
            entity = looked.entity
            application = act.tx.applications.find(entity.number, receipt)
            after = int(page.after[0]) if page.after else 0
            found = act.tx.notices.page(application, after, page.size + 1)
            shown = found[: page.size]
            more = len(found) > page.size
            return pb.ListNoticesResponse(
                notices=[convert.notice_to_pb(notice, application) for notice in shown],
                next_page_token=page.token(shown[-1].number, more=True) if more else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_NOTICES, code, purpose), read)

    def AddDocument(
        self, request: pb.AddDocumentRequest, context: grpc.ServicerContext
    ) -> pb.AddDocumentResponse:
        """See application_service.proto."""
        code, receipt = names.split(request.parent, _APPLICATION, "parent")

        def perform(act: Act) -> pb.AddDocumentResponse:
            digest = keep_document(
                act, self._documents, code, receipt, request.content, request.sha256
            )
            return pb.AddDocumentResponse(sha256=digest, size_bytes=len(request.content))

        return self._answers.once(request, request.request_id, pb.AddDocumentResponse, perform)

    def _acted(
        self,
        request: pb.AssignApplicationRequest
        | pb.SubmitApplicationRequest
        | pb.ExtendApplicationRequest,
        name: ActName,
        do: Callable[[Act, str, str], tuple[Entity, Application]],
    ) -> application_pb2.Application:
        """An act on one application, answered with it; what it left to be signed is signed."""
        code, receipt = names.split(request.name, _APPLICATION)

        def perform(act: Act) -> tuple[int, application_pb2.Application]:
            authorise(act, name, entity=lock_entity(act, code))
            entity, application = do(act, code, receipt)
            return entity.number, _whole(act, application)

        kind = application_pb2.Application
        return self._answers.signed(request, request.request_id, kind, perform)


def _whole(act: Act, application: Application) -> application_pb2.Application:
    return convert.application_to_pb(application, items_of(act, application))
