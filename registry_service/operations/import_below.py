"""Rows of what entities have: read, and kept where their entity is on the register."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from registry_service.domain.import_run import ImportRun, Remark, RemarkKind
from registry_service.operations.act import Act
from registry_service.operations.import_rows import Fields
from registry_service.store.entities import Home


class ReadRow(Protocol):
    """A row that was read."""

    @property
    def uscc(self) -> str:
        """Of its entity."""

    @property
    def rejects(self) -> tuple[Remark, ...]:
        """Why it is refused, if it is."""

    @property
    def warnings(self) -> tuple[Remark, ...]:
        """What is to be looked at though it is taken."""


Row = TypeVar("Row", bound=ReadRow)


def stage_below(
    act: Act,
    run: ImportRun,
    rows: Sequence[Fields],
    read: Callable[[Fields], Row],
    stage: Callable[[list[tuple[Fields, Row]], dict[str, Home]], None],
) -> None:
    """Read rows; stage those of entities on the register, tell of the others.

    Args:
        act: who and when.
        run: the file.
        rows: as they came.
        read: reads one.
        stage: keeps rows, given the entity of each code.
    """
    remarks, readable = list[Remark](), list[tuple[Fields, Row]]()
    for fields in rows:
        row = read(fields)
        remarks += row.rejects or row.warnings
        if not row.rejects:
            readable.append((fields, row))
    homes = act.tx.entities.homes(row.uscc for _, row in readable)
    remarks += [_of_nobody(fields, row.uscc) for fields, row in readable if row.uscc not in homes]
    stage([each for each in readable if each[1].uscc in homes], homes)
    act.tx.import_remarks.add(run.number, remarks)


def _of_nobody(row: Fields, code: str) -> Remark:
    text = f"登记簿中没有代码为 {code} 的主体，请先导入主体并签收"
    return Remark(row.line, RemarkKind.REJECT, "uniscid", "ENTITY_UNKNOWN", text, None, row.values)
