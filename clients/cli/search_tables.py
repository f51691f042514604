"""Tables of what a search found, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.entity_tables import state_text
from clients.cli.say import say, say_if_more, table
from clients.cli.words import SEARCHED_FIELDS

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import entity_service_pb2

_SHOWN_ELSEWHERE: Final = ("CODE", "BUSINESS_NAME")
"""What the line shows in any case."""
_NOTHING: Final = (
    "没有查到。请减少字数（两个字即可）、只留字号、去掉 --unit 或 --state，"
    "或改用人员、住所检索 — nothing found: try fewer characters"
)


def show_results(
    found: Sequence["entity_service_pb2.SearchResult"], units: "UnitNames", limit: int
) -> None:
    """Businesses, a line each, with why each was found."""
    if not found:
        say(f"[yellow]{_NOTHING}[/]")
        return
    table(
        f"检索结果 {len(found)}",
        ("代码", "名称", "状态", "登记机关", "查到依据"),
        [
            (
                result.entity.uscc,
                result.entity.face.business_name,
                state_text(result.entity.state),
                units.title(result.entity.registrar) if result.entity.registrar else "存疑 unclear",
                "\n".join(map(_why, result.matches)),
            )
            for result in found
        ],
    )
    say_if_more(len(found), limit)


def _why(match: "entity_service_pb2.SearchMatch") -> str:
    """As `曾用名 济宁市旧名商贸有限公司`."""
    from yizhao.registry.v1 import entity_service_pb2

    name = entity_service_pb2.SearchedField.Name(match.field).removeprefix("SEARCHED_FIELD_")
    words = SEARCHED_FIELDS.get(name, name)
    return words if name in _SHOWN_ELSEWHERE else f"{words} {match.value}"
