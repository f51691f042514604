"""The firm behind a site code, as the register has it now; no licence was scanned."""

from collections.abc import Iterator
from typing import Final

from license_verify.codes.entity_type import EntityKind, find
from license_verify.lists.status import Status
from license_verify.record import PublicRecord
from license_verify.server.page.both import NOTHING, Both, written_day
from license_verify.server.page.face import Item, code_line, line, word_line
from license_verify.shown import unit_name

_AT_HOME: Final = frozenset({EntityKind.HOUSEHOLD, EntityKind.SOLE_OWNER})
"""Kinds whose registered address often is where their owner lives."""
_STATES: Final = {
    Status.VALID: Both("存续", "in business"),
    Status.SUSPENDED: Both("歇业", "dormant"),
    Status.REVOKED: Both("已吊销", "revoked"),
    Status.DEREGISTERED: Both("已注销", "deregistered"),
    Status.ANNULLED: Both("已撤销", "annulled"),
}
_LIQUIDATING: Final = Both("清算中", "in liquidation")


def firm_summary(record: PublicRecord) -> tuple[Item, ...]:
    """Who stands behind the site, in four lines."""
    return tuple(each for each in _summary(record) if each.value)


def firm_lines(record: PublicRecord) -> tuple[Item, ...]:
    """All that this page tells of the firm. An owner's home is not told: domain, privacy."""
    return tuple(each for each in _all(record) if each.value)


def _summary(record: PublicRecord) -> Iterator[Item]:
    yield line("名称", record.name)
    yield code_line(record.uscc)
    state = _LIQUIDATING if record.liquidating else _STATES.get(record.status, NOTHING)
    yield word_line("状态", state)
    if record.registrar is not None:
        yield line("登记机关", unit_name(record.registrar))


def _all(record: PublicRecord) -> Iterator[Item]:
    yield from _summary(record)
    row = find(record.type_code) if record.type_code is not None else None
    kind = row.kind if row else EntityKind.COMPANY
    yield line("类型", row.label if row else "")
    yield line(kind.labels.person, record.person)
    yield line(kind.labels.capital or "注册资本", record.capital)
    if row is not None and kind not in _AT_HOME:
        yield line(kind.labels.address, record.address)
    yield line("核准日期", written_day(record.version_since))


WORDS: Final = Both(
    "以下是登记系统的记录，不是对执照的核验；需要核验执照的，请扫描执照上的二维码。",
    "What the register holds. No licence was checked: to check one, scan the code on it.",
)
