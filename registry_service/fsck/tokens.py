"""Invariants 5 and 8: each stored token verifies, and says what its row and the register say."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.codes.entity_type import find
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.refusal import Refusal
from license_verify.token import cose
from license_verify.token.claims import Claims, Token, end_of, read, status_uri
from license_verify.token.face import LicenseFace, SiteFace, digest
from registry_service.fsck.fault import Fault
from registry_service.fsck.progress import Tell, counted, rows_of, silent
from registry_service.issuing.intent import claims_of
from registry_service.operations.intend import trust_content
from registry_service.store.publication import Publication

_DOCUMENT: LiteralString = """
    d.state, d.kid, d.to_be_signed, d.list_no, d.idx, d.scan_host, d.token, d.token_id,
    ARRAY(SELECT c.code FROM entity_code c WHERE c.entity_no = d.entity_no) AS codes
"""
_FACE: LiteralString = """
    f.business_name, f.type_code, f.person, f.address, f.capital, f.establish_date, f.scope,
    f.term_start_date, f.term_end_date, f.organization_form, f.registrar_unit_id, f.effective_date
"""
_LICENSES: LiteralString = (
    "SELECT d.entity_no, d.version, d.entity_version AS facts_version,"  # noqa: S608 - constants
    + _DOCUMENT
    + ","
    + _FACE
    + """
      FROM license_version d
      JOIN entity_version f ON f.entity_no = d.entity_no AND f.version = d.entity_version
"""
)
_SITE_CODES: LiteralString = (
    "SELECT d.entity_no, d.premises_no, d.version,"  # noqa: S608 - constants
    " d.premises_version AS facts_version,"
    + _DOCUMENT
    + """, f.title, f.address, f.scope,
           CASE WHEN f.version = p.version THEN p.unit_id ELSE f.address_unit_id END AS unit_id
      FROM site_code d
      JOIN premises p ON p.entity_no = d.entity_no AND p.premises_no = d.premises_no
      JOIN premises_version f ON f.entity_no = d.entity_no AND f.premises_no = d.premises_no
                             AND f.version = d.premises_version
"""
)
_COPIES: LiteralString = (
    "SELECT d.entity_no, d.copy_no, d.duplicate_no,"  # noqa: S608 - constants
    " d.entity_version AS facts_version, l.to_be_signed AS licensed,"
    " l.entity_version AS licensed_version,"
    + _DOCUMENT
    + ","
    + _FACE
    + """
      FROM copy_token d
      JOIN license_version l ON l.entity_no = d.entity_no AND l.version = d.license_no
      JOIN entity_version f ON f.entity_no = d.entity_no AND f.version = d.entity_version
