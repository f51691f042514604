"""What happened to a watched code, in words and within the watcher's grants."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from license_verify.server.database.watching import Change

_KINDS: Final = {
    "entity.changed": ("登记事项变更", "registered items changed"),
    "entity.corrected": ("登记事项更正", "registered items were corrected"),
    "entity.moved": ("登记机关变更（迁移登记）", "another registrar took it over"),
    "entity.synced": ("登记事项按省级数据更新", "registered items follow the province's"),
    "entity.suspended": ("歇业", "it went dormant"),
    "entity.dormancy_extended": ("延长歇业", "its dormancy was extended"),
    "entity.resumed": ("恢复营业", "it resumed business"),
    "entity.liquidating": ("清算备案", "liquidation was filed"),
    "entity.revoked": ("吊销营业执照", "its licence was revoked"),
    "entity.deregistered": ("注销登记", "it was deregistered"),
    "entity.annulled": ("撤销登记", "its registration was annulled"),
    "entity.version_annulled": ("撤销变更登记", "a change was annulled"),
    "entity.reinstated": ("恢复登记", "it was reinstated"),
    "entity.code_corrected": ("更正统一社会信用代码", "its credit code was corrected"),
    "license.voided": ("执照声明作废", "its licence was declared void"),
    "mark.entered": ("列入名录", "it was entered in a list of abnormal operation"),
    "mark.ended": ("移出名录", "it was removed from a list of abnormal operation"),
    "filing.filed": ("经营场所备案", "a place of business was filed"),
    "premises.changed": ("经营场所备案变更", "a filed place was changed"),
    "premises.removed": ("经营场所备案注销", "a filed place was given up"),
    "premises.struck": ("经营场所备案撤销", "the filing of a place was struck"),
    "premises.reinstated": ("经营场所备案恢复", "the filing of a place was reinstated"),
    "premises.suspended": ("经营场所歇业", "a filed place went dormant"),
    "premises.resumed": ("经营场所恢复营业", "a filed place resumed business"),
    "premises.ended": ("经营场所随主体终止", "a filed place ended with the firm"),
}
KINDS: Final = tuple(_KINDS)
"""Of the registry's feed: those that are told. Holds of courts, visits and hand-overs are not."""

INTERRUPTED: Final = "watch.interrupted"
"""No event of the feed: some of what came before it is missing. It is of no code."""
_WORDS: Final = _KINDS | {
    INTERRUPTED: (
        "登记系统曾从备份恢复、消息已过保存期或有消息无法读取，此前的变动可能缺失或未生效，"
        "请重新核验关注的主体",
        "the register was restored, dropped old events, or told one that can't be read: changes"
        " before this may be missing or void; check the watched businesses again",
    )
}

_ITEMS: Final = {
    "name": ("名称", "name"),
    "person": ("法定代表人（负责人）", "representative"),
    "address": ("住所", "domicile"),
    "capital": ("资本", "capital"),
    "type": ("类型", "type"),
    "established": ("成立日期", "date of establishment"),
    "term": ("营业期限", "term"),
    "form": ("组成形式", "form"),
}
_OF_PLACES: Final = ("filing.", "premises.")


def narrowed(change: Change, items: AbstractSet[str]) -> Change | None:
    """What a watcher may be told of a change; None: nothing of it.

    Places are told to those who may see addresses.
    """
    if change.kind.startswith(_OF_PLACES) and "address" not in items:
        return None
    return replace(change, items=tuple(each for each in change.items if each in items))


def words(change: Change) -> tuple[str, str]:
    """Chinese and English: kinds and names of items, never a value."""
    zh, en = _WORDS.get(change.kind, (change.kind, change.kind))
    if change.place is not None:
        zh, en = f"{zh}（场所 {change.place}）", f"{en} (place {change.place})"
    named = [_ITEMS[each] for each in change.items if each in _ITEMS]
    if not change.items_known:
        zh += "（变更的具体事项未能取得，请重新核验该主体）"
        en += " (which items is not known: check it again)"
    if named:
        zh += "：" + "、".join(one for one, _ in named)
        en += ": " + ", ".join(other for _, other in named)
    return zh, en
