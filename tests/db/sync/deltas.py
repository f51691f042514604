"""Deltas of invented sources about invented firms, applied as the registry applies them."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from clients.sample.codes import uscc
from registry_service.domain.entity import Entity
from registry_service.domain.import_run import ImportKind, ImportRun
from registry_service.domain.review import JINING_2023
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.sync import SyncItem
from registry_service.operations.apply_imports import Applying, apply_next
from registry_service.operations.import_file import File, begin_import, check_import, load_part
from registry_service.operations.import_rows import Cells
from tests.db.issuing.world import World

OPERATOR: Final = "0001"
START: Final = date(2026, 1, 1)
HOMES: Final = {11: "0101", 20: "0201"}
_COLUMNS: Final = (
    "uniscid", "op", "entname", "enttypeCn", "lerep", "dom", "regcap", "estdate", "apprdate",
    "opscope", "regorgCn", "regstateCn",
)  # fmt: skip
_OFFICES: Final = {11: "任城区行政审批服务局", 20: "曲阜市行政审批服务局", None: ""}
_numbers = itertools.count(700_000)


@dataclass(frozen=True, slots=True)
class Told:
    """What a delta of a day says of the one firm of its source."""

    day: int
    """From `START`; each day has one delta at most."""
    approved: int = 0
    person: str = "甲"
    state: str = "在营"
    registrar: int | None = 11
    gone: bool = False
    complete: bool = False
    """With `gone`: the file is complete and lacks the firm."""


def a_day(number: int) -> date:
    return START + timedelta(days=number)


@dataclass
class Feed:
    """A source with one firm, and what the register makes of it."""

    world: World
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def source(self) -> str:
        return f"feed-{self.number}"

    @property
    def code(self) -> str:
        return uscc("91", "370811", self.number)

    def send(self, told: Told) -> ImportRun:
        """A delta, from its first row to the register."""
        run = self.load(told)
        while apply_next(self.applying):
            pass
        with self.world.store.transaction() as tx:
            return tx.imports.find(run.number)

    @property
    def applying(self) -> Applying:
        def sign(entity_no: int, _: object) -> None:
            self.world.finisher.finish_of(entity_no)

        return Applying(self.world.store, JINING_2023, self.world.clock, sign)

    def load(self, told: Told, *more: Told) -> ImportRun:
        """A delta that was compared and signed, and not applied; `more` are rows of that day."""
        rows = [
            Cells(line, self._cells(each))
            for line, each in enumerate((told, *more), 2)
            if not (each.gone and each.complete)
        ]
        digest = hashlib.sha256(repr((self.number, told, more)).encode()).digest()
        day = a_day(told.day)
        file = File(
            ImportKind.SYNC, self.source, "增量.csv", digest, len(rows), dry_run=False,
            source_date=day, complete=told.gone and told.complete,
        )  # fmt: skip
        with self.world.act(OPERATOR) as act:
            run = begin_import(act, file)
        if rows:
            with self.world.act(OPERATOR) as act:
                run = load_part(act, run, _COLUMNS, rows)
        with self.world.act(OPERATOR) as act:
            return check_import(act, run)

    def _cells(self, told: Told) -> Sequence[str]:
        if told.gone:
            return (self.code, "删除", *[""] * (len(_COLUMNS) - 2))
        return (
            self.code, "变更", "济宁市试序商贸有限公司", "有限责任公司（自然人投资或控股）",
            f"试{told.person}", f"任城区古槐街道试序路{self.number}号", "66万人民币", "2019-03-04",
            a_day(told.approved).isoformat(), "日用百货销售", _OFFICES[told.registrar],
            told.state,
        )  # fmt: skip

    def entity(self) -> Entity | None:
        with self.world.store.transaction() as tx:
            numbers = set(tx.entities.taken([self.code]).values())
            return next(iter(tx.entities.many(numbers)), None)

    def items(self) -> list[SyncItem]:
        """What waits for a decision."""
        rows = self.world.rows(
            "SELECT entity_no, item_no FROM sync_item WHERE source = %s AND state = 'open'"
            " ORDER BY kind",
            self.source,
        )
        with self.world.store.transaction() as tx:
            return [tx.sync_items.find(*row) for row in rows]

    def picture(self) -> dict[str, object]:
        """All of it that must not depend on the order in which deltas came."""
        entity = self.entity()
        if entity is None:
            return {}
        with self.world.store.transaction() as tx:
            facts = tx.source_facts.of([entity.number], self.source).get(entity.number, [])
        by_number = {fact.number: fact for fact in facts}
        waiting = []
        for item in self.items():
            fact = by_number.get(item.fact_no or 0)
            waiting.append((item.kind.value, fact and (fact.approved_date, fact.face.person)))
        return {
            "state": entity.state.value,
            "person": entity.face.person,
            "registrar": entity.registrar,
            "history": self.history(),
            "open": waiting,
        }

    def history(self) -> list[tuple[str, int | None] | None]:
        """Person and registrar as of each day."""
        rows = self.world.rows(
            "SELECT v.effective_date, v.person, v.registrar_unit_id FROM entity_version v"
            " JOIN code_directory d USING (entity_no) WHERE d.code = %s"
            " ORDER BY v.effective_date, v.version",
            self.code,
        )
        days = [a_day(number) for number in range(90)]
        return [next((row[1:] for row in rows[::-1] if row[0] <= day), None) for day in days]


def employ_operator(world: World) -> None:
    with world.store.transaction() as tx:
        held = (Assignment(1, Role.OPERATOR, date(2020, 1, 1)),)
        tx.staff.put(Staff(OPERATOR, "测试运维", held))