"""
)
_COUNT_LICENSES: LiteralString = "SELECT count(*) AS n FROM license_version"
_COUNT_COPIES: LiteralString = "SELECT count(*) AS n FROM copy_token"
_COUNT_SITE_CODES: LiteralString = "SELECT count(*) AS n FROM site_code"
_BATCH: Final = 2_000


def check_tokens(connection: psycopg.Connection[DictRow], tell: Tell = silent) -> Iterator[Fault]:
    """Documents that do not verify, or say something else than the register."""
    stored = Publication(connection).trust()
    keys = {key.kid: key for key in trust_content(stored).keys} if stored else {}
    for table, query, number, what, count in (
        ("license_version", _LICENSES, "version", "licences 执照", _COUNT_LICENSES),
        ("site_code", _SITE_CODES, "premises_no", "site codes 场所码", _COUNT_SITE_CODES),
        ("copy_token", _COPIES, "copy_no", "printed copies 正副本", _COUNT_COPIES),
    ):
        whole = rows_of(connection, count)
        with connection.cursor(f"fsck_{table}") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(query)
            for row in counted(cursor, what, whole, tell):
                key = f"entity_no={row['entity_no']} {number}={row[number]}"
                if table == "site_code":
                    key += f" version={row['version']}"
                for invariant, sentence in _faults(row, keys):
                    yield Fault(invariant, table, key, sentence)


def _faults(row: DictRow, keys: Mapping[bytes, TrustedKey]) -> Iterator[tuple[int, str]]:
    said = bytes(row["to_be_signed"])
    if hashlib.sha256(said).digest() != bytes(row["token_id"]):
        yield 8, "its token id is not that of what was to be signed"
    try:
        claims = claims_of(said)
    except (Refusal, ValueError) as error:
        yield 8, f"what was to be signed can't be read: {type(error).__name__}"
        return
    for item in _differing(row, claims):
        yield 5, f"{item} is not what the register says"
    if row["token"] is not None:
        try:
            token = read(bytes(row["token"]))
        except Refusal as error:
            yield 5, f"its token can't be read: {error.reason}"
            return
        yield from _signature_faults(row, token, keys)


def _signature_faults(
    row: DictRow, token: Token, keys: Mapping[bytes, TrustedKey]
) -> Iterator[tuple[int, str]]:
    key = keys.get(token.sign1.kid)
    if token.sign1.signed_bytes != bytes(row["to_be_signed"]):
        yield 5, "what was signed is not what was to be signed"
    if token.sign1.kid != bytes(row["kid"]) or key is None or key.use is not Use.TOKEN:
        yield 5, "its key is not the published token key that the row names"
    elif key.state is KeyState.DISTRUSTED and row["state"] == "issued":
        yield 5, "it is in force, and its key is distrusted"
    elif not cose.signature_fits(token.sign1, key.key, key.alg):
        yield 5, "its signature does not verify"


def _differing(row: DictRow, claims: Claims) -> Iterator[str]:
    face = claims.face
    uri = status_uri(row["scan_host"], row["list_no"])
    pairs: list[tuple[str, object, object]] = [
        ("its code", claims.subject[:18] in row["codes"], True),
        ("its status entry", (claims.status.index, claims.status.uri), (row["idx"], uri)),
        ("its version", face.version, row["facts_version"]),
        ("its address", face.address or face.address_digest, _address(row, face.address)),
    ]
    if isinstance(face, LicenseFace):
        pairs += _license_pairs(row, claims, face)
        pairs += _copy_pairs(row, face)
    else:
        pairs += _site_pairs(row, claims, face)
    for item, signed, known in pairs:
        if signed != known:
            yield item


def _address(row: DictRow, printed: str | None) -> object:
    return row["address"] if printed is not None else digest(row["address"])


def _license_pairs(
    row: DictRow, claims: Claims, face: LicenseFace
) -> list[tuple[str, object, object]]:
    kind = find(row["type_code"])
    labels = kind.kind.labels if kind else None
    name, end = row["business_name"] or None, row["term_end_date"]
    shortened = face.name_digest is not None
    return [
        ("its kind", claims.site, None),
        ("its name", face.name, name[:40] if name and shortened else name),
        ("its name", face.name_digest, digest(name) if name and shortened else None),
        ("its type", face.type_code, row["type_code"]),
        ("its person", face.person, row["person"]),
        ("its scope", face.scope_digest, digest(row["scope"])),
        ("its registrar", face.registrar, row["registrar_unit_id"]),
        ("its date of establishment", face.established, row["establish_date"]),
        ("its date", face.approved, row["effective_date"]),
        ("its start of term", face.term_start, row["term_start_date"]),
        ("its end of term", claims.expires_at, end_of(end) if end else None),
        (
            "its capital",
            face.capital,
            (row["capital"] or None) if _has(labels, "capital") else None,
        ),
        (
            "its form",
            face.form,
            (row["organization_form"] or None) if _has(labels, "form") else None,
        ),
    ]


def _copy_pairs(row: DictRow, face: LicenseFace) -> list[tuple[str, object, object]]:
    """A copy says which it is, and else what its licence says; a licence says it is none."""
    if "duplicate_no" not in row:
        return [("that it is electronic", face.copy, None)]
    licensed = claims_of(bytes(row["licensed"])).face
    marked = isinstance(licensed, LicenseFace) and licensed.many_addresses
    return [
        ("which copy it is", face.copy, row["duplicate_no"]),
        ("its 一照多址", face.many_addresses, marked),
        ("its version", row["facts_version"], row["licensed_version"]),
    ]


def _has(labels: object, item: str) -> bool:
    return bool(getattr(labels, f"has_{item}", False))


def _site_pairs(row: DictRow, claims: Claims, face: SiteFace) -> list[tuple[str, object, object]]:
    scope = row["scope"]
    return [
        ("its site number", claims.site, row["premises_no"]),
        ("its site name", face.site_name, row["title"] or None),
        ("its supervising unit", face.supervisor, row["unit_id"]),
        ("its scope", face.scope_digest, digest(scope) if scope else None),
    ]
