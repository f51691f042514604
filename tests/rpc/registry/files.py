"""Files sent to a registry, and signed off."""

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from google.type import date_pb2

from registry_service.fsck import check
from tests.rpc.registry import people
from tests.rpc.registry.world import Client, Registry, a_request_id
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import import_run_pb2 as run_pb

Row = dict[str, str]
_PATIENCE = 60.0


def columns_of(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row if not name.startswith("_")))


def requests(
    rows: Sequence[Row],
    source: str = "provincial",
    *,
    dry_run: bool = False,
    part: int = 1000,
    **told: Any,
) -> Iterator[run_pb.ImportRequest]:
    """A file of these rows, numbered from line 2; `_mends` of a row is "run/line"."""
    columns = columns_of(rows) or ["uniscid"]
    cells = [[row.get(name, "") for name in columns] for row in rows]
    digest = hashlib.sha256(repr((columns, cells)).encode()).digest()
    header = run_pb.ImportHeader(
        source=source,
        file_name="样例.csv",
        sha256=digest,
        row_count=len(rows),
        columns=columns,
        dry_run=dry_run,
        **told,
    )
    yield run_pb.ImportRequest(header=header)
    numbered = [
        run_pb.ImportRow(line=line, values=values, **_mends(row))
        for line, (row, values) in enumerate(zip(rows, cells, strict=True), 2)
    ]
    for start in range(0, len(numbered), part):
        yield run_pb.ImportRequest(rows=run_pb.ImportRows(rows=numbered[start : start + part]))


def _mends(row: Row) -> dict[str, Any]:
    if "_mends" not in row:
        return {}
    run, _, line = row["_mends"].partition("/")
    return {"mends_import_run": f"importRuns/{run}", "mends_line": int(line)}


def sent(
    registry: Registry,
    rows: Iterable[Row],
    source: str = "provincial",
    *,
    method: str = "ImportEntities",
    dry_run: bool = False,
    **told: Any,
) -> run_pb.ImportRun:
    """The run of a file, after it was compared with the register."""
    admin = registry.as_(people.OPERATOR).admin
    answers = getattr(admin, method)(requests(list(rows), source, dry_run=dry_run, **told))
    run: run_pb.ImportRun = list(answers)[-1].import_run
    return run


def signed_off(registry: Registry, run: run_pb.ImportRun) -> run_pb.ImportRun:
    """The run once the city signed every share off and all is on the register."""
    city = registry.as_(people.CITY)
    for share in run.shares:
        if share.state == run_pb.IMPORT_SHARE_STATE_OPEN:
            sign(city, run, share)
    return settled(registry, run.name)


def sign(client: Client, run: run_pb.ImportRun, share: run_pb.ImportShare) -> run_pb.ImportRun:
    request = pb.SignOffImportRequest(
        name=run.name,
        unit=share.unit or "units/-",
        expected_new_count=share.new_count,
        request_id=a_request_id(),
    )
    after: run_pb.ImportRun = client.admin.SignOffImport(request)
    return after


def settled(registry: Registry, name: str) -> run_pb.ImportRun:
    """The run once nothing that was signed waits for the register."""
    waiting, deadline = threading.Event(), time.monotonic() + _PATIENCE
    while True:
        run = read(registry, name)
        if all(share.state != run_pb.IMPORT_SHARE_STATE_SIGNED for share in run.shares):
            return run
        assert time.monotonic() < deadline, run
        waiting.wait(0.02)


def read(registry: Registry, name: str) -> run_pb.ImportRun:
    run: run_pb.ImportRun = registry.as_(people.CITY).admin.GetImportRun(
        pb.GetImportRunRequest(name=name)
    )
    return run


def imported(
    registry: Registry, rows: Iterable[Row], source: str = "provincial"
) -> run_pb.ImportRun:
    """The run of a file whose new rows are on the register."""
    return signed_off(registry, sent(registry, rows, source))


def synced(
    registry: Registry, rows: Iterable[Row], day: date, source: str = "provincial", **told: Any
) -> run_pb.ImportRun:
    """The run of a delta once it is on the register."""
    source_date = date_pb2.Date(year=day.year, month=day.month, day=day.day)
    run = sent(registry, rows, source, method="SyncEntities", source_date=source_date, **told)
    return settled(registry, run.name)


def remarks(registry: Registry, run: run_pb.ImportRun, **asked: Any) -> list[run_pb.ImportRemark]:
    """What is said of the run's rows."""
    answer = registry.as_(people.CITY).admin.ListImportRemarks(
        pb.ListImportRemarksRequest(parent=run.name, page_size=1000, **asked)
    )
    return list(answer.remarks)


def counts(run: run_pb.ImportRun) -> tuple[int, int, int, int]:
    """New, unchanged, rejected and quarantined rows of all units."""
    shares = run.shares
    return (
        sum(share.new_count for share in shares),
        sum(share.unchanged_count for share in shares),
        sum(share.rejected_count for share in shares),
        sum(share.quarantined_count for share in shares),
    )


def faults_of(registry: Registry, code: str) -> list[str]:
    """What a recheck finds wrong with one entity; other tests tamper with theirs."""
    number = f"entity_no={registry.number_of(code)}"
    return [str(fault) for fault in check(registry.database) if number in fault.key.split()]
