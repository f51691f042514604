"""Enumerations of the contract in the words of the trade."""

from typing import Final

ENTITY_STATES: Final = {
    "ACTIVE": "在营",
    "DORMANT": "歇业",
    "LIQUIDATING": "清算",
    "REVOKED": "吊销",
    "DEREGISTERED": "注销",
    "ANNULLED": "撤销",
}
FILING_STATES: Final = {
    "DRAFT": "草稿",
    "SUBMITTED": "审查中",
    "RETURNED": "退回补正",
    "REJECTED": "不予备案",
    "MANUAL": "转人工审查",
    "FILED": "已备案",
    "WITHDRAWN": "已撤回",
}
PREMISES_STATES: Final = {
    "LIVE": "在用",
    "SUSPENDED": "歇业",
    "REMOVED": "已取消",
    "STRUCK": "撤销备案",
    "ENDED": "已终止",
}
HANDOVER_STATES: Final = {
    "PENDING": "待接收",
    "ACKNOWLEDGED": "已接收",
    "DECLINED": "已退回",
    "FORWARDED": "已转办",
    "DISPUTED": "有争议",
    "REPORTED": "已反馈",
}
LICENSE_STATES: Final = {
    "INTENT": "待签发",
    "ISSUED": "有效",
    "SUPERSEDED": "已被新版本取代",
    "VOIDED": "未签发",
    "LOST_VOID": "遗失作废",
}
FINDING_OUTCOMES: Final = {
    "WARN": "提示",
    "RETURN": "退回补正",
    "MANUAL": "转人工审查",
    "BLOCK": "不予备案",
}
UNIT_KINDS: Final = {"CITY": "市", "COUNTY": "县市区", "ZONE": "功能区", "STATION": "监管所"}
ROLES: Final = {
    "REGISTRAR": "登记员",
    "HEAD": "科长",
    "SUPERVISOR": "监管员",
    "CITY": "市级管理员",
    "POLICY": "政策管理员",
    "OPERATOR": "运维",
    "KEY_CUSTODIAN": "密钥管理员",
    "AUDITOR": "审计员",
}
EVENTS: Final = {
    "entity.registered": "设立登记",
    "entity.imported": "批量导入",
    "entity.changed": "变更登记",
    "entity.corrected": "更正",
    "entity.revoked": "吊销",
    "entity.reinstated": "恢复",
    "act.asked": "提请复核",
    "act.confirmed": "复核通过",
    "act.refused": "复核未通过",
    "act.lapsed": "待复核事项失效",
    "application.taken": "受理申请",
    "filing.drafted": "起草备案",
    "filing.updated": "修改备案",
    "filing.filed": "准予备案",
    "filing.returned": "退回补正",
    "filing.rejected": "不予备案",
    "filing.manual": "转人工审查",
    "handover.acknowledged": "接收抄告",
    "license.requested": "申请签发执照",
    "license.issued": "签发执照",
    "license.superseded": "执照被新版本取代",
    "license.voided": "放弃签发",
    "site_code.superseded": "场所码被新版本取代",
    "site_code.requested": "申请签发场所码",
    "site_code.issued": "签发场所码",
}


def name_of(wire_name: str, prefix: str) -> str:
    """`ENTITY_STATE_ACTIVE` without its prefix: `ACTIVE`."""
    return wire_name.removeprefix(f"{prefix}_")


def words_of(wire_name: str, prefix: str, table: dict[str, str]) -> str:
    """Chinese and the contract's name: `在营 ACTIVE`."""
    short = name_of(wire_name, prefix)
    return f"{table[short]} {short}" if short in table else short


def event_words(kind: str) -> str:
    """What an event means, with its name in the contract."""
    return f"{EVENTS[kind]} {kind}" if kind in EVENTS else kind
