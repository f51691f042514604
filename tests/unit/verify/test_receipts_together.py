"""Receipts under one signature: each is checked alone, and nothing but itself passes for it."""

from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify.receipt import RECEIPT_BYTES, TYP, Receipt, ReceiptRefused
from license_verify.receipt_document import (
    ROOT_TYP,
    TOGETHER,
    open_receipt,
    sign_together,
    sign_tree,
)
from license_verify.token import cbor, cose
from tests.unit.verify.test_receipt import KEY, RECEIPT, receipt_key, trust_with
from tests.unit.verify.world import FACE

TRUST: Final = trust_with(receipt_key())
SIZES: Final = (2, 3, 31, 32, 33, 1000)


def contents(count: int) -> list[Receipt]:
    return [replace(RECEIPT, id=UUID(int=number + 1)) for number in range(count)]


def tree(count: int) -> list[bytes]:
    """Documents under one signature, however many."""
    return sign_tree([each.payload() for each in contents(count)], kid=KEY.kid, sign=KEY.sign)


def together(count: int) -> list[bytes]:
    """Documents as a node signs them."""
    return sign_together([each.payload() for each in contents(count)], kid=KEY.kid, sign=KEY.sign)


FIVE: Final = tree(5)


class Parts:
    """A document taken apart by cbor2 alone, and put together again with something changed."""

    def __init__(self, document: bytes) -> None:
        self.content, receipt = cbor2.loads(document)
        tagged = cbor2.loads(receipt)
        self.tag = tagged.tag
        self.protected, self.unprotected, self.payload, self.signature = tagged.value
        (proof,) = self.unprotected[396][-1]
        self.size, self.index, self.path = cbor2.loads(proof)

    def document(self, **changed: Any) -> bytes:
        """With members of the proof, or whole parts, as they are given."""
        said = {**vars(self), **changed}
        proof = changed.get("proof") or cbor2.dumps([said["size"], said["index"], said["path"]])
        unprotected = changed.get("unprotected", {396: {-1: [proof]}})
        parts = [said["protected"], unprotected, said["payload"], said["signature"]]
        return cbor2.dumps([said["content"], cbor2.dumps(cbor2.CBORTag(said["tag"], parts))])


def refused(document: bytes) -> bool:
    try:
        open_receipt(document, TRUST)
    except ReceiptRefused:
        return True
    return False


@pytest.mark.parametrize("size", SIZES)
def test_each_receipt_of_a_tree_is_opened_without_the_others(size: int) -> None:
    documents = tree(size)
    assert [open_receipt(each, TRUST) for each in documents] == contents(size)
    assert len(set(documents)) == size
    assert max(map(len, documents)) < RECEIPT_BYTES


@pytest.mark.parametrize("count", [1, 2, 31, 32, 33, 64, 65, 1000])
def test_a_node_signs_no_more_of_them_together_than_it_should(count: int) -> None:
    documents = together(count)
    assert [open_receipt(each, TRUST) for each in documents] == contents(count)
    sizes = [Parts(each).size for each in documents] if count > 1 else [1]
    assert max(sizes) <= TOGETHER
    assert min(sizes) > 1 or count == 1


def test_nothing_to_sign_needs_no_signature() -> None:
    assert together(0) == []


def test_one_alone_has_the_form_of_one() -> None:
    (document,) = together(1)
    assert cose.decode(document, max_bytes=RECEIPT_BYTES, typ=TYP).payload == RECEIPT_OF_ONE
    assert open_receipt(document, TRUST) == contents(1)[0]


RECEIPT_OF_ONE: Final = contents(1)[0].payload()


@pytest.mark.parametrize("size", [2, 3, 5, 32])
def test_the_root_that_is_signed_is_that_of_rfc_9162(size: int) -> None:
    """Read with cbor2, hashed by hand and checked by `cryptography`, without our own readers."""
    for index, (document, content) in enumerate(zip(tree(size), contents(size), strict=True)):
        parts = Parts(document)
        assert (parts.tag, parts.payload, parts.content) == (18, None, content.payload())
        assert (parts.size, parts.index) == (size, index)
        root = root_of([each.payload() for each in contents(size)])
        header = cbor2.loads(parts.protected)
        assert header == {1: -7, 4: KEY.kid, 16: ROOT_TYP, 395: 1, "tree-size": size}
        signed = cbor2.dumps(["Signature1", parts.protected, b"", root])
        assert cose.raw_signature_fits(signed, parts.signature, KEY.public)


