"""What the clerk can do about a refusal, by its reason."""

from collections.abc import Mapping
from typing import Final

REMEDIES: Final[Mapping[str, str]] = {
    "ROLE_MISSING": "请由有相应职责的人员办理，职责见 `yizhao staff list`",
    "STAFF_UNKNOWN": "请核对 --as，或联系运维开通",
    "ENTITY_UNKNOWN": "请核对代码；名称相近的请用 `yizhao entity search` 查找",
    "ETAG_MISMATCH": "资料刚被他人修改，请重新查询后再办",
    "ACT_WAITING": "已在等待复核，见 `yizhao act list`",
    "SELF_GRANT": "请由另一名系统运维员用 `yizhao staff put` 办理；只改姓名不受限",
    "SAME_PERSON": "请由另一人复核，待复核事项见 `yizhao act list`",
    "PENDING_ACT_ENDED": "如仍需办理，请重新提请",
    "EXPECTED_NAME_DIFFERS": "请用 `yizhao entity get` 核对名称和代码",
    "ENTITY_HELD": "请引导申请人向{authority}咨询；限制见 `yizhao entity get`",
    "UNIT_UNCLEAR": "请报市级管理员指定登记机关",
    "FILING_BLOCKED": "可更换地址或经营范围后重新申请，或引导办理分支机构登记",
    "FILING_NOT_OPEN": "只有草稿和退回补正的可以提交",
    "FILING_NOT_UNDER_REVIEW": "只有转人工审查的可以审定或退回",
    "NOTHING_TO_SUBMIT": "请先录入（`yizhao filing create`）或补正（`yizhao filing update`）",
    "SIMPLE_PROCEDURE_BARRED": "请去掉 --simple，按一般程序办理",
    "LICENSE_LIVE": "现有执照仍有效，用 `yizhao license get` 查看",
    "HANDOVER_NOT_OPEN": "用 `yizhao handover get` 查看现状",
    "HANDOVER_NOT_TAKEN": "请先接收：`yizhao handover acknowledge`",
    "RECOVERY_ITEM_CLOSED": "待办见 `yizhao recovery list`",
    "CURSOR_TOO_OLD": "从头开始请用 --after 0，事件流最早为 {oldest}",
    "DOCUMENT_TOO_LARGE": "请压缩或分件收存，每件不超过 3 MiB",
    "DATABASE_UNAVAILABLE": "未作任何更改，请稍后重试",
    "DOCUMENTS_UNAVAILABLE": "材料未收存，请稍后重试",
    "SIGNER_UNAVAILABLE": "未签发，请稍后重试",
    "KEY_UNKNOWN": "请用 `yizhao keys list` 核对密钥编号",
    "KEY_ACT_UNKNOWN": "请用 `yizhao keys acts` 核对事项编号",
    "KEY_NOT_ANNOUNCED": "可启用时间见 `yizhao keys list`；公布见 `yizhao keys ceremony draft`",
    "EXPECTED_SUBJECT_DIFFERS": "请用 `yizhao keys acts` 核对后再复核",
    "TRUST_LIST_REFUSED": "请重新拟定并签署：`yizhao keys ceremony draft`",
}


def remedy(reason: str, metadata: Mapping[str, str]) -> str:
    """What to do, in Chinese; empty where the sentence says it all, or a value is missing."""
    try:
        return REMEDIES.get(reason, "").format_map(metadata)
    except KeyError:
        return ""
