"""Libraries that we did not write read and verify what we sign."""

import base64
import hashlib
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Final
from uuid import UUID

import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.keys.curves import P256
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from license_verify import Status, verify
from license_verify.receipt_document import sign_tree
from license_verify.token import cose
from license_verify.token.scan import ScanText
from tests.foreign import node
from tests.unit.verify.stated import KEY, STATEMENT, signed
from tests.unit.verify.test_receipt import KEY as RECEIPT_KEY
from tests.unit.verify.test_receipt import RECEIPT
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    HOST,
    INDEX,
    NOW,
    SITE_CLAIMS,
    T0,
    URI,
    USCC,
    Signer,
    World,
)

needs_cbor2_5 = pytest.mark.skipif(
    int(version("cbor2").split(".")[0]) > 5, reason="cwt and pycose read with cbor2 5 only"
)

WORLD = World(statuses={INDEX: Status.SUPERSEDED, 0: Status.VALID})
TOKEN = ScanText.parse(WORLD.scan()).data


BUNDLE = WORLD.bundle()
COPY_CLAIMS = replace(CLAIMS, face=replace(FACE, copy=1))


@dataclass(frozen=True)
class Signed:
    """A document and who signed it."""

    data: bytes
    by: Signer
    typ: str | None = None

    @property
    def payload(self) -> bytes:
        return cose.decode(self.data, max_bytes=1 << 22, typ=self.typ).payload

    def altered(self) -> bytes:
        """The same with one bit of its payload changed."""
        at = self.data.index(self.payload) + len(self.payload) // 2
        return self.data[:at] + bytes([self.data[at] ^ 1]) + self.data[at + 1 :]


DOCUMENTS: Final[Mapping[str, Signed]] = {
    "licence": Signed(TOKEN, WORLD.token),
    "site code": Signed(ScanText.parse(WORLD.scan(SITE_CLAIMS)).data, WORLD.token),
    "printed copy": Signed(ScanText.parse(WORLD.scan(COPY_CLAIMS)).data, WORLD.token),
    "status list": Signed(BUNDLE.lists[URI], WORLD.status, "application/statuslist+cwt"),
    "trust list": Signed(BUNDLE.trust, WORLD.root, "application/vnd.yizhao.trust-list+cose"),
    "manifest": Signed(BUNDLE.manifest, WORLD.publication, "application/vnd.yizhao.manifest+cose"),
    "statement": Signed(signed(), KEY, "application/vnd.yizhao.statement+cose"),
}


def cwt_key(signer: Signer) -> Any:
    pem = signer.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return cwt.COSEKey.from_pem(pem, alg="ES256", kid=signer.kid)


@needs_cbor2_5
def test_cwt_verifies_our_token() -> None:
    claims: Any = cwt.decode(TOKEN, cwt_key(WORLD.token))
    assert (claims[2], claims[6]) == (USCC, int(CLAIMS.issued_at.timestamp()))
    assert claims[65535]["status_list"] == {"idx": INDEX, "uri": URI}
    assert claims[-65537][4] == "钱试写"


@needs_cbor2_5
def test_cwt_refuses_our_token_under_another_key() -> None:
    other = Signer()
    other.kid = WORLD.token.kid
    with pytest.raises(cwt.VerifyError):
        cwt.decode(TOKEN, cwt_key(other))


@needs_cbor2_5
def test_pycose_verifies_our_token() -> None:
    point = WORLD.token.public.public_numbers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of an old interface of cryptography
        message: Any = Sign1Message.decode(TOKEN)
        message.key = EC2Key(crv=P256, x=point.x.to_bytes(32, "big"), y=point.y.to_bytes(32, "big"))
        assert message.verify_signature()
        message.payload += b"\x00"
        assert not message.verify_signature()


@needs_cbor2_5
def test_cwt_verifies_our_status_list() -> None:
    listed = WORLD.bundle().lists[URI]
    headers = cbor2.loads(cbor2.loads(listed).value[0])
    assert headers == {1: -7, 4: WORLD.status.kid, 16: "application/statuslist+cwt"}
    claims = cwt.COSE.new(verify_kid=True).decode(listed, cwt_key(WORLD.status))
    claims = cbor2.loads(claims)
    assert (claims[2], claims[6]) == (URI, int(T0.timestamp()))
    assert claims[4] > int(NOW.timestamp())
    assert claims[65534] == 300


