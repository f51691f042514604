"""The second person: some acts wait until another confirms them (design.md §3, Who acts)."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from license_verify.refusal import FieldViolation, Kind
from registry_service.domain.authority import TABLE, ActName, Grant, Scope
from registry_service.domain.china import CHINA
from registry_service.domain.command import (
    AnnulEntity,
    Command,
    ReinstatePremises,
    StrikePremises,
)
from registry_service.domain.entity import Entity
from registry_service.domain.errors import (
    ActWaiting,
    InvalidRequest,
    NoSecondPerson,
    PendingActEnded,
    RegistryError,
    RoleMissing,
    SamePerson,
)
from registry_service.domain.pending_act import PendingAct, PendingState
from registry_service.domain.staff import Actor, Staff
from registry_service.domain.working_days import due
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.annul_entity import VERSION_KINDS
from registry_service.operations.authority import authorise, require_entitled, require_grant
from registry_service.operations.commands import describe, perform, require_command_etag
from registry_service.operations.expected import require_name
from registry_service.operations.record import record
from registry_service.store.transaction import Transaction

WORKING_DAYS: Final = 5
"""To confirm it; then it lapses and is asked again."""


def ask(act: Act, code: str, expected_name: str, command: Command, *, etag: str = "") -> Entity:
    """Keep an act until a second person confirms it.

    It is tried first and undone, so that what would refuse it later refuses it now.

    Args:
        act: who and when.
        code: of the entity.
        expected_name: 名称 as the caller believes it to be.
        command: what shall be done.
        etag: of the entity or the place it is done to, as read.

    Raises:
        NotYourUnit, RoleMissing, UnitUnclear: the actor may not ask for it.
        EtagMismatch, ExpectedNameDiffers: the entity is not as the caller believes.
        ActWaiting: the same act waits already.
        NoSecondPerson: nobody else may confirm it.
        RegistryError: whatever refuses the act itself.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, command.act, entity=entity)
    require_command_etag(act, entity, command, etag)
    require_name(entity, expected_name)
    with act.tx.connection.transaction(force_rollback=True):
        perform(act, entity, command)
    _require_first(act, entity, command)
    seconds = second_people(act, command.act, entity, act.actor.number)
    number = act.tx.pending_acts.next_number(entity.number)
    saved = record(
        act,
        entity,
        "act.asked",
        unit=unit,
        subject=f"pendingActs/{number}",
        basis=f"{command.act.zh}：{command.basis}",
    )
    act.tx.pending_acts.add(
        PendingAct(
            entity_no=entity.number,
            number=number,
            command=command,
            summary=f"{describe(act, entity, command)}。请{seconds.zh}复核。",
            business_name=entity.face.business_name,
            home_unit=entity.registrar,
            entity_revision=saved.revision,
            asked_by=act.actor.number,
            asked_at=act.now,
            expires_at=expiry(act),
        )
    )
    return saved


def answer_act(
    act: Act, code: str, number: int, expected_name: str, *, refuse: bool = False, reason: str = ""
) -> tuple[Entity, PendingAct]:
    """Do an act that waits, turn it down, or find that it lapsed.

    That it lapsed is an outcome, stored like the others; the caller of this function turns it
    into the refusal that the second person reads.

    Raises:
        RoleMissing, NotYourUnit: the actor may not confirm it; the refusal says who may.
        PendingActUnknown, PendingActEnded: there is none, or it was answered.
        SamePerson: the actor asked for it.
        ExpectedNameDiffers: the entity bears another name than the second person believes.
        InvalidRequest: turned down without a reason.
        RegistryError: the act could not be done now but may be later (`UNAVAILABLE`).
    """
    entity, pending, unit = require_second(act, code, number)
    if pending.state is not PendingState.WAITING:
        raise ended(pending)
    if (why := _lapsed(act, entity, pending)) is not None:
        return _close(act, entity, pending, PendingState.LAPSED, unit, why)
    if refuse:
        if not reason:
            raise InvalidRequest(FieldViolation("reason", "is required", "请填写不予通过的理由"))
        return _close(act, entity, pending, PendingState.REFUSED, unit, reason)
    require_name(entity, expected_name)
    try:
        with act.tx.connection.transaction():
            return _do(act, entity, pending, unit)
    except RegistryError as refusal:
        if refusal.kind is Kind.UNAVAILABLE:
            raise
        why = f"办理时被拒绝（{refusal.reason}）：{refusal.zh}"
        return _close(act, entity, pending, PendingState.LAPSED, unit, why)


def require_second(act: Act, code: str, number: int) -> tuple[Entity, PendingAct, int]:
    """The entity, locked, its act, and the unit for which the actor may answer it.

    Every official may see that an act waits, so whoever may not answer it is told who may.

    Raises:
        RoleMissing, NotYourUnit: the actor may not confirm it.
        PendingActUnknown: there is none.
        SamePerson: the actor asked for it.
    """
    require_entitled(act, ActName.GET_ENTITY)
    entity = lock_entity(act, code)
    pending = act.tx.pending_acts.find(entity.number, number)
    if pending.asked_by == act.actor.number:
        raise SamePerson(
            "who asked for the act can't confirm it",
            zh="经办人不能复核自己提出的事项，请由另一人复核",
            asked_by=f"staff/{pending.asked_by}",
        )
    return entity, pending, _authorise_second(act, entity, pending)


def ended(pending: PendingAct) -> PendingActEnded:
    """The refusal for an act that waits no more."""
    why = f"：{pending.reason}" if pending.reason else ""
    return PendingActEnded(
        f"the act is {pending.state}; ask again if it is still needed",
        zh=f"该事项{pending.state.zh}{why}；确有必要的，请重新提出",
        state=pending.state,
        act=pending.number,
    )


