"""The words that headers of files use, and the field that each stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the columns of one kind of file are called."""

    fields: frozenset[str]
    """Names that the registry reads, which headers may bear themselves."""
    words: Mapping[str, str]
    """Chinese header → field."""
    required: tuple[tuple[str, ...], ...]
    """Of each of these, one column must be there."""

    def field(self, name: str) -> str:
        """The field of a column; empty where the registry has no use for it."""
        return name if name in self.fields else self.words.get(name, "")

    def spelled(self, some: tuple[str, ...]) -> str:
        """How headers call some of the fields."""
        words = [word for word, field in self.words.items() if field in some]
        return " or ".join((*some, *words))


ENTITIES: Final = Vocabulary(
    # The provincial record (domain.md §7).
    fields=frozenset(
        [
            "pripid",
            "uniscid",
            "regno",
            "entname",
            "traname",
            "enttype",
            "enttypeCn",
            "dom",
            "oploc",
            "lerep",
            "name",
            "regcap",
            "regcapcur",
            "estdate",
            "apprdate",
            "opfrom",
            "opto",
            "opscope",
            "regorg",
            "regorgCn",
            "regstate",
            "regstateCn",
            "industryco",
            "compform",
            "compformCn",
        ]
    ),
    words={
        "企业名称": "entname",
        "名称": "entname",
        "字号名称": "traname",
        "统一社会信用代码": "uniscid",
        "注册号": "regno",
        "企业类型": "enttypeCn",
        "类型": "enttypeCn",
        "法人代表": "lerep",
        "法定代表人": "lerep",
        "负责人": "lerep",
        "经营者": "name",
        "注册资金": "regcap",
        "注册资本": "regcap",
        "出资额": "regcap",
        "注册日期": "estdate",
        "成立日期": "estdate",
        "核准日期": "apprdate",
        "营业期限自": "opfrom",
        "营业期限至": "opto",
        "经营范围": "opscope",
        "注册地址": "dom",
        "住所": "dom",
        "经营场所": "oploc",
        "登记机关": "regorgCn",
        "登记状态": "regstateCn",
        "组成形式": "compformCn",
        "行业代码": "industryco",
    },
    required=(("uniscid",),),
)

PREMISES: Final = Vocabulary(
    fields=frozenset(
        [
            "uniscid",
            "title",
            "address",
            "unit",
            "scope",
            "use",
            "building",
            "tenancy_end",
            "standard_code",
            "filed_date",
            "record_id",
        ]
    ),
    words={
        "统一社会信用代码": "uniscid",
        "场所名称": "title",
        "门店名称": "title",
        "地址": "address",
        "经营场所": "address",
        "场所地址": "address",
        "管辖单位": "unit",
        "区县": "unit",
        "县市区": "unit",
        "经营范围": "scope",
        "用途": "use",
        "房屋用途": "use",
        "房屋性质": "building",
        "租赁期限至": "tenancy_end",
        "使用期限至": "tenancy_end",
        "标准地址编码": "standard_code",
        "备案日期": "filed_date",
        "备案编号": "record_id",
        "备案号": "record_id",
    },
    required=(("uniscid",), ("address",)),
)

COPIES: Final = Vocabulary(
    fields=frozenset(
        ["uniscid", "copy", "license_number", "document_id", "printed_date", "state", "record_id"]
    ),
    words={
        "统一社会信用代码": "uniscid",
        "正副本": "copy",
        "正副本标识": "copy",
        "执照编号": "license_number",
        "证照编号": "license_number",
        "电子证照标识": "document_id",
        "发照日期": "printed_date",
        "打印日期": "printed_date",
        "执照状态": "state",
        "状态": "state",
    },
    required=(("uniscid",), ("copy",)),
)

SYNC: Final = Vocabulary(
    fields=ENTITIES.fields | {"op"},
    words={**ENTITIES.words, "操作": "op", "操作类型": "op"},
    required=(("uniscid",),),
)

KINDS: Final = {"entities": ENTITIES, "premises": PREMISES, "copies": COPIES, "sync": SYNC}
