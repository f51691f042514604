"""Column names of the files that are met, and the provincial field names they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PROVINCIAL: Final = frozenset(
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
)
"""Fields of the provincial record that the registry reads."""

CHINESE: Final = {
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
}
"""Headers of published lists."""


class UnknownColumns(ValueError):
    """The file has no column from which a business could be read."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of a file, understood."""

    header: tuple[str, ...]
    fields: tuple[str | None, ...]
    """Provincial field of each column; None where the registry has no use for it."""

    @classmethod
    def read(cls, header: Sequence[str]) -> "Columns":
        """Understand a header line.

        Raises:
            UnknownColumns: it lacks the code, or names one field twice.
        """
        names = tuple(name.strip() for name in header)
        fields = tuple(name if name in PROVINCIAL else CHINESE.get(name) for name in names)
        known = [field for field in fields if field]
        if "uniscid" not in known and "regno" not in known:
            raise UnknownColumns(
                "line 1 has no column for the code: give provincial field names (uniscid, entname "
                "…) or Chinese headers (统一社会信用代码, 企业名称 …)"
            )
        twice = sorted({field for field in known if known.count(field) > 1})
        if twice:
            raise UnknownColumns(f"line 1 has more than one column for {', '.join(twice)}")
        return cls(names, fields)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that are not imported."""
        pairs = zip(self.header, self.fields, strict=True)
        return tuple(name for name, field in pairs if field is None)

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """Provincial fields of a row; empty cells are left out."""
        pairs = zip(self.fields, cells, strict=True)
        return {field: cell for field, cell in pairs if field and cell}