def root_of(entries: list[bytes]) -> bytes:
    level = [sha256(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [
            sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0]


@given(st.integers(0, 4), st.data())
def test_every_flipped_bit_is_refused(number: int, data: st.DataObject) -> None:
    document = FIVE[number]
    bit = data.draw(st.integers(0, len(document) * 8 - 1))
    altered = bytearray(document)
    altered[bit // 8] ^= 1 << bit % 8
    assert refused(bytes(altered))


def test_all_flipped_bits_of_some_are_refused() -> None:
    for document in (tree(2)[1], FIVE[4]):
        for bit in range(len(document) * 8):
            altered = bytearray(document)
            altered[bit // 8] ^= 1 << bit % 8
            assert refused(bytes(altered)), bit


@pytest.mark.parametrize("size", [2, 3, 5, 32, 33])
def test_no_receipt_has_another_ones_place_size_or_path(size: int) -> None:
    documents = tree(size)
    for index in {0, 1, size // 2, size - 1}:
        parts = Parts(documents[index])
        assert not refused(parts.document())
        for other in {0, 1, size // 2, size - 1} - {index}:
            theirs = Parts(documents[other])
            assert refused(parts.document(index=other))
            assert refused(parts.document(path=theirs.path))
            assert refused(parts.document(index=other, path=theirs.path))
            assert refused(parts.document(content=theirs.content))
        for lie in (1, size - 1, size + 1, size * 2, 1 << 16, 1 << 40):
            assert refused(parts.document(size=lie))
        assert refused(parts.document(index=size))


def test_every_other_form_of_the_same_is_refused() -> None:
    parts = Parts(FIVE[1])
    proof = cbor2.dumps([parts.size, parts.index, parts.path])
    others = (
        FIVE[1] + b"\0",
        parts.document(tag=17),
        parts.document(payload=root_of([each.payload() for each in contents(5)])),
        parts.document(signature=parts.signature + b"\0"),
        parts.document(signature=high(parts.signature)),
        parts.document(path=[*parts.path, bytes(32)]),
        parts.document(path=parts.path[:-1]),
        parts.document(path=[*parts.path[:-1], parts.path[-1] + b"\0"]),
        parts.document(path=[*parts.path[:-1], 7]),
        parts.document(path=[]),
        parts.document(index=True),
        parts.document(index=-1),
        parts.document(proof=proof.replace(b"\x83\x05\x01", b"\x83\x05\x18\x01")),
        parts.document(unprotected={396: {-1: [proof, proof]}}),
        parts.document(unprotected={396: {-1: [proof], -2: []}}),
        parts.document(unprotected={396: {-1: [proof]}, 4: KEY.kid}),
        parts.document(unprotected={}),
        cbor2.dumps([parts.content]),
        cbor2.dumps([parts.content, parts.content]),
        cbor2.dumps([parts.content, *cbor2.loads(FIVE[1])[1:], b""]),
        b"\x9f" + FIVE[1][1:] + b"\xff",
        b"\x82",
        b"",
    )
    for other in others:
        assert refused(other), other.hex()


def high(signature: bytes) -> bytes:
    """The same signature with the other s."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return signature[:32] + (order - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def headed(header: dict[Any, Any]) -> bytes:
    """A receipt of two whose root is signed rightly under another header."""
    ours, theirs = (each.payload() for each in contents(2))
    protected = cbor.encode(header)
    root, path = root_of([ours, theirs]), [sha256(b"\0" + theirs).digest()]
    signature = cose.low_s(KEY.sign(cose.sig_structure(protected, root)))
    made = Parts(tree(2)[0])
    return made.document(protected=protected, path=path, signature=signature)


def test_the_header_says_exactly_what_it_must() -> None:
    right = {1: -7, 4: KEY.kid, 16: ROOT_TYP, 395: 1, "tree-size": 2}
    assert not refused(headed(right))
    assert not refused(headed({**right, 1: -9}))  # the same algorithm by its newer name
    for wrong in (
        {1: -8}, {1: True}, {4: KEY.kid[:-1]}, {4: b"another!"}, {16: TYP}, {16: None}, {395: 2},
        {395: True}, {"tree-size": 3}, {5: b"more"},
    ):  # fmt: skip
        assert refused(headed({**right, **wrong})), wrong
    for key in right:
        assert refused(headed({name: each for name, each in right.items() if name != key})), key


def test_a_root_is_no_receipt_and_a_receipt_no_root() -> None:
    """One signature never serves for both, whatever is hashed or signed."""
    parts = Parts(FIVE[0])
    root = root_of([each.payload() for each in contents(5)])
    assert refused(cose.assemble(parts.protected, root, parts.signature))
    assert refused(cose.encode(root, kid=KEY.kid, sign=KEY.sign, typ=TYP))
    assert refused(cose.encode(root, kid=KEY.kid, sign=KEY.sign, typ=ROOT_TYP))
    single = cose.encode(parts.content, kid=KEY.kid, sign=KEY.sign, typ=TYP)
    alone = cose.decode(single, max_bytes=RECEIPT_BYTES, typ=TYP)
    assert refused(parts.document(protected=alone.protected, signature=alone.signature))


def test_what_is_signed_but_no_content_of_a_receipt_is_refused() -> None:
    for document in sign_tree([b"\xa0", RECEIPT.payload()], kid=KEY.kid, sign=KEY.sign)[:1]:
        assert refused(document)


@pytest.mark.parametrize("number", range(5))
def test_none_tells_of_the_face_or_of_another(number: int) -> None:
    document = FIVE[number]
    for secret in (FACE.name, FACE.person, FACE.address):
        assert str(secret).encode() not in document
    for other in contents(5)[:number] + contents(5)[number + 1 :]:
        assert other.id.bytes not in document
