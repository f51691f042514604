"""Files sent to the registry, and what becomes of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

import grpc

from clients.sdk.caller import PAGE_SIZE, Caller, every, new_request_id
from clients.sdk.errors import readable
from license_verify.rpc.call import REQUEST_ID
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import import_run_pb2
from yizhao.registry.v1.admin_service_pb2_grpc import AdminServiceStub

if TYPE_CHECKING:
    Remarks = Iterator[import_run_pb2.ImportRemark]

_SECONDS: Final = 4 * 3600.0
"""A city's file takes minutes; one that hangs is to end some time."""
_REMARKS: Final = 1000

Parts = Callable[[int], Iterable[Sequence[import_run_pb2.ImportRow]]]
"""Rows behind the first so many, in parts of at most 1,000."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A file about to be sent."""

    kind: str
    """`entities`, `premises`, `copies` or `sync`."""
    header: import_run_pb2.ImportHeader
    parts: Parts


class Imports:
    """AdminService's import runs."""

    def __init__(self, channel: grpc.Channel, caller: Caller) -> None:
        self._stub = AdminServiceStub(channel)
        self._caller = caller
        self._methods = {
            "entities": self._stub.ImportEntities,
            "premises": self._stub.ImportPremises,
            "copies": self._stub.ImportCopies,
            "sync": self._stub.SyncEntities,
        }

    def send(self, file: Sending) -> Iterator[import_run_pb2.ImportRun]:
        """Send a file; yields the run after its header, after each part, and once compared.

        A file that broke off before goes on behind the rows that are durable.

        Raises:
            ServiceError, Unreachable: at any part; send the file again.
        """
        loaded = SimpleQueue[int | None]()
        answers = self._methods[file.kind](
            _requests(file, loaded),
            timeout=_SECONDS,
            metadata=((REQUEST_ID, new_request_id()),),
        )
        try:
            for number, answer in enumerate(answers):
                if number == 0:
                    loaded.put(answer.import_run.loaded_count)
                yield answer.import_run
        except grpc.RpcError as error:
            raise readable(error, self._caller.service) from error
        finally:
            loaded.put(None)  # the thread that sends ends, whatever happened
            answers.cancel()

    def get(self, name: str) -> import_run_pb2.ImportRun:
        """A run with its shares."""
        return self._caller.call(self._stub.GetImportRun, pb.GetImportRunRequest(name=name))

    def list(self) -> Iterator[import_run_pb2.ImportRun]:
        """Runs, newest first."""

        def fetch(token: str) -> pb.ListImportRunsResponse:
            request = pb.ListImportRunsRequest(page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListImportRuns, request)

        return every(fetch, lambda page: iter(page.import_runs))

    def remarks(
        self,
        name: str,
        *,
        unit: str = "",
        warnings: bool = False,
        open_only: bool = False,
    ) -> "Remarks":
        """What is said of a run's rows, by line: rejects and quarantine, on demand warnings too."""
        kinds = [
            import_run_pb2.IMPORT_REMARK_KIND_REJECT,
            import_run_pb2.IMPORT_REMARK_KIND_QUARANTINE,
        ]
        if warnings:
            kinds.append(import_run_pb2.IMPORT_REMARK_KIND_WARNING)

        def fetch(token: str) -> pb.ListImportRemarksResponse:
            request = pb.ListImportRemarksRequest(
                parent=name,
                kinds=kinds,
                unit=unit,
                open_only=open_only,
                page_size=_REMARKS,
                page_token=token,
            )
            return self._caller.call(self._stub.ListImportRemarks, request)

        return every(fetch, lambda page: iter(page.remarks))

    def sign_off(self, name: str, unit: str, expected_new: int) -> import_run_pb2.ImportRun:
        """Sign a unit's share off 签收; `units/-` for rows whose unit is unclear."""
        request = pb.SignOffImportRequest(
            name=name, unit=unit, expected_new_count=expected_new, request_id=new_request_id()
        )
        return self._caller.call(self._stub.SignOffImport, request)

    def undo(self, name: str) -> import_run_pb2.ImportRun:
        """Take back 撤回 what nobody has signed off."""
        request = pb.UndoImportRequest(name=name, request_id=new_request_id())
        return self._caller.call(self._stub.UndoImport, request, seconds=600)

    def dismiss(self, name: str, line: int, reason: str) -> import_run_pb2.ImportRun:
        """Decide that a row is not to come on the register 剔除."""
        request = pb.DismissImportRowRequest(
            parent=name, line=line, reason=reason, request_id=new_request_id()
        )
        return self._caller.call(self._stub.DismissImportRow, request)

    def sync_items(self, unit: str) -> Iterator[import_run_pb2.SyncItem]:
        """What a unit is to decide 同步待定事项, oldest first."""

        def fetch(token: str) -> pb.ListSyncItemsResponse:
            request = pb.ListSyncItemsRequest(unit=unit, page_size=PAGE_SIZE, page_token=token)
            return self._caller.call(self._stub.ListSyncItems, request)

        return every(fetch, lambda page: iter(page.sync_items))

    def decide_sync_item(self, name: str, reason: str, *, take: bool) -> import_run_pb2.SyncItem:
        """Take what the source says, or keep what is here."""
        request = pb.DecideSyncItemRequest(
            name=name,
            decision=import_run_pb2.SYNC_DECISION_TAKE_SOURCE
            if take
            else import_run_pb2.SYNC_DECISION_KEEP_OURS,
            reason=reason,
            request_id=new_request_id(),
        )
        return self._caller.call(self._stub.DecideSyncItem, request)


def _requests(
    file: Sending, loaded: "SimpleQueue[int | None]"
) -> Iterator[import_run_pb2.ImportRequest]:
    yield import_run_pb2.ImportRequest(header=file.header)
    before = loaded.get()
    if before is None:
        return
    for rows in file.parts(before):
        part = import_run_pb2.ImportRows(rows=rows)
        yield import_run_pb2.ImportRequest(rows=part)
