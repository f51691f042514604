"""Who may do what: asked before anything else is looked at."""

from registry_service.domain.entity import Entity
from registry_service.domain.errors import NotYourUnit, RoleMissing, UnitUnclear
from registry_service.domain.staff import Role
from registry_service.operations.act import Act


def require_role(act: Act, *roles: Role) -> int:
    """The unit in which the person holds one of the roles, the first in their order.

    Raises:
        RoleMissing: they hold none of them today.
    """
    for role in roles:
        if units := act.actor.units_as(role, act.today):
            return units[0]
    titles = "或".join(role.zh for role in roles)
    raise RoleMissing(
        f"this needs the role {' or '.join(roles)}",
        zh=f"此项业务须由{titles}办理，您没有该角色",
        role=" or ".join(roles),
    )


def require_staff(act: Act) -> None:
    """Stop callers that are no official.

    Raises:
        RoleMissing: a service or a partner calls.
    """
    if act.actor.staff is None:
        raise RoleMissing(
            "only officials may do this", zh="此项功能仅限登记机关工作人员使用", role="staff"
        )


def require_registrar(act: Act, entity: Entity) -> int:
    """The entity's home unit, for which the person is registrar.

    Raises:
        RoleMissing: they are registrar of no unit.
        NotYourUnit: another unit owns the entity; the refusal says which.
        UnitUnclear: nobody owns it yet.
    """
    require_role(act, Role.REGISTRAR)
    mine = act.actor.units_as(Role.REGISTRAR, act.today)
    if entity.registrar is None:
        raise UnitUnclear(
            "the entity's home registrar is unclear; the city assigns it by a correction",
            zh="该主体的登记机关不明，请先由市级管理员更正登记机关",
            code=entity.uscc,
        )
    if entity.registrar in mine:
        return entity.registrar
    raise not_yours(act, entity.registrar, mine, "该主体")


def require_supervisor(act: Act, unit: int) -> int:
    """The person's unit that supervises places in `unit`.

    Raises:
        RoleMissing: they are supervisor of no unit.
        NotYourUnit: another unit supervises the place; the refusal says which.
    """
    require_role(act, Role.SUPERVISOR)
    mine = act.actor.units_as(Role.SUPERVISOR, act.today)
    for own in mine:
        if act.units.covers(own, unit):
            return own
    raise not_yours(act, unit, mine, "该经营场所")


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
