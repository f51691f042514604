"""Random acts by random people of several units agree with the naive model after every step."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry_service.domain.address import address_of
from registry_service.domain.command import (
    AnnulEntity,
    Command,
    ReinstateEntity,
    ReinstatePremises,
    RevokeEntity,
    StrikePremises,
)
from registry_service.domain.mark import MarkKind
from registry_service.domain.premises import Document, FilingAct, Site
from registry_service.domain.printed_copy import CopyKind
from registry_service.domain.restriction import HeldAct
from registry_service.domain.supervision import InspectionResult
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.act import Act
from registry_service.operations.change_entity import change_entity, correct_entity
from registry_service.operations.correct_code import correct_code
from registry_service.operations.decide_filing import decide_filing, return_filing
from registry_service.operations.decline_handover import decline_handover
from registry_service.operations.dispute_handover import dispute_handover
from registry_service.operations.dormancy import resume_entity, suspend_entity
from registry_service.operations.draft_filing import draft_filing, update_filing
from registry_service.operations.end_entity import deregister_entity, liquidate_entity
from registry_service.operations.flag_premises import answer_flag, flag_premises
from registry_service.operations.forward_handover import forward_handover
from registry_service.operations.issue_license import issue_license
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.operations.issue_statement import issue_statement
from registry_service.operations.keep_copies import return_copy, void_lost_copy
from registry_service.operations.mark_entity import mark_entity, unmark_entity
from registry_service.operations.move_entity import move_entity
from registry_service.operations.print_copy import print_copy
from registry_service.operations.register_entity import register_entity
from registry_service.operations.reissue_license import reissue_license, void_lost_license
from registry_service.operations.report_inspection import Report, report_inspection
from registry_service.operations.resolve_handover import resolve_handover
from registry_service.operations.restrict_entity import lift_restriction, restrict_entity
from registry_service.operations.second_person import answer_act, ask
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from registry_service.operations.withdraw_filing import withdraw_filing
from tests.database import SharedServer
from tests.db.issuing.world import VISIT, a_face
from tests.model.actual import Actual, an_actual
from tests.model.naive import Entity, Reasons, Register
from tests.model.places import (
    ADDRESSES,
    CITY,
    CODES,
    HEADS,
    NAMES,
    PEOPLE,
    PERSONS,
    REGISTRARS,
    SCOPES,
    SITES,
    SPARE_CODES,
    SUPERVISORS,
    UNITS,
)

_Some = TypeVar("_Some")
ANY = st.integers(0, 11)
"""Chooses among what there is, modulo how much there is."""
WHO = st.one_of(st.none(), st.none(), st.none(), st.sampled_from(PEOPLE))
"""None: somebody who may."""
_DORMANT_DAYS = timedelta(days=400)
_MOST_LONG_PAUSES = 8  # together shorter than a dormancy
_ITEMS: dict[str, tuple[str, ...]] = {
    "person": PERSONS,
    "name": NAMES,
    "scope": SCOPES,
    "address": tuple(ADDRESSES),
}


class Machine(RuleBasedStateMachine):
    """One run: a fresh register, and the model beside it."""

    server: ClassVar[SharedServer]

    def __init__(self) -> None:
        super().__init__()
        self._resources = ExitStack()
        self._pauses = 0

    @initialize(first=st.sampled_from(sorted(REGISTRARS)), home=ANY)
    def begin(self, first: str, home: int) -> None:
        url = self._resources.enter_context(self.server.clone())
        folder = self._resources.enter_context(tempfile.TemporaryDirectory())
        self.actual: Actual = self._resources.enter_context(an_actual(url, Path(folder) / "keys"))
        self.model = Register(self.actual.world.clock().date())
        self._register(first, CODES[0], self._addresses_of(REGISTRARS[first])[home % 4])

    def teardown(self) -> None:
        try:
            if hasattr(self, "model"):
                self.actual.require_sound()
                self.actual.require_equal(self.model.entities)
        finally:
            self._resources.close()

    @invariant()
    def the_register_is_what_the_model_says(self) -> None:
        if hasattr(self, "model"):
            self.model.end_statements()
            self.model.require_invariants()
            self.actual.require_equal(self.model.entities)

    # Faces --------------------------------------------------------------------------------------

    @rule(actor=st.sampled_from(PEOPLE), code=st.sampled_from(CODES), at=ANY)
    def register(self, actor: str, code: str, at: int) -> None:
        addresses = self._addresses_of(REGISTRARS.get(actor, 11))
        self._register(actor, code, addresses[at % 4] if at < 10 else SITES[at])

    def _register(self, actor: str, code: str, address: str) -> None:
        entity = Entity(code, ADDRESSES[address], address, PERSONS[0], NAMES[0], SCOPES[0])
        face = a_face(
            business_name=entity.name,
            person=entity.person,
            scope=entity.scope,
            address=address_of(address),
        )
        refusals = self.model.register_refusals(actor, code, address)
        if self._do(actor, refusals, lambda act: register_entity(act, code, face, VISIT)):
            self.model.register(actor, entity)

    @rule(
        who=WHO, which=ANY, item=st.sampled_from(sorted(_ITEMS)), value=ANY, corrects=st.booleans()
    )
    def new_face(self, who: str | None, which: int, item: str, value: int, corrects: bool) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        values = _ITEMS[item]
        if item == "address" and who is None:
            values = self._addresses_of(entity.unit)
        new = values[value % len(values)]
        column = "business_name" if item == "name" else item
        changes = {column: address_of(new) if item == "address" else new}
        if corrects:
            refusals = self.model.correct_refusals(actor, entity, item, new)
            kind = "entity.corrected"
            do: Callable[[Act], object] = lambda act: correct_entity(  # noqa: E731
                act, entity.code, changes, "更正决定"
            )
        else:
            refusals = self.model.change_refusals(actor, entity, item, new)
            kind = "entity.changed"
            do = lambda act: change_entity(act, entity.code, changes, VISIT)  # noqa: E731
        if self._do(actor, refusals, do):
            self.model.put_face(entity, kind, item, new)

    @rule(actor=st.sampled_from(sorted(REGISTRARS)), which=ANY, at=ANY)
    def move(self, actor: str, which: int, at: int) -> None:
        entity = self._entity(which)
        address = self._addresses_of(REGISTRARS[actor])[at % 4] if at < 10 else SITES[at]
        refusals = self.model.move_refusals(actor, entity, address)
        if self._do(
            actor, refusals, lambda act: move_entity(act, entity.code, address_of(address), VISIT)
        ):
            self.model.move(actor, entity, address)

    @rule(who=WHO, which=ANY, code=st.sampled_from([*CODES, *SPARE_CODES]))
    def correct_code(self, who: str | None, which: int, code: str) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.correct_code_refusals(actor, entity, code)
        do = partial(correct_code, code=entity.code, uscc=code, basis="更正决定")
        if self._do(actor, refusals, do):
            self.model.correct_code(entity, code)

    # Life ---------------------------------------------------------------------------------------

    @rule(who=WHO, which=ANY)
    def suspend(self, who: str | None, which: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        until = self.model.today + _DORMANT_DAYS
        refusals = self.model.suspend_refusals(actor, entity)
        if self._do(
            actor, refusals, lambda act: suspend_entity(act, entity.code, None, until, VISIT)
        ):
            self.model.suspend(entity)

    @rule(who=WHO, which=ANY)
    def resume(self, who: str | None, which: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.resume_refusals(actor, entity)
        if self._do(actor, refusals, lambda act: resume_entity(act, entity.code, VISIT)):
            self.model.resume(entity)

    @rule(who=WHO, which=ANY)
    def liquidate(self, who: str | None, which: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.liquidate_refusals(actor, entity)
        if self._do(actor, refusals, lambda act: liquidate_entity(act, entity.code, VISIT)):
            self.model.liquidate(entity)

    @rule(who=WHO, which=ANY)
    def deregister(self, who: str | None, which: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.deregister_refusals(actor, entity)
        do: Callable[[Act], object] = lambda act: deregister_entity(  # noqa: E731
            act, entity.code, entity.name, VISIT
        )
        if self._do(actor, refusals, do):
            self.model.end(entity, "deregistered")

    # Second person ------------------------------------------------------------------------------

    @rule(
        who=WHO,
        which=ANY,
        act=st.sampled_from(
            ["revoke", "annul", "reinstate", "reinstate", "strike", "restore", "annul_version"]
        ),
        place=ANY,
    )
    def ask(self, who: str | None, which: int, act: str, place: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity, place)
        number = _number(entity.places, place) if act in ("strike", "restore") else None
        if act == "annul_version":
            number = place % (entity.version + 1) + 1
        refusals = self.model.ask_refusals(actor, entity, act, number)
        command = _command(act, number)
        if self._do(actor, refusals, lambda tx: ask(tx, entity.code, entity.name, command)):
            self.model.ask(actor, entity, act, number)

    @precondition(lambda self: any(e.waiting for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY, refuse=st.sampled_from([False, False, False, True]))
    def answer(self, who: str | None, which: int, refuse: bool) -> None:
        entity, number = self._part("waiting", which)
        actor = who or self._second(entity, number)
        refusals = self.model.answer_refusals(actor, entity, number)
        do: Callable[[Act], object] = lambda act: answer_act(  # noqa: E731
            act, entity.code, number, entity.name, refuse=refuse, reason="不同意" if refuse else ""
        )
        if self._do(actor, refusals, do):
            self.model.answer(entity, number, refuse=refuse)

    # Holds and marks ----------------------------------------------------------------------------

    @rule(who=WHO, which=ANY, kind=st.sampled_from(sorted(HeldAct)))
    def restrict(self, who: str | None, which: int, kind: HeldAct) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.as_registrar(actor, entity)
        do: Callable[[Act], object] = lambda act: restrict_entity(  # noqa: E731
            act, entity.code, "济宁市某某人民法院", "（2026）鲁08执1号", (kind,)
        )
        if self._do(actor, refusals, do):
            self.model.restrict(entity, kind.value)

    @precondition(lambda self: any(e.holds for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def lift(self, who: str | None, which: int) -> None:
        entity, number = self._part("holds", which)
        actor = who or self._registrar(entity)
        refusals = self.model.lift_refusals(actor, entity, number)
        if self._do(
            actor, refusals, lambda act: lift_restriction(act, entity.code, number, "解除")
        ):
            self.model.lift(entity, number)

    @rule(
        who=WHO,
        which=ANY,
        kind=st.sampled_from(
            ["abnormal_unreachable", "abnormal_other", "serious_violation", "serious_violation"]
        ),
    )
    def mark(self, who: str | None, which: int, kind: str) -> None:
        entity = self._entity(which)
        actor = who or self._supervisor(entity.home)
        refusals = self.model.mark_refusals(actor, entity, kind)
        do = partial(mark_entity, code=entity.code, kind=MarkKind(kind), basis="列入决定")
        if self._do(actor, refusals, do):
            self.model.mark(entity, kind)

    @precondition(lambda self: any(e.marks for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def unmark(self, who: str | None, which: int) -> None:
        entity, number = self._part("marks", which)
        actor = who or self._supervisor(entity.home)
        refusals = self.model.unmark_refusals(actor, entity, number)
        if self._do(actor, refusals, lambda act: unmark_entity(act, entity.code, number, "移出")):
            self.model.unmark(entity, number)

    # Filings ------------------------------------------------------------------------------------

    @rule(
        who=WHO,
        which=ANY,
        kind=st.sampled_from(["add", "add", "add", "change", "remove"]),
        address=st.sampled_from(SITES),
        place_at=ANY,
        submit=st.booleans(),
    )
    def draft(
        self, who: str | None, which: int, kind: str, address: str, place_at: int, submit: bool
    ) -> None:
        """Drafted, and often submitted by the same person at once."""
        entity = self._entity(which)
        actor = who or self._registrar(entity, place_at)
        place = _number(entity.places, place_at) if kind != "add" else None
        refusals = self.model.draft_refusals(actor, entity, kind, place)
        site = Site("", address_of(address))

        def do(act: Act) -> object:
            _, taken = take_application(act, entity.code, VISIT)
            return draft_filing(
                act,
                entity.code,
                taken.receipt_number,
                site,
                _papers(entity),
                filing_act=FilingAct(kind),
                target=place,
            )

        if self._do(actor, refusals, do):
            self.model.draft(entity, kind, address, place)
            if submit:
                self._submit(actor, entity, len(entity.filings))

    @precondition(lambda self: any(e.filings for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY, address=st.sampled_from(SITES))
    def update(self, who: str | None, which: int, address: str) -> None:
        entity, number = self._part("filings", which)
        actor = who or self._registrar(entity)
        refusals = self.model.update_refusals(actor, entity, number)
        site = Site("", address_of(address))
        do: Callable[[Act], object] = lambda act: update_filing(  # noqa: E731
            act, entity.code, number, site, _papers(entity)
        )
        if self._do(actor, refusals, do):
            self.model.update(entity, number, address)

    @precondition(lambda self: any(e.filings for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def submit(self, who: str | None, which: int) -> None:
        entity, number = self._part("filings", which)
        self._submit(who or self._registrar(entity), entity, number)

    def _submit(self, actor: str, entity: Entity, number: int) -> None:
        refusals = self.model.submit_refusals(actor, entity, number)
        if self._do(actor, refusals, lambda act: submit_filing(act, entity.code, number)):
            self.model.submit(entity, number)

    @precondition(lambda self: any(e.filings for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def withdraw(self, who: str | None, which: int) -> None:
        entity, number = self._part("filings", which)
        actor = who or self._registrar(entity)
        refusals = self.model.withdraw_refusals(actor, entity, number)
        if self._do(actor, refusals, lambda act: withdraw_filing(act, entity.code, number)):
            self.model.withdraw(entity, number)

    @precondition(lambda self: any(e.filings for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY, accept=st.sampled_from([True, True, False]))
    def decide(self, who: str | None, which: int, accept: bool) -> None:
        entity, number = self._part("filings", which, prefer="manual")
        actor = who or self._registrar(entity)
        refusals = self.model.decide_refusals(actor, entity, number, accept=accept)
        do: Callable[[Act], object] = lambda act: decide_filing(  # noqa: E731
            act, entity.code, number, accept=accept, reason="已核实"
        )
        if self._do(actor, refusals, do):
            self.model.decide(entity, number, accept=accept)

    @precondition(lambda self: any(e.filings for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def give_back(self, who: str | None, which: int) -> None:
        entity, number = self._part("filings", which, prefer="manual")
        actor = who or self._registrar(entity)
        refusals = self.model.give_back_refusals(actor, entity, number)
        do = partial(return_filing, code=entity.code, filing_no=number, defects=("缺材料",))
        if self._do(actor, refusals, do):
            self.model.give_back(entity, number)

    # Hand-overs ---------------------------------------------------------------------------------

    @precondition(lambda self: any(e.handovers for e in self.model.entities.values()))
    @rule(
        who=WHO,
        which=ANY,
        act=st.sampled_from(["acknowledge", "decline", "forward", "dispute", "resolve", "report"]),
        to_unit=st.sampled_from(UNITS),
    )
    def handle(self, who: str | None, which: int, act: str, to_unit: int) -> None:
        entity, number = self._part("handovers", which)
        handover = entity.handovers[number]
        actor = who or self._handler(entity, handover.to_unit, handover.state, act)
        refusals = self.model.handover_refusals(actor, entity, number, act, to_unit)
        if self._do(actor, refusals, self._handling(entity.code, number, act, to_unit)):
            self.model.handle(entity, number, act, to_unit)

    def _handling(self, code: str, number: int, act: str, to_unit: int) -> Callable[[Act], object]:
        report = Report(InspectionResult.AS_FILED, self.model.today, ("测试丙", "测试丁"), "")
        acts: dict[str, Callable[[Act], object]] = {
            "acknowledge": lambda a: acknowledge_handover(a, code, number),
            "decline": lambda a: decline_handover(a, code, number, "不属本辖区"),
            "forward": lambda a: forward_handover(a, code, number, to_unit, "属其辖区"),
            "dispute": lambda a: dispute_handover(a, code, number, "管辖有争议"),
            "resolve": lambda a: resolve_handover(a, code, number, to_unit, "裁定"),
            "report": lambda a: report_inspection(a, code, number, report),
        }
        return acts[act]

    @precondition(lambda self: any(e.places for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def flag(self, who: str | None, which: int) -> None:
        entity, number = self._part("places", which)
        actor = who or self._supervisor(entity.places[number].unit)
        refusals = self.model.flag_refusals(actor, entity, number)
        if self._do(actor, refusals, lambda act: flag_premises(act, entity.code, number, "无招牌")):
            self.model.flag(entity, number)

    @precondition(lambda self: any(e.flags for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def answer_flag(self, who: str | None, which: int) -> None:
        entity, number = self._part("flags", which)
        actor = who or self._registrar(entity)
        place, own, _ = entity.flags[number]
        refusals = self.model.answer_flag_refusals(actor, entity, number)
        if self._do(
            actor, refusals, lambda act: answer_flag(act, entity.code, place, own, "已核实")
        ):
            self.model.answer_flag(entity, number)

    # Documents ----------------------------------------------------------------------------------

    @rule(who=WHO, which=ANY)
    def issue(self, who: str | None, which: int) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.issue_refusals(actor, entity)
        if self._do(actor, refusals, lambda act: issue_license(act, entity.code)):
            self.model.issue(entity)

    @rule(who=WHO, which=ANY, lost=st.booleans())
    def issue_anew(self, who: str | None, which: int, lost: bool) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        if lost:
            refusals = self.model.lose_licence_refusals(actor, entity)
            do = partial(void_lost_license, code=entity.code, version=None, basis="公示作废")
            if self._do(actor, refusals, do):
                self.model.lose_licence(entity)
            return
        refusals = self.model.reissue_refusals(actor, entity)
        if self._do(actor, refusals, lambda act: reissue_license(act, entity.code, "补发")):
            self.model.reissue(entity)

    @rule(who=WHO, which=ANY, original=st.booleans())
    def print_copy(self, who: str | None, which: int, original: bool) -> None:
        entity = self._entity(which)
        actor = who or self._registrar(entity)
        refusals = self.model.print_refusals(actor, entity, original=original)
        kind = CopyKind.ORIGINAL if original else CopyKind.DUPLICATE
        if self._do(actor, refusals, lambda act: print_copy(act, entity.code, kind)):
            self.model.print(entity, original=original)

    @precondition(lambda self: any(e.copies for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY, lost=st.booleans())
    def end_copy(self, who: str | None, which: int, lost: bool) -> None:
        entity, number = self._part("copies", which)
        actor = who or self._registrar(entity)
        refusals = self.model.copy_refusals(actor, entity, number)
        if lost:
            do: Callable[[Act], object] = lambda act: void_lost_copy(  # noqa: E731
                act, entity.code, number, "公示作废"
            )
        else:
            do = lambda act: return_copy(act, entity.code, number)  # noqa: E731
        if self._do(actor, refusals, do):
            (self.model.lose_copy if lost else self.model.take_copy_back)(entity, number)

    @precondition(lambda self: any(e.places for e in self.model.entities.values()))
    @rule(who=WHO, which=ANY)
    def issue_code(self, who: str | None, which: int) -> None:
        entity, number = self._part("places", which)
        actor = who or self._registrar(entity)
        refusals = self.model.issue_code_refusals(actor, entity, number)
        if self._do(actor, refusals, lambda act: issue_site_code(act, entity.code, number)):
            self.model.issue_code(entity, number)

    @rule(actor=st.sampled_from(PEOPLE), which=ANY)
    def state_places(self, actor: str, which: int) -> None:
        entity = self._entity(which)
        refusals = self.model.state_refusals(entity)
        if self._do(actor, refusals, lambda act: issue_statement(act, entity.code)):
            self.model.state_places(entity)

    @rule()
    def publish(self) -> None:
        self.actual.publish()

    @rule(long=st.sampled_from([False, False, True]))
    def time_passes(self, long: bool) -> None:
        if long and self._pauses < _MOST_LONG_PAUSES:
            self._pauses += 1
            self.actual.world.clock.forward(days=20)
        else:
            self.actual.world.clock.forward(minutes=10)
        self.model.today = self.actual.world.clock().date()

    # Helpers ------------------------------------------------------------------------------------

    def _do(self, actor: str, refusals: Reasons, do: Callable[[Act], object]) -> bool:
        """Whether it was done; the register refuses what the model refuses, and why."""
        reason, _ = self.actual.attempt(actor, do)
        if reason:
            assert reason in refusals, f"refused for {reason}, the model says {refusals or 'done'}"
            return False
        assert not refusals, f"done, though the model says {refusals}"
        return True

    def _entity(self, which: int) -> Entity:
        return _chosen(list(self.model.entities.values()), which)

    def _part(self, part: str, which: int, prefer: str = "") -> tuple[Entity, int]:
        """Some filing, hand-over … of some entity that has one."""
        found = [
            (entity, number)
            for entity in self.model.entities.values()
            for number, each in getattr(entity, part).items()
            if not prefer or which > 8 or each.state == prefer
        ]
        if not found:
            return self._part(part, which)
        return _chosen(found, which)

    def _registrar(self, entity: Entity, which: int = 0) -> str:
        found = [person for person, unit in REGISTRARS.items() if unit == entity.unit]
        return _chosen(found, which)

    def _supervisor(self, unit: int) -> str:
        return next(person for person, own in SUPERVISORS.items() if own == unit)

    def _second(self, entity: Entity, number: int) -> str:
        asker = entity.waiting[number].asked_by
        heads = (p for p, unit in HEADS.items() if unit == entity.unit and p != asker)
        return next(heads, CITY)

    def _handler(self, entity: Entity, host: int, state: str, act: str) -> str:
        if act == "resolve":
            return CITY
        if state == "declined":
            return self._registrar(entity)
        return self._supervisor(host)

    def _addresses_of(self, unit: int) -> tuple[str, ...]:
        return tuple(address for address, own in ADDRESSES.items() if own == unit)


def _chosen(found: list[_Some], which: int) -> _Some:
    return found[which % len(found)]


def _number(places: dict[int, Any], which: int) -> int:
    """One of the numbers there are, rarely one that isn't."""
    return which % (len(places) + 1) + (which < 9 and which % (len(places) + 1) == 0) or 99


def _papers(entity: Entity) -> tuple[Document, ...]:
    return (Document("commitment", bytes(32), entity.person),)


def _command(act: str, place: int | None) -> Command:
    commands: dict[str, Callable[[], Command]] = {
        "revoke": lambda: RevokeEntity("处罚决定书"),
        "annul": lambda: AnnulEntity(0, (), "撤销决定书"),
        "annul_version": lambda: AnnulEntity(place or 0, (), "撤销决定书"),
        "reinstate": lambda: ReinstateEntity("复议决定书"),
        "strike": lambda: StrikePremises(place or 0, "撤销备案决定"),
        "restore": lambda: ReinstatePremises(place or 0, "复议决定书"),
    }
    return commands[act]()


def test_any_acts_by_anybody_agree_with_the_naive_model(postgres: SharedServer) -> None:
    Machine.server = postgres
    long = settings.default is not None and settings.default.max_examples > 1_000
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=400 if long else 12,
            stateful_step_count=80 if long else 40,
            derandomize=not long,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
