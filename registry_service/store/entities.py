"""Tables `entity`, `entity_code`, `entity_version` and `code_directory`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from registry_service.domain.capital import Capital
from registry_service.domain.entity import Entity, EntityState, EntityVersion, Face, Source
from registry_service.domain.errors import CodeTaken, EntityUnknown, EtagMismatch
from registry_service.domain.history import CodeCorrection
from registry_service.store.columns import address_columns, read_address
from registry_service.store.entity_search import FRESH, EntitySearch
from registry_service.store.numbers import Numbers
from registry_service.store.rows import only_row

_FACE: LiteralString = """
    business_name, type_code, person, address, address_normalised, county_unit_id,
    address_unit_id, standard_code, latitude, longitude, capital, capital_fen, capital_currency,
    establish_date, scope, term_start_date, term_end_date, organization_form
"""
_VERSION: LiteralString = """
    version, registrar_unit_id, effective_date, recorded_at, source, source_id, run_no,
    corrects_version
"""
_PRESENT: LiteralString = """
           e.entity_no, e.uscc, e.state, e.revision, e.created_at, e.updated_at,
           e.registrar_unit_id AS home_unit_id, f.*,
           (SELECT count(*) FROM premises p
             WHERE p.entity_no = e.entity_no AND p.state IN ('live', 'suspended')) AS live_premises
"""
PRESENT: LiteralString = _PRESENT + ", '{}'::text[] AS former_codes"
"""Columns that `read_entity` reads, for one who does not ask for former codes."""

ENTITY: LiteralString = (
    _PRESENT
    + """,
           (SELECT coalesce(array_agg(c.code ORDER BY c.from_date NULLS FIRST, c.code), '{}')
              FROM entity_code c
             WHERE c.entity_no = e.entity_no AND c.code <> e.uscc) AS former_codes
"""
)
"""Columns that `read_entity` reads."""

OF_ENTITY: LiteralString = (
    """
      entity e
      JOIN LATERAL (SELECT """
    + _FACE
    + ","
    + _VERSION
    + """ FROM entity_version v
             WHERE v.entity_no = e.entity_no AND v.version = e.version) f ON true
"""
)
"""Where those columns come from."""

BY_CODE: LiteralString = (
    " JOIN code_directory d ON d.entity_no = e.entity_no WHERE d.code = %(code)s"
)
_FORMER_NAMES: LiteralString = """
    SELECT v.entity_no, v.business_name
      FROM entity e JOIN entity_version v ON v.entity_no = e.entity_no AND v.version < e.version
     WHERE e.entity_no = ANY (%(numbers)s)
     ORDER BY v.entity_no, v.version DESC
"""
_LOCK_MANY: LiteralString = """
    SELECT entity_no FROM entity WHERE entity_no = ANY (%(entities)s)
     ORDER BY entity_no FOR NO KEY UPDATE
"""
_MANY: LiteralString = (
    "SELECT "
    + ENTITY
    + " FROM "
    + OF_ENTITY
    + " WHERE e.entity_no = ANY (%(entities)s) ORDER BY e.entity_no"
)
IN_CODE_ORDER: LiteralString = """
     WHERE e.uscc > %(after)s
       AND (%(units)s::integer[] IS NULL OR e.registrar_unit_id = ANY (%(units)s))
       AND (NOT %(unclear)s OR e.registrar_unit_id IS NULL)
     ORDER BY e.uscc
     LIMIT %(limit)s
"""
_FIND: LiteralString = "SELECT " + ENTITY + " FROM " + OF_ENTITY + BY_CODE
_LOCK: LiteralString = """
    SELECT e.entity_no FROM entity e JOIN code_directory d ON d.entity_no = e.entity_no
     WHERE d.code = %(code)s FOR NO KEY UPDATE OF e
"""
_INSERT: LiteralString = """
    INSERT INTO entity (entity_no, uscc, state, registrar_unit_id, version, revision,
                        created_at, updated_at)
    VALUES (%(entity_no)s, %(uscc)s, %(state)s, %(registrar_unit_id)s, %(version)s, %(revision)s,
            %(now)s, %(now)s)
"""
_INSERT_CODE: LiteralString = """
    INSERT INTO entity_code (entity_no, code, kind, from_date)
    VALUES (%(entity_no)s, %(code)s, %(kind)s, %(from_date)s)
"""
_INSERT_DIRECTORY: LiteralString = """
    INSERT INTO code_directory (code, entity_no) VALUES (%(code)s, %(entity_no)s)
