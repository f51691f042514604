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
SEARCHED_FIELDS: Final = {
    "CODE": "代码",
    "FORMER_CODE": "曾用代码",
    "LICENSE_NUMBER": "执照编号",
    "BUSINESS_NAME": "名称",
    "FORMER_NAME": "曾用名",
    "PERSON": "人员",
    "ADDRESS": "住所",
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
    "CLOSED": "已关闭",
}
LICENSE_STATES: Final = {
    "INTENT": "待签发",
    "ISSUED": "有效",
    "SUPERSEDED": "已被新版本取代",
    "VOIDED": "未签发",
    "LOST_VOID": "遗失作废",
}
COPY_STATES: Final = {"IN_USE": "在用", "RETURNED": "已收回", "VOID": "已作废"}
STATEMENT_STATES: Final = {
    "ISSUED": "现行清单",
    "SUPERSEDED": "已有新版",
}
APPLICATION_STATES: Final = {
    "OPEN": "未提交",
    "RETURNED": "待补正",
    "MANUAL": "待审查",
    "CLOSED": "已办结",
}
MARK_KINDS: Final = {
    "ABNORMAL_UNREACHABLE": "经营异常名录（无法联系）",
    "ABNORMAL_OTHER": "经营异常名录（其他）",
    "SERIOUS_VIOLATION": "严重违法失信名单",
    "SPECIAL": "吊销后特别标注",
}
HELD_ACTS: Final = {
    "ALL": "一切办理",
    "CHANGE": "变更、迁移和更正",
    "FILING": "经营场所备案",
    "DEREGISTRATION": "注销",
}
INSPECTION_RESULTS: Final = {
    "AS_FILED": "与备案一致",
    "DIFFERS": "与备案不符",
    "NOT_FOUND": "查无此场所",
}
FILING_ACTS: Final = {"ADD": "新增", "CHANGE": "变更", "REMOVE": "取消"}
BUILDINGS: Final = {
    "COMMERCIAL": "商业、办公、工业或仓储",
    "DWELLING": "住宅",
    "MIXED_WITHOUT_FLUE": "商住综合楼，无专用烟道",
    "NEXT_TO_DWELLINGS": "商住综合楼，与居住层相邻",
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
    "KEY_CUSTODIAN": "密钥保管员",
    "AUDITOR": "审计员",
}
EVENTS: Final = {
    "entity.registered": "设立登记",
    "entity.imported": "批量导入",
    "entity.synced": "省级数据同步",
    "entity.changed": "变更登记",
    "entity.corrected": "更正",
    "entity.revoked": "吊销",
    "entity.reinstated": "恢复",
    "entity.code_corrected": "更正代码",
    "entity.moved": "迁移登记",
    "entity.suspended": "歇业",
    "entity.dormancy_extended": "延长歇业",
    "entity.resumed": "恢复营业",
    "entity.liquidating": "清算备案",
    "entity.deregistered": "注销",
    "entity.annulled": "撤销设立登记",
    "entity.version_annulled": "撤销变更登记",
    "restriction.entered": "登记限制",
    "restriction.lifted": "解除限制",
    "mark.entered": "列入名录",
    "mark.ended": "移出名录",
    "recovery.closed": "办结恢复待办",
    "act.asked": "提请复核",
    "act.confirmed": "复核通过",
    "act.refused": "复核未通过",
    "act.lapsed": "待复核事项失效",
    "application.taken": "受理申请",
    "application.extended": "延长办理期限",
    "application.notified": "一次性告知",
    "application.document_kept": "收存材料",
    "filing.drafted": "起草备案",
    "filing.updated": "修改备案",
    "filing.filed": "准予备案",
    "filing.returned": "退回补正",
    "filing.rejected": "不予备案",
    "filing.manual": "转人工审查",
    "filing.withdrawn": "撤回备案申请",
    "premises.changed": "变更经营场所",
    "premises.removed": "取消经营场所",
    "premises.suspended": "经营场所歇业",
    "premises.resumed": "经营场所恢复",
    "premises.ended": "经营场所终止",
    "premises.struck": "撤销经营场所备案",
    "premises.reinstated": "恢复经营场所备案",
    "premises.review_due": "经营场所待复审",
    "premises.unit_changed": "经营场所改由他单位监管",
    "premises.migrated": "导入经营场所",
    "premises.claimed": "认领经营场所",
    "copy.migrated": "导入在用执照",
    "premises.flagged": "提出异常",
    "premises.flag_answered": "答复异常",
    "host.notified": "告知监管单位",
    "handover.sent": "抄告",
    "handover.told": "告知监管单位",
    "handover.closed": "抄告关闭",
    "handover.reopened": "抄告重开",
    "handover.acknowledged": "接收抄告",
    "handover.declined": "退回抄告",
    "handover.forwarded": "转办抄告",
    "handover.disputed": "提请裁定管辖",
    "handover.resolved": "裁定管辖",
    "handover.reported": "反馈现场核查",
    "license.requested": "申请签发执照",
    "license.issued": "签发执照",
    "license.superseded": "执照被新版本取代",
    "license.voided": "放弃签发",
    "license.lost_void": "执照声明作废",
    "copy.requested": "打印正本、副本",
    "copy.issued": "签发正本、副本",
    "copy.collected": "领取正本、副本",
    "copy.returned": "收回正本、副本",
    "copy.superseded": "正本、副本随执照换发或收回失效",
    "copy.voided": "放弃打印正本、副本",
    "copy.lost_void": "正本、副本声明作废",
    "site_code.voided": "放弃签发场所码",
    "site_code.superseded": "场所码被新版本取代",
    "site_code.requested": "申请签发场所码",
    "site_code.issued": "签发场所码",
    "statement.issued": "签发经营场所清单",
}

