"""The text of `docs/purposes.md`: what each purpose of a check demands and shows."""

from datetime import timedelta
from typing import Final

from license_verify.policy import ALL_ITEMS, POLICIES, Policy

_HEAD: Final = """\
<!-- Made by `make docs` from license_verify/policy.py; edit that. -->
# 核验用途 Purposes of a check

每次核验都为一个用途而做；用途决定数据最多可以多旧、是否须向登记系统实时核对、哪些状态可以接受、看到哪些事项。\
未写用途的按 `general` 办理。标为保密的用途，不列入该主体可以看到的核验记录。

Every check has a purpose. It decides how old data may be, whether the live register must answer,
which statuses besides VALID are accepted, and what of the face is shown. A partner's grant may show
less, never more. A business never sees checks of a confidential purpose in the list of its checks.

`清单时限` is the age of the status list; where none is given the list's own expiry rules.
`答复时限` is the age of the live register's answer: an older one establishes no place, satisfies no
purpose that demands it and tells of no other day; what it says has ended stays ended.

| 用途 | 名称 | 数据时限 | 清单时限 | 答复时限 | 实时 | 场所 | 可接受状态 | 显示事项 | 保密 |
|---|---|---|---|---|---|---|---|---|---|
"""


def purposes_page() -> str:
    """`docs/purposes.md`."""
    return _HEAD + "".join(_row(policy) for policy in POLICIES.values())


def _row(policy: Policy) -> str:
    cells = (
        f"`{policy.purpose}`",
        policy.zh,
        _span(policy.max_age),
        _span(policy.max_list_age) if policy.max_list_age else "—",
        _span(policy.max_live_age),
        "须" if policy.live_required else "",
        "须" if policy.place_required else "",
        "、".join(["有效", *(status.zh for status in sorted(policy.accepted))]),
        "全部" if policy.items == ALL_ITEMS else " ".join(f"`{i}`" for i in sorted(policy.items)),
        "是" if policy.confidential else "",
    )
    return f"| {' | '.join(cells)} |\n"


def _span(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    for size, unit in ((1440, "天"), (60, "小时")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}分钟"
