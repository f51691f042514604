"""LicenseService's methods on printed copies."""

from collections.abc import Callable
from typing import Final

from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.license import LicenseState, SignedDocument
from registry_service.domain.printed_copy import PrintedCopy
from registry_service.domain.reading import Reader
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise
from registry_service.operations.finish_intents import Finisher, issued_instead
from registry_service.operations.keep_copies import collect_copy, return_copy, void_lost_copy
from registry_service.operations.look import Sight
from registry_service.operations.print_copy import print_copy
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_copy import copy_kind_from_pb, copy_to_pb
from registry_service.rpc.convert_values import date_from_pb, purpose_from_pb, text_from_pb
from yizhao.registry.v1 import license_pb2
from yizhao.registry.v1 import license_service_pb2 as pb

COPIES: Final = "entities/*/copies/*"
_BASIS: Final = 512


class CopyMethods:
    """Print-, Collect-, Return-, Get-, ListLicenseCopy and VoidLostCopy."""

    def __init__(self, answers: Answers, finisher: Finisher) -> None:
        self._answers = answers
        self._finisher = finisher

    def print(self, request: pb.PrintLicenseCopyRequest) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        code = names.code(request.parent, "parent")

        def store(act: Act) -> license_pb2.LicenseCopy:
            authorise(act, ActName.PRINT_LICENSE_COPY, entity=lock_entity(act, code))
            kind = copy_kind_from_pb(request.kind)
            return copy_to_pb(print_copy(act, code, kind, request.request_id or None), code)

        kind = license_pb2.LicenseCopy
        stored = self._answers.once(request, request.request_id, kind, store)
        number = int(stored.name.rpartition("/")[2])
        with self._answers.act() as act:
            entity = act.tx.entities.find(code)
            found = act.tx.copies.find(entity.number, number).document
            document = None if found is None else issued_instead(act.tx, found)
        if document is not None and document.state is LicenseState.INTENT:
            document = self._finisher.finish(document, act.actor)
        number = number if document is None else document.version
        uscc, copy = self._read(code, number)
        return copy_to_pb(copy, uscc)

    def _read(self, code: str, number: int) -> tuple[str, PrintedCopy]:
        with self._answers.act() as act:
            entity = act.tx.entities.find(code)
            return entity.uscc, act.tx.copies.find(entity.number, number)

    def collect(self, request: pb.CollectLicenseCopyRequest) -> license_pb2.LicenseCopy:
        """See license_service.proto."""

        def do(act: Act, code: str, number: int) -> PrintedCopy:
            reader = Reader()
            day = date_from_pb("collect_date", request.collect_date, reader)
            reader.finish()
            return collect_copy(act, code, number, request.collected_by, day)

        return self._acted(request, ActName.COLLECT_LICENSE_COPY, do)

    def take_back(self, request: pb.ReturnLicenseCopyRequest) -> license_pb2.LicenseCopy:
        """See license_service.proto."""

        def do(act: Act, code: str, number: int) -> PrintedCopy:
            return return_copy(act, code, number, text_from_pb("basis", request.basis, _BASIS))

        return self._acted(request, ActName.RETURN_LICENSE_COPY, do)

    def void(self, request: pb.VoidLostCopyRequest) -> license_pb2.LicenseCopy:
        """See license_service.proto."""

        def do(act: Act, code: str, number: int) -> PrintedCopy:
            return void_lost_copy(act, code, number, text_from_pb("basis", request.basis, _BASIS))

        return self._acted(request, ActName.VOID_LOST_COPY, do)

    def _acted(
        self,
        request: pb.CollectLicenseCopyRequest
        | pb.ReturnLicenseCopyRequest
        | pb.VoidLostCopyRequest,
        name: ActName,
        do: Callable[[Act, str, int], PrintedCopy],
    ) -> license_pb2.LicenseCopy:
        """An act on one copy, answered with it."""
        code, number = names.split(request.name, COPIES)

        def perform(act: Act) -> license_pb2.LicenseCopy:
            entity = lock_entity(act, code)
            authorise(act, name, entity=entity)
            return copy_to_pb(do(act, code, int(number)), entity.uscc)

        return self._answers.once(request, request.request_id, license_pb2.LicenseCopy, perform)

    def get(self, request: pb.GetLicenseCopyRequest) -> license_pb2.LicenseCopy:
        """See license_service.proto."""
        code, number = names.split(request.name, COPIES)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> license_pb2.LicenseCopy:
            entity = looked.entity
            return copy_to_pb(act.tx.copies.find(entity.number, int(number)), entity.uscc)

        return self._answers.look(Sight.of(ActName.GET_LICENSE_COPY, code, purpose), read)

    def list(self, request: pb.ListLicenseCopiesRequest) -> pb.ListLicenseCopiesResponse:
        """See license_service.proto."""
        code, page = names.code(request.parent, "parent"), Page(request, int)
        purpose = purpose_from_pb(request)

        def read(act: Act, looked: Whole) -> pb.ListLicenseCopiesResponse:
            entity, after = looked.entity, int(page.after[0]) if page.after else 0
            found = act.tx.copies.page(entity.number, after, page.size + 1)
            listed, more = found[: page.size], len(found) > page.size
            return pb.ListLicenseCopiesResponse(
                copies=[copy_to_pb(each, entity.uscc) for each in listed],
                next_page_token=page.token(listed[-1].number, more=more) if listed else "",
            )

        return self._answers.look(Sight.of(ActName.LIST_LICENSE_COPIES, code, purpose), read)


def find_copy(act: Act, entity_no: int, number: int) -> SignedDocument | None:
    """What a copy says; None for one that was imported."""
    return act.tx.copies.find(entity_no, number).document
