"""What an official may do, asked of the registry at every call: roles are kept there alone."""

from typing import Final, Protocol

import grpc
import structlog

from license_verify.refusal import Kind, Refusal
from license_verify.rpc.identity import Workload
from license_verify.server.partners.authority import Actor, PartnerRoleMissing, Role
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1 import unit_pb2

_DEADLINE_SECONDS: Final = 3.0
_ROLES: Final = {unit_pb2.Role.Value(f"ROLE_{role.name}"): role for role in Role}
_log = structlog.stdlib.get_logger()


class RolesUnavailable(Refusal):
    """The registry did not say what the official may do."""

    kind = Kind.UNAVAILABLE
    reason = "ROLES_UNAVAILABLE"


class Registry(Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def GetStaff(  # noqa: N802 - the contract's name
        self, request: pb.GetStaffRequest, *, timeout: float
    ) -> unit_pb2.Staff:
        """What a person may do today."""


class Officials:
    """Names and roles of those who call by a staff certificate."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def actor(self, caller: Workload) -> Actor:
        """The official with today's roles.

        Raises:
            RolesUnavailable, PartnerRoleMissing: as `staff`.
        """
        staff = self.staff(caller)
        roles = frozenset(_ROLES[each.role] for each in staff.assignments if each.role in _ROLES)
        return Actor(caller.spiffe_id, caller.id, staff.person_name, roles)

    def staff(self, caller: Workload) -> unit_pb2.Staff:
        """The official with the assignments that are in force today.

        Raises:
            RolesUnavailable: the registry is away, slow or refuses to say.
            PartnerRoleMissing: nobody has the number, or the person is disabled.
        """
        try:
            staff = self._registry.GetStaff(
                pb.GetStaffRequest(name=caller.name), timeout=_DEADLINE_SECONDS
            )
        except grpc.RpcError as error:
            code = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
            _log.warning("partners.roles_unknown", code=code)
            raise RolesUnavailable(
                "the registry, which keeps the roles of officials, does not answer; nothing was"
                " changed, try again when it does",
                zh="登记系统暂时无法访问，不能确认您的角色；未作任何更改，请稍后重试",
                code=code,
            ) from None
        if staff.disabled:
            raise PartnerRoleMissing(
                f"{caller.name} is not on the registry's staff table, or disabled",
                zh=f"工号 {caller.id} 未登记或已停用，请联系系统运维员",
                role="staff",
            )
        return staff