"""
_INSERT_VERSION: LiteralString = (
    "INSERT INTO entity_version (entity_no,"
    + _FACE
    + ","
    + _VERSION
    + """) VALUES (
        %(entity_no)s, %(business_name)s, %(type_code)s, %(person)s, %(address)s,
        %(address_normalised)s, %(county_unit_id)s, %(address_unit_id)s, %(standard_code)s,
        %(latitude)s, %(longitude)s, %(capital)s, %(capital_fen)s, %(capital_currency)s,
        %(establish_date)s, %(scope)s, %(term_start_date)s, %(term_end_date)s,
        %(organization_form)s, %(version)s, %(registrar_unit_id)s, %(effective_date)s,
        %(recorded_at)s, %(source)s, %(source_id)s, %(run_no)s, %(corrects_version)s)
"""
)
_SAVE: LiteralString = (
    """
    WITH e AS (
        UPDATE entity
           SET state = %(state)s, registrar_unit_id = %(registrar_unit_id)s,
               version = %(version)s, revision = revision + 1, updated_at = %(now)s
         WHERE entity_no = %(entity_no)s AND revision = %(revision)s
        RETURNING entity_no, uscc, state, registrar_unit_id, version)
    SELECT ("""
    + FRESH
    + """) IS TRUE AS found
      FROM e LEFT JOIN entity_search s ON s.entity_no = e.entity_no
"""
)
_CODE_OWNER: LiteralString = "SELECT entity_no FROM code_directory WHERE code = %(code)s"
_END_CODE: LiteralString = """
    UPDATE entity_code SET until_date = %(until_date)s
     WHERE entity_no = %(entity_no)s AND code = %(code)s
"""
_REOPEN_CODE: LiteralString = """
    UPDATE entity_code SET until_date = NULL
     WHERE entity_no = %(entity_no)s AND code = %(code)s
"""
_SET_CODE: LiteralString = """
    UPDATE entity SET uscc = %(code)s WHERE entity_no = %(entity_no)s
"""
_VERSIONS: LiteralString = (
    "SELECT "
    + _FACE
    + ","
    + _VERSION
    + """ FROM entity_version
     WHERE entity_no = %(entity_no)s AND version < %(before)s
     ORDER BY version DESC LIMIT %(limit)s
"""
)
_VERSIONS_OF: LiteralString = (
    "SELECT entity_no,"
    + _FACE
    + ","
    + _VERSION
    + """ FROM entity_version WHERE entity_no = ANY (%(entities)s) ORDER BY entity_no, version
"""
)
_HOMES: LiteralString = """
    SELECT d.code, e.entity_no, e.registrar_unit_id
      FROM code_directory d JOIN entity e ON e.entity_no = d.entity_no
     WHERE d.code = ANY (%(codes)s)
"""
_LAST_VERSION: LiteralString = """
    SELECT max(version) AS version FROM entity_version WHERE entity_no = %(entity_no)s
"""
_CORRECTED: LiteralString = """
    INSERT INTO code_correction (entity_no, revision, wrong_code, right_code)
    VALUES (%(entity_no)s, %(revision)s, %(wrong)s, %(right)s)
"""
_CORRECTIONS: LiteralString = """
    SELECT revision, wrong_code, right_code FROM code_correction
     WHERE entity_no = %(entity_no)s ORDER BY revision
"""
_DUPLICATES: LiteralString = """
    SELECT d.code, d.entity_no FROM code_directory d WHERE d.code = ANY (%(codes)s)
