"""Rows of receipts: what a process remembers of its own is what the journal's file says."""

import json
from dataclasses import replace

import pytest

from license_verify.receipt import Asked, Receipt
from license_verify.receipt_document import sign_receipt
from license_verify.server.usage.entry import Entry, EntryKind
from license_verify.server.usage.rows import told_of
from tests.unit.verify.test_receipt import KEY, RECEIPT

PLAIN = Asked(partner="partner/icbank", purpose="general")
AWKWARD = replace(RECEIPT.asked, item_code='a"b\\', case_number='案"\\号', operator="{}")


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT,
        replace(RECEIPT, asked=PLAIN),
        replace(RECEIPT, asked=AWKWARD),
        replace(RECEIPT, token_id=None, uscc=None),
    ],
)
def test_a_remembered_row_is_the_row_that_the_body_gives(receipt: Receipt, signed: bool) -> None:
    kind = EntryKind.SIGNED if signed else EntryKind.UNSIGNED
    body = sign_receipt(receipt, kid=KEY.kid, sign=KEY.sign) if signed else receipt.payload()
    day, told = told_of(Entry(kind, 11, body, receipt))
    day_read, told_read = told_of(Entry(kind, 11, body))
    assert (day, json.loads(told)) == (day_read, json.loads(told_read))
