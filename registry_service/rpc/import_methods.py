"""AdminService's methods on import runs."""

from collections.abc import Callable, Iterator
from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.import_run import UNCLEAR, ImportKind
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.import_file import ACTS, begin_import, check_import, load_part
from registry_service.operations.import_kinds import LOADERS
from registry_service.operations.import_rows import Cells
from registry_service.operations.sign_off_import import dismiss_row, sign_off_import, undo_import
from registry_service.rpc import convert_import as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_unit, text_from_pb
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import import_run_pb2

_ROWS: Final = 1000
_REASON: Final = 200
_FIRST: Final = 2**63 - 1
"""Above every number of a run."""
_NOBODYS: Final = "units/-"


class ImportMethods:
    """Files of every kind, their runs, and what becomes of them."""

    def __init__(self, answers: Answers, signed: Callable[[], None]) -> None:
        """`signed` is told that a share was signed off."""
        self._answers = answers
        self._signed = signed

    def take(
        self, kind: ImportKind, requests: Iterator[import_run_pb2.ImportRequest]
    ) -> Iterator[import_run_pb2.ImportResponse]:
        """See admin_service.proto: ImportEntities and its like."""
        with self._answers.act() as act:
            require_entitled(act, ACTS[kind])
        header = next(requests, import_run_pb2.ImportRequest())
        if header.WhichOneof("part") != "header":
            raise InvalidRequest(
                FieldViolation("header", "must come first", "导入须先发送文件说明")
            )
        file = convert.file_from_pb(kind, header.header)
        columns = list(header.header.columns)
        with self._answers.act() as act:
            run = begin_import(act, file)
        yield import_run_pb2.ImportResponse(import_run=convert.run_to_pb(run))
        for part in requests:
            rows = _rows(part)
            with self._answers.act() as act:
                run = load_part(act, run, columns, rows)
            yield import_run_pb2.ImportResponse(import_run=convert.run_to_pb(run))
        with self._answers.act() as act:
            run = check_import(act, run)
        if LOADERS[kind].unattended:
            self._signed()
        yield import_run_pb2.ImportResponse(import_run=convert.run_to_pb(run))

    def get(self, request: pb.GetImportRunRequest) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        number = convert.run_number(request.name)

        def read(act: Act) -> import_run_pb2.ImportRun:
            authorise(act, ActName.GET_IMPORT_RUN)
            return convert.run_to_pb(act.tx.imports.find(number))

        return self._answers.read(read)

    def list_runs(self, request: pb.ListImportRunsRequest) -> pb.ListImportRunsResponse:
        """See admin_service.proto."""
        page = Page(request, int)

        def read(act: Act) -> pb.ListImportRunsResponse:
            authorise(act, ActName.LIST_IMPORT_RUNS)
            before = int(page.after[0]) if page.after else _FIRST
            found = act.tx.imports.page(before, page.size + 1)
            shown = found[: page.size]
            return pb.ListImportRunsResponse(
                import_runs=[convert.run_to_pb(run) for run in shown],
                next_page_token=page.token(shown[-1].number, more=len(found) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def list_remarks(self, request: pb.ListImportRemarksRequest) -> pb.ListImportRemarksResponse:
        """See admin_service.proto."""
        page = Page(request, int, str, str)
        number = convert.run_number(request.parent, "parent")
        unit = _unit(request.unit) if request.unit else None
        kinds = convert.kinds_from_pb(list(request.kinds))

        def read(act: Act) -> pb.ListImportRemarksResponse:
            authorise(act, ActName.LIST_IMPORT_REMARKS)
            act.tx.imports.find(number)
            line, field, reason = page.after or (0, "", "")
            found = act.tx.import_remarks.page(
                number,
                (int(line), str(field), str(reason)),
                page.size + 1,
                kinds=kinds,
                unit_id=unit,
                open_only=request.open_only,
            )
            shown = found[: page.size]
            token = ""
            if len(found) > len(shown):
                last = shown[-1]
                token = page.token(last.line, last.field, last.reason, more=True)
            return pb.ListImportRemarksResponse(
                remarks=[convert.remark_to_pb(remark) for remark in shown], next_page_token=token
            )

        return self._answers.read(read)

    def dismiss(self, request: pb.DismissImportRowRequest) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        number = convert.run_number(request.parent, "parent")

        def perform(act: Act) -> import_run_pb2.ImportRun:
            require_entitled(act, ActName.DISMISS_IMPORT_ROW)
            reason = text_from_pb("reason", request.reason, _REASON)
            if not reason:
                raise InvalidRequest(FieldViolation("reason", "is required", "请填写理由"))
            return convert.run_to_pb(dismiss_row(act, number, request.line, reason))

        return self._once(request, perform)

    def sign_off(self, request: pb.SignOffImportRequest) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        number = convert.run_number(request.name)
        unit_id = _unit(request.unit)

        def perform(act: Act) -> import_run_pb2.ImportRun:
            require_entitled(act, ActName.SIGN_OFF_IMPORT)
            unit = None if unit_id == UNCLEAR else unit_id
            known_unit("unit", unit, act.units)
            run = sign_off_import(act, number, unit, request.expected_new_count)
            return convert.run_to_pb(run)

        answer = self._once(request, perform)
        self._signed()
        return answer

    def undo(self, request: pb.UndoImportRequest) -> import_run_pb2.ImportRun:
        """See admin_service.proto."""
        number = convert.run_number(request.name)
        return self._once(request, lambda act: convert.run_to_pb(undo_import(act, number)))

    def _once(
        self,
        request: pb.DismissImportRowRequest | pb.SignOffImportRequest | pb.UndoImportRequest,
        perform: Callable[[Act], import_run_pb2.ImportRun],
    ) -> import_run_pb2.ImportRun:
        return self._answers.once(request, request.request_id, import_run_pb2.ImportRun, perform)


def _rows(part: import_run_pb2.ImportRequest) -> list[Cells]:
    if part.WhichOneof("part") != "rows" or len(part.rows.rows) > _ROWS:
        raise InvalidRequest(
            FieldViolation("rows", f"must be 1 to {_ROWS}", f"每批最多 {_ROWS} 行")
        )
    return [convert.cells_from_pb(row) for row in part.rows.rows]


def _unit(name: str) -> int:
    """The number in `units/{unit}`; `UNCLEAR` for `units/-`."""
    return UNCLEAR if name == _NOBODYS else names.unit_number(name, "unit")
