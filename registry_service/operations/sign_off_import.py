"""What becomes of a file that was compared: signed off unit by unit, taken back, rows dismissed."""

from registry_service.domain.authority import ActName
from registry_service.domain.errors import (
    ImportCountDiffers,
    ImportNotChecked,
    ImportRemarkUnknown,
    ImportSignedOff,
    SamePerson,
)
from registry_service.domain.import_run import UNCLEAR, ImportRun, RunState, Share, ShareState
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.import_kinds import LOADERS


def sign_off_import(act: Act, number: int, unit: int | None, expected_new: int) -> ImportRun:
    """Sign a unit's share off; the registry puts it on the register from now on.

    Args:
        act: who and when.
        number: of the run.
        unit: whose share; None for rows whose unit is unclear, which the city signs.
        expected_new: new rows as the head saw them.

    Raises:
        RoleMissing, NotYourUnit: neither its head nor the city.
        ImportUnknown: there is no such run.
        ImportNotChecked: nothing waits to be signed off.
        SamePerson: who sent the file cannot sign it off.
        ImportCountDiffers: rows were set aside or taken since.
    """
    authorise(act, ActName.SIGN_OFF_IMPORT, unit=act.units.city if unit is None else unit)
    run = act.tx.imports.find(number, for_update=True)
    share = _open_share(act, run, unit)
    if act.actor.number == run.staff_no:
        raise SamePerson(
            "who sent the file cannot sign it off",
            zh="导入文件的人不能签收，请由登记科长或市级签收",
        )
    if share.new != expected_new:
        raise ImportCountDiffers(
            f"the share holds {share.new} new rows, not {expected_new}; look at it again",
            zh=f"该单位新增 {share.new} 行，与您核对的 {expected_new} 行不符，请重新核对",
            count=share.new,
            expected=expected_new,
        )
    name = act.actor.person_name
    act.tx.imports.sign(number, [unit or UNCLEAR], act.actor.number, name, act.now)
    return act.tx.imports.find(number)


def _open_share(act: Act, run: ImportRun, unit: int | None) -> Share:
    share = next((share for share in run.shares if share.unit == unit), None)
    if run.state is not RunState.CHECKED or share is None or share.state is not ShareState.OPEN:
        title = act.units.title(unit)
        raise ImportNotChecked(
            f"of import run {run.number} nothing of {title} waits to be signed off; the run is "
            f"{run.state.value}",
            zh=f"批次 {run.number} 是试运行，没有可签收的内容"
            if run.state is RunState.TRIED
            else f"批次 {run.number} 没有待{title}签收的内容",
            run=run.number,
            state=run.state.value,
            unit=title,
        )
    return share


def undo_import(act: Act, number: int) -> ImportRun:
    """Take back what no unit has signed off; what was told of the file stays.

    Raises:
        RoleMissing: the actor is no operator.
        ImportUnknown: there is no such run.
        ImportSignedOff: nothing is left to be taken back.
    """
    authorise(act, ActName.UNDO_IMPORT)
    run = act.tx.imports.find(number, for_update=True)
    staging = LOADERS[run.kind].staging(act.tx)
    if run.state is RunState.LOADING:
        staging.forget(number)
    else:
        waiting = [share.unit or UNCLEAR for share in run.shares if share.state is ShareState.OPEN]
        if run.state is not RunState.CHECKED or not waiting:
            raise ImportSignedOff(
                f"nothing of import run {number} can be taken back; it is {run.state.value}",
                zh=f"批次 {number} 没有可撤回的内容；已签收的，请按更正或撤销登记办理",
                run=number,
                state=run.state.value,
            )
        staging.forget(number, waiting)
        act.tx.imports.undo(number)
        if any(share.state in (ShareState.SIGNED, ShareState.DONE) for share in run.shares):
            act.tx.imports.finish(number, act.now)
            return act.tx.imports.find(number)
    act.tx.imports.move(number, RunState.UNDONE, act.now)
    return act.tx.imports.find(number)


def dismiss_row(act: Act, number: int, line: int, why: str) -> ImportRun:
    """Decide that a row that was rejected or set aside is not to come on the register.

    Raises:
        RoleMissing, NotYourUnit: neither the head of its unit nor the city.
        ImportUnknown: there is no such run.
        ImportRemarkUnknown: nothing open is said of that line.
    """
    require_entitled(act, ActName.DISMISS_IMPORT_ROW)
    run = act.tx.imports.find(number)
    unit_id = act.tx.import_remarks.unit_of_line(number, line)
    if unit_id is None:
        raise ImportRemarkUnknown(
            f"nothing open is said of line {line} of import run {number}",
            zh=f"批次 {number} 第 {line} 行没有待处理的问题",
            run=number,
            line=line,
        )
    authorise(act, ActName.DISMISS_IMPORT_ROW, unit=unit_id or act.units.city)
    act.tx.import_remarks.dismiss(number, line, act.actor.number, why, act.now)
    return run
