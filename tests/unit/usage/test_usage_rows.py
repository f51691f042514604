"""Rows of receipts: what a process remembers of its own is what the journal's file says."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from license_verify import Trust, verify
from license_verify.receipt import Asked, Receipt, write
from license_verify.receipt_document import sign_tree
from license_verify.server.usage.entry import Entry, EntryDamaged, EntryKind
from license_verify.server.usage.ids import receipt_ids, text_of
from license_verify.server.usage.rows import row_for, row_in, row_of
from license_verify.verdict import Verdict
from tests.unit.verify.test_receipt import ASKED, KEY, TRUST, WORLD
from tests.unit.verify.world import NOW

PLAIN = Asked(partner="partner/icbank", purpose="general")
AWKWARD = replace(ASKED, item_code='a"b\\', case_number='案"\\号', operator="{}")
SCAN = WORLD.scan()
MOMENT = NOW.timestamp()
(ID,) = receipt_ids([MOMENT])


@pytest.mark.parametrize("together", [0, 1, 3])
@pytest.mark.parametrize(
    ("verdict", "asked"),
    [
        (verify(SCAN, TRUST, NOW), ASKED),
        (verify(SCAN, TRUST, NOW), PLAIN),
        (verify(SCAN, TRUST, NOW), AWKWARD),
        (verify(SCAN, Trust.missing(), NOW), ASKED),
        (verify("https://nobody.example/1", TRUST, NOW, as_of=NOW.date()), ASKED),
    ],
)
def test_a_remembered_row_is_the_row_that_the_body_gives(
    verdict: Verdict, asked: Asked, together: int
) -> None:
    """Of receipts unsigned, signed alone, and three under one signature."""
    content = write(verdict, asked, ID, int(MOMENT))
    assert content == Receipt.of(verdict, asked, UUID(int=ID)).payload()
    document = b""
    if together:
        (document, *_) = sign_tree([content] * together, kid=KEY.kid, sign=KEY.sign)
    row = row_for(verdict, asked, 11, (ID, int(MOMENT)), document)
    kind = EntryKind.SIGNED if together else EntryKind.UNSIGNED
    read = row_in(Entry(kind, 11, document or content))
    assert json.loads(row.told + "}") == json.loads(read.told + "}")
    assert (row.day, row.document) == (read.day, document)
    assert read.document == document
    if document:
        assert row_of(document, 11).day == row.day


NO_DECIMAL = bytes.fromhex("c4 82 00 61 78")
NO_TIME = bytes.fromhex("a1 62 6964 50") + bytes([255] * 16)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\x82\x40\x40", b"\x80", b"\xd2\x84", b"\x01", b"\xa0"),
        *(NO_DECIMAL, NO_TIME, b"\x81" * 5000, b"\x5b" + b"\x7f" * 8),
    ],
)
@pytest.mark.parametrize("kind", [EntryKind.SIGNED, EntryKind.UNSIGNED])
def test_a_damaged_entry_is_told_of(kind: EntryKind, body: bytes) -> None:
    with pytest.raises(EntryDamaged):
        row_in(Entry(kind, 11, body))


def test_an_id_is_written_as_a_uuid_is() -> None:
    for id_ in receipt_ids([MOMENT, 0.0, 4e9]):
        assert text_of(id_) == str(UUID(int=id_))
        assert UUID(int=id_).version == 7
