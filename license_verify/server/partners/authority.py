"""Who may do what with partners: one row for every act, and the one place that enforces it.

Roles are kept by the registry; docs/partners.md shows this table.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from license_verify.refusal import Kind, Refusal


class Role(StrEnum):
    """Roles of the registry's officials that count here; the registry has more."""

    CITY = "city"
    POLICY = "policy"
    OPERATOR = "operator"
    AUDITOR = "auditor"

    @property
    def zh(self) -> str:
        """In Chinese, for refusals."""
        return _TITLES[self]


_TITLES: Final = {
    Role.CITY: "市级管理员",
    Role.POLICY: "政策管理员",
    Role.OPERATOR: "系统运维员",
    Role.AUDITOR: "审计员",
}


class PartnerRoleMissing(Refusal):
    """The caller holds none of the roles, or it is another partner's."""

    kind = Kind.DENIED
    reason = "PARTNER_ROLE_MISSING"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and as what."""

    workload: str
    """SPIFFE id."""
    number: str = ""
    """Staff number; empty for a partner."""
    person_name: str = ""
    roles: frozenset[Role] = frozenset()
    """Held today, in whatever unit: partners are the whole city's."""
    partner: str | None = None
    """Id of the partner that acts for itself."""

    @property
    def staff(self) -> str:
        """`staff/{staff}`, empty for a partner."""
        return f"staff/{self.number}" if self.number else ""


class ActName(StrEnum):
    """Every method of PartnerService."""

    ENROL_PARTNER = "enrol_partner"
    GET_PARTNER = "get_partner"
    LIST_PARTNERS = "list_partners"
    UPDATE_PARTNER = "update_partner"
    SUSPEND_PARTNER = "suspend_partner"
    RESUME_PARTNER = "resume_partner"
    END_PARTNER = "end_partner"
    GRANT_PURPOSE = "grant_purpose"
    REVOKE_GRANT = "revoke_grant"
    LIST_GRANTS = "list_grants"
    LIST_CERTIFICATES = "list_certificates"
    DISABLE_CERTIFICATE = "disable_certificate"
    CONFIRM_PARTNER_ACT = "confirm_partner_act"
    WITHDRAW_PARTNER_ACT = "withdraw_partner_act"
    LIST_PARTNER_ACTS = "list_partner_acts"
    WATCH_CODES = "watch_codes"
    UNWATCH_CODES = "unwatch_codes"
    LIST_WATCHED_CODES = "list_watched_codes"
    LIST_WATCHED_CHANGES = "list_watched_changes"

    @property
    def method(self) -> str:
        """The method of the contract, as `EnrolPartner`."""
        return "".join(word.capitalize() for word in self.value.split("_"))

    @property
    def zh(self) -> str:
        """What officials call it."""
        return TABLE[self].title


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    title: str
    """What officials call the act."""
    roles: tuple[Role, ...]
    """Any one of them suffices."""
    why: str
    """For whoever supervises the table, in Chinese."""
    own: bool = False
    """Whether a partner may do it for itself."""
    second: tuple[Role, ...] = ()
    """Who may confirm it; empty: nobody has to."""


_READERS: Final = (Role.OPERATOR, Role.CITY, Role.POLICY, Role.AUDITOR)
_RUN: Final = (Role.OPERATOR, Role.CITY)
_OWN: Final = "合作单位可查阅本单位的；工作人员按职责查阅"
_WATCH: Final = "关注名单由合作单位自己维护"

TABLE: Final[dict[ActName, Rule]] = {
    ActName.ENROL_PARTNER: Rule(
        "开通合作单位", _RUN, "由系统运维员依协议录入，须经市级管理员复核", second=(Role.CITY,)
    ),
    ActName.GET_PARTNER: Rule("查询合作单位", _READERS, _OWN, own=True),
    ActName.LIST_PARTNERS: Rule("列出合作单位", _READERS, "名单不向合作单位提供"),
    ActName.UPDATE_PARTNER: Rule(
        "调整合作单位名称或限额", _RUN, "调高限额须经市级管理员复核，调低即时生效",
        second=(Role.CITY,),
    ),
    ActName.SUSPEND_PARTNER: Rule("暂停合作单位", _RUN, "情况紧急，一人即可暂停，随时可恢复"),
    ActName.RESUME_PARTNER: Rule("恢复合作单位", (Role.CITY,), "由市级管理员决定恢复"),
    ActName.END_PARTNER: Rule("终止合作单位", (Role.CITY,), "终止后标识不再使用"),
    ActName.GRANT_PURPOSE: Rule(
        "授予核验用途", (Role.POLICY,), "决定合作单位能看到哪些登记事项，须由另一人复核",
        second=(Role.POLICY, Role.CITY),
    ),
    ActName.REVOKE_GRANT: Rule("收回核验用途", (Role.POLICY, Role.CITY), "收回即时生效"),
    ActName.LIST_GRANTS: Rule("列出核验用途", _READERS, _OWN, own=True),
    ActName.LIST_CERTIFICATES: Rule("列出客户端证书", _READERS, _OWN, own=True),
    ActName.DISABLE_CERTIFICATE: Rule("停用客户端证书", _RUN, "密钥泄露时须立即停用，一人即可"),
    ActName.CONFIRM_PARTNER_ACT: Rule(
        "复核合作单位事项", (Role.POLICY, Role.CITY), "按事项由规定的角色复核，不得由提出人自己复核"
    ),
    ActName.WITHDRAW_PARTNER_ACT: Rule(
        "撤回合作单位事项", (*_RUN, Role.POLICY), "尚未复核的事项由提出人自己撤回，撤回后可重新提出"
    ),
    ActName.LIST_PARTNER_ACTS: Rule("列出合作单位事项", _READERS, "供经办、复核和审计之用"),
    ActName.WATCH_CODES: Rule("关注主体", (), _WATCH, own=True),
    ActName.UNWATCH_CODES: Rule("取消关注", (), _WATCH, own=True),
    ActName.LIST_WATCHED_CODES: Rule("列出关注名单", (Role.AUDITOR,), _WATCH, own=True),
    ActName.LIST_WATCHED_CHANGES: Rule("列出关注变动", (Role.AUDITOR,), _WATCH, own=True),
}  # fmt: skip
"""Every act has exactly one row."""


def authorise(actor: Actor, name: ActName, partner: str | None = None) -> None:
    """Stop who may not, before anything else is looked at.

    Args:
        actor: who.
        name: what they are about to do.
        partner: id of the partner that it is done to; None: all of them.

    Raises:
        PartnerRoleMissing: the same of another partner's record and of one that isn't there.
    """
    rule = TABLE[name]
    if actor.partner is not None:
        if not rule.own or actor.partner != partner:
            raise PartnerRoleMissing(
                "a partner may read and keep its own record alone",
                zh="合作单位只能查阅和维护本单位的记录",
                role="staff",
            )
        return
    require_role(actor, rule.roles)


def require_role(actor: Actor, roles: tuple[Role, ...]) -> None:
    """Stop who holds none of the roles.

    Raises:
        PartnerRoleMissing: with the roles in metadata `role`.
    """
    if actor.roles & set(roles):
        return
    titles = "或".join(role.zh for role in roles) or "合作单位本身"
    raise PartnerRoleMissing(
        f"this needs the role {' or '.join(roles) or 'of the partner itself'}",
        zh=f"此项业务须由{titles}办理，您没有该角色",
        role=" or ".join(roles) or "partner",
    )
