"""Import: rows of another system become entities, or are refused by line, field and reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.event import Event
from registry_service.domain.import_row import ImportedRow, RowReject, read_row
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise


@dataclass(slots=True)
class Part:
    """What came of one part of an import."""

    run: int
    imported: int = 0
    unchanged: int = 0
    unit_unclear: int = 0
    rejects: list[RowReject] = field(default_factory=list)
    warnings: list[RowReject] = field(default_factory=list)


def start_import(act: Act, source: str, file_name: str) -> int:
    """Begin a run.

    Raises:
        RoleMissing: the actor is no operator.
    """
    authorise(act, ActName.IMPORT_ENTITIES)
    return act.tx.imports.start(source, file_name, act.actor.number, act.now)


def import_rows(
    act: Act, run: int, source: str, rows: Iterable[tuple[int, Mapping[str, str]]]
) -> Part:
    """Import one part of a file: whole or, if the transaction fails, not at all.

    A row whose code is known already is unchanged if it says the same, and refused if it says
    something else: an import never writes over the register.

    Raises:
        RoleMissing: the actor is no operator.
    """
    unit = authorise(act, ActName.IMPORT_ENTITIES)
    part, readable = Part(run), list[ImportedRow]()
    for line, values in rows:
        row = read_row(line, values, source, act.today)
        if row.rejects:
            part.rejects += row.rejects[:1]
        else:
            readable.append(row)
    _add(act, part, unit, source, _unknown(act, part, readable))
    part.rejects.sort(key=lambda reject: reject.line)
    faults = [(r.line, r.field, r.reason) for r in part.rejects]
    act.tx.imports.reject(run, faults)
    act.tx.imports.count(run, part.imported, part.unchanged, len(part.rejects), act.now)
    return part


def _unknown(act: Act, part: Part, rows: list[ImportedRow]) -> list[ImportedRow]:
    """The rows whose codes neither the register nor an earlier row has; others are compared."""
    taken = act.tx.entities.taken(code for row in rows for code in (row.uscc, *row.former_codes))
    unknown: list[ImportedRow] = []
    before: dict[str, ImportedRow] = {}
    for row in rows:
        number = next((code for code in row.former_codes if code in taken or code in before), None)
        if row.uscc in taken:
            known = act.tx.entities.find(row.uscc)
            same = row.repeats(known.face, known.state, known.former_codes, known.registrar)
            _compare(part, row, same)
        elif (earlier := before.get(row.uscc)) is not None:
            same = row.repeats(earlier.face, earlier.state, earlier.former_codes, earlier.registrar)
            _compare(part, row, same)
        elif number is not None:
            text = f"注册号 {number} 已属于另一主体，请核对后重新导入"
            part.rejects.append(RowReject(row.line, "regno", "REGISTRATION_NUMBER_TAKEN", text))
        else:
            unknown.append(row)
            before |= dict.fromkeys((row.uscc, *row.former_codes), row)
    return unknown


def _compare(part: Part, row: ImportedRow, same: bool) -> None:
    if same:
        part.unchanged += 1
    else:
        part.rejects.append(
            RowReject(
                row.line,
                "uniscid",
                "ALREADY_REGISTERED",
                f"代码 {row.uscc} 已登记，且登记内容与本行不同；未作覆盖，请核对后按更正或变更办理",
            )
        )


def _add(act: Act, part: Part, unit: int, source: str, rows: list[ImportedRow]) -> None:
    entities = act.tx.entities.add_many(
        [(r.uscc, r.version(part.run, act.now), r.state, r.former_codes) for r in rows], act.now
    )
    act.tx.events.add_many([_imported(act, entity, unit, source) for entity in entities])
    part.imported = len(entities)
    part.warnings += [warning for row in rows for warning in row.warnings]
    part.unit_unclear = sum(entity.registrar is None for entity in entities)


def _imported(act: Act, entity: Entity, unit: int, source: str) -> Event:
    return Event(
        entity_no=entity.number,
        revision=1,
        kind="entity.imported",
        subject="",
        state_after=entity.state,
        actor=act.actor.number,
        actor_name=act.actor.person_name,
        actor_unit=unit,
        workload=act.actor.workload,
        basis=source,
        effective_date=entity.current.effective_date,
        recorded_at=act.now,
    )
