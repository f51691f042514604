"""Invariant 6: entries are a pure function, and published lists equal it as of their watermark."""

from collections.abc import Iterator, Mapping
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify import Anchor, Bundle, Trust
from license_verify.limits import STATUS_ENTRIES
from license_verify.lists.status import Status
from license_verify.refusal import Refusal
from license_verify.token import cose
from registry_service.domain.entity import EntityState
from registry_service.domain.key import KeyUse
from registry_service.domain.license import OWN_STATUS, LicenseState, entry, site_status
from registry_service.domain.premises import PremisesState
from registry_service.fsck.fault import Fault
from registry_service.store.keys import Keys
from registry_service.store.publication import Publication, StoredManifest

_OWN: LiteralString = """
    SELECT s.entity_no, s.list_no, s.idx, s.own, d.state, d.place
      FROM status_entry s
      LEFT JOIN (SELECT entity_no, list_no, idx, state, NULL AS place FROM license_version
                 UNION ALL
                 SELECT entity_no, list_no, idx, state, NULL FROM copy_token
                 UNION ALL
                 SELECT entity_no, list_no, idx, state, NULL FROM premises_statement
                 UNION ALL
                 SELECT c.entity_no, c.list_no, c.idx, c.state, p.state
                   FROM site_code c JOIN premises p USING (entity_no, premises_no)) d
        USING (entity_no, list_no, idx)
"""
# An entity with an event behind the watermark may read either way until the next publication.
_ENTRIES: LiteralString = """
    SELECT s.entity_no, s.list_no, s.idx, s.own, s.floor, e.state,
           EXISTS (SELECT FROM event v WHERE v.entity_no = s.entity_no
                      AND (v.feed_no IS NULL OR v.feed_no > %(watermark)s)) AS later
      FROM status_entry s JOIN entity e ON e.entity_no = s.entity_no
"""
_BATCH: Final = 20_000
_UNKNOWN: Final = 0xFF


def check_lists(
    connection: psycopg.Connection[DictRow], roots: tuple[cose.PublicKey, ...]
) -> Iterator[Fault]:
    """Entries and published lists that are not what they must be.

    `roots` are the keys that checkers pin; without them, those of the key table.
    """
    yield from _own_faults(connection)
    publication = Publication(connection)
    manifest, trust = publication.manifest(), publication.trust()
    if manifest is None or trust is None:
        return
    documents = publication.lists()
    bundle = Bundle(
        manifest.content, trust.content, {uri: stored.content for uri, stored in documents.items()}
    )
    keys = Keys(connection).every()
    roots = roots or tuple(key.key for key in keys if key.use is KeyUse.ROOT)
    try:
        opened = Trust.from_bundle(bundle, Anchor(roots, _environment(bundle)))
    except Refusal as error:
        yield Fault(6, "manifest", f"seq={manifest.seq}", f"checkers refuse it: {error.reason}")
        return
    numbers = {uri: stored.list_no for uri, stored in documents.items()}
    yield from _list_faults(connection, manifest, opened, numbers)


def _own_faults(connection: psycopg.Connection[DictRow]) -> Iterator[Fault]:
    with connection.cursor("fsck_own") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_OWN)
        for row in cursor:
            key = _key(row)
            if row["state"] is None:
                yield Fault(6, "status_entry", key, "no document has this entry")
            elif _own(row) != row["own"]:
                yield Fault(6, "status_entry", key, "it is not the status of its document")


def _own(row: DictRow) -> Status:
    """What a document's own status must be; that of a site's code knows of its place."""
    state = LicenseState(row["state"])
    if row["place"] is None:
        return OWN_STATUS[state]
    return site_status(state, PremisesState(row["place"]))


def _list_faults(
    connection: psycopg.Connection[DictRow],
    manifest: StoredManifest,
    trust: Trust,
    numbers: Mapping[str, int],
) -> Iterator[Fault]:
    expected = {number: bytearray([Status.INVALID]) * STATUS_ENTRIES for number in numbers.values()}
    owners: dict[tuple[int, int], str] = {}
    with connection.cursor("fsck_entries") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ENTRIES, {"watermark": manifest.watermark})
        for row in cursor:
            if row["list_no"] not in expected:
                if not row["later"]:
                    yield Fault(6, "status_entry", _key(row), "its list is not published")
                continue
            floor = None if row["floor"] is None else Status(row["floor"])
            status = entry(EntityState(row["state"]), Status(row["own"]), floor)
            expected[row["list_no"]][row["idx"]] = _UNKNOWN if row["later"] else status
            owners[row["list_no"], row["idx"]] = _key(row)
    for uri, number in sorted(numbers.items()):
        published = _spread(trust.lists[uri].entries)
        if published == expected[number]:
            continue
        for index, (reads, must) in enumerate(zip(published, expected[number], strict=True)):
            if reads != must != _UNKNOWN:
                whose = owners.get((number, index), "no document")
                said = f"entry {index} ({whose}) reads {reads}, the register says {must}"
                yield Fault(6, "published_list", f"uri={uri}", said)


def _spread(packed: bytes) -> bytearray:
    """One byte an entry; what a list leaves out was never issued."""
    spread = bytearray([Status.INVALID]) * STATUS_ENTRIES
    spread[0 : 2 * len(packed) : 2] = bytes(byte & 0xF for byte in packed)
    spread[1 : 2 * len(packed) : 2] = bytes(byte >> 4 for byte in packed)
    return spread


def _environment(bundle: Bundle) -> str:
    return bundle.read_manifest()[1].environment


def _key(row: DictRow) -> str:
    return f"entity_no={row['entity_no']} list_no={row['list_no']} idx={row['idx']}"
