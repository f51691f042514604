"""The invented partners of a development instance, enrolled and granted as a city would."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clients.local import people
from clients.local.instance import Instance
from clients.sdk import PartnerClient
from license_verify.policy import POLICIES
from yizhao.verify.v1 import partner_pb2

_REASON: Final = "开发实例的虚构协议"
_CLAIMS: Final = ("name", "person", "address")
# A bench or a demo of one machine asks faster than a branch of a bank.
_QUOTA: Final = partner_pb2.PartnerQuota(
    calls_per_second=20_000, burst=50_000, calls_at_once=64, checks_per_day=1_000_000_000
)


@dataclass(frozen=True, slots=True)
class Partner:
    """One of `people.PARTNERS`."""

    id: str
    title: str
    purposes: tuple[str, ...]


PARTNERS: Final = (
    Partner("icbank", "济宁虚构银行", ("general", "banking", "bidding", "charging-point")),
    Partner("sdmobile", "济宁虚构移动通信", ("telecom",)),
    Partner("jngrid", "济宁虚构供电", ("charging-point",)),
)


def seed(address: str, instance: Instance) -> Iterator[Partner]:
    """Enrol and grant what is missing at that node; yields those that were not there.

    What the city took back or ended meanwhile stays so.
    """
    first, second = people.POLICY
    with (
        _as(address, instance, people.OPERATOR) as operator,
        _as(address, instance, people.CITY) as city,
        _as(address, instance, first) as asking,
        _as(address, instance, second) as confirming,
    ):
        for act in operator.acts(waiting_only=True):  # of a start that broke off
            if act.reason == _REASON:
                (confirming if act.act == "grant_purpose" else city).confirm(act.name, act.title)
        known = {each.name: each.state for each in operator.list()}
        for each in PARTNERS:
            name = f"partners/{each.id}"
            if name not in known:
                wish = partner_pb2.Partner(title=each.title, quota=_QUOTA)
                asked = operator.enrol(each.id, wish, _REASON)
                city.confirm(asked.name, each.title)
            if known.get(name) == partner_pb2.PARTNER_STATE_ENDED:
                continue
            granted = {grant.purpose for grant in operator.grants(name)}
            for purpose in set(each.purposes) - granted:
                asked = asking.grant(name, _grant(purpose), each.title, _REASON)
                confirming.confirm(asked.name, each.title)
            if name not in known:
                yield each


def _as(address: str, instance: Instance, number: str) -> PartnerClient:
    return PartnerClient.open(address, instance.identity(number))


def _grant(purpose: str) -> partner_pb2.Grant:
    items = sorted(POLICIES[purpose].items)
    return partner_pb2.Grant(purpose=purpose, items=items, claims=_CLAIMS)