"""


def read_face(row: DictRow) -> Face:
    """The face in a row."""
    capital = None
    if row["capital"]:
        capital = Capital(row["capital"], row["capital_fen"], row["capital_currency"])
    return Face(
        business_name=row["business_name"],
        type_code=row["type_code"],
        person=row["person"],
        address=read_address(row),
        capital=capital,
        establish_date=row["establish_date"],
        scope=row["scope"],
        term_start_date=row["term_start_date"],
        term_end_date=row["term_end_date"],
        organization_form=row["organization_form"],
    )


def _version(row: DictRow) -> EntityVersion:
    return EntityVersion(
        version=row["version"],
        face=read_face(row),
        registrar=row["registrar_unit_id"],
        effective_date=row["effective_date"],
        recorded_at=row["recorded_at"],
        source=Source(row["source"], row["source_id"], row["run_no"]),
        corrects_version=row["corrects_version"],
    )


def read_entity(row: DictRow) -> Entity:
    """The entity in a row of `ENTITY`."""
    return Entity(
        number=row["entity_no"],
        uscc=row["uscc"],
        state=EntityState(row["state"]),
        registrar=row["home_unit_id"],
        revision=row["revision"],
        current=_version(row),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        former_codes=tuple(row["former_codes"]),
        live_premises=row["live_premises"],
    )


def _version_row(entity_no: int, version: EntityVersion) -> dict[str, Any]:
    face, capital = version.face, version.face.capital
    return {
        "entity_no": entity_no,
        "business_name": face.business_name,
        "type_code": face.type_code,
        "person": face.person,
        **address_columns(face.address),
        "capital": capital.text if capital else "",
        "capital_fen": capital.fen if capital else None,
        "capital_currency": capital.currency if capital else None,
        "establish_date": face.establish_date,
        "scope": face.scope,
        "term_start_date": face.term_start_date,
        "term_end_date": face.term_end_date,
        "organization_form": face.organization_form,
        "version": version.version,
        "registrar_unit_id": version.registrar,
        "effective_date": version.effective_date,
        "recorded_at": version.recorded_at,
        "source": version.source.system,
        "source_id": version.source.record_id,
        "run_no": version.source.run,
        "corrects_version": version.corrects_version,
    }


def _entity_row(entity: Entity, now: datetime) -> dict[str, Any]:
    return {
        "entity_no": entity.number,
        "uscc": entity.uscc,
        "state": entity.state,
        "registrar_unit_id": entity.registrar,
        "version": entity.current.version,
        "revision": entity.revision,
        "now": now,
    }


def _code_rows(entity: Entity) -> list[dict[str, Any]]:
    """Rows of its codes: the one in force, and 15-digit numbers from before."""
    since = entity.face.establish_date
    kinds = [(entity.uscc, "uscc", since)]
    kinds += [(code, "registration_number", None) for code in entity.former_codes]
    return [
        {"entity_no": entity.number, "code": code, "kind": kind, "from_date": day}
        for code, kind, day in kinds
    ]


def unknown(code: str) -> EntityUnknown:
    """The refusal of a code that is nobody's."""
    return EntityUnknown(
        f"no entity has or had the code {code}",
        zh=f"登记簿中没有代码为 {code} 的主体，请核对代码",
        code=code,
    )


def _taken(code: str) -> CodeTaken:
    return CodeTaken(
        f"another entity has or had the code {code}",
        zh=f"代码 {code} 已被其他主体使用",
        code=code,
    )


@dataclass(frozen=True, slots=True)
class Home:
    """Which entity has a code, and who registers it."""

    entity_no: int
    registrar: int | None


