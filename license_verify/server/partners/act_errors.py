"""Refusals of acts on partners. Reasons are part of the API."""

from datetime import timedelta

from license_verify.refusal import Kind, Refusal
from license_verify.server.partners.partner import Partner, PartnerState


class PartnerUnknown(Refusal):
    """There is no such partner."""

    kind = Kind.NOT_FOUND
    reason = "PARTNER_UNKNOWN"


class PartnerExists(Refusal):
    """The id was given before."""

    kind = Kind.EXISTS
    reason = "PARTNER_EXISTS"


class PartnerChanged(Refusal):
    """The partner or grant changed since it was read."""

    kind = Kind.STALE
    reason = "PARTNER_CHANGED"


class ExpectedTitleDiffers(Refusal):
    """The partner is called otherwise."""

    kind = Kind.BLOCKED
    reason = "EXPECTED_TITLE_DIFFERS"


class PartnerStateForbids(Refusal):
    """The partner's state forbids the act."""

    kind = Kind.BLOCKED
    reason = "PARTNER_STATE_FORBIDS"


class GrantUnknown(Refusal):
    """The partner has no grant in force for the purpose."""

    kind = Kind.NOT_FOUND
    reason = "GRANT_UNKNOWN"


class PartnerActUnknown(Refusal):
    """There is no act with that name."""

    kind = Kind.NOT_FOUND
    reason = "PARTNER_ACT_UNKNOWN"


class PartnerActEnded(Refusal):
    """The act was answered, or lapsed."""

    kind = Kind.BLOCKED
    reason = "PARTNER_ACT_ENDED"


class PartnerActWaiting(Refusal):
    """The same waits for a second person already."""

    kind = Kind.BLOCKED
    reason = "PARTNER_ACT_WAITING"


class SameOfficial(Refusal):
    """Who asked for an act cannot confirm it."""

    kind = Kind.BLOCKED
    reason = "SAME_OFFICIAL"


class OtherOfficial(Refusal):
    """Another asked for the act."""

    kind = Kind.BLOCKED
    reason = "OTHER_OFFICIAL"


class WatchListFull(Refusal):
    """The partner watches as many codes as it may."""

    kind = Kind.EXHAUSTED
    reason = "WATCH_LIST_FULL"


class WatchListNotReady(Refusal):
    """No node has found its place in the registry's feed yet."""

    kind = Kind.UNAVAILABLE
    reason = "WATCH_LIST_NOT_READY"


_STATES = {
    PartnerState.ACTIVE: "在用",
    PartnerState.SUSPENDED: "已暂停",
    PartnerState.ENDED: "已终止",
}


def unknown(partner_id: str) -> PartnerUnknown:
    """Of an id that nobody was given."""
    return PartnerUnknown(
        f"there is no partner {partner_id}", zh=f"没有合作单位 {partner_id}", partner=partner_id
    )


def changed(what: str) -> PartnerChanged:
    """Of an etag that is no more."""
    return PartnerChanged(
        f"{what} changed since it was read; read it again",
        zh="内容已被他人更改，请重新查询",
        name=what,
    )


def title_differs(partner_id: str, title: str) -> ExpectedTitleDiffers:
    """Of a partner that is called otherwise than expected."""
    return ExpectedTitleDiffers(
        f"partner {partner_id} is called {title}, not as was expected",
        zh=f"合作单位 {partner_id} 的名称为“{title}”，与您填写的不一致",
        partner=partner_id,
        title=title,
    )


def watch_not_ready() -> WatchListNotReady:
    """Of a watch from which changes could be missed."""
    return WatchListNotReady(
        "no node has reached the registry's feed since this database was made, and changes could"
        " be missed; nothing was added, try again",
        zh="核验系统尚未连通登记机关的变动消息，暂不能添加关注，请稍后重试",
        retry_after=timedelta(seconds=5),
    )


def state_forbids(partner: Partner) -> PartnerStateForbids:
    """Of an act that a partner's state forbids."""
    return PartnerStateForbids(
        f"partner {partner.id} is {partner.state}: this cannot be done to it",
        zh=f"合作单位“{partner.title}”{_STATES[partner.state]}，不能办理此事项",
        partner=partner.id,
        state=partner.state,
    )
