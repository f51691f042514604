"""Who may do what: the one place that enforces the table, before anything else is looked at."""

from registry_service.domain.authority import TABLE, ActName, Grant, Scope
from registry_service.domain.entity import Entity
from registry_service.domain.errors import NotYourUnit, RoleMissing, UnitUnclear
from registry_service.domain.staff import Role
from registry_service.operations.act import Act
from registry_service.operations.holds import require_free


def authorise(
    act: Act, name: ActName, *, entity: Entity | None = None, unit: int | None = None
) -> int:
    """The unit for which the person does an act.

    Args:
        act: who and when.
        name: what they are about to do.
        entity: what it is done to, where the table looks at the home unit or the domicile.
        unit: the unit that supervises the place, or that the request names; for an act that makes
            the person's unit the home, the unit where the place is, to choose among several.

    Raises:
        RoleMissing: they hold none of the roles today, or are no official.
        NotYourUnit: they hold one, but for another unit; the refusal says whose the thing is.
        UnitUnclear: nobody owns the entity yet.
        EntityHeld: a hold on the entity blocks it.
    """
    own = require_grant(act, TABLE[name].grants, entity, unit)
    if entity is not None:
        require_free(act, entity, name)
    return own


def require_entitled(act: Act, name: ActName) -> None:
    """Stop who may do the act for no unit at all, before the request is read any further.

    Raises:
        RoleMissing: they hold none of the roles today, or are no official.
    """
    _held(act, TABLE[name].grants)


def require_grant(
    act: Act, grants: tuple[Grant, ...], entity: Entity | None, unit: int | None
) -> int:
    """The unit for which the person holds one of the grants; as `authorise`, for grants at hand.

    Raises:
        RoleMissing, NotYourUnit, UnitUnclear: as for `authorise`.
    """
    held = _held(act, grants)
    for grant, mine in held:
        target = _target(grant.scope, entity, unit)
        fitting = [own for own in mine if _fits(act, grant.scope, own, target)]
        if fitting:
            return target if target in fitting and target is not None else fitting[0]
    grant, mine = held[0]
    target = _target(grant.scope, entity, unit)
    if target is None:
        raise UnitUnclear(
            "the entity's home registrar is unclear; the city assigns it by a correction",
            zh="该主体的登记机关不明，请先由市级管理员更正登记机关",
            code=entity.uscc if entity else "",
        )
    raise not_yours(act, target, mine, _THINGS[grant.scope])


def _held(act: Act, grants: tuple[Grant, ...]) -> list[tuple[Grant, list[int]]]:
    """Those of the grants whose role the person holds today, with the units they hold it for."""
    roles = tuple(dict.fromkeys(grant.role for grant in grants))
    everybody = set(roles) == set(Role)
    if act.actor.staff is None or (everybody and not _any_role(act)):
        raise RoleMissing(
            "only officials may do this", zh="此项功能仅限登记机关工作人员使用", role="staff"
        )
    held = [(grant, act.actor.units_as(grant.role, act.today)) for grant in grants]
    held = [(grant, mine) for grant, mine in held if mine]
    if not held:
        titles = "或".join(role.zh for role in roles)
        raise RoleMissing(
            f"this needs the role {' or '.join(roles)}",
            zh=f"此项业务须由{titles}办理，您没有该角色",
            role=" or ".join(roles),
        )
    return held


def _any_role(act: Act) -> bool:
    return any(act.actor.units_as(role, act.today) for role in Role)


def _target(scope: Scope, entity: Entity | None, unit: int | None) -> int | None:
    """The unit that the scope looks at; None where it is unclear."""
    match scope:
        case Scope.HOME | Scope.OVER_HOME if entity is not None:
            return entity.registrar
        case Scope.DOMICILE if entity is not None:
            return entity.face.address.unit or entity.registrar
        case Scope.HOST | Scope.NAMED if unit is not None:
            return unit
        case Scope.NEW_HOME | Scope.ANYWHERE:
            return unit
    raise AssertionError(f"an act with scope {scope} was authorised without what it looks at")


def _fits(act: Act, scope: Scope, own: int, target: int | None) -> bool:
    if scope in (Scope.NEW_HOME, Scope.ANYWHERE):
        return True
    if scope is Scope.HOME:
        return own == target
    return target is not None and act.units.covers(own, target)


_THINGS = {
    Scope.HOME: "该主体",
    Scope.OVER_HOME: "该主体",
    Scope.DOMICILE: "该主体住所",
    Scope.HOST: "该经营场所",
    Scope.NAMED: "该单位事项",
}


def require_staff(act: Act) -> None:
    """Stop callers that are no official.

    Raises:
        RoleMissing: a service or a partner calls.
    """
    if act.actor.staff is None:
        raise RoleMissing(
            "only officials may do this", zh="此项功能仅限登记机关工作人员使用", role="staff"
        )


def not_yours(act: Act, owner: int, mine: list[int], thing: str) -> NotYourUnit:
    """The refusal that tells whose a thing is."""
    owner_name = act.units.title(owner)
    own_names = "、".join(act.units.title(unit) for unit in mine) or "无"
    return NotYourUnit(
        f"it belongs to {owner_name} (units/{owner}); you act for {own_names}",
        zh=f"{thing}由{owner_name}管理，您的所属单位为{own_names}，不能办理；请转{owner_name}办理",
        owner=f"units/{owner}",
        owner_name=owner_name,
    )


def record_access(act: Act, entity_no: int, method: str, basis: str) -> None:
    """Keep that the caller read a named entity, and why."""
    actor = act.actor
    act.tx.accesses.record(entity_no, actor.workload, actor.number, method, basis, act.now)


def record_accesses(act: Act, numbers: list[int], method: str, basis: str) -> None:
    """Keep that the caller read these entities at once, and why."""
    actor = act.actor
    act.tx.accesses.record_many(numbers, actor.workload, actor.number, method, basis, act.now)
