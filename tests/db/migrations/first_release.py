"""A register as the first release left it: rows of schema 0001, hashed and signed as it did.

Rows are written by name into the tables of migration 1 and nothing else, so this module does not
change when the schema does. Three entities: a logistics company with two licences, two filed places
and filings in every state; a company taken over from the province and revoked; one whose unit is
unclear.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from clients.sample.codes import registration_number, uscc
from license_verify.codes.unit import UNITS
from license_verify.lists.manifest import ListEntry, Manifest, document_digest, sign_manifest
from license_verify.lists.status import Status
from license_verify.lists.status_list import StatusList, sign_status_list
from license_verify.lists.trust_list import KeyState, TrustedHost, TrustList, sign_trust_list
from license_verify.token import cbor, cose
from license_verify.token.claims import Claims, status_uri
from registry_service.domain.address import address_of
from registry_service.domain.capital import Capital
from registry_service.domain.entity import COUNTER, Entity, EntityState, EntityVersion, Face, Source
from registry_service.domain.event import Event
from registry_service.domain.key import KeyUse, SigningKey
from registry_service.domain.premises import Premises, PremisesState, Site
from registry_service.issuing.intent import Intent, license_claims, site_claims, token_of
from registry_service.issuing.keys import create_missing
from registry_service.issuing.signer import KeyRing
from registry_service.store.columns import address_columns

HOST: Final = "localhost:8443"
COMPANY: Final = uscc("91", "370811", 810_001)
REVOKED: Final = uscc("91", "370811", 810_002)
UNCLEAR: Final = uscc("91", "370811", 810_003)
_START: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
_DAY: Final = date(2026, 1, 5)
_RENCHENG, _QUFU, _ZOUCHENG = 11, 20, 21
_REGISTRAR: Final = ("0101", "任秋实", _RENCHENG)
_SUPERVISOR: Final = ("0202", "颜若水", _QUFU)
_PEOPLE: Final = (("0001", "钱守信", 1, "operator"), ("0101", "任秋实", _RENCHENG, "registrar"),
                  ("0202", "颜若水", _QUFU, "supervisor"))  # fmt: skip
_DIGEST: Final = bytes(range(32))


@dataclass
class FirstRelease:
    """Writes one register; each event comes a minute after the one before."""

    connection: psycopg.Connection
    ring: KeyRing
    _at: datetime = _START
    _feed_no: int = 0
    _index: int = 0
    _revisions: dict[int, int] = field(default_factory=dict)

    def row(self, table: str, **columns: Any) -> None:
        """Insert one row."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(map(sql.Placeholder, columns))
        into = sql.Identifier(table)
        insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(into, names, values)
        self.connection.execute(insert, columns)

    def tell(
        self,
        entity: Entity,
        kind: str,
        subject: str = "",
        basis: str = "",
        by: tuple[str, str, int | None] = _REGISTRAR,
    ) -> datetime:
        """Write the next event of an entity, with the number in the feed; its time."""
        self._at += timedelta(minutes=1)
        self._feed_no += 1
        number = entity.number
        revision = self._revisions[number] = self._revisions.get(number, 0) + 1
        workload = f"spiffe://jining.yizhao.test/staff/{by[0]}" if by[0] else "system"
        event = Event(
            number, revision, kind, subject, entity.state, *by, workload, basis, _DAY, self._at
        )
        self.row(
            "event", entity_no=number, revision=revision, feed_no=self._feed_no, kind=kind,
            subject=subject, state_after=entity.state, actor=event.actor,
            actor_name=event.actor_name, actor_unit_id=event.actor_unit, workload=workload,
            basis=basis, effective_date=_DAY, recorded_at=self._at, row_hash=event.digest(),
        )  # fmt: skip
        return self._at

    def reference(self) -> None:
        """Units, people, keys, and a disabled certificate."""
        for unit in UNITS.values():
            self.row(
                "unit", unit_id=unit.id, parent_id=unit.parent, kind=unit.kind.value,
                title=unit.name,
            )  # fmt: skip
        self.row(
            "unit_alias", source="name", code="任城", from_date=date(2014, 1, 1), unit_id=_RENCHENG
        )
        for number, name, unit_id, role in _PEOPLE:
            self.row("staff", staff_no=number, person_name=name)
            self.row(
                "staff_assignment", staff_no=number, unit_id=unit_id, role=role,
                from_date=date(2020, 1, 1),
            )  # fmt: skip
        self.row(
            "workload_disabled", spiffe_id="spiffe://jining.yizhao.test/staff/0999",
            disabled_at=_START, reason="遗失",
        )  # fmt: skip
        for key in self.keys():
            self.row(
                "signing_key", kid=key.kid, use=key.use, alg=cose.ES256,
                public_key=cbor.encode(cose.public_map(key.key)), state=key.state,
                created_at=_START, activated_at=_START,
            )  # fmt: skip
        self.row(
            "import_run", source="provincial", file_name="样例.csv", staff_no="0001",
            started_at=_START, ended_at=_START, imported=2, rejected=1,
        )  # fmt: skip
        self.row("import_reject", run_no=1, line=4, field="uniscid", reason="CHECK_CHARACTER")

    def keys(self) -> list[SigningKey]:
        """Every key of the ring, all active from the start."""
        return [
            SigningKey(kid, use, public, KeyState.ACTIVE, _START, _START)
            for kid, use, public in self.ring.public_keys()
        ]

    def entity(self, number: int, code: str, face: Face, **other: Any) -> Entity:
        """A new entity with its code and first version."""
        values: dict[str, Any] = {"registrar": _RENCHENG, "source": COUNTER, "kind": "registered"}
        values |= other
        version = EntityVersion(1, face, values["registrar"], _DAY, self._at, values["source"])
        entity = Entity(
            number, code, EntityState.ACTIVE, values["registrar"], 1, version, self._at, self._at
        )
        self.row(
            "entity", entity_no=number, uscc=code, state="active",
            registrar_unit_id=values["registrar"], version=1, revision=1, created_at=self._at,
            updated_at=self._at,
        )  # fmt: skip
        for each, kind in (
            (code, "uscc"),
            *((c, "registration_number") for c in values.get("former", ())),
        ):
            self.row("code_directory", code=each, entity_no=number)
            self.row("entity_code", entity_no=number, code=each, kind=kind, from_date=_DAY)
        self.version(entity)
        self.tell(entity, f"entity.{values['kind']}", basis=values["source"].system)
        return entity

    def version(self, entity: Entity) -> None:
        """The version in force, as a row."""
        face, current = entity.face, entity.current
        self.row(
            "entity_version", entity_no=entity.number, version=current.version,
            business_name=face.business_name, type_code=face.type_code, person=face.person,
            **address_columns(face.address), capital=face.capital.text if face.capital else "",
            capital_fen=1_000_000_000 if face.capital else None,
            capital_currency="CNY" if face.capital else None, establish_date=face.establish_date,
            scope=face.scope, organization_form="", registrar_unit_id=current.registrar,
            effective_date=current.effective_date, recorded_at=current.recorded_at,
            source=current.source.system, source_id=current.source.record_id,
            run_no=current.source.run,
        )  # fmt: skip

    def change(self, entity: Entity, **changed: Any) -> Entity:
        """The entity with another face; a licence of the old one is superseded."""
        version = entity.current.version + 1
        at = self.tell(entity, "entity.changed", basis="YZ11-20260105-000001")
        face = replace(entity.face, **changed)
        current = replace(entity.current, version=version, face=face, recorded_at=at)
        entity = entity.with_version(current)
        self.version(entity)
        self.run(
            "UPDATE entity SET version = %s WHERE entity_no = %s", current.version, entity.number
        )
        self.run(
            "UPDATE license_version SET state = 'superseded' WHERE entity_no = %s", entity.number
        )
        self.run(
            "UPDATE status_entry SET own = %s WHERE entity_no = %s",
            Status.SUPERSEDED,
            entity.number,
        )
        self.tell(entity, "license.superseded", f"licenses/{version - 1}")
        return entity

    def license(self, entity: Entity, number: int) -> None:
        """Issue the next licence, of the version in force."""
        at = self.tell(entity, "license.requested", f"licenses/{number}")
        claims = license_claims(entity, HOST, (0, self._index), at)
        signed = self._signed(entity, claims, at)
        self.row("license_version", version=number, entity_version=entity.current.version, **signed)
        self.tell(entity, "license.issued", f"licenses/{number}", by=("", "", None))

    def site_code(self, entity: Entity, place: Premises) -> None:
        """Issue the code of a place."""
        subject = f"premises/{place.number}/codes/1"
        at = self.tell(entity, "site_code.requested", subject)
        signed = self._signed(entity, site_claims(entity, place, HOST, (0, self._index), at), at)
        self.row("site_code", premises_no=place.number, version=1, premises_version=1, **signed)
        self.tell(entity, "site_code.issued", subject, by=("", "", None))

    def _signed(self, entity: Entity, claims: Claims, at: datetime) -> dict[str, Any]:
        """The columns of a signed document, its status entry written."""
        self.row(
            "status_entry", entity_no=entity.number, list_no=0, idx=self._index, own=Status.VALID
        )
        self._index += 1
        kid, sign = self.ring.sign(KeyUse.TOKEN)
        intent = Intent.of(claims, kid)
        return {
            "entity_no": entity.number, "state": "issued", "kid": kid,
            "request_id": UUID(int=self._index), "to_be_signed": intent.to_be_signed, "list_no": 0,
            "idx": self._index - 1, "scan_host": HOST,
            "token": token_of(intent.to_be_signed, sign), "token_id": intent.token_id,
            "created_at": at, "issued_at": at,
        }  # fmt: skip

    def visit(self, entity: Entity, number: int) -> None:
        """An application with its receipt."""
        receipt = f"YZ11-20260105-{entity.number:03}{number:03}"
        self.row(
            "application", entity_no=entity.number, application_no=number, receipt_number=receipt,
            applicant="钱试写", agent="", identity_check="card_at_counter", channel="counter",
            unit_id=_RENCHENG, staff_no="0101", created_at=self._at,
        )  # fmt: skip
        self.row("receipt_directory", receipt_number=receipt, entity_no=entity.number)
        self.tell(entity, "application.taken", f"applications/{receipt}", receipt)

    def filing(self, entity: Entity, number: int, state: str, site: Site) -> None:
        """A filing of a visit of its own, with its document; one sent back has a finding."""
        self.visit(entity, number)
        self.tell(entity, "filing.drafted", f"filings/{number}")
        revision = 1 if state == "draft" else 2
        if state != "draft":
            self.tell(entity, f"filing.{state}", f"filings/{number}")
        filed = number if state == "filed" else None
        self.row(
            "filing", entity_no=entity.number, filing_no=number, application_no=number, state=state,
            title=site.title, **address_columns(site.address), scope=site.scope, use=site.use,
            policy_version="" if state == "draft" else "jining-2023", premises_no=filed,
            handover_no=filed, revision=revision, created_at=self._at, updated_at=self._at,
        )  # fmt: skip
        self.row(
            "document", entity_no=entity.number, filing_no=number, revision=1, document_no=1,
            kind="commitment", sha256=_DIGEST, signer=entity.face.person,
        )  # fmt: skip
        if state in ("returned", "manual"):
            self.row(
                "finding", entity_no=entity.number, filing_no=number, revision=1, rule=9,
                outcome="return" if state == "returned" else "manual", reason="地址不完整",
                remedy="请补充门牌号",
            )  # fmt: skip

    def place(self, entity: Entity, number: int, site: Site) -> Premises:
        """The premises that a filing of that number brought, handed over to its unit."""
        unit = site.address.unit
        assert unit is not None
        self.row(
            "premises", entity_no=entity.number, premises_no=number, state="live", version=1,
            unit_id=unit, filing_no=number, filing_date=_DAY, revision=1,
        )  # fmt: skip
        self.row(
            "premises_version", entity_no=entity.number, premises_no=number, version=1,
            title=site.title, **address_columns(site.address), scope=site.scope, use=site.use,
            effective_date=_DAY, recorded_at=self._at, source="counter", source_id="",
        )  # fmt: skip
        self.row(
            "handover", entity_no=entity.number, handover_no=number, filing_no=number,
            premises_no=number, from_unit_id=_RENCHENG, to_unit_id=unit, state="pending",
            revision=1, created_at=self._at,
        )  # fmt: skip
        return Premises(
            entity.number, number, PremisesState.LIVE, 1, site, unit, number, _DAY, 1, self._at,
            COUNTER,
        )  # fmt: skip

    def acknowledge(self, entity: Entity, number: int) -> None:
        """The host unit takes a place on."""
        at = self.tell(entity, "handover.acknowledged", f"handovers/{number}", by=_SUPERVISOR)
        self.run(
            "UPDATE handover SET state = 'acknowledged', revision = 2, acknowledged_by = '0202',"
            " acknowledged_at = %s WHERE entity_no = %s AND handover_no = %s",
            at, entity.number, number,
        )  # fmt: skip

    def run(self, statement: str, *values: object) -> None:
        """Change rows."""
        self.connection.execute(statement.encode(), values)

    def close(self) -> None:
        """What stands at the end of the day: counters, revisions, and all that is published."""
        for number, revision in self._revisions.items():
            self.run("UPDATE entity SET revision = %s WHERE entity_no = %s", revision, number)
        # The last event was committed just before the process ended.
        self.run("UPDATE event SET feed_no = NULL WHERE feed_no = %s", self._feed_no)
        self._feed_no -= 1
        self.run("UPDATE feed SET last_no = %s", self._feed_no)
        self.run("SELECT setval('entity_no_seq', %s)", max(self._revisions))
        self.run("SELECT setval('receipt_seq', 5)")
        self.run("SELECT setval('status_entry_seq', %s)", self._index - 1)
        self._publish()

    def _publish(self) -> None:
        uri, second = status_uri(HOST, 0), self._at
        root, by_root = self.ring.sign(KeyUse.ROOT)
        trusted = tuple(key.trusted() for key in self.keys() if key.use is not KeyUse.ROOT)
        hosts = (TrustedHost(HOST, _START),)
        trust = sign_trust_list(
            TrustList(1, "test", _START, trusted, hosts), kid=root, sign=by_root
        )
        kid, sign = self.ring.sign(KeyUse.STATUS)
        nothing = bytes([Status.INVALID << 4 | Status.INVALID]) * 512
        content = StatusList(uri, second, second + timedelta(days=14), 43_200, nothing)
        listed = sign_status_list(content, kid=kid, sign=sign)
        manifest = Manifest(
            41, second, "test", 1, document_digest(trust),
            {uri: ListEntry(document_digest(listed), second)}, 0,
        )  # fmt: skip
        kid, sign = self.ring.sign(KeyUse.PUBLICATION)
        self.row("trust_list", version=1, content=trust, issued_at=_START)
        self.row("published_list", uri=uri, list_no=0, content=listed, issued_at=second)
        signed = sign_manifest(manifest, kid=kid, sign=sign)
        self.row("manifest", seq=41, content=signed, issued_at=second, feed_watermark=0)


