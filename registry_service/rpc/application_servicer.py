"""ApplicationService."""

import grpc

from registry_service.domain.authority import ActName
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, record_access
from registry_service.operations.take_application import take_application
from registry_service.rpc import convert_entity as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from yizhao.registry.v1 import application_pb2, application_service_pb2_grpc
from yizhao.registry.v1 import application_service_pb2 as pb


class ApplicationServicer(application_service_pb2_grpc.ApplicationServiceServicer):
    """Visits and their receipts."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def CreateApplication(
        self, request: pb.CreateApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        code = names.code(request.parent, "parent")

        def perform(act: Act) -> application_pb2.Application:
            authorise(act, ActName.CREATE_APPLICATION, entity=lock_entity(act, code))
            visit = convert.visit_from_pb(request.details)
            entity, taken = take_application(act, code, visit)
            return convert.application_to_pb(taken, entity.uscc)

        kind = application_pb2.Application
        return self._answers.once(request, request.request_id, kind, perform)

    def GetApplication(
        self, request: pb.GetApplicationRequest, context: grpc.ServicerContext
    ) -> application_pb2.Application:
        """See application_service.proto."""
        code, receipt = names.split(request.name, "entities/*/applications/*")

        def read(act: Act) -> application_pb2.Application:
            authorise(act, ActName.GET_APPLICATION)
            entity = act.tx.entities.find(code)
            record_access(act, entity.number, "GetApplication", "")
            taken = act.tx.applications.find(entity.number, receipt)
            return convert.application_to_pb(taken, entity.uscc)

        return self._answers.read(read)
