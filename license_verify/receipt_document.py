"""Receipts as signed documents: one by itself, or many under one signature.

Many are the leaves of a Merkle tree whose root is signed. Each carries its way to the root, so it
is checked without the others and tells nothing of them: its document is `[content, COSE Receipt]`,
both byte strings, the second as RFC 9942 has it, with the root as its detached payload.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, NoReturn

from license_verify import merkle
from license_verify.lists.trust_list import KeyState, Use
from license_verify.receipt import (
    RECEIPT_BYTES,
    TYP,
    Receipt,
    ReceiptKeyUnknown,
    ReceiptWithoutTrust,
    refused,
)
from license_verify.token import cbor, cose
from license_verify.token.errors import AlgorithmRefused, CoseRefused, TokenRefused
from license_verify.trust import Trust

ROOT_TYP: Final = "application/vnd.yizhao.receipt-root+cose"
TOGETHER: Final = 32
"""Most receipts under one signature: ADR 20 says why."""
_MOST_LEAVES: Final = 1 << 16
"""Of a tree that is believed; a tree of one has no path, and is no COSE Receipt's."""
_ALG, _KID, _TYP, _STRUCTURE = 1, 4, 16, 395
_RFC9162_SHA256: Final = 1
_SIZE: Final = "tree-size"
"""Signed beside the root: a path alone fits trees of several sizes."""
_UINT, _BYTES, _ARRAY = 0, 2, 4
_PAIR: Final = cbor.head(_ARRAY, 2)
_HASH: Final = cbor.head(_BYTES, merkle.HASH_BYTES)
# What stands between header, proof and signature: an unprotected `{396: {-1: [proof]}}`, and nil.
_BEFORE_PROOF: Final = bytes.fromhex("a1 19018c a1 20 81")
_BEFORE_SIGNATURE: Final = bytes.fromhex("f6 5840")
_SIGNATURE_BYTES: Final = 64


class _Place(NamedTuple):
    """Where in a tree a leaf is."""

    size: int
    """Leaves of the tree."""
    leaf: int
    """Number of this one, from 0."""


def sign_receipt(content: Receipt, *, kid: bytes, sign: cose.Sign) -> bytes:
    """One receipt as a document; the key's use is `receipt`."""
    return cose.encode(content.payload(), kid=kid, sign=sign, typ=TYP)