def write_first_release(connection: psycopg.Connection, keys: Path) -> None:
    """Fill the tables of migration 1, and make the folder of keys."""
    held = create_missing(keys)
    active = {key.use: key.kid for key in held}
    release = FirstRelease(connection, KeyRing(held, active))
    release.reference()
    _company(release)
    _revoked(release)
    face = _face("济宁市试远商贸有限公司", "样例路5号")
    release.entity(
        3, UNCLEAR, face, registrar=None, source=Source("provincial", "JN-3", 1), kind="imported"
    )
    release.row(
        "request_log", caller="staff/0101", request_id=UUID(int=77), method="RegisterEntity",
        digest=_DIGEST, answer=b"", recorded_at=_START,
    )  # fmt: skip
    release.close()


def _company(release: FirstRelease) -> None:
    face = _face("济宁市试捷物流有限公司", "山东省济宁市任城区阜桥街道样例路2号")
    company = release.entity(1, COMPANY, face)
    release.license(company, 1)
    company = release.change(company, person="赵试写", scope="一般项目：日用百货销售")
    release.license(company, 2)
    sites = {
        number: Site(f"试{number}店", address_of(f"{town}样例路{number}号"), "", "")
        for number, town in enumerate(
            ("曲阜市鲁城街道", "邹城市钢山街道", "曲阜市鲁城街道", "邹城市", "曲阜市鲁城街道"), 1
        )
    }
    for number, state in enumerate(("filed", "filed", "draft", "returned", "manual"), 1):
        release.filing(company, number, state, sites[number])
    places = [release.place(company, number, sites[number]) for number in (1, 2)]
    release.acknowledge(company, 1)
    release.site_code(company, places[0])
    release.row(
        "access", entity_no=1, workload="spiffe://jining.yizhao.test/staff/0101", staff_no="0101",
        method="GetEntity", basis="咨询", recorded_at=_START,
    )  # fmt: skip


def _revoked(release: FirstRelease) -> None:
    face = _face("济宁市试安商贸有限公司", "任城区阜桥街道样例路4号")
    former = (registration_number("370811", household=False, number=8_100_002),)
    entity = release.entity(
        2, REVOKED, face, source=Source("provincial", "JN-2", 1), kind="imported", former=former
    )
    release.license(entity, 1)
    entity = replace(entity, state=EntityState.REVOKED)
    release.tell(entity, "entity.revoked", basis="济市监处罚〔2026〕1号")
    release.run("UPDATE entity SET state = 'revoked' WHERE entity_no = 2")


def _face(name: str, address: str) -> Face:
    return Face(
        business_name=name,
        type_code=1130,
        person="钱试写",
        address=address_of(address),
        capital=Capital.parse("1000万元人民币"),
        establish_date=date(2020, 5, 6),
        scope="一般项目：日用百货销售；普通货物仓储服务",
    )
