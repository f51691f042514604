"""The fixed vectors: what was once printed is judged the same for ever."""

import base64
import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from license_verify import (
    Anchor,
    Bundle,
    StatementRefused,
    Trust,
    check_statement,
    open_statement,
    verify,
)
from license_verify.receipt import ReceiptRefused
from license_verify.receipt_document import open_receipt
from license_verify.token import cose
from license_verify.token.face import digest

FOLDER = Path(__file__).parents[2] / "vectors"
VECTORS: Any = json.loads((FOLDER / "profile_l1.json").read_text(encoding="utf-8"))
RECEIPTS: Any = json.loads((FOLDER / "receipt_1.json").read_text(encoding="utf-8"))
STATEMENTS: Any = json.loads((FOLDER / "statement_1.json").read_text(encoding="utf-8"))


def trust_of(vectors: Any) -> Trust:
    x, y = (bytes.fromhex(vectors["root"][axis]) for axis in "xy")
    root = cose.public_key({1: 2, -1: 1, -2: x, -3: y})
    return Trust.from_bundle(Bundle.decode(base64.b64decode(vectors["bundle"])), Anchor((root,)))


TRUST, STATEMENT_TRUST = trust_of(VECTORS), trust_of(STATEMENTS)
RECEIPT_TRUST = trust_of(RECEIPTS)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["name"]))
def test_a_vector_comes_out_as_it_always_did(case: dict[str, str]) -> None:
    verdict = verify(case["scan"], TRUST, datetime.fromisoformat(VECTORS["now"]))
    assert (verdict.outcome.value, verdict.reason.value) == (case["outcome"], case["reason"])


@pytest.mark.parametrize("case", STATEMENTS["cases"], ids=lambda case: str(case["name"]))
def test_a_statement_comes_out_as_it_always_did(case: dict[str, str]) -> None:
    document = base64.b64decode(case["document"])
    if case["outcome"] == "REFUSED":
        with pytest.raises(StatementRefused) as refusal:
            open_statement(document, STATEMENT_TRUST)
        assert refusal.value.reason == case["reason"]
        return
    opened = open_statement(document, STATEMENT_TRUST)
    found = check_statement(opened, STATEMENT_TRUST, datetime.fromisoformat(STATEMENTS["now"]))
    assert (found.outcome.value, found.reason.value) == (case["outcome"], case["reason"])


@pytest.mark.parametrize("case", RECEIPTS["cases"], ids=lambda case: str(case["name"]))
def test_a_receipt_comes_out_as_it_always_did(case: dict[str, str]) -> None:
    document = base64.b64decode(case["document"])
    if not case["id"]:
        with pytest.raises(ReceiptRefused):
            open_receipt(document, RECEIPT_TRUST)
        return
    assert str(open_receipt(document, RECEIPT_TRUST).id) == case["id"]


def test_receipts_of_three_lead_to_one_root_as_rfc_9162_hashes_it() -> None:
    """Each from its own document alone; no line of ours reads or hashes."""
    cases = [
        case for case in RECEIPTS["cases"] if case["name"].endswith("of 3 under one signature")
    ]
    roots, protected, signatures = set(), set(), set()
    for case in cases:
        content, receipt = cbor2.loads(base64.b64decode(case["document"]))
        header, unprotected, payload, signature = cbor2.loads(receipt).value
        assert payload is None
        (proof,) = unprotected[396][-1]
        size, index, path = cbor2.loads(proof)
        leaf = sha256(b"\0" + content).digest()
        assert (size, len(path)) == (3, 1 if index == 2 else 2)
        if index == 2:
            roots.add(sha256(b"\1" + path[0] + leaf).digest())
        else:
            pair = leaf + path[0] if index == 0 else path[0] + leaf
            roots.add(sha256(b"\1" + sha256(b"\1" + pair).digest() + path[1]).digest())
        protected.add(header)
        signatures.add(signature)
    assert (len(cases), len(roots), len(protected), len(signatures)) == (3, 1, 1, 1)
    (header,), (root,), (signature,) = protected, roots, signatures
    assert list(cbor2.loads(header)) == [1, 4, 16, 395, "tree-size"]
    signed = cbor2.dumps(["Signature1", header, b"", root])
    key = RECEIPT_TRUST.keys[cbor2.loads(header)[4]].key
    r, s = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
    key.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))


def test_the_first_vector_is_laid_out_byte_for_byte_as_the_profile_says() -> None:
    number = int(VECTORS["cases"][0]["scan"].rsplit("/", 1)[1])
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    protected, unprotected, payload, signature = cbor2.loads(data).value
    assert data[:3] == b"\xd2\x84\x4d"
    assert (protected[:5], len(protected), dict(unprotected)) == (b"\xa2\x01\x26\x04\x48", 13, {})
    assert len(signature) == 64
    claims = cbor2.loads(payload)
    assert list(claims) == [2, 6, 65535, -65537]
    assert list(claims[-65537]) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_a_digest_is_sixteen_bytes_of_sha_256() -> None:
    assert digest(VECTORS["digest"]["text"]).hex() == VECTORS["digest"]["value"]
