"""Kinds of entity 主体类型, the four-digit type codes, and what each prints on its face."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from license_verify.normalise import normalise_name
from license_verify.refusal import Kind, Refusal


class UnknownEntityType(Refusal):
    """A type code or label that the table does not hold."""

    kind = Kind.INVALID
    reason = "ENTITY_TYPE_UNKNOWN"


class EntityKind(Enum):
    """What an entity is in law; decides its face and which rules apply."""

    COMPANY = "company"
    NON_COMPANY = "non-company"
    PARTNERSHIP = "partnership"
    SOLE_OWNER = "sole-owner"
    COOPERATIVE = "cooperative"
    BRANCH = "branch"
    HOUSEHOLD = "household"

    @property
    def zh(self) -> str:
        """The kind's name in Chinese."""
        return _NAMES[self]

    @property
    def labels(self) -> "FaceLabels":
        """Titles of the items on this kind's face."""
        return _LABELS[self]


_NAMES: Final = {
    EntityKind.COMPANY: "公司",
    EntityKind.NON_COMPANY: "非公司企业法人",
    EntityKind.PARTNERSHIP: "合伙企业",
    EntityKind.SOLE_OWNER: "个人独资企业",
    EntityKind.COOPERATIVE: "农民专业合作社",
    EntityKind.BRANCH: "分支机构",
    EntityKind.HOUSEHOLD: "个体工商户",
}


@dataclass(frozen=True, slots=True)
class FaceLabels:
    """Titles that a face 照面 prints (Order 746 art. 9; SAMR Order 52 art. 6, 23)."""

    person: str
    capital: str | None
    """None: this kind has no capital on its face."""
    address: str
    kind: str
    """类型, or 组成形式 for a household."""
    name_optional: bool = False

    @property
    def has_capital(self) -> bool:
        """Whether capital is on the face."""
        return self.capital is not None

    @property
    def has_form(self) -> bool:
        """Whether 组成形式 (个人经营, 家庭经营) is on the face."""
        return self.kind == "组成形式"


_LABELS: Final = {
    EntityKind.COMPANY: FaceLabels("法定代表人", "注册资本", "住所", "类型"),
    EntityKind.NON_COMPANY: FaceLabels("法定代表人", "出资额", "住所", "类型"),
    EntityKind.PARTNERSHIP: FaceLabels("执行事务合伙人", "出资额", "主要经营场所", "类型"),
    EntityKind.SOLE_OWNER: FaceLabels("投资人", "出资额", "住所", "类型"),
    EntityKind.COOPERATIVE: FaceLabels("法定代表人", "出资额", "住所", "类型"),
    EntityKind.BRANCH: FaceLabels("负责人", None, "经营场所", "类型"),
    EntityKind.HOUSEHOLD: FaceLabels("经营者", None, "经营场所", "组成形式", name_optional=True),
}


@dataclass(frozen=True, slots=True)
class EntityType:
    """One row of the table of type codes."""

    code: int
    """Four digits."""
    label: str
    """类型 as printed."""
    kind: EntityKind


_TABLE: Final = {
    EntityKind.COMPANY: {
        1100: "有限责任公司",
        1110: "有限责任公司（国有独资）",
        1120: "有限责任公司（外商投资企业投资）",
        1130: "有限责任公司（自然人投资或控股）",
        1140: "有限责任公司（国有控股）",
        1150: "一人有限责任公司",
        1151: "有限责任公司（自然人独资）",
        1152: "有限责任公司（自然人投资或控股的法人独资）",
        1153: "有限责任公司（非自然人投资或控股的法人独资）",
        1190: "其他有限责任公司",
        1200: "股份有限公司",
        1212: "股份有限公司（上市、自然人投资或控股）",
        1213: "股份有限公司（上市、国有控股）",
        1219: "其他股份有限公司（上市）",
        1222: "股份有限公司（非上市、自然人投资或控股）",
        1223: "股份有限公司（非上市、国有控股）",
        1229: "其他股份有限公司（非上市）",
    },
    EntityKind.NON_COMPANY: {
        3100: "全民所有制",
        3200: "集体所有制",
        3300: "股份制",
        3400: "股份合作制",
        3500: "联营",
    },
    EntityKind.PARTNERSHIP: {
        4530: "合伙企业",
        4531: "普通合伙企业",
        4532: "特殊普通合伙企业",
        4533: "有限合伙企业",
    },
    EntityKind.SOLE_OWNER: {4540: "个人独资企业"},
    EntityKind.COOPERATIVE: {9100: "农民专业合作社"},
    EntityKind.BRANCH: {
        2100: "有限责任公司分公司",
        2110: "有限责任公司分公司（国有独资）",
        2130: "有限责任公司分公司（自然人投资或控股）",
        2140: "有限责任公司分公司（国有控股）",
        2151: "有限责任公司分公司（自然人独资）",
        2190: "其他有限责任公司分公司",
        2200: "股份有限公司分公司",
        2222: "股份有限公司分公司（非上市、自然人投资或控股）",
        4310: "全民所有制分支机构（非法人）",
        4320: "集体分支机构（非法人）",
        4330: "股份制分支机构",
        4340: "股份合作制分支机构",
        4410: "国有经营单位（非法人）",
        4420: "集体经营单位（非法人）",
        4551: "普通合伙企业分支机构",
        4553: "有限合伙企业分支机构",
        4560: "个人独资企业分支机构",
        9200: "农民专业合作社分支机构",
    },
    EntityKind.HOUSEHOLD: {9500: "个体工商户"},
}
TYPES: Final = {
    code: EntityType(code, label, kind)
    for kind, labels in _TABLE.items()
    for code, label in labels.items()
}
"""Every known type by code."""

# Labels that older systems print for a type of the table.
_OTHER_LABELS: Final = {
    "国有企业": 3100,
    "集体企业": 3200,
    "分公司": 2100,
    "个体": 9500,
    "农民专业合作经济组织": 9100,
}
_BY_LABEL: Final = {normalise_name(row.label): row for row in TYPES.values()} | {
    normalise_name(label): TYPES[code] for label, code in _OTHER_LABELS.items()
}


def find(code: int) -> EntityType | None:
    """The row of a type code, or None if the table lacks it."""
    return TYPES.get(code)


def by_code(code: int) -> EntityType:
    """The row of a type code.

    Raises:
        UnknownEntityType: the table does not hold it.
    """
    row = TYPES.get(code)
    if row is None:
        raise UnknownEntityType(
            f"type code {code} is not in the table of types", zh="主体类型代码不在表内", code=code
        )
    return row


def by_label(label: str) -> EntityType:
    """The row whose printed 类型 reads `label`, whatever the width of its brackets.

    Raises:
        UnknownEntityType: no row reads so; nothing is guessed.
    """
    row = _BY_LABEL.get(normalise_name(label))
    if row is None:
        raise UnknownEntityType("no type is printed like that", zh="主体类型无法识别")
    return row
