"""One firm and what is done to it, one transaction each; nobody second is asked here."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, LiteralString

from license_verify.lists.status import Status
from registry_service.domain.address import address_of
from registry_service.domain.entity import Entity, EntityState
from registry_service.domain.event import Event
from registry_service.domain.lifecycle import Step
from registry_service.domain.mark import MarkKind
from registry_service.domain.premises import (
    Document,
    FilingState,
    Premises,
    PremisesState,
    Site,
)
from registry_service.domain.restriction import HeldAct
from registry_service.domain.staff import Role
from registry_service.fsck import Fault, check
from registry_service.operations.annul_entity import annul_entity
from registry_service.operations.change_entity import change_entity, correct_entity
from registry_service.operations.correct_code import correct_code
from registry_service.operations.dormancy import (
    end_expired_dormancies,
    resume_entity,
    suspend_entity,
)
from registry_service.operations.draft_filing import draft_filing
from registry_service.operations.end_entity import (
    deregister_entity,
    liquidate_entity,
    revoke_entity,
)
from registry_service.operations.mark_entity import mark_entity, unmark_entity
from registry_service.operations.move_entity import move_entity
from registry_service.operations.places import every_place
from registry_service.operations.reinstate_entity import reinstate_entity
from registry_service.operations.restrict_entity import lift_restriction, restrict_entity
from registry_service.operations.strike_premises import reinstate_premises, strike_premises
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from tests.db.issuing.world import CODE, ELSEWHERE, REGISTRAR, SUPERVISOR, VISIT, World

QUFU_SUPERVISOR, ZOUCHENG, CITY = "0202", "0301", "0900"
PEOPLE = ((QUFU_SUPERVISOR, 20, Role.SUPERVISOR), (ZOUCHENG, 21, Role.REGISTRAR))
RENCHENG_ID, QUFU_ID, ZOUCHENG_ID = 11, 20, 21
HOMES = {RENCHENG_ID: REGISTRAR, QUFU_ID: ELSEWHERE, ZOUCHENG_ID: ZOUCHENG}
OTHER_USCC = "91370829MAJN000298"
QUFU_SHOP, ZOUCHENG_SHOP = "曲阜市鲁城街道试验路8号", "邹城市钢山街道试验路9号"
RENCHENG_SHOP = "任城区古槐街道试验路19号"
QUFU_DOMICILE, ZOUCHENG_DOMICILE = "曲阜市鲁城街道试验路77号", "邹城市钢山街道试验路77号"
DECISION = "济市监决字〔2026〕1号"


@dataclass
class Firm:
    """The only firm of its register."""

    world: World

    @property
    def today(self) -> date:
        with self.world.act() as act:
            return act.today

    def read(self) -> Entity:
        with self.world.store.transaction() as tx:
            ((code,),) = self.world.rows("SELECT uscc FROM entity ORDER BY entity_no LIMIT 1")
            return tx.entities.find(code)

    @property
    def state(self) -> EntityState:
        return self.read().state

    @property
    def home(self) -> str:
        """The registrar of its home unit."""
        registrar = self.read().registrar
        assert registrar is not None
        return HOMES[registrar]

    def places(self) -> list[Premises]:
        with self.world.store.transaction() as tx:
            return list(every_place(tx, self.read().number))

    def place_states(self) -> list[PremisesState]:
        return [place.state for place in self.places()]

    def events(self) -> list[Event]:
        """Oldest first."""
        with self.world.store.transaction() as tx:
            return tx.events.page(self.read().number)[::-1]

    def kinds(self, after: int = 0) -> list[str]:
        return [event.kind for event in self.events() if event.revision > after]

    def statuses(self) -> list[Status]:
        """What every entry of its documents must read, in the order of their numbers."""
        with self.world.store.transaction() as tx:
            entries = tx.status_entries.of([self.read().number])
        return [entry.published for entry in sorted(entries, key=lambda entry: entry.index)]

    def faults(self) -> list[Fault]:
        return check(self.world.url)

    def change(self, **changed: Any) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return change_entity(act, code, changed, VISIT)

    def correct(self, **changed: Any) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return correct_entity(act, code, changed, "核对原始档案")

    def correct_code(self, uscc: str = OTHER_USCC) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return correct_code(act, code, uscc, "核对赋码档案")

    def move(self, address: str = QUFU_DOMICILE, by: str = ELSEWHERE) -> Entity:
        code = self.read().uscc
        with self.world.act(by) as act:
            return move_entity(act, code, address_of(address), VISIT)

    def suspend(self, days: int = 365, first: date | None = None) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            last = (first or act.today) + timedelta(days=days - 1)
            return suspend_entity(act, code, first, last, VISIT)

    def extend(self, last: date) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return suspend_entity(act, code, None, last, VISIT)

    def resume(self) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return resume_entity(act, code, VISIT)

    def expire(self) -> int:
        return end_expired_dormancies(self.world.store, self.world.clock)

    def liquidate(self) -> Entity:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            return liquidate_entity(act, code, VISIT)

    def deregister(self, *, simple: bool = False) -> Entity:
        entity = self.read()
        with self.world.act(self.home) as act:
            name = entity.face.business_name
            return deregister_entity(act, entity.uscc, name, VISIT, simple=simple)

    def revoke(self) -> Entity:
        entity = self.read()
        with self.world.act(self.home) as act:
            return revoke_entity(act, entity.uscc, entity.face.business_name, DECISION)

    def annul(self, version: int = 0, *items: str) -> Entity:
        entity = self.read()
        name = entity.face.business_name
        with self.world.act(self.home) as act:
            return annul_entity(act, entity.uscc, version, items, name, DECISION)

    def reinstate(self) -> Entity:
        entity = self.read()
        with self.world.act(self.home) as act:
            return reinstate_entity(act, entity.uscc, entity.face.business_name, DECISION)

    def restrict(self, *held: HeldAct, until: date | None = None) -> int:
        code = self.read().uscc
        held = held or (HeldAct.ALL,)
        with self.world.act(self.home) as act:
            court = "济宁市某某人民法院"
            return restrict_entity(act, code, court, "协执1号", held, None, until).number

    def lift(self, number: int = 1) -> None:
        code = self.read().uscc
        with self.world.act(self.home) as act:
            lift_restriction(act, code, number, "解除1号")

    def mark(self, kind: MarkKind = MarkKind.ABNORMAL_OTHER) -> int:
        code = self.read().uscc
        with self.world.act(SUPERVISOR) as act:
            return mark_entity(act, code, kind, DECISION).number

    def unmark(self, number: int = 1) -> None:
        code = self.read().uscc
        with self.world.act(SUPERVISOR) as act:
            unmark_entity(act, code, number, DECISION)

    def file(self, *addresses: str) -> None:
        """File places that nothing speaks against."""
        for address in addresses:
            assert self.submit(address) is FilingState.FILED, address

    def submit(self, address: str) -> FilingState:
        """What a review makes of a place."""
        entity = self.read()
        papers = (Document("commitment", bytes(32), entity.face.person),)
        with self.world.act(self.home) as act:
            _, visited = take_application(act, entity.uscc, VISIT)
            site = Site("试验店", address_of(address), "日用百货销售")
            receipt = visited.receipt_number
            _, filing = draft_filing(act, entity.uscc, receipt, site, papers)
            return submit_filing(act, entity.uscc, filing.number)[1].state

    def strike(self, number: int = 1) -> None:
        entity = self.read()
        with self.world.act(self.home) as act:
            strike_premises(act, entity.uscc, number, entity.face.business_name, DECISION)

    def reinstate_place(self, number: int = 1) -> None:
        entity = self.read()
        with self.world.act(self.home) as act:
            reinstate_premises(act, entity.uscc, number, entity.face.business_name, DECISION)

    def draft(self, address: str) -> int:
        """The number of a filing that was only drafted."""
        code = self.read().uscc
        with self.world.act(self.home) as act:
            _, visited = take_application(act, code, VISIT)
            site = Site("试验店", address_of(address), "日用百货销售")
            return draft_filing(act, code, visited.receipt_number, site, ())[1].number

    def column(self, query: LiteralString) -> list[Any]:
        """The first column of what the database says."""
        return [row[0] for row in self.world.rows(query)]

    def issue(self) -> None:
        """A licence, and a code for every filed place."""
        self.world.issue()
        for place in self.places():
            if place.state.filed:
                self.world.issue_site(place.number)

    def sign(self) -> None:
        """What acts left to be signed."""
        self.world.finisher.finish_all()

    def bring_to(self, state: EntityState) -> None:
        """From 在营 to that state."""
        match state:
            case EntityState.DORMANT:
                self.suspend()
            case EntityState.LIQUIDATING:
                self.liquidate()
            case EntityState.REVOKED:
                self.revoke()
            case EntityState.DEREGISTERED:
                self.deregister()
            case EntityState.ANNULLED:
                self.annul()

    def take(self, step: Step) -> None:
        """Do what the table calls so, as it would be done first."""
        match step:
            case Step.CHANGE:
                self.change(person="测试改")
            case Step.CORRECT:
                self.correct(person="测试正")
            case Step.CORRECT_CODE:
                self.correct_code()
            case Step.MOVE:
                self.move()
            case Step.SUSPEND:
                self.suspend()
            case Step.EXTEND:
                self.world.clock.forward(days=350)
                self.extend(self.today + timedelta(days=100))
            case Step.RESUME:
                self.resume()
            case Step.LIQUIDATE:
                self.liquidate()
            case Step.DEREGISTER:
                self.deregister()
            case Step.DEREGISTER_SIMPLY:
                self.deregister(simple=True)
            case Step.REVOKE:
                self.revoke()
            case Step.ANNUL:
                self.annul()
            case Step.ANNUL_VERSION:
                self.annul(2)
            case Step.REINSTATE:
                self.reinstate()
            case Step.RESTRICT:
                self.restrict()
            case Step.LIFT:
                self.lift()
            case Step.MARK:
                self.mark()
            case Step.MARK_SPECIALLY:
                self.mark(MarkKind.SPECIAL)
            case Step.UNMARK:
                self.unmark()


def code_finds(firm: Firm, code: str = CODE) -> Entity:
    with firm.world.store.transaction() as tx:
        return tx.entities.find(code)