@dataclass(frozen=True, slots=True)
class Seconds:
    """Who may confirm an act today."""

    grant: Grant
    unit: int
    unit_title: str
    people: tuple[Staff, ...]

    @property
    def zh(self) -> str:
        """As `任城区登记科长（任守正）`."""
        names = "、".join(person.person_name for person in self.people)
        return f"{self.unit_title}{self.grant.role.zh}（{names}）"


def second_people(act: Act, name: ActName, entity: Entity, asker: str) -> Seconds:
    """Who may confirm an act that `asker` asked for: the first grant that anybody else holds.

    So the city stands in for a unit without a head, and only for such.

    Raises:
        NoSecondPerson: nobody does.
    """
    home = entity.registrar
    upwards = [] if home is None else act.units.chain(home)[::-1]
    for grant in TABLE[name].second:
        for unit in upwards if grant.scope is Scope.OVER_HOME else upwards[:1]:
            holders = act.tx.staff.holders(grant.role, unit, act.today)
            people = tuple(person for person in holders if person.number != asker)
            if people:
                return Seconds(grant, unit, act.units.title(unit), people)
    roles = "或".join(grant.role.zh for grant in TABLE[name].second)
    raise NoSecondPerson(
        "nobody else holds a role that may confirm this; ask an operator to appoint somebody",
        zh=f"没有可以复核此事项的人员（须由{roles}复核），请联系系统运维员设置",
        role=" or ".join(grant.role for grant in TABLE[name].second),
    )


def _authorise_second(act: Act, entity: Entity, pending: PendingAct) -> int:
    seconds = second_people(act, pending.command.act, entity, pending.asked_by)
    try:
        return require_grant(act, (seconds.grant,), entity, None)
    except RoleMissing:
        raise RoleMissing(
            f"this is for the {seconds.grant.role} of units/{seconds.unit} to confirm",
            zh=f"该事项须由{seconds.zh}复核，您没有该角色",
            role=seconds.grant.role,
            unit=f"units/{seconds.unit}",
        ) from None


def _require_first(act: Act, entity: Entity, command: Command) -> None:
    for waiting in act.tx.pending_acts.waiting(entity.number, act.now):
        same = waiting.command.act is command.act and waiting.command.subject == command.subject
        if same:
            raise ActWaiting(
                f"the same act waits as pending act {waiting.number}",
                zh=f"同一事项正在等待复核（第 {waiting.number} 号），不必重复提出",
                act=f"entities/{entity.uscc}/pendingActs/{waiting.number}",
            )


def _lapsed(act: Act, entity: Entity, pending: PendingAct) -> str | None:
    """Why it lapsed, in Chinese; None while it can still be done."""
    if pending.state_at(act.now) is PendingState.LAPSED:
        return f"逾期未复核（{WORKING_DAYS} 个工作日）"
    if entity.face.business_name != pending.business_name:
        return "提出之后，主体名称已变更"
    if entity.registrar != pending.home_unit:
        return "提出之后，登记机关已变更"
    asked = act.tx.events.page(entity.number, before=pending.entity_revision + 1, limit=1)[0]
    if entity.state != asked.state_after:
        return f"提出之后，主体状态已变更，现为{entity.state.zh}"
    return _overtaken(act, pending)


def _overtaken(act: Act, pending: PendingAct) -> str | None:
    """Whether what the second person read of is something else by now."""
    command, since = pending.command, pending.entity_revision
    match command:
        case StrikePremises(number, _) | ReinstatePremises(number, _):
            moved = act.tx.events.subjects(pending.entity_no, "premises.changed", since)
            return "提出之后，该经营场所已变更" if f"premises/{number}" in moved else None
        case AnnulEntity() if command.version:
            newest = [act.tx.events.last(pending.entity_no, kind) for kind in VERSION_KINDS]
            later = any(event is not None and event.revision > since for event in newest)
            return "提出之后，登记事项已变更" if later else None
    return None


def _do(act: Act, entity: Entity, pending: PendingAct, unit: int) -> tuple[Entity, PendingAct]:
    asker = find_asker(act.tx, pending.asked_by)
    _, done = _close(act, entity, pending, PendingState.DONE, unit, "")
    as_asker = replace(act, actor=Actor(act.actor.workload, asker), second=act.actor)
    perform(as_asker, act.tx.entities.find(entity.uscc), pending.command)
    return act.tx.entities.find(entity.uscc), done


def find_asker(tx: Transaction, number: str) -> Staff:
    """Who asked for what another person confirmed.

    Raises:
        RoleMissing: they were disabled since.
    """
    asker = tx.staff.find(number)
    if asker is None or asker.disabled:
        raise RoleMissing(
            f"staff/{number}, who asked for it, is disabled",
            zh="提出该事项的经办人已停用",
            role="staff",
        )
    return asker


_EVENTS: Final = {
    PendingState.DONE: "act.confirmed",
    PendingState.REFUSED: "act.refused",
    PendingState.LAPSED: "act.lapsed",
}


def _close(
    act: Act, entity: Entity, pending: PendingAct, state: PendingState, unit: int, reason: str
) -> tuple[Entity, PendingAct]:
    closed = replace(
        pending, state=state, answered_by=act.actor.number, answered_at=act.now, reason=reason
    )
    act.tx.pending_acts.answer(closed)
    saved = record(
        act,
        entity,
        _EVENTS[state],
        unit=unit,
        subject=f"pendingActs/{pending.number}",
        basis=reason or f"{pending.command.act.zh}：{pending.command.basis}",
    )
    return saved, closed


def expiry(act: Act) -> datetime:
    """The end of the last working day on which it can be confirmed."""
    last = due(act.today, WORKING_DAYS).date
    return datetime.combine(last + timedelta(days=1), time.min, CHINA)