def sign_together(contents: Sequence[bytes], *, kid: bytes, sign: cose.Sign) -> list[bytes]:
    """Receipts' contents as documents, with a signature for at most `TOGETHER` of them each."""
    count = len(contents)
    parts = -(-count // TOGETHER)
    cuts = [count * part // parts for part in range(parts + 1)] if parts else []
    documents: list[bytes] = []
    for start, end in pairwise(cuts):
        documents += sign_tree(contents[start:end], kid=kid, sign=sign)
    return documents


def sign_tree(contents: Sequence[bytes], *, kid: bytes, sign: cose.Sign) -> list[bytes]:
    """The documents of one tree, one signature for all; one content alone needs no tree."""
    if len(contents) == 1:
        return [cose.encode(contents[0], kid=kid, sign=sign, typ=TYP)]
    size = len(contents)
    root, paths = merkle.grow(contents)
    protected = _protected(cose.ES256, kid, size)
    signature = cose.low_s(sign(cose.sig_structure(protected, root)))
    return [
        _document(content, _Place(size, index), path, protected, signature)
        for index, (content, path) in enumerate(zip(contents, paths, strict=True))
    ]


def _document(
    content: bytes, place: _Place, path: Sequence[bytes], protected: bytes, signature: bytes
) -> bytes:
    return b"".join(
        (_PAIR, cbor.head(_BYTES, len(content)), content, _before_path(protected, place, len(path)),
         _HASH, _HASH.join(path), _BEFORE_SIGNATURE, signature)
    )  # fmt: skip


# Trees are nearly all of the same sizes.
@lru_cache(maxsize=1024)
def _before_path(protected: bytes, place: _Place, length: int) -> bytes:
    """What a document holds between its content and a path of so many hashes."""
    size, index = (cbor.head(_UINT, number) for number in place)
    proof = b"\x83" + size + index + cbor.head(_ARRAY, length)
    path_bytes = length * (len(_HASH) + merkle.HASH_BYTES)
    receipt = b"".join(
        (b"\xd2\x84", cbor.leaf(protected), _BEFORE_PROOF,
         cbor.head(_BYTES, len(proof) + path_bytes), proof)
    )  # fmt: skip
    behind = path_bytes + len(_BEFORE_SIGNATURE) + _SIGNATURE_BYTES
    return cbor.head(_BYTES, len(receipt) + behind) + receipt


# Of a key there are few: trees have few sizes.
@lru_cache(maxsize=256)
def _protected(alg: int, kid: bytes, size: int) -> bytes:
    return cbor.encode(
        {_ALG: alg, _KID: kid, _TYP: ROOT_TYP, _STRUCTURE: _RFC9162_SHA256, _SIZE: size}
    )


def signed_part(data: bytes) -> tuple[bytes, cose.Sign1]:
    """The content of a receipt, and what must be signed for it to be genuine.

    Nothing is known by that of the signature, nor whether the content is a receipt's.

    Raises:
        TokenRefused: neither of the two forms; each is the only right one of its kind.
    """
    if data.startswith(_PAIR):
        return _read_pair(data)
    document = cose.decode(data, max_bytes=RECEIPT_BYTES, typ=TYP)
    return document.payload, document


def _read_pair(data: bytes) -> tuple[bytes, cose.Sign1]:
    match cbor.decode(data, RECEIPT_BYTES):
        case [bytes() as content, bytes() as receipt]:
            pass
        case _:
            _not_a_receipt("it is not a content and a COSE Receipt")
    match cbor.decode(receipt, RECEIPT_BYTES, tag=cose.TAG):
        case [bytes() as protected, {396: {-1: [bytes() as proven]}}, None, bytes() as signature]:
            pass
        case _:
            _not_a_receipt("its parts are not a COSE Receipt's")
    match cbor.decode(proven, RECEIPT_BYTES):
        case [int() as size, int() as index, [*path]] if 1 < size <= _MOST_LEAVES:
            hashes = [each for each in path if isinstance(each, bytes)]
        case _:
            _not_a_receipt("its proof is not a size, an index and a path")
    alg, kid = _signer(protected, size)
    root = merkle.root_over(content, size, index, hashes)
    if root is None:
        _not_a_receipt("its path does not fit its place in the tree")
    # What was read is what would be written, or else it is another document.
    if _document(content, _Place(size, index), hashes, protected, signature) != data:
        _not_a_receipt("it is not in its one form")
    return content, cose.Sign1(protected, alg, kid, ROOT_TYP, root, signature)


def _signer(protected: bytes, size: int) -> tuple[int, bytes]:
    """Algorithm and kid of a header that says no more than it must."""
    match cbor.decode(protected, 256):
        case {1: int() as alg, 4: bytes() as kid}:
            pass
        case _:
            _not_a_receipt("its header names no algorithm and key")
    if alg not in cose.ALGORITHMS:
        raise AlgorithmRefused("the algorithm is not ES256", zh="签名算法不被接受")
    if len(kid) != cose.KID_BYTES or protected != _protected(alg, kid, size):
        _not_a_receipt("its header is not that of a root over so many receipts")
    return alg, kid


def _not_a_receipt(why: str) -> NoReturn:
    raise CoseRefused(why, zh="核验凭据格式错误")


def open_receipt(data: bytes, trust: Trust) -> Receipt:
    """Read a receipt and check its signature, however old it is.

    A retired key's signatures count if they are of its time. The age of the trust list is of no
    matter, but an old one may not know a newer key.

    Raises:
        ReceiptWithoutTrust: no trust list of the expected environment is there.
        ReceiptKeyUnknown: no receipt key of the trust list has its kid.
        ReceiptRefused: not a receipt, altered, or its key was not to be trusted at its time.
    """
    try:
        written, document = signed_part(data)
    except TokenRefused as error:
        raise refused(
            f"it is no signed receipt: {error}", "核验凭据无效：不是签名的凭据，或文件已损坏"
        ) from None
    content = Receipt.decode(written)
    if trust.manifest is None or trust.environment != trust.expected_environment:
        raise ReceiptWithoutTrust(
            "there is no trust list of the expected environment to check the receipt with",
            zh="无法核验该凭据：所用数据不属于指定的环境，或没有可用的数据",
        )
    key = trust.keys.get(document.kid)
    if key is None or key.use is not Use.RECEIPT:
        raise ReceiptKeyUnknown(
            f"no receipt key of the trust list is {document.kid.hex()}, which signed the receipt: "
            "it is forged, or newer than the data; save the data anew if it is old",
            zh="信任列表中没有签发该凭据的密钥：凭据系伪造，或所用数据较旧，请更新数据后再核验",
            kid=document.kid.hex(),
        )
    if key.state is KeyState.DISTRUSTED or not key.may_sign_at(content.issued_at):
        raise refused(
            "its key is distrusted, or was not in its time of signing",
            "核验凭据无效：签发它的密钥已不受信任，或签发时不在有效期内",
        )
    if not cose.signature_fits(document, key.key, key.alg):
        raise refused(
            "its signature does not hold: it was altered or forged",
            "核验凭据无效：签名不符，内容被改动或系伪造",
        )
    return content
