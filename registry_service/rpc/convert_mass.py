"""Mass runs on the wire."""

import re
from collections.abc import Sequence
from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.token.scan import is_host
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.mass_run import (
    MOST_CODES,
    MassKind,
    MassRemark,
    MassRun,
    Selection,
)
from registry_service.domain.reading import Reader
from registry_service.rpc import names
from registry_service.rpc.convert_standing import mark_kind_from_pb, mark_kind_to_pb
from registry_service.rpc.convert_values import time_to_pb
from yizhao.registry.v1 import admin_service_pb2 as service_pb
from yizhao.registry.v1 import mass_run_pb2 as pb

_KID: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_BASIS: Final = 200
_KINDS: Final = {
    pb.MASS_KIND_ISSUE: MassKind.ISSUE,
    pb.MASS_KIND_REISSUE: MassKind.REISSUE,
    pb.MASS_KIND_REISSUE_SITES: MassKind.REISSUE_SITES,
}
_ACTS: Final = {
    pb.MASS_KIND_REVOKE: MassKind.REVOKE,
    pb.MASS_KIND_MARK: MassKind.MARK,
    pb.MASS_KIND_UNMARK: MassKind.UNMARK,
}
_FAULTS_TOLD: Final = 20
"""Wrong codes of a list that are looked for: a refusal names no more."""


def run_to_pb(run: MassRun) -> pb.MassRun:
    """A run and how far it is."""
    chosen = run.selection
    return pb.MassRun(
        name=f"massRuns/{run.number}",
        kind=pb.MassKind.Value(f"MASS_KIND_{chosen.kind.upper()}"),
        state=pb.MassRunState.Value(f"MASS_RUN_STATE_{run.state.upper()}"),
        unit=names.unit_name(chosen.unit),
        kid=chosen.kid.hex() if chosen.kid else "",
        host=chosen.host,
        mark_kind=mark_kind_to_pb(chosen.mark),
        basis=run.basis,
        wanted_count=run.wanted,
        issued_count=run.issued,
        voided_count=run.voided,
        failed_count=run.failed,
        asked_by=names.staff_name(run.staff_no),
        create_time=time_to_pb(run.created_at),
        confirmed_by=names.staff_name(run.confirmed_by),
        start_time=time_to_pb(run.started_at) if run.started_at else None,
        end_time=time_to_pb(run.ended_at) if run.ended_at else None,
    )


def remark_to_pb(remark: MassRemark) -> pb.MassRemark:
    """Why it was not done to an entity."""
    return pb.MassRemark(
        entity=f"entities/{remark.code}",
        business_name=remark.business_name,
        unit=names.unit_name(remark.unit),
        reason=remark.reason,
        text=remark.text,
    )


def selection_from_pb(request: service_pb.StartMassRunRequest) -> tuple[Selection, str]:
    """Of which entities a run shall be, and on what ground.

    Raises:
        InvalidRequest: every wrong field is named.
    """
    reader = Reader()
    kind = _KINDS.get(request.kind)
    if kind is None:
        reader.fault("kind", "is none of those", "请选择批量签发或换发")
    basis = reader.text("basis", request.basis, _BASIS, required=True)
    if request.kid and _KID.fullmatch(request.kid) is None:
        reader.fault("kid", "is not 16 hexadecimal digits", "密钥标识应为 16 位十六进制数字")
    if request.host and not is_host(request.host):
        reader.fault("host", "is not a lower-case host name", "主机名不合规范")
    if (request.kid or request.host) and kind is MassKind.ISSUE:
        field = "kid" if request.kid else "host"
        reader.fault(field, "is for reissues alone", "密钥和主机条件只用于批量换发")
    unit = _unit(request.unit) if request.unit else None
    reader.finish()
    kid = bytes.fromhex(request.kid) if request.kid else None
    return Selection(kind or MassKind.ISSUE, unit, kid, request.host), basis


def listed_from_pb(
    request: service_pb.StartMassActRequest,
) -> tuple[Selection, list[str], str]:
    """What shall be done to which entities, and on what ground.

    Raises:
        InvalidRequest: wrong fields are named, of the codes the first twenty.
    """
    reader = Reader()
    kind = _ACTS.get(request.kind)
    if kind is None:
        reader.fault("kind", "is none of those", "请选择批量吊销、列入名录或移出名录")
    mark = None
    if kind in (MassKind.MARK, MassKind.UNMARK):
        mark = mark_kind_from_pb("mark_kind", request.mark_kind, reader)
    elif request.mark_kind:
        reader.fault("mark_kind", "is for MARK and UNMARK alone", "名录种类只用于列入和移出")
    basis = reader.text("basis", request.basis, _BASIS, required=True)
    codes = _codes(reader, request.codes)
    reader.finish()
    return Selection(kind or MassKind.REVOKE, mark=mark), codes, basis


def _codes(reader: Reader, given: Sequence[str]) -> list[str]:
    if not 0 < len(given) <= MOST_CODES:
        reader.fault("codes", f"are not 1 to {MOST_CODES}", f"代码应有 1 至 {MOST_CODES} 个")
        return []
    first: dict[str, int] = {}
    before = len(reader.faults)
    for index, text in enumerate(given):
        field = f"codes[{index}]"
        code = reader.uscc(field, text)
        if code and (same := first.setdefault(code, index)) != index:
            reader.fault(field, f"is codes[{same}] again", f"{code} 重复")
        if len(reader.faults) - before >= _FAULTS_TOLD:
            break
    return list(first)


def _unit(name: str) -> int:
    return names.unit_number(name, "unit")


def run_number(name: str, field: str = "name") -> int:
    """The number in `massRuns/{run}`.

    Raises:
        InvalidRequest: the name has another shape.
    """
    number = int(names.split(name, "massRuns/*", field)[0])
    if number >= 1 << 63:
        raise InvalidRequest(FieldViolation(field, "is too large", "批量任务编号有误"))
    return number
