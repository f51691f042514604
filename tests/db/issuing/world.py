"""A small registry with keys, units and people, on a database of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from license_verify import Anchor, Bundle, Trust, Verdict, verify
from license_verify.codes import unit as codes
from license_verify.token.scan import ScanText
from registry_service.config import INVENTED_ISSUER
from registry_service.domain.address import address_of
from registry_service.domain.application import Visit
from registry_service.domain.capital import Capital
from registry_service.domain.entity import Entity, Face
from registry_service.domain.key import KeyUse
from registry_service.domain.license import SignedDocument
from registry_service.domain.premises import Document, Site
from registry_service.domain.review import JINING_2023, ReviewPolicy
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.domain.statement import StoredStatement
from registry_service.domain.unit import Unit
from registry_service.issuing.keys import create_missing
from registry_service.issuing.signer import KeyRing
from registry_service.operations.act import Act
from registry_service.operations.change_entity import change_entity
from registry_service.operations.desk import Caller, Desk
from registry_service.operations.draft_filing import draft_filing
from registry_service.operations.end_entity import revoke_entity
from registry_service.operations.establish_keys import establish_keys, publish_trust
from registry_service.operations.finish_intents import Finisher
from registry_service.operations.finish_statements import StatementFinisher
from registry_service.operations.issue_license import issue_license
from registry_service.operations.issue_site_code import issue_site_code
from registry_service.operations.issue_statement import issue_statement
from registry_service.operations.publish import Edition
from registry_service.operations.publisher import Publisher
from registry_service.operations.register_entity import register_entity
from registry_service.operations.reinstate_entity import reinstate_entity
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from registry_service.store.publishing import publishing
from registry_service.store.transaction import Store

HOST = "zz.jining.example"
CODE = "91370811MAJN000108"
RENCHENG, JIAXIANG = 11, 16
REGISTRAR, SUPERVISOR, ELSEWHERE = "0101", "0102", "0201"
VISIT = Visit("测试甲", "", "document", "counter")


@dataclass
class Clock:
    """A clock that moves when told."""

    moment: datetime = datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


def a_face(**changed: Any) -> Face:
    items: dict[str, Any] = {
        "business_name": "济宁市青禾物流有限公司",
        "type_code": 1130,
        "person": "测试甲",
        "address": address_of("山东省济宁市任城区阜桥街道试验路2号"),
        "capital": Capital.parse("100万元人民币"),
        "establish_date": date(2023, 5, 4),
        "scope": "一般项目：普通货物仓储服务；日用百货销售。",
    }
    return Face(**(items | changed))


@dataclass
class World:
    """The registry's parts, as the composition root wires them."""

    url: str
    keys: Path
    store: Store
    ring: KeyRing
    clock: Clock = field(default_factory=Clock)
    policy: ReviewPolicy = JINING_2023
    """What holds in the city."""

    @property
    def finisher(self) -> Finisher:
        return Finisher(self.store, self.ring, self.clock)

    @property
    def statements(self) -> StatementFinisher:
        return StatementFinisher(self.store, self.ring, self.clock)

    def publisher(self, ring: KeyRing | None = None, **settings: Any) -> Publisher:
        return Publisher(self.store, ring or self.ring, self.clock, **settings)

    @contextmanager
    def act(self, staff_no: str = REGISTRAR) -> Iterator[Act]:
        caller = Caller(f"spiffe://jining.yizhao.test/staff/{staff_no}", staff_no, None)
        with Desk(self.store, self.policy, self.clock).act(caller) as act:
            yield act

    def publish(self, publisher: Publisher | None = None) -> Edition:
        with publishing(self.store) as database:
            return (publisher or self.publisher()).publish(database)

    def register(self, code: str = CODE, **changed: Any) -> Entity:
        with self.act() as act:
            return register_entity(act, code, a_face(**changed), VISIT)

    def change(self, code: str = CODE, **changed: Any) -> Entity:
        with self.act() as act:
            return change_entity(act, code, changed, VISIT)

    def revoke(self, code: str = CODE) -> None:
        with self.act() as act:
            revoke_entity(act, code, a_face().business_name, "济市监处罚〔2026〕1号")

    def reinstate(self, code: str = CODE) -> None:
        with self.act() as act:
            reinstate_entity(act, code, a_face().business_name, "济政复决字〔2026〕1号")

    def file_site(self, code: str = CODE, address: str = "曲阜市鲁城街道试验路8号") -> int:
        with self.act() as act:
            _, application = take_application(act, code, VISIT)
            site = Site("曲阜试验店", address_of(address), "日用百货销售")
            person = act.tx.entities.find(code).face.person
            papers = (Document("commitment", bytes(32), person),)
            _, filing = draft_filing(act, code, application.receipt_number, site, papers)
            _, filed = submit_filing(act, code, filing.number)
        assert filed.premises_no is not None
        return filed.premises_no

    def intend(self, code: str = CODE, request_id: str | None = None) -> SignedDocument:
        with self.act() as act:
            return issue_license(act, code, request_id)

    def issue(self, code: str = CODE) -> SignedDocument:
        return self.finisher.finish(self.intend(code))

    def issue_site(self, premises_no: int, code: str = CODE) -> SignedDocument:
        with self.act() as act:
            document = issue_site_code(act, code, premises_no)
        return self.finisher.finish(document)

    def state_places(self, code: str = CODE) -> StoredStatement:
        """The premises statement in force, signed if it was not."""
        with self.act() as act:
            statement = issue_statement(act, code)
        return self.statements.finish(statement)

    def statement(self, version: int) -> StoredStatement:
        with self.store.transaction() as tx:
            return tx.statements.find(tx.entities.find(CODE).number, version)

    def document(self, version: int, premises_no: int | None = None) -> SignedDocument:
        with self.store.transaction() as tx:
            entity = tx.entities.find(CODE)
            return tx.licenses.find(entity.number, premises_no, version)

    def rows(self, query: Any, *values: Any) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def trust(self, edition: Edition) -> Trust:
        roots = tuple(key for _, use, key in self.ring.public_keys() if use is KeyUse.ROOT)
        return Trust.from_bundle(Bundle.decode(edition.content), Anchor(roots, "test"))

    def verdict(self, document: SignedDocument, edition: Edition) -> Verdict:
        return verify(scan_of(document), self.trust(edition), self.clock.moment)


def scan_of(document: SignedDocument) -> str:
    assert document.token is not None
    return str(ScanText.of(document.scan_host, document.token))


@contextmanager
def a_world(url: str, keys: Path, ring: KeyRing | None = None) -> Iterator[World]:
    """A registry; with a ring, its keys are those."""
    with Store(url, 4) as store:
        world = World(url, keys, store, ring or KeyRing(create_missing(keys), {}))
        with store.transaction() as tx:
            for unit in codes.UNITS.values():
                tx.units.put(Unit(unit.id, unit.name, unit.kind.value, unit.parent))
            tx.units.give_code(codes.CITY, INVENTED_ISSUER)
            since = date(2020, 1, 1)
            for number, name, unit_id, role in (
                (REGISTRAR, "测试乙", RENCHENG, Role.REGISTRAR),
                (SUPERVISOR, "测试丙", RENCHENG, Role.SUPERVISOR),
                (ELSEWHERE, "测试丁", 20, Role.REGISTRAR),
            ):
                tx.staff.put(Staff(number, name, (Assignment(unit_id, role, since),)))
            world.ring = establish_keys(tx, world.ring, world.clock())
            publish_trust(tx, world.ring, HOST, "test", world.clock())
        yield world