class Entities:
    """Entities with their codes and versions; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection
        self._search = EntitySearch(connection)

    def find(self, code: str, *, for_update: bool = False) -> Entity:
        """The entity that has or had this code.

        Args:
            code: USCC, former USCC or 15-digit 注册号.
            for_update: lock it first, so that this act is the only one on it.

        Raises:
            EntityUnknown: none has or had it.
        """
        if for_update:
            self._connection.execute(_LOCK, {"code": code})
        row = self._connection.execute(_FIND, {"code": code}).fetchone()
        if row is None:
            raise unknown(code)
        return read_entity(row)

    def former_names(self, numbers: Iterable[int]) -> dict[int, list[str]]:
        """Names of the versions before the one in force, the latest first, by own number."""
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(_FORMER_NAMES, {"numbers": list(numbers)}):
            found.setdefault(row["entity_no"], []).append(row["business_name"])
        return found

    def locked(self, entities: Collection[int]) -> list[Entity]:
        """These entities by number, locked: the caller's act is the only one on them."""
        self._connection.execute(_LOCK_MANY, {"entities": list(entities)})
        return self.many(entities)

    def many(self, entities: Collection[int]) -> list[Entity]:
        """These entities, by number."""
        key = {"entities": list(entities)}
        return [read_entity(row) for row in self._connection.execute(_MANY, key)]

    def versions(
        self, entity_no: int, before: int = 2**31 - 1, limit: int = 1000
    ) -> list[EntityVersion]:
        """Versions of an entity's face, newest first, those below `before`."""
        parameters = {"entity_no": entity_no, "before": before, "limit": limit}
        return [_version(row) for row in self._connection.execute(_VERSIONS, parameters)]

    def versions_of(self, entities: Collection[int]) -> dict[int, list[EntityVersion]]:
        """Every version of these entities' faces, oldest first, by entity."""
        found: dict[int, list[EntityVersion]] = {}
        for row in self._connection.execute(_VERSIONS_OF, {"entities": list(entities)}):
            found.setdefault(row["entity_no"], []).append(_version(row))
        return found

    def last_version(self, entity_no: int) -> int:
        """The number of the version recorded last, which need not be the one in force."""
        return int(only_row(self._connection, _LAST_VERSION, {"entity_no": entity_no})["version"])

    def next_version(self, entity_no: int) -> int:
        """The number that a version recorded now gets; the entity is locked."""
        return Numbers(self._connection).after(self.last_version(entity_no))

    def keep_correction(self, entity_no: int, correction: CodeCorrection) -> None:
        """Keep which code took the place of which; its event is stored."""
        row = {
            "entity_no": entity_no,
            "revision": correction.revision,
            "wrong": correction.wrong,
            "right": correction.right,
        }
        self._connection.execute(_CORRECTED, row)

    def corrections(self, entity_no: int) -> list[CodeCorrection]:
        """Corrections of the entity's credit code, oldest first."""
        return [
            CodeCorrection(row["revision"], row["wrong_code"], row["right_code"])
            for row in self._connection.execute(_CORRECTIONS, {"entity_no": entity_no})
        ]

    def taken(self, codes: Iterable[str]) -> dict[str, int]:
        """Which of these codes are or were somebody's, with the entity's number."""
        rows = self._connection.execute(_DUPLICATES, {"codes": list(codes)})
        return {row["code"]: row["entity_no"] for row in rows}

    def homes(self, codes: Iterable[str]) -> dict[str, Home]:
        """Whose these codes are or were; those of nobody are left out."""
        rows = self._connection.execute(_HOMES, {"codes": list(codes)})
        return {r["code"]: Home(r["entity_no"], r["registrar_unit_id"]) for r in rows}

    def add(
        self, uscc: str, version: EntityVersion, now: datetime, former: tuple[str, ...] = ()
    ) -> Entity:
        """Put a new entity on the register, with revision 0 until its first event.

        Raises:
            CodeTaken: another entity has or had one of the codes.
        """
        number = only_row(self._connection, "SELECT nextval('entity_no_seq') AS n")
        entity = Entity(
            number=number["n"],
            uscc=uscc,
            state=EntityState.ACTIVE,
            registrar=version.registrar,
            revision=0,
            current=version,
            created_at=now,
            updated_at=now,
            former_codes=former,
        )
        self._connection.execute(_INSERT, _entity_row(entity, now))
        for row in _code_rows(entity):
            try:
                self._connection.execute(_INSERT_DIRECTORY, row)
            except errors.UniqueViolation:
                raise _taken(str(row["code"])) from None
            self._connection.execute(_INSERT_CODE, row)
        self.add_version(entity.number, version)
        return entity

    def add_version(self, entity_no: int, version: EntityVersion) -> None:
        """Store a version of an entity's face."""
        self._connection.execute(_INSERT_VERSION, _version_row(entity_no, version))

    def correct_code(self, entity: Entity, code: str, day: date) -> Entity:
        """Put another code in force from that day; the old one stays and still finds the entity.

        The caller holds the entity's lock and saves the entity. A former USCC of its own may come
        back.

        Raises:
            CodeTaken: another entity has or had the code.
        """
        key = {"entity_no": entity.number, "code": code, "kind": "uscc", "from_date": day}
        owner = self._connection.execute(_CODE_OWNER, key).fetchone()
        if owner is None:
            try:
                self._connection.execute(_INSERT_DIRECTORY, key)
            except errors.UniqueViolation:
                raise _taken(code) from None
            self._connection.execute(_INSERT_CODE, key)
        elif owner["entity_no"] != entity.number:
            raise _taken(code)
        else:
            self._connection.execute(_REOPEN_CODE, key)
        last_day = {"until_date": day - timedelta(days=1), "code": entity.uscc}
        self._connection.execute(_END_CODE, key | last_day)
        self._connection.execute(_SET_CODE, key)
        former = tuple(old for old in (*entity.former_codes, entity.uscc) if old != code)
        return replace(entity, uscc=code, former_codes=former)

    def save(self, entity: Entity, now: datetime) -> Entity:
        """Write state, registrar and version over the revision `entity` was read at.

        Every act on an entity ends here, so here it is also made findable by what it has become.

        Returns:
            The entity at its next revision.

        Raises:
            EtagMismatch: another writer was first.
        """
        saved = self._connection.execute(_SAVE, _entity_row(entity, now)).fetchone()
        if saved is None:
            raise EtagMismatch(
                "the entity changed since it was read; read it again",
                zh="该主体在您读取后又有登记、备案或抄告办理，请重新读取后再办理",
                code=entity.uscc,
            )
        if not saved["found"]:
            self._search.make([entity.number])
        return replace(entity, revision=entity.revision + 1, updated_at=now)
