"""歇业: filing it, extending it, resuming business, and its end when its time is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.application import Visit
from registry_service.domain.authority import ActName
from registry_service.domain.dormancy import (
    BACKDATING_DAYS,
    Dormancy,
    extension_opens,
    latest_end,
    runs_on,
)
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.errors import DormancyTooLong, ExtensionTooEarly, InvalidRequest
from registry_service.domain.lifecycle import Step, after
from registry_service.domain.premises import PremisesState
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import SYSTEM
from registry_service.operations.act import Act, lock_entity, require_etag
from registry_service.operations.authority import authorise
from registry_service.operations.places import filed_places
from registry_service.operations.premises_end import end_premises
from registry_service.operations.record import record
from registry_service.store.transaction import Store, Transaction

EXPIRED: Final = "歇业期限届满，自动恢复营业"
_DAY: Final = timedelta(days=1)
_BATCH: Final = 200


def suspend_entity(
    act: Act,
    code: str,
    from_date: date | None,
    until_date: date,
    visit: Visit,
    *,
    etag: str = "",
) -> Entity:
    """File dormancy, or extend the one that runs; filed places are suspended with the entity.

    Args:
        act: who and when.
        code: of the entity.
        from_date: first day, today where absent; not read for an extension.
        until_date: last day.
        visit: who asked.
        etag: as read.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        StateForbids: only an active or dormant entity can.
        DormancyTooLong: beyond three years over all dormancies.
        ExtensionTooEarly: it is extended in its last 30 days.
        InvalidRequest: days that can't be.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.SUSPEND_ENTITY, entity=entity)
    require_etag(entity, etag)
    past = act.tx.dormancies.of(entity.number)
    if entity.state is EntityState.DORMANT:
        state, kind = after(entity.state, Step.EXTEND), "entity.dormancy_extended"
        first = _extend(act, entity, past, until_date)
    else:
        state, kind = after(entity.state, Step.SUSPEND), "entity.suspended"
        first = _begin(act, entity, past, from_date or act.today, until_date)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    basis = visited.receipt_number
    dormant = replace(entity, state=state)
    entity = record(act, dormant, kind, unit=unit, basis=basis, effective_date=first)
    for place in filed_places(act.tx, entity.number):
        if place.state is PremisesState.LIVE:
            entity = end_premises(
                act, entity, place, PremisesState.SUSPENDED, unit=unit, basis=basis
            )
    return entity


def _begin(act: Act, entity: Entity, past: tuple[Dormancy, ...], first: date, last: date) -> date:
    earliest = max([act.today - BACKDATING_DAYS * _DAY, *(each.last_date + _DAY for each in past)])
    if not earliest <= first <= act.today:
        raise InvalidRequest(
            FieldViolation(
                "from_date",
                f"must lie between {earliest} and today",
                f"歇业起始日期不能早于 {earliest}，也不能晚于今天",
            )
        )
    _require_future(act, last)
    _require_within(last, latest_end(first, past))
    act.tx.dormancies.add(entity.number, first, last)
    return first


def _extend(act: Act, entity: Entity, past: tuple[Dormancy, ...], last: date) -> date:
    if not past:
        raise InvalidRequest(
            FieldViolation(
                "name",
                "the dormancy came with an import without its days; resume it, then file it",
                "该主体的歇业由导入而来，没有起止日期；请先恢复营业，再重新备案歇业",
            )
        )
    running = past[-1]
    opens = extension_opens(running.until_date)
    if act.today < opens:
        raise ExtensionTooEarly(
            f"it runs until {running.until_date} and can be extended from {opens}",
            zh=f"歇业期限至 {running.until_date}，延期应在期满前 30 日内申请（{opens} 起可以办理）",
            opens=opens,
        )
    if last <= running.until_date:
        raise InvalidRequest(
            FieldViolation(
                "until_date",
                f"must lie after {running.until_date}",
                f"延期后的截止日期应晚于 {running.until_date}",
            )
        )
    _require_within(last, latest_end(running.from_date, past[:-1]))
    act.tx.dormancies.save(entity.number, replace(running, until_date=last))
    return running.until_date + _DAY


def _require_future(act: Act, last: date) -> None:
    if last < act.today:
        raise InvalidRequest(
            FieldViolation("until_date", "lies before today", "歇业截止日期不能早于今天")
        )


def _require_within(last: date, latest: date) -> None:
    if last > latest:
        raise DormancyTooLong(
            f"three years in all are the most; it may last until {latest}",
            zh=f"歇业期限累计不得超过三年，最晚至 {latest}",
            until=latest,
        )


def resume_entity(act: Act, code: str, visit: Visit, *, etag: str = "") -> Entity:
    """Resume business 恢复营业; suspended places are live again.

    Raises:
        NotYourUnit, RoleMissing, EntityHeld: the act is not theirs, or blocked.
        StateForbids: it is not dormant.
    """
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.RESUME_ENTITY, entity=entity)
    require_etag(entity, etag)
    state = after(entity.state, Step.RESUME)
    visited = act.tx.applications.add(
        entity.number, visit, unit, act.actor.number, act.now, act.today
    )
    past = act.tx.dormancies.of(entity.number)
    if past and past[-1].ended_date is None and act.today <= past[-1].until_date:
        act.tx.dormancies.save(entity.number, replace(past[-1], ended_date=act.today - _DAY))
    awake = replace(entity, state=state)
    return wake(act, awake, unit, visited.receipt_number, act.today)


def wake(act: Act, awake: Entity, unit: int | None, basis: str, day: date) -> Entity:
    """Let a locked entity resume business on a day, and its places with it.

    Args:
        act: who and when.
        awake: the entity in its new state, at the revision it was read at.
        unit: for which the actor acts.
        basis: receipt number, or why.
        day: the first of business.
    """
    entity = record(act, awake, "entity.resumed", unit=unit, basis=basis, effective_date=day)
    return wake_places(act, entity, unit, basis)


def wake_places(act: Act, entity: Entity, unit: int | None, basis: str) -> Entity:
    """Let every suspended place be live again; the entity at its newest revision."""
    for place in filed_places(act.tx, entity.number):
        if place.state is PremisesState.SUSPENDED:
            entity = end_premises(act, entity, place, PremisesState.LIVE, unit=unit, basis=basis)
    return entity


def end_expired_dormancies(store: Store, now: Callable[[], datetime]) -> int:
    """End every dormancy whose time is over; each entity in a transaction of its own.

    Run at start-up and by a timer. Two processes that do it at once don't harm each other.

    Returns:
        How many ended.

    Raises:
        DatabaseUnavailable: the rest is left for the next run.
    """
    ended = 0
    while True:
        with store.transaction() as tx:
            codes = tx.dormancies.expired(_system_act(tx, now()).today, _BATCH)
        done = sum(_end_expired(store, code, now()) for code in codes)
        ended += done
        if not done:
            return ended


def _end_expired(store: Store, code: str, now: datetime) -> bool:
    with store.transaction() as tx:
        act = _system_act(tx, now)
        entity = lock_entity(act, code)
        past = tx.dormancies.of(entity.number)
        if entity.state is not EntityState.DORMANT or not past or runs_on(past, act.today):
            return False
        awake = replace(entity, state=after(entity.state, Step.RESUME))
        wake(act, awake, entity.registrar, EXPIRED, past[-1].last_date + _DAY)
        return True


def _system_act(tx: Transaction, now: datetime) -> Act:
    """The registry's own act; it does not ask for the policy of review."""
    return Act(tx, SYSTEM, now, JINING_2023)