VERDICTS: Final = {
    "VALID": "有效",
    "INVALID": "无效",
    "INDETERMINATE": "无法确认",
}
IMPORT_KINDS: Final = {
    "IMPORT_KIND_ENTITIES": "主体",
    "IMPORT_KIND_PREMISES": "经营场所",
    "IMPORT_KIND_COPIES": "在用执照",
    "IMPORT_KIND_SYNC": "每日增量",
}
IMPORT_STATES: Final = {
    "IMPORT_RUN_STATE_LOADING": "读入中断或进行中 LOADING",
    "IMPORT_RUN_STATE_CHECKED": "已比对，待签收 CHECKED",
    "IMPORT_RUN_STATE_DONE": "已入册 DONE",
    "IMPORT_RUN_STATE_UNDONE": "已撤回 UNDONE",
    "IMPORT_RUN_STATE_TRIED": "试运行 TRIED",
}
MASS_KINDS: Final = {
    "MASS_KIND_ISSUE": "批量签发 ISSUE",
    "MASS_KIND_REISSUE": "批量换发 REISSUE",
    "MASS_KIND_REISSUE_SITES": "批量换发场所码 REISSUE_SITES",
    "MASS_KIND_REVOKE": "批量吊销 REVOKE",
    "MASS_KIND_MARK": "批量列入名录 MARK",
    "MASS_KIND_UNMARK": "批量移出名录 UNMARK",
}
MASS_STATES: Final = {
    "MASS_RUN_STATE_WAITING": "待复核 WAITING",
    "MASS_RUN_STATE_RUNNING": "进行中 RUNNING",
    "MASS_RUN_STATE_PAUSED": "已暂停 PAUSED",
    "MASS_RUN_STATE_DONE": "已完成 DONE",
    "MASS_RUN_STATE_CANCELLED": "已取消 CANCELLED",
}
SHARE_STATES: Final = {
    "IMPORT_SHARE_STATE_OPEN": "待签收 OPEN",
    "IMPORT_SHARE_STATE_SIGNED": "入册中 SIGNED",
    "IMPORT_SHARE_STATE_DONE": "已入册 DONE",
    "IMPORT_SHARE_STATE_UNDONE": "已撤回 UNDONE",
}
REMARK_KINDS: Final = {
    "IMPORT_REMARK_KIND_REJECT": "退回",
    "IMPORT_REMARK_KIND_QUARANTINE": "待定",
    "IMPORT_REMARK_KIND_WARNING": "提示",
}
SYNC_ITEM_KINDS: Final = {
    "SYNC_ITEM_KIND_CONFLICT": "登记事项不一致",
    "SYNC_ITEM_KIND_STATE": "登记状态不一致",
    "SYNC_ITEM_KIND_GONE": "来源已无该主体",
}
SYNC_ITEM_STATES: Final = {
    "SYNC_ITEM_STATE_OPEN": "待决定 OPEN",
    "SYNC_ITEM_STATE_TAKEN": "采用来源 TAKEN",
    "SYNC_ITEM_STATE_KEPT": "保留本地 KEPT",
    "SYNC_ITEM_STATE_LAPSED": "已自行一致 LAPSED",
}
SYNC_FIELDS: Final = {
    "business_name": "名称",
    "type_code": "类型",
    "person": "法定代表人",
    "address": "住所",
    "capital": "注册资本",
    "establish_date": "成立日期",
    "scope": "经营范围",
    "term_start_date": "营业期限起",
    "term_end_date": "营业期限止",
    "organization_form": "组成形式",
    "registrar": "登记机关",
    "state": "登记状态",
}


def name_of(wire_name: str, prefix: str) -> str:
    """`ENTITY_STATE_ACTIVE` without its prefix: `ACTIVE`."""
    return wire_name.removeprefix(f"{prefix}_")


CHANNELS_OF_ACCESS: Final = {
    "COUNTER": "窗口",
    "CONSOLE": "工作台",
    "SERVICE": "服务",
    "PARTNER": "合作单位",
}
SHOWN: Final = {
    "face": "登记事项",
    "state": "状态",
    "marks": "名录",
    "holds": "限制",
    "pending_acts": "待复核事项",
    "versions": "历次登记",
    "events": "办理记录",
    "application": "申请",
    "filings": "备案",
    "filing": "备案",
    "notices": "告知书",
    "findings": "审查意见",
    "premises": "经营场所",
    "flags": "异常",
    "handover": "抄告",
    "inspections": "核查",
    "licence": "执照",
    "copies": "正本、副本",
    "site_code": "场所码",
    "picture": "二维码图",
    "page": "执照版面",
    "statement": "经营场所清单",
    "access": "查阅记录",
}
"""What a read showed, as the access record names it."""
ITEMS_NOT_KNOWN: Final = {
    "uscc": "统一社会信用代码",
    "former_codes": "曾用代码",
    "state": "状态",
    "multi_address": "一照多址",
    "marks": "名录",
    "restrictions": "限制",
    "dormant_until_date": "歇业期限",
}
"""What the register can't tell of a point of history."""


def words_of(wire_name: str, prefix: str, table: dict[str, str]) -> str:
    """Chinese and the contract's name: `在营 ACTIVE`."""
    short = name_of(wire_name, prefix)
    return f"{table[short]} {short}" if short in table else short


def event_words(kind: str) -> str:
    """What an event means, with its name in the contract."""
    return f"{EVENTS[kind]} {kind}" if kind in EVENTS else kind
