"""Requests for certificates (PKCS #10) that partners send: checked before anything is signed."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from license_verify.rpc.identity import InvalidWorkload, Workload, WorkloadKind


class RequestRefused(ValueError):
    """The request is not one that is signed; the text says why."""


def partner_request(pem: bytes, trust_domain: str) -> tuple[str, ec.EllipticCurvePublicKey]:
    """The partner's id and public key of a request.

    Its one name is `spiffe://DOMAIN/partner/<id>`: whatever else it asks for is not signed over in
    silence but refused.

    Raises:
        RequestRefused: it is no request, was altered, has a weak key, or other names.
    """
    try:
        request = x509.load_pem_x509_csr(pem)
    except ValueError:
        raise RequestRefused("the file is no certificate request in PEM") from None
    if not request.is_signature_valid:
        raise RequestRefused("the request's own signature does not hold: it was altered")
    key = request.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise RequestRefused("the key must be on the curve P-256: openssl ecparam -name prime256v1")
    return _partner(request, trust_domain), key


def _partner(request: x509.CertificateSigningRequest, trust_domain: str) -> str:
    wanted = f"spiffe://{trust_domain}/partner/ID"
    try:
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        raise RequestRefused(f"the request has no subjectAltName: URI:{wanted}") from None
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    if len(list(names)) != 1 or len(uris) != 1:
        raise RequestRefused(f"the request must have one name and no other: URI:{wanted}")
    try:
        workload = Workload.parse(uris[0])
    except InvalidWorkload:
        raise RequestRefused(f"{uris[0]} is not of the form {wanted}") from None
    if workload.kind is not WorkloadKind.PARTNER or workload.trust_domain != trust_domain:
        raise RequestRefused(f"{uris[0]} is not of the form {wanted}")
    return workload.id