@needs_cbor2_5
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_cwt_verifies_every_kind_of_document(kind: str) -> None:
    document = DOCUMENTS[kind]
    verifier, key = cwt.COSE.new(verify_kid=True), cwt_key(document.by)
    assert verifier.decode(document.data, key) == document.payload
    with pytest.raises(cwt.VerifyError):
        verifier.decode(document.altered(), key)


@needs_cbor2_5
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_pycose_verifies_every_kind_of_document(kind: str) -> None:
    document = DOCUMENTS[kind]
    assert pycose_verifies(document.data, document.by)
    assert not pycose_verifies(document.altered(), document.by)
    assert not pycose_verifies(document.data, Signer())


@needs_cbor2_5
def test_pycose_verifies_the_signature_that_receipts_share() -> None:
    """The root put back where it was detached; how it comes about: test_receipts_together."""
    (first, second) = (RECEIPT.payload(), replace(RECEIPT, id=UUID(int=8)).payload())
    document, _ = sign_tree([first, second], kid=RECEIPT_KEY.kid, sign=RECEIPT_KEY.sign)
    content, receipt = cbor2.loads(document)
    protected, unprotected, payload, signature = cbor2.loads(receipt).value
    assert (content, payload) == (first, None)
    assert list(unprotected) == [396]
    leaves = [hashlib.sha256(b"\0" + each).digest() for each in (first, second)]
    root = hashlib.sha256(b"\1" + b"".join(leaves)).digest()

    def whole(root: bytes) -> bytes:
        return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, root, signature]))

    assert pycose_verifies(whole(root), RECEIPT_KEY)
    assert not pycose_verifies(whole(leaves[0]), RECEIPT_KEY)


def pycose_verifies(data: bytes, signer: Signer) -> bool:
    point = signer.public.public_numbers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of an old interface of cryptography
        message: Any = Sign1Message.decode(data)
        message.key = EC2Key(crv=P256, x=point.x.to_bytes(32, "big"), y=point.y.to_bytes(32, "big"))
        return bool(message.verify_signature())


def test_auth0_cose_verifies_every_kind_of_document() -> None:
    """By `@auth0/cose` of npm, in one process of node for all."""
    documents = list(DOCUMENTS.values())
    genuine = [asked_of_node(each.data, each.by) for each in documents]
    altered = [asked_of_node(each.altered(), each.by) for each in documents]
    by_another = [asked_of_node(each.data, Signer()) for each in documents]
    answers = node.run("cose.mjs", [*genuine, *altered, *by_another])
    count = len(documents)
    assert [base64url_read(each["payload"]) for each in answers[:count]] == [
        each.payload for each in documents
    ]
    assert all("refused" in each for each in answers[count:]), answers[count:]


def asked_of_node(document: bytes, signer: Signer) -> dict[str, str]:
    point = signer.public.public_numbers()
    return {
        "document": base64url(document),
        "x": base64url(point.x.to_bytes(32, "big")),
        "y": base64url(point.y.to_bytes(32, "big")),
    }


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@needs_cbor2_5
def test_a_foreign_reader_finds_every_place_of_a_statement() -> None:
    """With a CBOR library of its own and nothing of ours."""
    headers, _, payload, _ = cbor2.loads(signed()).value
    assert cbor2.loads(headers) == {
        1: -7,
        4: KEY.kid,
        16: "application/vnd.yizhao.statement+cose",
    }
    said = cbor2.loads(payload)
    assert (said["uscc"], said["version"], said["face_version"]) == (USCC, 5, FACE.version)
    assert [row[0] for row in said["premises"]] == [place.number for place in STATEMENT.premises]
    assert [row[2] for row in said["premises"]] == [place.address for place in STATEMENT.premises]


def test_the_status_list_decodes_as_the_draft_says() -> None:
    """By the draft's words alone: zlib, `bits` an entry, least significant bits first."""
    claims = cbor2.loads(cbor2.loads(WORLD.bundle().lists[URI]).value[2])
    bits = claims[65533]["bits"]
    packed = zlib.decompress(claims[65533]["lst"])

    def entry(index: int) -> int:
        per_byte = 8 // bits
        return int(packed[index // per_byte] >> (index % per_byte * bits) & ((1 << bits) - 1))

    assert bits == 4
    assert (entry(INDEX), entry(0), entry(1)) == (3, 0, 1)


def test_the_token_id_is_the_digest_of_what_was_signed() -> None:
    protected, _, payload, _ = cbor2.loads(TOKEN).value
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    assert (
        verify(str(ScanText.of(HOST, TOKEN)), WORLD.trust(), NOW).token_id
        == hashlib.sha256(signed).digest()
    )
