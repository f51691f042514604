"""Bundle: manifest, trust list, status lists and statements in one file.

It is only a carrier: nothing in it is believed until `trust.Trust.from_bundle` checked the
signatures. What is checked here is that the parts are those that the manifest names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from license_verify import limits
from license_verify.lists import manifest as manifests
from license_verify.lists.errors import DigestMismatch, ListMalformed, ListMissing
from license_verify.lists.fields import Fields
from license_verify.lists.manifest import Manifest, document_digest, etag_of
from license_verify.token import cbor, cose

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """The parts as signed documents, not yet believed."""

    manifest: bytes
    trust: bytes
    lists: Mapping[str, bytes]
    """Signed status lists by uri."""
    statements: Mapping[str, bytes] = field(default_factory=dict)
    """Signed premises statements by subject (credit code)."""

    @property
    def etag(self) -> str:
        """Strong entity tag with its quotes. The manifest names every other part by digest, so
        its own digest stands for the whole file."""
        return etag_of(self.manifest)

    def encode(self) -> bytes:
        """The file."""
        return cbor.encode(
            {
                "format": _FORMAT,
                "manifest": self.manifest,
                "trust": self.trust,
                "lists": dict(self.lists),
                "statements": dict(self.statements),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a file and check that its parts are those that its manifest names.

        Raises:
            CborRefused: not deterministic CBOR, or more than `limits.BUNDLE_BYTES`.
            ListMalformed, ListTooLarge: not a bundle.
            ListMissing, DigestMismatch: a part is not there, too many, or another one.
        """
        fields = Fields.read(
            data, limits.BUNDLE_BYTES, {"format", "manifest", "trust", "lists", "statements"}
        )
        if fields.uint("format") != _FORMAT:
            raise ListMalformed("the bundle is of a format that this version cannot read")
        bundle = cls(
            fields.bytes("manifest"),
            fields.bytes("trust"),
            _documents(fields.by_text("lists", limits.LISTS)),
            _documents(fields.by_text("statements", limits.STATEMENTS)),
        )
        bundle.check()
        return bundle

    def read_manifest(self) -> tuple[cose.Sign1, Manifest]:
        """The manifest taken apart, its signature unchecked.

        Raises:
            TokenRefused, ListMalformed, ListTooLarge: it is no manifest.
        """
        document = cose.decode(self.manifest, max_bytes=limits.MANIFEST_BYTES, typ=manifests.TYP)
        return document, Manifest.decode(document.payload)

    def check(self) -> None:
        """Check every part against the manifest's digests.

        Raises:
            ListMissing: a list is not there, or is there unnamed.
            DigestMismatch: a part is not the one named.
        """
        _, manifest = self.read_manifest()
        for uri in sorted(manifest.lists.keys() ^ self.lists.keys()):
            raise ListMissing(
                f"status list {uri} is named but not there, or there but not named",
                zh="数据包缺少状态列表",
                part=uri,
            )
        _compare("trust list", self.trust, manifest.trust_digest)
        for uri, entry in manifest.lists.items():
            _compare(uri, self.lists[uri], entry.digest)
        if manifest.statements_digest is not None or self.statements:
            _compare(
                "statements", statements_file(self.statements), manifest.statements_digest or b""
            )


def statements_file(statements: Mapping[str, bytes]) -> bytes:
    """The statements as one file, whose digest the manifest carries."""
    return cbor.encode(dict(statements))


def _compare(part: str, document: bytes, expected: bytes) -> None:
    if document_digest(document) != expected:
        raise DigestMismatch(
            f"the {part} is not the one that the manifest names",
            zh="数据包内容与清单不一致",
            part=part,
        )


def _documents(named: Mapping[str, cbor.Value]) -> dict[str, bytes]:
    documents: dict[str, bytes] = {}
    for name, document in named.items():
        if not isinstance(document, bytes):
            raise ListMalformed("a part of the bundle is not bytes")
        documents[name] = document
    return documents
