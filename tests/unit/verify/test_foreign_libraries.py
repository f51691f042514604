"""Libraries that we did not write read and verify what we sign."""

import hashlib
import warnings
import zlib
from importlib.metadata import version
from typing import Any

import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.keys.curves import P256
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from license_verify import Status, verify
from license_verify.token.scan import ScanText
from tests.unit.verify.world import CLAIMS, HOST, INDEX, NOW, T0, URI, USCC, Signer, World

needs_cbor2_5 = pytest.mark.skipif(
    int(version("cbor2").split(".")[0]) > 5, reason="cwt and pycose read with cbor2 5 only"
)

WORLD = World(statuses={INDEX: Status.SUPERSEDED, 0: Status.VALID})
TOKEN = ScanText.parse(WORLD.scan()).data


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
