"""Quotas, grants and partners as JSON: in the node's file, in acts that wait, in events."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from license_verify.server.partners.partner import Grant, Partner, PartnerState, Quota


def quota_to(quota: Quota) -> dict[str, int]:
    """A quota by the names of its fields."""
    return {
        "calls_per_second": quota.calls_per_second,
        "burst": quota.burst,
        "calls_at_once": quota.calls_at_once,
        "checks_per_day": quota.checks_per_day,
    }


def quota_from(told: Mapping[str, int]) -> Quota:
    """What `quota_to` wrote."""
    return Quota(**told)


def grant_to(grant: Grant) -> dict[str, Any]:
    """A grant, its lists in order."""
    return {
        "purpose": grant.purpose,
        "items": sorted(grant.items),
        "claims": sorted(grant.claims),
        "from": grant.from_date.isoformat(),
        "until": grant.until_date and grant.until_date.isoformat(),
        "revoked": grant.revoked_at and grant.revoked_at.isoformat(),
    }


def grant_from(told: Mapping[str, Any]) -> Grant:
    """What `grant_to` wrote."""
    return Grant(
        told["purpose"],
        frozenset(told["items"]),
        frozenset(told["claims"]),
        date.fromisoformat(told["from"]),
        date.fromisoformat(told["until"]) if told["until"] else None,
        datetime.fromisoformat(told["revoked"]) if told["revoked"] else None,
    )


def partner_to(partner: Partner) -> dict[str, Any]:
    """A partner with its grants."""
    return {
        "id": partner.id,
        "title": partner.title,
        "state": partner.state.value,
        "quota": quota_to(partner.quota),
        "grants": [grant_to(each) for each in partner.grants.values()],
    }


def partner_from(told: Mapping[str, Any]) -> Partner:
    """What `partner_to` wrote."""
    grants = [grant_from(each) for each in told["grants"]]
    return Partner(
        told["id"],
        told["title"],
        PartnerState(told["state"]),
        quota_from(told["quota"]),
        {each.purpose: each for each in grants},
    )
