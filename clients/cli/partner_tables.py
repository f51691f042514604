"""Tables of partners, their grants, certificates, acts and watched changes."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.say import date_text, facts, plain, say, table, time_text
from clients.cli.words import words_of

if TYPE_CHECKING:
    from yizhao.verify.v1 import partner_pb2

_STATES: Final = {"ACTIVE": "在用", "SUSPENDED": "已暂停", "ENDED": "已终止"}
_ACT_STATES: Final = {
    "WAITING": "待复核",
    "DONE": "已办理",
    "REFUSED": "未通过",
    "LAPSED": "已失效",
    "WITHDRAWN": "已撤回",
}
ACTS: Final = {
    "enrol_partner": "开通合作单位",
    "update_partner": "调整名称或限额",
    "grant_purpose": "授予核验用途",
}


def state_of(partner: "partner_pb2.Partner") -> str:
    """Where a partner stands, in Chinese."""
    from yizhao.verify.v1 import partner_pb2

    name = partner_pb2.PartnerState.Name(partner.state)
    return words_of(name, "PARTNER_STATE", _STATES)


def show_partners(found: Sequence["partner_pb2.Partner"]) -> None:
    """Partners, one a row."""
    table(
        f"合作单位 {len(found)}",
        ("标识", "名称", "状态", "每秒", "一次", "每日", "待复核"),
        [
            (
                each.name.removeprefix("partners/"),
                each.title,
                state_of(each),
                str(each.quota.calls_per_second),
                str(each.quota.burst),
                f"{each.quota.checks_per_day:,}",
                str(len(each.waiting_acts) or ""),
            )
            for each in found
        ],
    )


def show_partner(partner: "partner_pb2.Partner") -> None:
    """One partner, with all that is known of it."""
    quota = partner.quota
    facts(
        f"合作单位 {partner.title}",
        [
            ("标识", partner.name.removeprefix("partners/")),
            ("状态", state_of(partner)),
            ("每秒核验", f"{quota.calls_per_second}（每进程）"),
            ("一次至多", str(quota.burst)),
            ("同时请求", f"{quota.calls_at_once}（每进程）"),
            ("每日核验", f"{quota.checks_per_day:,}"),
            ("开通", time_text(partner.create_time)),
            ("更改", time_text(partner.update_time)),
        ],
    )
    for name in partner.waiting_acts:
        say(f"[yellow]待复核[/] {plain(name)}：yizhao partner confirm {plain(name)}")


def show_grants(found: Sequence["partner_pb2.Grant"]) -> None:
    """Grants by purpose."""
    table(
        f"核验用途 {len(found)}",
        ("用途", "可见事项", "可比对", "自\n至", "有效"),
        [
            (
                f"{each.title}\n{each.purpose}",
                ", ".join(each.items),  # blanks, at which a narrow table may break them
                ", ".join(each.claims),
                f"{date_text(each.from_date)}\n{date_text(each.until_date)}",
                "是" if each.in_force else "否",
            )
            for each in found
        ],
    )


def show_certificates(found: Sequence["partner_pb2.PartnerCertificate"]) -> None:
    """Certificates that were used or disabled, one below the other: a fingerprint fills a line."""
    say(f"客户端证书 certificates: {len(found)}")
    for number, each in enumerate(found, 1):
        facts(
            f"证书 {number}",
            [
                ("指纹", each.name.rpartition("/")[2]),  # SHA-256
                ("到期", time_text(each.expire_time)),
                ("首次使用", time_text(each.first_seen_time)),
                ("最近使用", time_text(each.last_seen_time)),
                ("停用", time_text(each.disable_time)),
                ("原因", each.disable_reason),
            ],
        )


def show_acts(found: Sequence["partner_pb2.PartnerAct"]) -> None:
    """Acts on partners."""
    table(
        f"合作单位事项 {len(found)}",
        ("编号", "事项\n状态", "单位\n内容", "提出", "复核", "理由"),
        [
            (
                each.name,
                f"{ACTS.get(each.act, each.act)}\n{_act_state(each)}",
                f"{each.title}\n{_wish(each)}",
                each.asked_by.removeprefix("staff/"),
                each.answered_by.removeprefix("staff/"),
                each.answer or each.reason,
            )
            for each in found
        ],
    )


def show_act(act: "partner_pb2.PartnerAct") -> None:
    """One act, and what to do next."""
    from yizhao.verify.v1 import partner_pb2

    facts(
        ACTS.get(act.act, act.act),
        [
            ("编号", act.name),
            ("单位", act.title),
            ("内容", _wish(act)),
            ("状态", _act_state(act)),
            ("理由", act.reason),
            ("答复", act.answer),
        ],
    )
    if act.state == partner_pb2.PARTNER_ACT_STATE_WAITING:
        roles = f"{'或'.join(act.confirming_titles)} {' or '.join(act.confirming_roles)}"
        say(f"须由另一人（{plain(roles)}）复核：yizhao partner confirm {plain(act.name)}")
        say(f"提出人可以撤回：yizhao partner withdraw {plain(act.name)} --reason 理由")


def show_changes(found: Iterable["partner_pb2.WatchedChange"]) -> None:
    """What happened to watched codes."""
    table(
        "关注变动",
        ("序号", "代码", "变动", "生效", "记录"),
        [
            (
                str(each.number),
                f"{each.uscc}\n→{each.current_uscc}" if each.current_uscc else each.uscc,
                each.text,
                date_text(each.effective_date),
                time_text(each.record_time),
            )
            for each in found
        ],
    )


def _act_state(act: "partner_pb2.PartnerAct") -> str:
    from yizhao.verify.v1 import partner_pb2

    name = partner_pb2.PartnerActState.Name(act.state)
    return words_of(name, "PARTNER_ACT_STATE", _ACT_STATES)


def _wish(act: "partner_pb2.PartnerAct") -> str:
    if act.act == "grant_purpose":
        items = ", ".join(act.grant.items) or "不显示事项"
        return f"{act.grant.purpose}：{items}"
    quota = act.partner.quota
    return (
        f"{act.partner.title}：每秒 {quota.calls_per_second}，一次 {quota.burst}，"
        f"每日 {quota.checks_per_day}"
    )
