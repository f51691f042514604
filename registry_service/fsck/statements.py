"""Each premises statement verifies, says what its row says, and in force what the register says."""

from collections.abc import Iterator, Mapping
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.refusal import Refusal
from license_verify.statement import Statement, read_statement
from license_verify.token import cose
from license_verify.token.claims import host_of_uri, status_uri
from registry_service.fsck.fault import Fault
from registry_service.fsck.progress import Tell, counted, rows_of, silent
from registry_service.issuing.statement import content_of, stated
from registry_service.operations.intend import trust_content
from registry_service.operations.places import filed_places
from registry_service.store.transaction import Transaction

_TABLE: Final = "premises_statement"
_COUNT: LiteralString = "SELECT count(*) AS n FROM premises_statement"
_ALL: LiteralString = """
    SELECT s.entity_no, s.version, s.face_version, s.state, s.kid, s.to_be_signed, s.list_no,
           s.idx, s.document, e.uscc, e.version AS entity_version, e.registrar_unit_id,
           ARRAY(SELECT c.code FROM entity_code c WHERE c.entity_no = s.entity_no) AS codes
      FROM premises_statement s JOIN entity e USING (entity_no)
"""
_BATCH: Final = 500


def check_statements(
    connection: psycopg.Connection[DictRow], tell: Tell = silent
) -> Iterator[Fault]:
    """Statements that do not verify, or say something else than they must."""
    tx = Transaction(connection)
    stored = tx.publication.trust()
    keys = {key.kid: key for key in trust_content(stored).keys} if stored else {}
    whole = rows_of(connection, _COUNT)
    with connection.cursor("fsck_statements") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ALL)
        for row in counted(cursor, "statements 经营场所清单", whole, tell):
            key = f"entity_no={row['entity_no']} version={row['version']}"
            for invariant, sentence in _faults(tx, row, keys):
                yield Fault(invariant, _TABLE, key, sentence)


def _faults(
    tx: Transaction, row: DictRow, keys: Mapping[bytes, TrustedKey]
) -> Iterator[tuple[int, str]]:
    try:
        content = content_of(bytes(row["to_be_signed"]))
    except (Refusal, ValueError) as error:
        yield 8, f"what was to be signed can't be read: {type(error).__name__}"
        return
    for item in _differing(row, content):
        yield 5, f"{item} is not what its row says"
    if row["state"] == "issued":
        for item in _outdated(tx, row, content):
            yield 5, f"it is in force, and {item} is not what the register says"
    if row["document"] is not None:
        yield from _signature_faults(row, keys)


def _differing(row: DictRow, content: Statement) -> Iterator[str]:
    uri = status_uri(host_of_uri(content.status.uri) or "", row["list_no"])
    pairs: tuple[tuple[str, object, object], ...] = (
        ("its code", content.uscc in row["codes"], True),
        ("its version", content.version, row["version"]),
        ("its version of the face", content.face_version, row["face_version"]),
        ("its status entry", (content.status.index, content.status.uri), (row["idx"], uri)),
    )
    for item, said, known in pairs:
        if said != known:
            yield item


def _outdated(tx: Transaction, row: DictRow, content: Statement) -> Iterator[str]:
    pairs: tuple[tuple[str, object, object], ...] = (
        ("its code", content.uscc, row["uscc"]),
        ("its version of the face", content.face_version, row["entity_version"]),
        ("its registrar", content.registrar, row["registrar_unit_id"]),
        ("its list of places", content.premises, stated(filed_places(tx, row["entity_no"]))),
    )
    for item, said, known in pairs:
        if said != known:
            yield item


def _signature_faults(row: DictRow, keys: Mapping[bytes, TrustedKey]) -> Iterator[tuple[int, str]]:
    try:
        document, _ = read_statement(bytes(row["document"]))
    except Refusal as error:
        yield 5, f"its document can't be read: {error.reason}"
        return
    key = keys.get(document.kid)
    if document.signed_bytes != bytes(row["to_be_signed"]):
        yield 5, "what was signed is not what was to be signed"
    if document.kid != bytes(row["kid"]) or key is None or key.use is not Use.STATEMENT:
        yield 5, "its key is not the published statement key that the row names"
    elif key.state is KeyState.DISTRUSTED and row["state"] == "issued":
        yield 5, "it is in force, and its key is distrusted"
    elif not cose.signature_fits(document, key.key, key.alg):
        yield 5, "its signature does not verify"
