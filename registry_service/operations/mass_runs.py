"""Mass runs: one person asks, another confirms, either may stop them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from registry_service.domain.authority import TABLE, ActName
from registry_service.domain.errors import (
    MassCountDiffers,
    MassNothing,
    MassRunOpen,
    MassRunState,
    SamePerson,
)
from registry_service.domain.mass_run import MassKind, MassRun, MassState, Selection
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.intend import terms


def start_mass_run(act: Act, selection: Selection, basis: str) -> MassRun:
    """Keep a run until a second person confirms it.

    Raises:
        RoleMissing: the actor is no operator and not the city.
        MassRunOpen: another run is not over.
        MassNothing: no entity is such.
        SignerUnavailable: no key or host is published yet.
    """
    unit = authorise(act, ActName.START_MASS_RUN)
    terms(act.tx)
    run = _new(act, selection, basis, unit)
    if not selection.kind.listed:
        wanted = _some(act.tx.mass_licenses.count(run))
        return act.tx.mass_runs.add(replace(run, wanted=wanted))
    run = act.tx.mass_runs.add(run)
    act.tx.mass_runs.want(run.number, _some(act.tx.mass_entities.add_with_sites(run)))
    return act.tx.mass_runs.find(run.number)


def start_mass_act(act: Act, selection: Selection, codes: Sequence[str], basis: str) -> MassRun:
    """Keep a run on a list of codes until a second person confirms it.

    Whether the actor may do it to each of them is asked when it is done: what they may not becomes
    a remark, as does a code that nobody has.

    Raises:
        RoleMissing: the actor holds no role in which this is done to a single entity.
        MassRunOpen: another run is not over.
    """
    authorise(act, ActName.START_MASS_ACT)
    own = SINGLE_ACTS[selection.kind]
    require_entitled(act, own)
    unit = next(
        units[0]
        for grant in TABLE[own].grants
        if (units := act.actor.units_as(grant.role, act.today))
    )
    run = act.tx.mass_runs.add(replace(_new(act, selection, basis, unit), wanted=len(codes)))
    act.tx.mass_entities.add(run.number, codes)
    return run


SINGLE_ACTS: Final = {
    MassKind.REVOKE: ActName.REVOKE_ENTITY,
    MassKind.MARK: ActName.MARK_ENTITY,
    MassKind.UNMARK: ActName.UNMARK_ENTITY,
}
"""What a run on a list of codes does to each."""


def _new(act: Act, selection: Selection, basis: str, unit: int) -> MassRun:
    if act.tx.mass_runs.any_open():
        raise MassRunOpen(
            "another mass run is not over; see the list of mass runs",
            zh="已有批量任务尚未结束，请待其完成或取消后再发起",
        )
    return MassRun(
        number=0,
        selection=selection,
        state=MassState.WAITING,
        basis=basis,
        wanted=0,
        staff_no=act.actor.number,
        staff_name=act.actor.person_name,
        unit=unit,
        workload=act.actor.workload,
        created_at=act.now,
    )


def _some(wanted: int) -> int:
    if not wanted:
        raise MassNothing(
            "no entity is such as this asks for; nothing is to be done",
            zh="没有符合条件的主体，无需办理",
        )
    return wanted


def confirm_mass_run(act: Act, number: int, expected: int) -> MassRun:
    """Let a run begin; one that goes on already stays as it is.

    Args:
        act: who and when.
        number: of the run.
        expected: entities as the second person saw them.

    Raises:
        RoleMissing: the actor may not confirm it.
        MassRunUnknown: there is none.
        SamePerson: who asked for it cannot confirm it.
        MassRunState: it was cancelled.
        MassCountDiffers: it is of another number.
    """
    authorise(act, ActName.CONFIRM_MASS_RUN)
    run = act.tx.mass_runs.find(number, for_update=True)
    if act.actor.number == run.staff_no:
        raise SamePerson(
            "who asked for a mass run cannot confirm it",
            zh="批量任务须由另一人复核，不得由发起人自己复核",
            asked_by=f"staff/{run.staff_no}",
        )
    if run.state is MassState.RUNNING:
        return run
    _require(run, MassState.WAITING)
    if run.wanted != expected:
        raise MassCountDiffers(
            f"the run is of {run.wanted} entities, not {expected}; look at it again",
            zh=f"该批量任务涉及 {run.wanted} 户，与您核对的 {expected} 户不符，请重新核对",
            count=run.wanted,
            expected=expected,
        )
    act.tx.mass_runs.confirm(number, act.actor.number, act.actor.person_name, act.now)
    return act.tx.mass_runs.find(number)


def pause_mass_run(act: Act, number: int) -> MassRun:
    """Let no further chunk begin.

    Raises:
        RoleMissing, MassRunUnknown: who may not, and there is none.
        MassRunState: it does not go on.
    """
    return _move(act, ActName.PAUSE_MASS_RUN, number, MassState.PAUSED, MassState.RUNNING)


def resume_mass_run(act: Act, number: int) -> MassRun:
    """Let a paused run go on.

    Raises:
        RoleMissing, MassRunUnknown: who may not, and there is none.
        MassRunState: it is not paused.
    """
    return _move(act, ActName.RESUME_MASS_RUN, number, MassState.RUNNING, MassState.PAUSED)


def cancel_mass_run(act: Act, number: int) -> MassRun:
    """Let no further chunk begin, for good; what was issued stays.

    Raises:
        RoleMissing, MassRunUnknown: who may not, and there is none.
        MassRunState: it is over.
    """
    may = (MassState.WAITING, MassState.RUNNING, MassState.PAUSED)
    return _move(act, ActName.CANCEL_MASS_RUN, number, MassState.CANCELLED, *may)


def _move(act: Act, name: ActName, number: int, to: MassState, *may: MassState) -> MassRun:
    authorise(act, name)
    run = act.tx.mass_runs.find(number, for_update=True)
    if run.state is to:
        return run
    _require(run, *may)
    act.tx.mass_runs.move(number, to, act.now)
    return act.tx.mass_runs.find(number)


def _require(run: MassRun, *states: MassState) -> None:
    if run.state not in states:
        raise MassRunState(
            f"mass run {run.number} is {run.state.value}",
            zh=f"批量任务 {run.number} {run.state.zh}，不能办理此操作",
            run=run.number,
            state=run.state.value,
        )
